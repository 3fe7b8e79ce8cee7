/* Goldens: every page as it is painted, in both languages, at six sizes.
 *
 * The walks are the .steps files here (steps.h has their words); "golden NAME"
 * compares with golden/NAME.LANGUAGE.COLSxROWS.  Each is walked in a large and in
 * a small window; where a page is kept, the window takes other sizes for a
 * moment, too: those of large print, of a tall screen, of a plain terminal.
 *
 * What differs from run to run (the clock, the numbers of a case, its QR) is
 * replaced before comparing.  KIOSK_GOLDEN=write:NAME writes what is painted
 * (all when NAME is empty): make golden SCREEN=NAME. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/screens/steps.h"
#include "tests/tty/many_items.h"
#include "tests/tty/person.h"
#include "tests/tty/rude_hub.h"
#include "tests/tty/world.h"

#include <unistd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GOLDEN_MAX = 200 * 60 * 8, COMES_MS = 10000 };

enum { LOOKS = 4, STILL_MS = 60 };

/* The first look is the one that is walked in. */
struct shape {
    const char *language;
    struct {
        int rows, cols; /* 0: no further one */
    } looks[LOOKS];
};

#define WIDE                                                                   \
    {                                                                          \
        { 32, 100 }, { 22, 83 }, { 69, 82 },                                   \
        {                                                                      \
            24, 80                                                             \
        }                                                                      \
    }
#define NARROW                                                                 \
    {                                                                          \
        { 15, 40 },                                                            \
        {                                                                      \
            16, 58                                                             \
        }                                                                      \
    }

static const struct shape shapes[] = {
    { "zh_CN", WIDE },
    { "en", WIDE },
    { "zh_CN", NARROW },
    { "en", NARROW },
};

static int look_now; /* of the shape */

static char settings_path[64];

/* ---- What differs from run to run --------------------------------------- */

static void replace_all(char *text, const char *what, char by)
{
    size_t len = strlen(what);
    char *at = text;

    while (len > 0 && (at = strstr(at, what))) {
        for (size_t i = 0; i < len; i++)
            if (at[i] != ' ')
                at[i] = by;
        at += len;
    }
}

/* "14:03" becomes "00:00". */
static void replace_times(char *text)
{
    for (size_t i = 2; text[i] && text[i + 1] && text[i + 2]; i++)
        if (text[i] == ':' && strspn(text + i - 2, "0123456789") == 2 &&
            strspn(text + i + 1, "0123456789") >= 2) {
            memset(text + i - 2, '0', 2);
            memset(text + i + 1, '0', 2);
        }
}

/* "2026-11-26" becomes "0000-00-00". */
static void replace_dates(char *text)
{
    static const char form[] = "0000-00-00";
    size_t len = strlen(form);

    for (; strlen(text) >= len; text++) {
        bool is_date = true;
        for (size_t i = 0; is_date && i < len; i++)
            is_date = form[i] == '-' ? text[i] == '-'
                                     : text[i] >= '0' && text[i] <= '9';
        if (is_date)
            memcpy(text, form, len);
    }
}

static void replace_digits(char *text)
{
    for (; *text; text++)
        if (*text >= '0' && *text <= '9')
            *text = '0';
}

/* The half blocks of a QR say nothing: they become spaces. */
static void replace_blocks(char *text)
{
    static const char block[] = "\u2584";
    char *at = text;
    while ((at = strstr(at, block))) {
        *at = ' ';
        memmove(at + 1, at + 3, strlen(at + 3) + 1);
        at++;
    }
}

static void trim_ends(char *text)
{
    char *out = text, *in = text;
    while (*in) {
        char *end = strchr(in, '\n');
        size_t len = (size_t)(end - in), kept = len;
        while (kept > 0 && in[kept - 1] == ' ')
            kept--;
        memmove(out, in, kept);
        out += kept;
        *out++ = '\n';
        in = end + 1;
    }
    *out = '\0';
}

static void normalise(struct drive *drive, char *text)
{
    replace_all(text, drive_value(drive, "receipt.number"), '0');
    replace_all(text, drive_value(drive, "receipt.code"), '0');
    replace_times(text);
    if (strcmp(drive_screen(drive), "service") == 0)
        replace_dates(text);
    if (strcmp(drive_screen(drive), "idle") == 0 ||
        drive_element(drive, "pin.wait"))
        replace_digits(text); /* the seconds left */
    replace_blocks(text);
    trim_ends(text);
}

/* ---- Comparing ----------------------------------------------------------- */

static const char *wanted(void)
{
    const char *value = getenv("KIOSK_GOLDEN");
    return value && strncmp(value, "write:", 6) == 0 ? value + 6 : NULL;
}

static void write_golden(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static char painted[GOLDEN_MAX], golden_text[GOLDEN_MAX];

static void take_painted(struct drive *drive)
{
    snprintf(painted, sizeof painted, "%s", drive_painted(drive));
    normalise(drive, painted);
}

/* The last bytes of a page may still be on their way through the terminal. */
static bool is_golden(struct drive *drive)
{
    take_painted(drive);
    return strcmp(painted, golden_text) == 0;
}

/* For who writes goldens: the terminal has had time to say all. */
static bool never(struct drive *drive)
{
    (void)drive;
    return false;
}

static void compare(struct drive *drive, const char *path)
{
    char new_path[320];
    const char *build = getenv("KIOSK_BUILD");
    FILE *file = fopen(path, "r");

    if (!file)
        fail_msg("%s is missing: make golden", path);
    size_t len = fread(golden_text, 1, sizeof golden_text - 1, file);
    golden_text[len] = '\0';
    fclose(file);
    if (drive_comes(drive, is_golden, COMES_MS))
        return;
    snprintf(new_path, sizeof new_path, "%s/%s", build ? build : "build",
             strrchr(path, '/') + 1);
    write_golden(new_path, painted);
    fail_msg("diff %s %s (if it is better now: make golden)", path, new_path);
}

static void look(const struct shape *shape, struct drive *drive,
                 const char *name)
{
    char path[256];
    const char *screen = wanted();

    drive_check_painted(drive);
    snprintf(path, sizeof path, "tests/screens/golden/%s.%s.%dx%d", name,
             shape->language, shape->looks[look_now].cols,
             shape->looks[look_now].rows);
    if (!screen) {
        compare(drive, path);
    } else if (!*screen || strcmp(screen, name) == 0) {
        (void)drive_comes(drive, never, STILL_MS);
        take_painted(drive);
        write_golden(path, painted);
    }
}

static const struct shape *shape_now;

static bool has_size(struct drive *drive)
{
    json_t *page = drive_page(drive);
    return json_integer_value(json_object_get(page, "rows")) ==
               shape_now->looks[look_now].rows &&
           json_integer_value(json_object_get(page, "cols")) ==
               shape_now->looks[look_now].cols;
}

static void take_size(struct drive *drive, int at)
{
    look_now = at;
    drive_resize(drive, shape_now->looks[at].rows, shape_now->looks[at].cols);
    drive_wait_until(drive, has_size, "the window's other size");
}

static void golden(void *owner, struct drive *drive, const char *name)
{
    const struct shape *shape = owner;

    look(shape, drive, name);
    shape_now = shape;
    for (int at = 1; at < LOOKS && shape->looks[at].rows > 0; at++) {
        take_size(drive, at);
        look(shape, drive, name);
    }
    take_size(drive, 0);
}

static void write_settings(const struct shape *shape)
{
    FILE *file = fopen(settings_path, "w");
    assert_non_null(file);
    fprintf(file, "language: %s\n", shape->language);
    assert_int_equal(fclose(file), 0);
}

/* Walks pass hours and minutes; begun shortly before midnight, what was just
 * done would be of another day, and the staff's page rightly says so.  What
 * was ready before the clock went on becomes ready anew, for the same reason. */
static void make_it_ten(struct drive *drive)
{
    enum { HOUR = 60 * 60, DAY = 24 * HOUR, CHINA = 8 * HOUR, TEN = 10 * HOUR };
    char line[32];
    int of_day = (int)((clock_wall_ms() / 1000 + CHINA) % DAY);

    person_awaits_hub(drive);
    assert_true(drive_sim(drive, "reader unplug"));
    snprintf(line, sizeof line, "clock +%ds", (DAY + TEN - of_day) % DAY);
    person_loses_hub(drive, line);
    assert_true(drive_sim(drive, "reader plug"));
}

static void walk(const struct steps *steps, const char *path)
{
    make_it_ten(steps->drive);
    steps_play(steps, path);
    assert_int_equal(drive_end(steps->drive), 0);
}

static void play(void *owner, const char *path)
{
    const struct shape *shape = owner;
    struct drive_options options = { .rows = shape->looks[0].rows,
                                     .cols = shape->looks[0].cols,
                                     .settings = settings_path };

    write_settings(shape);
    struct steps steps = { .drive = drive_start(&options),
                           .on_golden = golden,
                           .owner = owner };
    walk(&steps, path);
}

static void item_of(const char *path, char item[WORLD_PATH])
{
    const char *name = strrchr(path, '/') + 1;

    snprintf(item, WORLD_PATH, "tests/tty/%.*s.yaml", (int)strcspn(name, "."),
             name);
}

static bool has_item(const char *path)
{
    char item[WORLD_PATH];

    item_of(path, item);
    return access(item, R_OK) == 0;
}

/* An item that no hall offers, of the same name as the steps, beside those that
 * are delivered. */
static void offer_item(const char *folder, const char *path)
{
    char real[WORLD_PATH], share[WORLD_PATH], items[WORLD_PATH];
    char item[WORLD_PATH], text[2 * WORLD_PATH];
    static struct world_said said;

    world_program(real, "share");
    world_join(share, folder, "share");
    world_join(items, share, "items");
    item_of(path, item);
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    const char *const add[] = { "/bin/cp", item, items, NULL };
    world_run(add, &said);
    snprintf(text, sizeof text, "share_folder: %s\n", share);
    FILE *file = fopen(settings_path, "a");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Beside the programs that rude_hub_install put there, whose share is everybody's;
 * with what writes Chinese, for its fields. */
static void offer_item_there(const char *folder, const char *path)
{
    char real[WORLD_PATH], own[WORLD_PATH];
    static struct world_said said;

    world_program(real, "kiosk-ime");
    const char *const link[] = { "/bin/ln", "-s", real, folder, NULL };
    world_run(link, &said);
    world_join(own, folder, "own");
    assert_int_equal(mkdir(own, 0700), 0);
    offer_item(own, path);
}

/* With an office that says the same in every run, of an item that is delivered or
 * of one beside. */
static void play_sample(void *owner, const char *path)
{
    const struct shape *shape = owner;
    char folder[WORLD_PATH], program[WORLD_PATH], kept[WORLD_PATH];
    struct drive_options options = { .rows = shape->looks[0].rows,
                                     .cols = shape->looks[0].cols,
                                     .settings = settings_path,
                                     .folder = kept,
                                     .program = program };

    write_settings(shape);
    world_folder(folder);
    world_join(program, folder, "kiosk");
    world_join(kept, folder, "state");
    rude_hub_install(folder);
    if (has_item(path))
        offer_item_there(folder, path);
    struct steps steps = { .drive = drive_start(&options),
                           .on_golden = golden,
                           .owner = owner };
    rude_hub_be(folder, steps.drive, "sample");
    assert_true(drive_sim(steps.drive, "clock +11s"));
    walk(&steps, path);
    world_remove(folder);
}

/* An item while somebody writes it. */
static void play_preview(void *owner, const char *path)
{
    const struct shape *shape = owner;
    char folder[WORLD_PATH], file[WORLD_PATH];

    write_settings(shape);
    world_folder(folder);
    world_join(file, folder, "lost-property.yaml");
    struct steps steps = { .on_golden = golden,
                           .owner = owner,
                           .previewed = file };
    steps_save(&steps, "lost-property.yaml");
    const struct drive_options options = { .rows = shape->looks[0].rows,
                                           .cols = shape->looks[0].cols,
                                           .settings = settings_path,
                                           .preview = file };
    steps.drive = drive_start(&options);
    walk(&steps, path);
    world_remove(folder);
}

static void play_item(void *owner, const char *path)
{
    const struct shape *shape = owner;
    char folder[WORLD_PATH];
    const struct drive_options options = { .rows = shape->looks[0].rows,
                                           .cols = shape->looks[0].cols,
                                           .settings = settings_path };

    write_settings(shape);
    world_folder(folder);
    offer_item(folder, path);
    struct steps steps = { .drive = drive_start(&options),
                           .on_golden = golden,
                           .owner = owner };
    walk(&steps, path);
    world_remove(folder);
}

/* A pack of so many items that home shows themes. */
static void play_many(void *owner, const char *path)
{
    const struct shape *shape = owner;
    char folder[WORLD_PATH], share[WORLD_PATH], settings[WORLD_PATH];
    char text[2 * WORLD_PATH];
    struct drive_options options = { .rows = shape->looks[0].rows,
                                     .cols = shape->looks[0].cols,
                                     .settings = settings };

    world_folder(folder);
    many_items_make(folder, share);
    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "language: %s\nshare_folder: \"%s\"\n",
             shape->language, share);
    world_write(settings, text, 0600);
    struct steps steps = { .drive = drive_start(&options),
                           .on_golden = golden,
                           .owner = owner };
    walk(&steps, path);
    world_remove(folder);
}

static void play_all(void **state)
{
    look_now = 0; /* a shape that failed may have left it anywhere */
    /* Slow under sanitizers: each language and each size once there. */
    if (mem_is_checked() && *state != &shapes[0] &&
        *state != &shapes[sizeof shapes / sizeof *shapes - 1])
        skip();

    steps_each("tests/screens", play, *state);
    steps_each("tests/screens/sample", play_sample, *state);
    steps_each("tests/screens/preview", play_preview, *state);
    steps_each("tests/screens/items", play_item, *state);
    steps_each("tests/screens/many", play_many, *state);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(settings_path, sizeof settings_path, "/tmp/kiosk-golden-%d.yaml",
             (int)getpid());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return remove(settings_path);
}

int main(int argc, char **argv)
{
    int code = rude_hub_main(argc, argv);
    if (code >= 0)
        return code;
    struct CMUnitTest tests[sizeof shapes / sizeof *shapes];
    static char names[sizeof shapes / sizeof *shapes][64];

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        snprintf(names[i], sizeof names[i], "goldens %s %dx%d",
                 shapes[i].language, shapes[i].looks[0].cols,
                 shapes[i].looks[0].rows);
        tests[i] = (struct CMUnitTest){ .name = names[i],
                                        .test_func = play_all,
                                        .initial_state = (void *)&shapes[i] };
    }
    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("goldens", tests, set_up, tear_down);
}
