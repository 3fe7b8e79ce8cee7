#include "kiosk/item_commands.h"

#include "kiosk/base/file.h"
#include "kiosk/item_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES = ITEM_PATH_BYTES,
    FINDINGS_MAX = 2 * 1024 * 1024,
    TEXT_MAX = 1024 * 1024
};

/* ---- kiosk check --------------------------------------------------------- */

struct check {
    struct problems problems;
    const char *folder; /* of the overlays now looked at */
    size_t items, tests;
    size_t unverified;        /* lines that no citizen sees */
    size_t areas[AREA_COUNT]; /* items by the task area that they serve */
    bool is_pack;             /* a folder of items was looked at */
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
        check->areas[pack_item(pack, i)->area] += !is_overlay;
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

    check->is_pack = true;
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

/* "plan areas: T3 (11 items), T4 (1 item), none (2 items)" */
static void print_areas(const struct check *check)
{
    const char *between = "plan areas: ";

    if (!check->is_pack || check->areas[AREA_UNSAID] == check->items)
        return;
    for (int i = 1; i <= AREA_COUNT; i++) {
        enum plan_area area = (enum plan_area)(i % AREA_COUNT); /* none: last */

        if (!check->areas[area])
            continue;
        printf("%s%s (", between,
               *plan_area_name(area) ? plan_area_name(area) : "none");
        print_count(stdout, check->areas[area], "item", ")");
        between = ", ";
    }
    puts("");
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
    print_areas(check);
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

/* ---- Their words --------------------------------------------------------- */

/* The items that the terminal would load.  What is loaded names screens, and is
 * looked at in both languages. */
static void prepare(const struct program *program, char ret_items[PATH_BYTES])
{
    char share[SHARE_PATH_BYTES];

    command_find_share(program, NULL, share);
    command_tell_screens();
    (void)command_open_words(share); /* told: the forms are in Chinese then */
    snprintf(ret_items, PATH_BYTES, "%s/items", share);
}

static bool is_name(const char *word)
{
    return *word && *word != '-';
}

int check_command(int argc, char **argv, const struct program *program)
{
    char items[PATH_BYTES];

    for (int i = 1; i < argc; i++)
        if (!is_name(argv[i]))
            return command_complain(
                "after check, files or folders are expected", "");
    prepare(program, items);
    return items_check(argc - 1, argv + 1, items);
}

/* What was answered may have its mistakes, too: they are told at once. */
int new_item_command(int argc, char **argv, const struct program *program)
{
    char items[PATH_BYTES], path[PATH_BYTES], *paths[1] = { path };

    if (argc != 2 || !is_name(argv[1]))
        return command_complain("after new-item, one name is expected", "");
    prepare(program, items);
    int code = item_new(argv[1], path);
    return code ? code : items_check(1, paths, "");
}

int draw_paths_command(int argc, char **argv, const struct program *program)
{
    char items[PATH_BYTES];
    bool is_svg = argc == 3 && strcmp(argv[2], "--svg") == 0;

    if (argc < 2 || !is_name(argv[1]))
        return command_complain("an item's file is expected", "");
    if (argc != 2 && !is_svg)
        return command_complain("only --svg goes with draw-paths FILE", "");
    prepare(program, items);
    return draw_paths(argv[1], is_svg);
}

int print_form_command(int argc, char **argv, const struct program *program)
{
    char items[PATH_BYTES];

    if (argc < 2 || !is_name(argv[1]))
        return command_complain("an item's file is expected", "");
    if (argc != 3)
        return command_complain(
            "after print-form FILE, the PDF to write is expected", "");
    prepare(program, items);
    return print_form(argv[1], argv[2], program->draw);
}

static int print_tables(int argc, const struct program *program,
                        void (*write)(struct buf *out))
{
    char items[PATH_BYTES];

    if (argc != 1)
        return command_complain("nothing else goes with it", "");
    prepare(program, items);
    return print(write);
}

int item_schema_command(int argc, char **argv, const struct program *program)
{
    (void)argv;
    return print_tables(argc, program, item_schema);
}

int item_keys_command(int argc, char **argv, const struct program *program)
{
    (void)argv;
    return print_tables(argc, program, item_keys_tables);
}
