#include "kiosk/item_commands.h"

#include "kiosk/base/file.h"
#include "kiosk/item_form.h"
#include "kiosk/pack_commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXIT_USAGE = 2,
    PATH_BYTES = ITEM_PATH_BYTES,
    FINDINGS_MAX = 2 * 1024 * 1024,
    TEXT_MAX = 1024 * 1024
};

/* ---- kiosk check --------------------------------------------------------- */

struct check {
    struct problems problems;
    const char *folder; /* of the overlays now looked at */
    size_t items, tests;
    size_t unverified; /* lines that no citizen sees */
};

static bool ends_with(const char *text, const char *ending)
{
    size_t len = strlen(text), end = strlen(ending);

    return len > end && strcmp(text + len - end, ending) == 0;
}

static size_t count_unverified(const struct item *item)
{
    size_t count = 0;

    for (size_t i = 0; i < item->step_count; i++) {
        count += item->steps[i].basis.unverified;
        for (size_t j = 0; j < item->steps[i].line_count; j++)
            count += item->steps[i].lines[j].is_unverified;
    }
    return count;
}

/* Of an overlay the item was counted already. */
static void take_pack(struct check *check, struct pack *pack, bool is_overlay)
{
    for (size_t i = 0; i < pack_count(pack); i++) {
        check->items += !is_overlay;
        check->unverified += count_unverified(pack_item(pack, i));
        item_explore(pack_item(pack, i), &check->problems);
        check->tests += item_tests_run(pack_item(pack, i), &check->problems);
    }
    pack_free(pack);
}

static void check_file(struct check *check, const char *path, bool is_overlay)
{
    struct pack *pack = NULL;

    /* What is wrong is in the problems. */
    enum err err = pack_load_one(path, &check->problems, &pack);
    if (!err)
        take_pack(check, pack, is_overlay);
}

static void on_overlay(void *owner, const char *name)
{
    struct check *check = owner;
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", check->folder, name);
    check_file(check, path, true);
}

static void on_division(void *owner, const char *name)
{
    struct check *check = owner;
    const char *overlays = check->folder;
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", overlays, name);
    if (strlen(name) != 6 || strspn(name, "0123456789") != 6) {
        problems_add(&check->problems, path, 1, 1,
                     "expected a folder named after a division, six digits "
                     "such as 411381");
        return;
    }
    check->folder = path;
    enum err err = file_list(path, ".yaml", on_overlay, check);
    check->folder = overlays;
    if (err)
        problems_add(&check->problems, path, 1, 1, "cannot be read: %s",
                     err_text(err));
}

static void check_items_one_by_one(struct check *check, const char *folder);

static void check_folder(struct check *check, const char *folder)
{
    struct pack *pack = NULL;
    char overlays[PATH_BYTES + sizeof "/overlays"];

    if (!pack_load(folder, &check->problems, &pack))
        take_pack(check, pack, false);
    else
        check_items_one_by_one(check, folder);
    snprintf(overlays, sizeof overlays, "%s/overlays", folder);
    if (!file_is_folder(overlays))
        return;
    check->folder = overlays;
    enum err err = file_list(overlays, "", on_division, check);
    if (err)
        problems_add(&check->problems, overlays, 1, 1, "cannot be read: %s",
                     err_text(err));
}

static void on_item(void *owner, const char *name)
{
    struct check *check = owner;
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", check->folder, name);
    check_file(check, path, false);
}

/* One bad item refuses the pack; the tests of the others run all the same. */
static void check_items_one_by_one(struct check *check, const char *folder)
{
    check->folder = folder;
    enum err err = file_list(folder, ".yaml", on_item, check);
    (void)err; /* told by pack_load */
}

static void check_path(struct check *check, const char *given)
{
    char path[PATH_BYTES];
    size_t len = strlen(given);

    while (len > 1 && given[len - 1] == '/')
        len--;
    snprintf(path, sizeof path, "%.*s", (int)len, given);
    if (file_is_folder(path))
        check_folder(check, path);
    else if (ends_with(path, ".yaml"))
        check_file(check, path, false);
    else
        problems_add(&check->problems, path, 1, 1,
                     file_exists(path)
                         ? "expected an item's file, NAME.yaml"
                         : "there is no such file or folder: expected an "
                           "item's file, NAME.yaml, or a folder of items");
}

static void print_count(FILE *out, size_t count, const char *what,
                        const char *behind)
{
    fprintf(out, "%zu %s%s%s", count, what, count == 1 ? "" : "s", behind);
}

static void print_sum(const struct check *check)
{
    const struct problems *problems = &check->problems;

    if (problems->count) {
        print_count(stderr, problems->count, "error", ", ");
        print_count(stderr, problems->warnings, "warning", "\n");
        return;
    }
    print_count(stdout, check->items, "item", ", ");
    print_count(stdout, check->tests, "test", ", ");
    if (check->unverified)
        print_count(stdout, check->unverified, "line",
                    " not verified and shown to no citizen, ");
    if (problems->warnings)
        print_count(stdout, problems->warnings, "warning", "\n");
    else
        puts("no mistakes");
}

int items_check(int count, char **paths, const char *folder)
{
    struct check check = { .items = 0 };
    struct buf text;

    problems_init(&check.problems);
    if (count == 0)
        check_path(&check, folder);
    for (int i = 0; i < count; i++)
        check_path(&check, paths[i]);
    buf_init(&text, FINDINGS_MAX);
    problems_in_order(&check.problems, &text);
    fputs(text.text, stderr);
    print_sum(&check);
    int code = check.problems.count ? EXIT_FAILURE : EXIT_SUCCESS;
    buf_done(&text);
    problems_done(&check.problems);
    return code;
}

/* ---- The others ---------------------------------------------------------- */

static int print(void (*write)(struct buf *out))
{
    struct buf text;

    buf_init(&text, TEXT_MAX);
    write(&text);
    fputs(text.text, stdout);
    buf_done(&text);
    return EXIT_SUCCESS;
}

/* The one item of a file; NULL after its mistakes were told. */
static struct pack *load_file(const char *path)
{
    struct problems problems;
    struct pack *pack = NULL;
    struct buf text;

    problems_init(&problems);
    enum err err = pack_load_one(path, &problems, &pack);
    if (err) {
        buf_init(&text, FINDINGS_MAX);
        problems_in_order(&problems, &text);
        fputs(text.text, stderr);
        buf_done(&text);
        pack = NULL;
    }
    problems_done(&problems);
    return pack;
}

static int draw_paths(const char *path, bool is_svg)
{
    struct pack *pack = load_file(path);
    struct buf text;

    if (!pack)
        return EXIT_FAILURE;
    buf_init(&text, TEXT_MAX);
    (is_svg ? item_paths_svg : item_paths_text)(pack_item(pack, 0), &text);
    fputs(text.text, stdout);
    buf_done(&text);
    pack_free(pack);
    return EXIT_SUCCESS;
}

static int print_form(const char *path, const char *pdf, const char *draw_path)
{
    struct pack *pack = load_file(path);

    if (!pack)
        return EXIT_FAILURE;
    int code = item_form_print(pack_item(pack, 0), draw_path, pdf);
    pack_free(pack);
    return code;
}

static const char *const words[] = { "check",     "new-item",   "item-schema",
                                     "item-keys", "draw-paths", "print-form",
                                     "pack",      "activate" };

bool item_command_is(const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static int complain(const char *what)
{
    fprintf(stderr, "kiosk: %s\nkiosk --help shows how it is used.\n", what);
    return EXIT_USAGE;
}

/* What was answered may have its mistakes, too: they are told at once. */
static int make_item(const char *given)
{
    char path[PATH_BYTES], *paths[1] = { path };
    int code = item_new(given, path);

    return code ? code : items_check(1, paths, "");
}

/* Those that read one item. */
static int read_one(int argc, char **argv, const struct item_parts *parts)
{
    bool is_paths = strcmp(argv[0], "draw-paths") == 0;
    bool is_svg = is_paths && argc == 3 && strcmp(argv[2], "--svg") == 0;

    if (argc < 2 || !*argv[1] || argv[1][0] == '-')
        return complain("an item's file is expected");
    if (is_paths)
        return argc == 2 || is_svg
                   ? draw_paths(argv[1], is_svg)
                   : complain("only --svg goes with draw-paths FILE");
    return argc == 3 ? print_form(argv[1], argv[2], parts->draw_path)
                     : complain("after print-form FILE, the PDF to write is "
                                "expected");
}

int item_command(int argc, char **argv, const struct item_parts *parts)
{
    const char *word = argv[0];

    if (strcmp(word, "check") == 0) {
        for (int i = 1; i < argc; i++)
            if (argv[i][0] == '-' || !*argv[i])
                return complain("after check, files or folders are expected");
        return items_check(argc - 1, argv + 1, parts->folder);
    }
    if (strcmp(word, "pack") == 0)
        return command_pack(argc - 1, argv + 1);
    if (strcmp(word, "activate") == 0)
        return command_activate(argc - 1, argv + 1);
    if (strcmp(word, "new-item") == 0)
        return argc == 2 && *argv[1] && argv[1][0] != '-'
                   ? make_item(argv[1])
                   : complain("after new-item, one name is expected");
    if (strcmp(word, "draw-paths") == 0 || strcmp(word, "print-form") == 0)
        return read_one(argc, argv, parts);
    if (argc != 1)
        return complain("nothing else goes with it");
    return print(strcmp(word, "item-schema") == 0 ? item_schema
                                                  : item_keys_tables);
}
