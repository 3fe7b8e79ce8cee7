/* A press on everything twice, as shaking or impatient hands do: each item ends
 * as with one press each, on the same pages, with one case, one slip, one
 * certificate; no second press is an answer to the page that the first led
 * to. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/kept.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { DEAF_MS = 250, CASES = 3, PAPERS = 5 }; /* a rating is a case, too */

static struct drive *drive;
static char folder[WORLD_PATH], kept[WORLD_PATH];

static int open_world(void **state)
{
    struct drive_options options = { .rows = 32, .cols = 100, .folder = kept };

    (void)state;
    world_folder(folder);
    world_join(kept, folder, "state");
    drive = drive_start(&options);
    person_awaits_hub(drive);
    return 0;
}

/* A test that fails or is skipped leaves the program running. */
static int close_world(void **state)
{
    (void)state;
    if (drive)
        drive_kill(drive);
    drive = NULL;
    world_remove(folder);
    return 0;
}

/* Waits may be too short to be seen, "ways" are not gone through by touch, and
 * how much the authority asks differs from one made-up record to the next. */
static bool may_differ(const char *screen, const char *step)
{
    return strcmp(screen, "ways") == 0 ||
           (strcmp(screen, "progress") == 0 && strcmp(step, "cases") != 0) ||
           (strcmp(screen, "choice") == 0 && strcmp(step, "proof") == 0);
}

/* Each page that came after that one, in its order. */
static void list_pages(size_t mark, json_int_t before, struct buf *out)
{
    const char *line = drive_reported(drive, mark);

    for (; *line; line += strcspn(line, "\n") + 1) {
        json_t *json = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        json_int_t page = json_integer_value(json_object_get(json, "page"));
        const char *screen = json_string_value(json_object_get(json, "screen"));
        const char *step = json_string_value(json_object_get(json, "step"));
        if (screen && page > before && !may_differ(screen, step ? step : ""))
            buf_add_format(out, "%s %s\n", screen, step ? step : "");
        before = screen ? page : before;
        json_decref(json);
    }
}

static void play_all(enum drive_hand hand, struct buf *pages)
{
    size_t mark = drive_mark(drive);
    json_int_t page =
        json_integer_value(json_object_get(drive_page(drive), "page"));
    char first[16], second[16], code[8], number[40];

    play_permit(drive, hand, first, code);
    play_hotline(drive, hand, second);
    assert_string_not_equal(first, second);
    play_proof(drive, hand, number);
    play_progress(drive, hand, first);
    play_progress_typed(drive, hand, first, code);
    list_pages(mark, page, pages);
}

/* What came of it: every slip and the certificate once, every case once. */
static void ended_once(void)
{
    static struct kept arrived;

    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), PAPERS);
    assert_int_equal(drive_end(drive), 0);
    drive = NULL;
    kept_read_hub(kept, &arrived);
    assert_int_equal(arrived.count, CASES);
}

static struct buf once; /* the pages of a walk with one press each */

static int walk_once(void **state)
{
    buf_init(&once, WORLD_TEXT);
    (void)open_world(state);
    play_all(HAND_KEYS, &once);
    ended_once();
    return close_world(state);
}

static int forget(void **state)
{
    (void)state;
    buf_done(&once);
    return 0;
}

/* cmocka would cut both lists before the line that matters. */
static void are_the_same(const char *pages, const char *expected)
{
    size_t same = 0, begun = 0;

    while (pages[same] && pages[same] == expected[same]) {
        begun = pages[same] == '\n' ? same + 1 : begun;
        same++;
    }
    if (pages[same] != expected[same])
        fail_msg("pressed twice: %.40s; once: %.40s", pages + begun,
                 expected + begun);
}

static void walk(enum drive_hand hand)
{
    struct buf pages;

    buf_init(&pages, WORLD_TEXT);
    drive_press_twice(drive, true);
    play_all(hand, &pages);
    are_the_same(pages.text, once.text);
    ended_once();
    buf_done(&pages);
}

static void test_keys(void **state)
{
    (void)state;
    walk(HAND_KEYS);
}

static void test_touch(void **state)
{
    (void)state;
    walk(HAND_TOUCH);
}

/* ---- A little later ------------------------------------------------------ */

static void to_rating(void)
{
    person_apply(drive);
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    drive_press(drive, HAND_KEYS, "yes");
    drive_wait(drive, "rating", NULL);
}

static bool asks_reason(struct drive *of)
{
    return drive_element(of, "rate.why") ||
           strcmp(drive_screen(of), "bye") == 0;
}

/* The key of a bad score, once more as soon as the reasons stand there, is not
 * the reason of that number.  A machine so slow that the second press is
 * rightly one of its own proves nothing. */
static void test_a_score_is_no_reason(void **state)
{
    (void)state;
    to_rating();
    assert_true(drive_sim(drive, "clock +1s"));
    int64_t begun_ms = clock_monotonic_ms();
    drive_bytes(drive, "4", 1);
    drive_wait_until(drive, asks_reason, "the reasons");
    drive_bytes(drive, "4", 1);
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +0s"));
    bool is_late = clock_monotonic_ms() - begun_ms >= DEAF_MS;
    if (!drive_element(drive, "rate.why") && is_late) {
        print_message("skipped: a score is no reason: too slow a machine\n");
        skip();
    }
    assert_non_null(drive_element(drive, "rate.why"));
    assert_int_equal(drive_end(drive), 0);
    drive = NULL;
}

int main(int argc, char **argv)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(test_keys),
        TEST(test_touch),
        TEST(test_a_score_is_no_reason),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("twice", tests, walk_once, forget);
}
