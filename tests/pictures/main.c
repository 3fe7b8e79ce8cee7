/* make screenshots: every page of the walks in tests/screens and here, and of
 * every item, in the hall's X session, in both languages, at three sizes; and
 * the pages of a hall's terminal that the demonstration never shows.
 *   take [NAME...]   only pages whose name begins so
 * Writes build/screenshots/NAME.LANGUAGE.COLSxROWS.png; further turns of a page
 * are NAME-2 and so on. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "tests/pictures/items.h"
#include "tests/pictures/shoot.h"
#include "tests/screens/steps.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TURNS_MAX = 20 };

struct session {
    const struct glass_size *size;
    const char *language;
};

static struct glass *glass;
static char folder[WORLD_PATH], settings[WORLD_PATH], kiosk[WORLD_PATH];
static uint64_t last;
static int pictures;
static int name_count;
static char **names; /* those wanted; none: all */

static bool is_wanted(const char *name)
{
    for (int i = 0; i < name_count; i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return name_count == 0;
}

static void path_of(const struct session *session, const char *name, int turn,
                    char path[WORLD_PATH])
{
    const char *build = getenv("KIOSK_BUILD");
    char number[16] = "";

    if (turn > 1)
        snprintf(number, sizeof number, "-%d", turn);
    int len = snprintf(path, WORLD_PATH, "%s/screenshots/%s%s.%s.%dx%d.png",
                       build ? build : "build", name, number, session->language,
                       session->size->cols, session->size->rows);
    assert_in_range(len, 1, WORLD_PATH - 1);
    pictures++;
}

/* ---- The demonstration's walks ------------------------------------------- */

static bool is_typing(struct drive *drive)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        if (json_object_get(element, "typing"))
            return true;
    }
    return false;
}

static char turn_before[128];

static bool has_turned(struct drive *drive)
{
    return strcmp(drive_text(drive, "footer.go"), turn_before) != 0;
}

static void turn(struct drive *drive, const char *id)
{
    snprintf(turn_before, sizeof turn_before, "%s",
             drive_text(drive, "footer.go"));
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, strcmp(id, "footer.go") == 0 ? "#" : "*", 1);
    drive_wait_until(drive, has_turned, "the next turn");
}

/* All turns, and back to the first, where the walk goes on.  On a page for
 * typing the keys write, so there it is the first one only. */
static void on_golden(void *owner, struct drive *drive, const char *name)
{
    const struct session *session = owner;
    char path[WORLD_PATH];
    int turns = 1;

    if (!is_wanted(name))
        return;
    path_of(session, name, 1, path);
    shoot_page(glass, drive, &last, path);
    while (!is_typing(drive) && turns < TURNS_MAX &&
           strchr(drive_text(drive, "footer.go"), '/')) {
        turn(drive, "footer.go");
        path_of(session, name, ++turns, path);
        shoot_page(glass, drive, &last, path);
    }
    for (; turns > 1; turns--)
        turn(drive, "footer.back");
}

static bool is_item_wanted(const char *id)
{
    for (int i = 0; i < name_count; i++)
        if (strncmp(id, names[i], strlen(id)) == 0 ||
            strncmp(id, names[i], strlen(names[i])) == 0)
            return true;
    return name_count == 0;
}

static void play(void *owner, const char *path)
{
    struct steps steps = { .drive = glass_start(glass, settings, NULL),
                           .on_golden = on_golden,
                           .owner = owner };
    steps_play(&steps, path);
    assert_int_equal(drive_end(steps.drive), 0);
}

/* ---- What a hall's terminal shows and the demonstration does not ---------- */

struct hall_page {
    const char *name;
    const char *option; /* NULL: none */
    const char *more;   /* settings */
    bool is_after_crashes;
};

static void write_hall_settings(const struct session *session,
                                const struct hall_page *page)
{
    char text[2 * WORLD_PATH];

    snprintf(text, sizeof text,
             "language: %s\nstate_folder: \"%s/%s\"\n%shub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             session->language, folder, page->name, page->more);
    world_write(settings, text, 0600);
}

static void write_crashes(const char *name)
{
    char path[WORLD_PATH], own[WORLD_PATH], text[128];
    long long now_ms = (long long)clock_wall_ms();

    world_join(own, folder, name);
    world_join(path, own, "running");
    snprintf(text, sizeof text, "%lld\n%lld\n", now_ms - 2000, now_ms - 1000);
    world_write(path, text, 0600);
}

/* A folder for each page: the program of the page before may still be at its
 * own. */
static void take_hall(const struct session *session,
                      const struct hall_page *page)
{
    char path[WORLD_PATH];
    const char *argv[8] = { kiosk, "--settings", settings, page->option };

    if (!is_wanted(page->name))
        return;
    world_join(path, folder, page->name);
    assert_int_equal(mkdir(path, 0700), 0);
    write_hall_settings(session, page);
    if (page->is_after_crashes)
        write_crashes(page->name);
    glass_run(glass, argv);
    last = glass_written(glass);
    path_of(session, page->name, 1, path);
    glass_save(glass, path);
    glass_run(glass, NULL);
}

static void take_hall_pages(const struct session *session)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    const struct hall_page pages[] = {
        { "closed", NULL,
          now.hour < 12 ? "hours: \"22:00-23:00\"\n"
                        : "hours: \"08:00-09:00\"\n",
          false },
        { "resting", NULL, "", true },
        { "out-of-service", "--out-of-service", "", false },
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        take_hall(session, &pages[i]);
}

/* ---- The whole ------------------------------------------------------------ */

static void take_all(void **state)
{
    struct session *session = *state;
    char text[64];

    world_folder(folder);
    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "language: %s\n", session->language);
    world_write(settings, text, 0600);
    glass = glass_new(session->size);
    last = 0;
    steps_each("tests/screens", play, session);
    steps_each("tests/pictures", play, session);
    items_each_page(glass, settings, is_item_wanted, on_golden, session);
    take_hall_pages(session);
}

static int tear_down(void **state)
{
    (void)state;
    glass_free(glass);
    glass = NULL;
    world_remove(folder);
    return 0;
}

static int make_folder(void **state)
{
    char path[WORLD_PATH];
    const char *build = getenv("KIOSK_BUILD");
    const char *argv[] = { "/bin/mkdir", "-p", path, NULL };
    static struct world_said said;
    (void)state;

    world_join(path, build ? build : "build", "screenshots");
    world_run(argv, &said);
    world_program(kiosk, "kiosk");
    return said.code;
}

int main(int argc, char **argv)
{
    static const char *const languages[] = { "zh_CN", "en" };
    struct CMUnitTest tests[GLASS_SIZES * 2];
    struct session sessions[GLASS_SIZES * 2];
    static char titles[GLASS_SIZES * 2][32];
    const char *why = glass_hindrance();
    int64_t begin_ms = clock_monotonic_ms();

    if (why) {
        fprintf(stderr, "take: there can be no X session: %s\n", why);
        return EXIT_FAILURE;
    }
    names = argv + 1;
    name_count = argc - 1;
    for (int i = 0; i < GLASS_SIZES * 2; i++) {
        sessions[i] = (struct session){ &glass_sizes[i / 2], languages[i % 2] };
        snprintf(titles[i], sizeof titles[i], "%s %dx%d", languages[i % 2],
                 glass_sizes[i / 2].cols, glass_sizes[i / 2].rows);
        tests[i] = (struct CMUnitTest){ .name = titles[i],
                                        .test_func = take_all,
                                        .teardown_func = tear_down,
                                        .initial_state = &sessions[i] };
    }
    int failed =
        cmocka_run_group_tests_name("pictures", tests, make_folder, NULL);
    printf("%d pictures, %d QR codes read, %lld s\n", pictures, shoot_codes(),
           (long long)(clock_monotonic_ms() - begin_ms) / 1000);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
