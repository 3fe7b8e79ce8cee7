/* Cards where none is asked for: on each page of each item somebody lays down
 * their own card again, and somebody else theirs.  No such card is read, the
 * page stays, the matter ends as its own person's; on the card's own pages what
 * is wrong is told. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/item.h"
#include "tests/left/citizen.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <string.h>

#define OTHER_NAME   "司马旁观"
#define OTHER_NUMBER "110101196003070011"
#define OTHER                                                                  \
    "card resident name=" OTHER_NAME " number=" OTHER_NUMBER                   \
    " valid_to=long-term"

enum { PAGES_MOST = 150 };

static struct drive *drive;
static struct pack *pack;

static bool is_at(const char *screen)
{
    return strcmp(drive_screen(drive), screen) == 0;
}

static json_int_t page(void)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

/* How often the machine recorded that it read a card. */
static int readings(void)
{
    size_t len;
    char *text = world_read(drive_errors(drive), &len);
    int count = 0;

    assert_non_null(text);
    for (const char *at = text; (at = strstr(at, "CARD_READ")); at++)
        count++;
    mem_free(text);
    return count;
}

/* What goes on by itself: the office is asked, or told what it has on record; a
 * case is stored, a paper printed.  No time passes there but the real one. */
static bool is_at_work(void)
{
    return play_is_at_work(drive) || is_at("records");
}

static void pass(bool is_working)
{
    assert_true(drive_sim(drive, is_working ? "clock +0s" : "clock +2s"));
}

static void lay_and_lift(struct citizen *citizen, const char *line)
{
    bool is_working = is_at_work();
    json_int_t before = page();

    if (line)
        assert_true(drive_sim(drive, line));
    else
        citizen_lays(citizen);
    pass(is_working);
    citizen_lifts(citizen);
    pass(is_working);
    if (!is_working && page() != before)
        drive_show(drive, "another page");
    if (!is_working)
        assert_int_equal(page(), before);
}

/* Lifted before it was read: told, and then it is laid down again. */
static void lift_too_early(struct citizen *citizen)
{
    citizen_lays(citizen);
    citizen_lifts(citizen);
    drive_wait_element(drive, "card.retry");
    assert_true(is_at("card"));
}

static void meddle(struct citizen *citizen)
{
    if (is_at("card")) {
        lift_too_early(citizen);
        return;
    }
    if (is_at("take back")) { /* another's is cards_test's */
        lay_and_lift(citizen, NULL);
        return;
    }
    int before = readings();
    lay_and_lift(citizen, NULL);
    lay_and_lift(citizen, OTHER);
    assert_int_equal(readings(), before);
}

/* False: the item is not for them. */
static bool meddle_through(struct citizen citizen)
{
    bool was_turned_away = false;
    int pages = 0;

    do {
        if (++pages > PAGES_MOST) {
            drive_show(drive, "it has no end");
            fail_msg("%s has no end", citizen.item);
        }
        was_turned_away = was_turned_away || citizen_is_turned_away(&citizen);
        meddle(&citizen);
    } while (citizen_steps(&citizen));
    drive_wait(drive, "attract", NULL);
    assert_false(play_paper_says(drive, OTHER_NAME));
    return !was_turned_away;
}

static void test_at_each_page(void **state)
{
    size_t mark = drive_mark(drive);

    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++) {
        struct citizen citizen = { .drive = drive,
                                   .item = pack_item(pack, i)->id,
                                   .about = pack_item(pack, i) };
        while (!meddle_through(citizen))
            assert_true(++citizen.who < people_coming_count);
    }
    assert_false(drive_said(drive, mark, "司马"));
    assert_false(drive_said(drive, mark, OTHER_NUMBER));
}

/* What was answered before the card is asked about once. */
static bool is_over_or_asked(struct drive *of)
{
    return strcmp(drive_screen(of), "attract") == 0 ||
           drive_element(of, "end.confirm");
}

/* Somebody else's card while the first one's is looked at, in each item: they
 * read nothing of the first. */
static void test_at_take_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++) {
        struct citizen citizen = { .drive = drive,
                                   .item = pack_item(pack, i)->id,
                                   .about = pack_item(pack, i) };
        int pages = 0;
        while (!is_at("take back") && citizen_steps(&citizen))
            assert_true(++pages < PAGES_MOST);
        if (!is_at("take back"))
            continue; /* no card in this one */
        citizen_lifts(&citizen);
        size_t mark = drive_mark(drive);
        person_lay(drive, OTHER);
        drive_wait(drive, "stop", NULL);
        assert_non_null(drive_element(drive, "card.other"));
        drive_check_painted(drive);
        drive_press(drive, HAND_KEYS, "end");
        drive_wait_until(drive, is_over_or_asked, "the end, or its question");
        if (!is_at("attract"))
            drive_press(drive, HAND_KEYS, "end");
        drive_wait(drive, "attract", NULL);
        for (size_t j = 0; j < citizen_mark_count; j++)
            assert_false(drive_said(drive, mark, citizen_marks[j].text));
        citizen_lifts(&citizen);
    }
}

static int open_world(void **state)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    char items[WORLD_PATH];
    struct problems problems;

    (void)state;
    world_program(items, "share/items");
    problems_init(&problems);
    enum err err = pack_load(items, &problems, &pack);
    problems_done(&problems);
    if (err)
        return -1;
    drive = drive_start(&options);
    person_awaits_hub(drive);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    pack_free(pack);
    int status = drive_end(drive);
    return status;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_at_each_page),
        cmocka_unit_test(test_at_take_back),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("other card", tests, open_world,
                                       close_world);
}
