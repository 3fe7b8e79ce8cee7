#include "kiosk/probe.h"

#include "kiosk/command_line.h"

#include <stdlib.h>
#include <string.h>

enum {
    SECONDS = 30, /* that a card is waited for, unless said */
    SECONDS_MAX = 86400
};

/* -1: go on; else the exit code. */
static int parse_value(const char *word, const char *value,
                       struct probe_options *options,
                       const char **ret_settings_file)
{
    if (!value)
        return command_complain("a value must follow", word);
    if (strcmp(word, "--settings") == 0)
        *ret_settings_file = value;
    else if (strcmp(word, "--record") == 0)
        options->record = value;
    else if (!(options->seconds = command_parse_count(value, SECONDS_MAX)))
        return command_complain("--seconds takes a whole number up to 86400",
                                value);
    return -1;
}

/* -1: go on; else the exit code. */
static int parse(int argc, char **argv, struct probe_options *options,
                 const char **ret_settings_file)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--read-card") == 0) {
            options->reads_card = true;
            continue;
        }
        bool is_known = strcmp(word, "--settings") == 0 ||
                        strcmp(word, "--seconds") == 0 ||
                        strcmp(word, "--record") == 0;
        if (!is_known)
            return command_complain("unknown option", word);
        int code = parse_value(word, argv[++i], options, ret_settings_file);
        if (code >= 0)
            return code;
    }
    if (options->seconds && !options->reads_card)
        return command_complain("--seconds goes with --read-card", "");
    return -1;
}

int probe_command(int argc, char **argv, const struct program *program)
{
    struct probe_options options = { .print_path = program->print };
    struct settings settings;
    const char *settings_file = NULL;

    int code = parse(argc, argv, &options, &settings_file);
    if (code >= 0)
        return code;
    if (!options.seconds)
        options.seconds = SECONDS;
    code = command_read_settings(settings_file, &settings);
    if (code == EXIT_SUCCESS)
        code = probe_run(&settings, &options);
    settings_done(&settings);
    return code;
}
