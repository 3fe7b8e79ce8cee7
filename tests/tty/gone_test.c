/* A citizen who walks away, at each page of each way through each item of the
 * pack: the machine asks, waits and ends; nothing of them is held, the next
 * person begins as the first did.
 *
 * The ways are walked by what the report says of each page (citizen.h), so an
 * item or a page that is new is walked away from without a word here.  A sample
 * of the pages by a seed (KIOSK_SEED) stands for all, but with
 * KIOSK_CANARY=full (make canary). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/item.h"
#include "tests/left/citizen.h"
#include "tests/left/look.h"
#include "tests/tty/heard.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGES_MOST = 120,
    NAME_BYTES = 160,
    SAMPLE_OF = 5,
    SAMPLE_CHECKED_OF = 15 /* under sanitizers */
};

static struct drive *drive;
static struct pack *pack;
static struct search *marks;
static bool may_search; /* the memory of the program */
static char receipt[16], code[8];
static struct buf left_pages; /* their names */
static size_t visits;

/* ---- What is left ------------------------------------------------------ */

static bool is_at(const char *screen)
{
    return strcmp(drive_screen(drive), screen) == 0;
}

/* Nobody chose or typed anything yet. */
static void is_untouched(const struct citizen *citizen)
{
    json_t *element;
    size_t i;

    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *kind = json_string_value(json_object_get(element, "kind"));
        const char *value =
            json_string_value(json_object_get(element, "value"));
        if (json_is_true(json_object_get(element, "chosen")) ||
            (kind && strcmp(kind, "field") == 0 && value && *value)) {
            drive_show(drive, "somebody answered this before");
            fail_msg("%s: the next person finds an answer", citizen->item);
        }
    }
}

static void nothing_is_told(const char *item, size_t mark)
{
    for (size_t i = 0; i < citizen_mark_count; i++) {
        if (drive_said(drive, mark, citizen_marks[i].text))
            fail_msg("%s: the next person reads the %s", item,
                     citizen_marks[i].name);
        drive_wait_unpainted(drive, citizen_marks[i].text);
    }
}

static void nothing_is_in_memory(const char *item)
{
    struct look look;

    if (!may_search)
        return;
    look_begin(&look, marks);
    look.except = "kiosk-hub";
    look_process(&look, drive_pid(drive));
    if (look.count)
        fail_msg("%s: %zu halves of marks are left\n%s", item, look.count,
                 look.where);
}

/* In the machine's own words. */
static void nothing_is_held(void)
{
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.nothing");
    drive_press(drive, HAND_KEYS, "erase");
    drive_wait(drive, "attract", NULL);
}

/* ---- Walking away ------------------------------------------------------- */

/* The machine works: it goes on by itself, its disk and the office by the real
 * clock; a printer's pages come by the pretended one. */
static bool is_at_work(void)
{
    return play_is_at_work(drive) && !is_at("printing");
}

static bool has_rested(struct drive *of)
{
    (void)of;
    return !is_at_work();
}

static bool is_asked_or_over(struct drive *of)
{
    (void)of;
    return is_at("idle") || is_at("attract");
}

static void walk_away(void)
{
    drive_wait_until(drive, has_rested, "the machine to have done its part");
    if (is_at("printing"))
        play_printed(drive);
    if (is_at("records")) /* they go on by themselves */
        assert_true(drive_sim(drive, "clock +20s"));
    if (!is_at("attract"))
        assert_true(drive_sim(drive, "clock +91s"));
    if (is_at("payment")) /* where a telephone takes its time */
        assert_true(drive_sim(drive, "clock +210s"));
    drive_wait_until(drive, is_asked_or_over, "the question or the end");
    if (is_at("idle")) {
        assert_non_null(drive_element(drive, "idle.warn"));
        drive_check_painted(drive);
        assert_true(drive_sim(drive, "clock +31s"));
    }
    drive_wait(drive, "attract", NULL);
    assert_true(drive_sim(drive, "card lift"));
}

static bool is_whole(void)
{
    const char *how = getenv("KIOSK_CANARY");
    return how && strcmp(how, "full") == 0;
}

static int sample_of(void)
{
    return mem_is_checked() ? SAMPLE_CHECKED_OF : SAMPLE_OF;
}

static bool is_sampled(void)
{
    unsigned char byte;

    if (is_whole())
        return true;
    chance_bytes(&byte, 1);
    return byte % sample_of() == 0;
}

/* What page it is: two that look alike are told apart by their title. */
static const char *page_name(void)
{
    static char name[NAME_BYTES];
    json_t *element;
    size_t i;
    const char *title = "";

    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *kind = json_string_value(json_object_get(element, "kind"));
        if (kind && strcmp(kind, "heading") == 0 && !*title)
            title = json_string_value(json_object_get(element, "id"));
    }
    const char *item =
        json_string_value(json_object_get(drive_page(drive), "item"));
    snprintf(name, sizeof name, "%s/%s/%s/%s\n", item ? item : "",
             drive_step(drive), drive_screen(drive), title);
    return name;
}

/* What stands there they said themselves, a moment ago or on an earlier page, or
 * an office did of them. */
static bool is_own(void)
{
    return drive_element(drive, "confirm.value") ||
           drive_element(drive, "field.error") || drive_element(drive, "from");
}

/* Walks so many pages far; false when the way is shorter. */
static bool goes_so_far(struct citizen *citizen, int pages)
{
    for (int i = 0; i < pages; i++) {
        if (citizen->tries == 0 && !is_own())
            is_untouched(citizen);
        if (!citizen_steps(citizen))
            return false;
    }
    return true;
}

static void copy_digits(char *to, size_t size, const char *from)
{
    size_t len = 0;

    for (; *from && len + 1 < size; from++)
        if (*from != ' ')
            to[len++] = *from;
    to[len] = '\0';
}

/* A case that can be asked for. */
static void send_a_case(void)
{
    struct citizen citizen = { .drive = drive, .item = "residence-permit" };

    assert_false(citizen_goes(&citizen, "bye"));
    copy_digits(receipt, sizeof receipt, drive_value(drive, "receipt.number"));
    drive_see(drive, "receipt.code");
    copy_digits(code, sizeof code, drive_value(drive, "receipt.code"));
    person_comes_to(drive, "state.delivered");
    walk_away();
}

static void open_drive(void)
{
    const struct drive_options options = { .rows = 32, .cols = 100 };

    drive = drive_start(&options);
    person_awaits_hub(drive);
    send_a_case();
}

/* At another office, which knows nothing of what was paid. */
static void begin_anew(void)
{
    assert_int_equal(drive_end(drive), 0);
    open_drive();
}

/* False: their way ended before. */
static bool walks_to(const struct citizen *way, int pages, const char *name)
{
    struct citizen citizen = *way;

    citizen.drive = drive;
    (void)goes_so_far(&citizen, pages);
    return strcmp(page_name(), name) == 0 || !citizen_is_turned_away(&citizen);
}

static void leave_after(const struct citizen *way, int pages, const char *name)
{
    size_t begun = drive_mark(drive);

    if (!walks_to(way, pages, name)) {
        begin_anew(); /* they have paid all that there was to pay */
        begun = drive_mark(drive);
        (void)walks_to(way, pages, name);
    }
    walk_away();
    nothing_is_in_memory(way->item);
    /* Whoever left a paper is told to take it. */
    assert_non_null(drive_element(drive, "attract.take"));
    heard_check(drive, begun);
    size_t mark = drive_mark(drive);
    nothing_is_held();
    nothing_is_told(way->item, mark);
    visits++;
}

/* The whole way once; then again to each of its pages that nobody walked away
 * from yet.  False: it led nobody to its end. */
static bool leave_at_each_page(const struct citizen *way)
{
    static char names[PAGES_MOST][NAME_BYTES];
    struct citizen first = *way;
    bool was_turned_away = false;
    int pages = 0;

    first.drive = drive;
    while (citizen_steps(&first)) {
        if (++pages == PAGES_MOST) {
            drive_show(drive, "it has no end");
            fail_msg("%s has no end", way->item);
        }
        was_turned_away = was_turned_away || citizen_is_turned_away(&first);
        names[pages][0] = '\0';
        if (strstr(left_pages.text, page_name()))
            continue;
        buf_add_text(&left_pages, page_name());
        snprintf(names[pages], NAME_BYTES, "%s", page_name());
    }
    walk_away();
    for (int i = 1; i <= pages; i++)
        if (names[i][0] && is_sampled())
            leave_after(way, i, names[i]);
    return !was_turned_away;
}

/* ---- The ways ------------------------------------------------------------ */

/* By who come, up to the first whom the item is for. */
static void leave_item(const struct item *item, struct citizen way)
{
    bool has_ended = false;

    way.item = item->id;
    way.about = item;
    for (; !has_ended && way.who < people_coming_count; way.who++)
        has_ended = leave_at_each_page(&way);
}

static void test_by_card(void **state)
{
    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++)
        leave_item(pack_item(pack, i), (struct citizen){ .item = NULL });
}

/* Where the number may be typed; elsewhere all pages are known by now. */
static void test_by_typed_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++)
        leave_item(pack_item(pack, i),
                   (struct citizen){ .types_number = true });
}

static bool asks_receipt(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].type == FIELD_TYPE_RECEIPT &&
            strcmp(item->steps[i].screen, "field") == 0)
            return true;
    return false;
}

static void test_by_receipt(void **state)
{
    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++)
        if (asks_receipt(pack_item(pack, i)))
            leave_item(pack_item(pack, i),
                       (struct citizen){ .receipt = receipt, .code = code });
}

/* ---- Around ------------------------------------------------------------ */

static void seed(void)
{
    const char *given = getenv("KIOSK_SEED");
    unsigned long number = given ? strtoul(given, NULL, 10) : 1;

    chance_seed(number);
    if (!is_whole())
        print_message("gone: one page in %d by seed %lu\n", sample_of(),
                      number);
}

static int open_world(void **state)
{
    char items[WORLD_PATH];
    struct problems problems;

    (void)state;
    world_program(items, "share/items");
    problems_init(&problems);
    enum err err = pack_load(items, &problems, &pack);
    problems_done(&problems);
    if (err)
        return -1;
    seed();
    buf_init(&left_pages, WORLD_TEXT);
    marks = search_new(citizen_marks, citizen_mark_count);
    open_drive();
    may_search = !mem_is_checked() && look_may_read(drive_pid(drive));
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    int status = drive_end(drive);
    search_free(marks);
    pack_free(pack);
    buf_done(&left_pages);
    chance_seed_end();
    print_message("gone: walked away from %zu pages\n", visits);
    return status;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_card),
        cmocka_unit_test(test_by_typed_number),
        cmocka_unit_test(test_by_receipt),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("gone", tests, open_world, close_world);
}
