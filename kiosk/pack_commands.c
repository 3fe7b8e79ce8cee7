#include "kiosk/pack_commands.h"

#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/item_commands.h"
#include "kiosk/packs.h"
#include "kiosk/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MODE = 0644 };

/* ---- Compiling ----------------------------------------------------------- */

struct order {
    const char *folder, *file, *division;
    int version;
};

/* A whole number from 1 to most, or 0. */
static int parse_number(const char *text, int most)
{
    int number = 0;

    for (; *text >= '0' && *text <= '9' && number <= most; text++)
        number = number * 10 + (*text - '0');
    return *text || number > most ? 0 : number;
}

static bool is_division(const char *text)
{
    return strlen(text) == PACK_DIVISION_CHARS &&
           strspn(text, "0123456789") == PACK_DIVISION_CHARS;
}

/* NULL: the word was taken; else what is wrong with it. */
static const char *take_option(struct order *order, const char *word,
                               const char *value)
{
    if (strcmp(word, "--version") == 0) {
        order->version = value ? parse_number(value, PACK_VERSION_MAX) : 0;
        return order->version ? NULL
                              : "--version takes a whole number from 1 to "
                                "1000000";
    }
    if (strcmp(word, "--division") == 0) {
        order->division = value;
        return value && is_division(value) ? NULL
                                           : "--division takes six digits, "
                                             "such as 411381";
    }
    return "only --version N and --division CODE go with pack FOLDER FILE";
}

static const char *take_word(struct order *order, const char *word)
{
    if (!*word || order->file)
        return "after pack, a folder of items and the file to write are "
               "expected";
    if (!order->folder)
        order->folder = word;
    else
        order->file = word;
    return NULL;
}

static const char *parse(int argc, char **argv, struct order *order)
{
    const char *wrong = NULL;

    for (int i = 0; i < argc && !wrong; i++) {
        if (argv[i][0] == '-') {
            wrong =
                take_option(order, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
            i++;
        } else {
            wrong = take_word(order, argv[i]);
        }
    }
    if (!wrong && !order->file)
        wrong = "after pack, a folder of items and the file to write are "
                "expected";
    if (!wrong && !order->version)
        wrong = "--version N is needed: above that of the pack before";
    return wrong;
}

static int fail_writing(const char *file, enum err err)
{
    fprintf(stderr, "kiosk: %s: %s (%s)\n", file, err_text(err), err_name(err));
    return EXIT_FAILURE;
}

static int write_pack(const struct order *order, const struct pack *pack)
{
    struct pack_about about = { .version = order->version };
    struct buf bytes;

    if (order->division)
        memcpy(about.division, order->division, PACK_DIVISION_CHARS);
    buf_init(&bytes, PACK_BYTES_MAX);
    enum err err = pack_compile(pack, &about, &bytes);
    if (!err)
        err = file_replace(order->file, bytes.text, bytes.len, FILE_MODE);
    buf_done(&bytes);
    if (err)
        return fail_writing(order->file, err);
    printf("pack %d, %zu item%s, %s\n", about.version, pack_count(pack),
           pack_count(pack) == 1 ? "" : "s", about.hash);
    return EXIT_SUCCESS;
}

/* Where overlays are, one must say whose are meant. */
static bool says_whose(const struct order *order)
{
    struct buf path;

    buf_init(&path, ITEM_PATH_BYTES);
    buf_add_format(&path, "%s/overlays", order->folder);
    bool is_said = order->division || !file_is_folder(path.text);
    buf_done(&path);
    return is_said;
}

int pack_command(int argc, char **argv, const struct program *program)
{
    struct order order = { NULL, NULL, NULL, 0 };
    const char *wrong = parse(argc - 1, argv + 1, &order);
    struct problems problems;
    struct pack *pack = NULL;

    (void)program;
    if (wrong)
        return command_complain(wrong, "");
    command_tell_screens();
    if (!file_is_folder(order.folder)) {
        fprintf(stderr, "kiosk: %s: a folder of items is expected\n",
                order.folder);
        return EXIT_FAILURE;
    }
    if (!says_whose(&order))
        return command_complain(
            "the folder has overlays: --division CODE says whose "
            "are compiled",
            "");
    char *folders[1] = { (char *)order.folder };
    int code = items_check(1, folders, "");
    if (code)
        return code;
    problems_init(&problems);
    if (pack_load_for(order.folder, order.division ? order.division : "",
                      &problems, &pack)) {
        fputs(problems.text.text, stderr);
        code = EXIT_FAILURE;
    }
    problems_done(&problems);
    if (!code)
        code = write_pack(&order, pack);
    pack_free(pack);
    return code;
}

/* ---- Activating ---------------------------------------------------------- */

static int refuse(const char *file, enum pack_fault fault,
                  const struct pack_about *about, int active)
{
    fprintf(stderr,
            "kiosk: %s: this pack is not activated, the old one stays. "
            "%s\n",
            file, pack_fault_words(fault));
    if (fault == PACK_FAULT_VERSION)
        fprintf(stderr,
                "Its version is %d, the last one's %d. To go back, compile the "
                "old items as version %d.\n",
                about->version, active, active + 1);
    if (fault == PACK_FAULT_DIVISION)
        fprintf(stderr, "It was compiled with --division %s.\n",
                about->division);
    return EXIT_FAILURE;
}

static bool is_usable(const char *folder)
{
    if (!file_is_folder(folder)) {
        fprintf(stderr, "kiosk: %s: there is no such state folder\n", folder);
        return false;
    }
    if (!file_is_own(folder)) {
        fprintf(stderr,
                "kiosk: %s: this state folder is another user's: run this as "
                "that user (runuser -u kiosk -- ...)\n",
                folder);
        return false;
    }
    return true;
}

static int activate(const struct settings *settings, const char *file)
{
    const char *folder = settings->state_folder;
    struct pack_about about;
    int active = 0;

    if (!is_usable(folder))
        return EXIT_FAILURE;
    enum pack_fault fault =
        packs_place(folder, settings->division, file, &about, &active);
    if (fault)
        return refuse(file, fault, &about, active);
    printf("pack %d, %s\n", about.version, about.hash);
    fputs("It becomes active when nobody is at the terminal, within a minute, "
          "or at the next start.\n",
          stderr);
    return EXIT_SUCCESS;
}

int activate_command(int argc, char **argv, const struct program *program)
{
    struct settings settings;

    (void)program;
    if (argc < 2 || !*argv[1] || argv[1][0] == '-')
        return command_complain("after activate, the file of a pack is "
                                "expected",
                                "");
    if (argc != 4 || strcmp(argv[2], "--settings") != 0)
        return command_complain("after the file, --settings FILE is expected",
                                "");
    command_tell_screens();
    int code = command_read_settings(argv[3], &settings);
    if (!code)
        code = activate(&settings, argv[1]);
    settings_done(&settings);
    return code;
}
