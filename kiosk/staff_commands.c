#include "kiosk/staff_commands.h"

#include "kiosk/commands.h"
#include "kiosk/setup_command.h"

#include <stdlib.h>
#include <string.h>

/* What may follow a command: --settings FILE, and one option of its own. */
struct wish {
    const char *flag; /* or NULL: it has none */
    bool is_flagged;
    const char *settings_file;
};

/* The words from argv[first] on.  -1: go on; else the exit code. */
static int parse(struct wish *wish, int argc, char **argv, int first)
{
    for (int i = first; i < argc; i++) {
        if (wish->flag && strcmp(argv[i], wish->flag) == 0)
            wish->is_flagged = true;
        else if (strcmp(argv[i], "--settings") != 0)
            return command_complain("unknown option", argv[i]);
        else if (i + 1 == argc)
            return command_complain("a value must follow", argv[i]);
        else
            wish->settings_file = argv[++i];
    }
    return -1;
}

/* The settings that were asked for.  EXIT_SUCCESS, or the exit code. */
static int read_settings(const struct wish *wish, const char *without,
                         struct settings *settings)
{
    if (!wish->settings_file) {
        settings_init(settings);
        return command_complain(without, "");
    }
    return command_read_settings(wish->settings_file, settings);
}

int fingerprint_command(int argc, char **argv, const struct program *program)
{
    struct wish wish = { .flag = NULL };
    struct settings settings;
    bool has_file = argc == 2 && *argv[1] != '-';

    (void)program;
    if (has_file)
        wish.settings_file = argv[1];
    int code = parse(&wish, argc, argv, has_file ? 2 : 1);
    if (code >= 0)
        return code;
    code = read_settings(
        &wish, "after fingerprint, the settings file is expected", &settings);
    if (code == EXIT_SUCCESS)
        code = command_fingerprint(&settings);
    settings_done(&settings);
    return code;
}

int key_command(int argc, char **argv, const struct program *program)
{
    struct wish wish = { .flag = NULL };
    struct settings settings;

    (void)program;
    if (argc < 2 || strcmp(argv[1], "replace") != 0)
        return command_complain("after key, replace is expected, not",
                                argc < 2 ? "nothing" : argv[1]);
    int code = parse(&wish, argc, argv, 2);
    if (code >= 0)
        return code;
    code = read_settings(&wish, "--settings FILE is needed", &settings);
    if (code == EXIT_SUCCESS)
        code = command_key_replace(&settings);
    settings_done(&settings);
    return code;
}

int store_command(int argc, char **argv, const struct program *program)
{
    struct wish wish = { .flag = "--leave-waiting" };
    struct settings settings;

    (void)program;
    if (argc < 2 || strcmp(argv[1], "new") != 0)
        return command_complain("after store, new is expected, not",
                                argc < 2 ? "nothing" : argv[1]);
    int code = parse(&wish, argc, argv, 2);
    if (code >= 0)
        return code;
    code = read_settings(&wish, "--settings FILE is needed", &settings);
    if (code == EXIT_SUCCESS)
        code = command_store_new(&settings, wish.is_flagged);
    settings_done(&settings);
    return code;
}

int setup_command(int argc, char **argv, const struct program *program)
{
    struct wish wish = { .flag = "--new" };
    struct settings settings;

    (void)program;
    int code = parse(&wish, argc, argv, 1);
    if (code >= 0)
        return code;
    code = read_settings(&wish, "--settings FILE is needed", &settings);
    if (code == EXIT_SUCCESS)
        code = command_setup(&settings, wish.is_flagged);
    settings_done(&settings);
    return code;
}
