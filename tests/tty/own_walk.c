#include "tests/tty/own_going.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { ACTS_MOST = 400 };

/* ---- Pages ------------------------------------------------------------------ */

static void begin(struct going *going)
{
    if (going->has_begun) { /* it stands there again */
        going->is_over = true;
        return;
    }
    going->has_begun = true;
    going_press(going, "attract.begin");
}

static bool is_in_english(struct drive *drive)
{
    const char *language =
        json_string_value(json_object_get(drive_page(drive), "language"));
    return language && strcmp(language, "en") == 0;
}

static void choose_item(struct going *going)
{
    char id[OWN_ID_BYTES];

    if (going->walk->is_english && !is_in_english(going->drive)) {
        going_press(going, "footer.help");
        drive_press(going->drive, HAND_KEYS, "language");
        drive_wait_until(going->drive, is_in_english, "English");
        return;
    }
    drive_check_painted(going->drive);
    snprintf(id, sizeof id, "item.%s", going->test->item->id);
    drive_see(going->drive, id); /* perhaps on another page */
    going_press_seen(going, id);
}

static void go_on(struct going *going)
{
    going_press_seen(going, "footer.go");
}

/* What stands there comes from other offices, and nobody says otherwise. */
static bool is_on_record(const struct going *going, const struct step *step)
{
    return !going->test->is_exact && going_has(going, "from") &&
           !own_test_gives(going->test, step);
}

static void find_first(const struct going *going, char id[64])
{
    going_look_through(going, "option.");
    play_first_option(going->drive, id);
}

/* Cases that were found: the one that was sent before. */
static void choose_case(struct going *going)
{
    if (going_has(going, "cases.wait")) {
        drive_wait_gone(going->drive, "cases.wait");
        return;
    }
    if (going_has(going, "cases.none") || going_has(going, "code.error"))
        going_give_up(going, "the case that was sent before is not found");
    going_press_seen(going, "case.0");
}

/* One that was not paid yet: each language has its own. */
static void choose_record(struct going *going)
{
    if (going_has(going, "record.wait"))
        drive_wait_gone(going->drive, "record.wait");
    going_press_seen(going, going->walk->is_english ? "record.1" : "record.0");
}

static void choose(struct going *going)
{
    const struct step *step = going_step(going);
    const char *value = going_answer(going);
    char id[OWN_ID_BYTES], first[64];

    if (!step)
        going_give_up(going, "a choice of no step");
    if (strcmp(step->screen, "cases") == 0) {
        choose_case(going);
        return;
    }
    if (strcmp(step->screen, "record") == 0) {
        choose_record(going);
        return;
    }
    if (strcmp(step->screen, "choice") != 0) { /* the office asks */
        find_first(going, first);
        going_press(going, first);
        return;
    }
    if (is_on_record(going, step)) {
        go_on(going);
        return;
    }
    snprintf(id, sizeof id, "option.%s", value);
    if (answers_source(going->test->answers, step->answer) == SOURCE_LATER)
        snprintf(id, sizeof id, "way");
    else if (!*value)
        snprintf(id, sizeof id, "leave");
    /* What is on record here may lead to other rows than the test's. */
    if (!going->test->is_exact &&
        !drive_turns_to(going->drive, HAND_KEYS, id)) {
        play_first_option(going->drive, first);
        going_press(going, first);
        return;
    }
    going_press_seen(going, id);
}

static bool is_marked(struct drive *drive, const char *id)
{
    return json_is_true(json_object_get(drive_element(drive, id), "chosen"));
}

static const char *marked_id;
static bool wants_mark;

static bool is_as_wanted(struct drive *drive)
{
    return is_marked(drive, marked_id) == wants_mark;
}

static void mark(const struct going *going, const char *id, bool wants)
{
    going_look_through(going, id);
    if (is_marked(going->drive, id) == wants)
        return;
    marked_id = id;
    wants_mark = wants;
    drive_press(going->drive, HAND_KEYS, id);
    drive_wait_until(going->drive, is_as_wanted, "the mark");
}

static void choose_many(struct going *going)
{
    const struct step *step = going_step(going);
    const char *value = going_answer(going), *offered;
    const struct words *text;
    char id[OWN_ID_BYTES];

    if (strcmp(value, "later") == 0) {
        going_press_seen(going, "way");
        return;
    }
    size_t count = walk_option_count(step, going->test->answers);
    for (size_t i = 0; i < count; i++) {
        walk_option(step, going->test->answers, i, &offered, &text, NULL);
        snprintf(id, sizeof id, "option.%s", offered);
        mark(going, id, choices_has(value, offered));
    }
    go_on(going);
}

/* Part after part; those that need nothing have no key. */
static void enter_task(struct going *going)
{
    char id[OWN_ID_BYTES];

    drive_check_painted(going->drive);
    for (;;) {
        snprintf(id, sizeof id, "task.%zu", going->tasks + 1);
        if (!drive_turns_to(going->drive, HAND_KEYS, id))
            break;
        going->tasks++;
        if (json_object_get(drive_element(going->drive, id), "key")) {
            going_press(going, id);
            return;
        }
    }
    go_on(going);
}

static void add_another(struct going *going)
{
    going_press_seen(
        going, strcmp(going_answer(going), "yes") == 0 ? "add" : "footer.go");
}

static void promise(struct going *going)
{
    going_press_seen(going, "promise");
}

/* ---- Cards -------------------------------------------------------------------- */

static bool is_of_cases(const struct going *going)
{
    return strcmp(going->test->last->screen, "cases") == 0;
}

static void card_line(const struct going *going, const struct step *step,
                      char line[OWN_WALK_LINE])
{
    const char *kind = own_test_card(going->test, step, "kind");
    char number[32], birth[16] = "";
    size_t len = 0;

    if (is_of_cases(going) && *going->walk->last->card) {
        snprintf(line, OWN_WALK_LINE, "%s", going->walk->last->card);
        return;
    }
    own_test_number(going->test, step, number);
    for (const char *at = own_test_card(going->test, step, "birth");
         *at && len + 1 < sizeof birth; at++)
        if (*at != '-')
            birth[len++] = *at;
    snprintf(line, OWN_WALK_LINE,
             "card %s name=%s sex=female ethnic=01 birth=%s address=某地 "
             "number=%s authority=某局 valid_from=20200101 valid_to=long-term",
             *kind ? kind : "resident", own_test_card_name(going->test), birth,
             number);
}

static void show_card(struct going *going)
{
    const struct step *step = going_step(going);
    char line[OWN_WALK_LINE];

    drive_check_painted(going->drive);
    if (strcmp(own_test_card(going->test, step, "typed"), "true") == 0) {
        going_press_seen(going, "without");
        return;
    }
    card_line(going, step, line);
    if (!person_is_other(step))
        snprintf(going->own_card, sizeof going->own_card, "%s", line);
    going_leave_page(going);
    going_say(going, line);
    going_say(going, "clock +5s");
    going_await_next(going);
}

static void take_back(struct going *going)
{
    going_say(going, "card lift");
    go_on(going);
}

/* ---- Fields ------------------------------------------------------------------- */

static void type_digits(const struct going *going, const char *digits)
{
    going_type_digits(going, digits);
    going_await_next(going);
}

static void paste(const struct going *going, const char *text)
{
    going_paste(going, text);
    going_await_next(going);
}

/* Round it, or left empty: from an empty field # leads there. */
static void go_round(const struct going *going, const char *id)
{
    if (*drive_value(going->drive, id))
        going_delete_all(going, id);
    going_press(going, "footer.go");
}

static void write_answer(struct going *going, const struct step *step)
{
    const char *value = going_answer(going), *id = step->answer;
    enum source source = answers_source(going->test->answers, id);
    bool is_on_keys = field_kind(step->type)->pad == FIELD_PAD_DIGITS;
    struct buf typed;

    drive_check_painted(going->drive);
    going_try_refused(going);
    if (source == SOURCE_LATER || !*value) {
        go_round(going, id);
        return;
    }
    buf_init(&typed, OWN_TYPED_BYTES);
    field_typed(step, value, &typed);
    if (is_of_cases(going) && step->type == FIELD_TYPE_RECEIPT)
        type_digits(going, going->walk->last->receipt);
    else if (is_of_cases(going) && step->type == FIELD_TYPE_CODE)
        type_digits(going, going->walk->last->code);
    else if (strcmp(drive_value(going->drive, id), typed.text) == 0)
        going_press(going, "footer.go");
    else {
        if (*drive_value(going->drive, id))
            going_delete_all(going, id);
        if (is_on_keys)
            type_digits(going, typed.text);
        else
            paste(going, typed.text);
    }
    buf_done(&typed);
}

static void write_into(struct going *going)
{
    const struct step *step = going_step(going);
    char text[32];

    if (going_has(going, "confirm.value")) {
        go_on(going);
    } else if (going_has(going, "check.wait")) {
        drive_wait_gone(going->drive, "check.wait");
    } else if (going_has(going, "code")) {
        going_look_through(going, "code");
        play_read_code(going->drive, text);
        type_digits(going, text);
    } else if (step && strcmp(step->screen, "card") == 0) {
        going_look_through(going, "number");
        own_test_number(going->test, step, text);
        type_digits(going, text);
    } else if (!step || strcmp(step->screen, "field") != 0) {
        going_give_up(going, "a field of no step");
    } else if (is_on_record(going, step)) {
        go_on(going);
    } else {
        drive_check_painted(going->drive);
        if (drive_turns_to(going->drive, HAND_KEYS, step->answer))
            write_answer(going, step);
        else /* what stands there can be confirmed only */
            go_on(going);
    }
}

/* The other ways of a page: with a number that is typed, round a question, or
 * nothing at all. */
static void other_way(struct going *going)
{
    const struct step *step = going_step(going);

    if (step && strcmp(step->screen, "card") == 0)
        going_press_seen(going, "type");
    else if (strcmp(going_answer(going), "later") == 0)
        going_press_seen(going, "way");
    else if (!*going_answer(going)) /* not asked in the test, perhaps */
        going_press_seen(
            going, !going->test->is_exact && going_has(going, "way") ? "way"
                                                                     : "leave");
    else
        going_give_up(going, "what was typed did not come into the field");
}

/* ---- The office --------------------------------------------------------------- */

static bool is_answered(struct drive *drive)
{
    return !drive_element(drive, "check.wait") &&
           (drive_element(drive, "check.away") || going_is_another_page(drive));
}

static size_t asked_mark;

/* A quick office may have answered before anybody looks. */
static bool was_asked(struct drive *drive)
{
    return drive_said(drive, asked_mark, "check.wait");
}

/* "Please try again": an office that was just begun anew answers then. */
static void confirm(struct going *going)
{
    enum { TRIES_MOST = 20 };

    drive_check_painted(going->drive);
    for (int i = 0; i < TRIES_MOST; i++) {
        going_leave_page(going);
        asked_mark = drive_mark(going->drive);
        drive_press(going->drive, HAND_KEYS, "code");
        drive_wait_until(going->drive, was_asked, "the question");
        drive_wait_until(going->drive, is_answered, "the office's answer");
        if (going_is_another_page(going->drive))
            return;
        going_say(going, "clock +5s");
    }
    going_give_up(going, "the office does not answer");
}

/* The first day that is offered, its first time, then on with what is held. */
static void take_time(struct going *going)
{
    char id[64];

    drive_check_painted(going->drive);
    if (going_has(going, "slot.wait")) {
        drive_wait_gone(going->drive, "slot.wait");
        return;
    }
    if (going_has(going, "slot.until")) {
        go_on(going);
        return;
    }
    if (!play_first(going->drive, "day.", id) &&
        !play_first(going->drive, "time.", id))
        going_give_up(going, "no time is offered");
    going_press(going, id);
}

static bool is_past_payment(struct drive *drive)
{
    assert_true(drive_sim(drive, "clock +4s"));
    return strcmp(drive_screen(drive), "payment") != 0;
}

/* By a telephone; the page goes on by itself. */
static void pay(struct going *going)
{
    drive_wait_element(going->drive, "payment.wait");
    drive_check_painted(going->drive);
    going_say(going, "cashier pay");
    drive_wait_until(going->drive, is_past_payment, "that it is paid");
}

static void read_records(struct going *going)
{
    if (going_has(going, "records.wait"))
        drive_wait_gone(going->drive, "records.wait");
    go_on(going);
}

static const char *const arrived[] = { "state.delivered", "state.lost",
                                       "state.conflict", "certificate.number" };

static bool is_told(struct drive *drive)
{
    if (strcmp(drive_screen(drive), "progress") != 0 &&
        strcmp(drive_screen(drive), "result") != 0)
        return true;
    for (size_t i = 0; i < sizeof arrived / sizeof *arrived; i++)
        if (drive_element(drive, arrived[i]))
            return true;
    return drive_element(drive, "case.state") != NULL;
}

/* It is being stored and sent, or the office says how far it is. */
static void wait_for_office(struct going *going)
{
    drive_wait_until(going->drive, is_told, "the office");
    if (!going_has(going, "case.state"))
        return;
    going_look_through(going, "footer.go");
    going->has_seen_last = true;
    going_press(going, "footer.go");
}

/* ---- The end ------------------------------------------------------------------ */

static void keep(struct going *going, const char *id, char *text, size_t size)
{
    if (going_has(going, id))
        snprintf(text, size, "%s", drive_value(going->drive, id));
}

static void read_result(struct going *going)
{
    char receipt[16] = "";
    size_t len = 0;

    drive_wait_until(going->drive, is_told, "that it was delivered");
    if (going_has(going, "state.conflict"))
        going_give_up(going, "the hub refused it");
    drive_check_painted(going->drive);
    do {
        keep(going, "receipt.number", receipt, sizeof receipt);
        keep(going, "receipt.code", going->code, sizeof going->code);
        drive_check_painted(going->drive);
    } while (drive_turns(going->drive, HAND_KEYS));
    for (const char *at = receipt; *at; at++) /* 4-4-4 */
        if (*at != ' ')
            going->receipt[len++] = *at;
    going->receipt[len] = '\0';
    going->has_seen_last = true;
    if (going_has(going, "no-paper") && !going->walk->prints)
        going_press(going, "no-paper");
    else
        going_press(going, "footer.go");
}

static void print(struct going *going)
{
    drive_check_painted(going->drive);
    play_printed(going->drive);
}

static void take_paper(struct going *going)
{
    drive_check_painted(going->drive);
    going->papers++;
    going_press(going, "yes");
}

static void close_it(struct going *going)
{
    going_look_through(going, "footer.go");
    going->has_seen_last = true;
    going_press(going, "footer.go");
}

static void rate_not(struct going *going)
{
    going_press_seen(going, "no");
}

/* By the word for the screen that the report uses. */
static const struct {
    const char *screen;
    void (*act)(struct going *going);
} acts[] = {
    { "attract", begin },         { "home", choose_item },
    { "guide", go_on },           { "choice", choose },
    { "choices", choose_many },   { "tasks", enter_task },
    { "another", add_another },   { "materials", promise },
    { "card", show_card },        { "take back", take_back },
    { "ways", other_way },        { "field", write_into },
    { "review", go_on },          { "progress", wait_for_office },
    { "check", confirm },         { "records", read_records },
    { "result", read_result },    { "printing", print },
    { "paper", take_paper },      { "closing", close_it },
    { "rating", rate_not },       { "bye", go_on },
    { "slot", take_time },        { "payment", pay },
    { "stop", going_leave_stop },
};

static void act(struct going *going)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(drive_screen(going->drive), acts[i].screen) == 0) {
            acts[i].act(going);
            return;
        }
    }
    going_give_up(going, "a page that own_walk.c does not know");
}

/* ---- The whole -------------------------------------------------------------------- */

/* The test's day, at noon, when every office is open; a second walk comes a
 * little later. */
static void come_on_its_day(const struct going *going)
{
    int64_t left_ms = going->test->noon_ms - own_walk_now_ms(going->drive);

    if (left_ms > 0)
        own_walk_pass_s(going->drive, left_ms / 1000 + 1);
    own_walk_await_hub(going->drive);
    struct clock_fields is = clock_split(own_walk_now_ms(going->drive));
    struct clock_fields should_be = clock_split(going->test->noon_ms);
    if (is.year != should_be.year || is.day_of_year != should_be.day_of_year)
        going_give_up(going, "it is past the test's day");
}

static void leave_case(const struct going *going)
{
    struct own_walk_case *last = going->walk->last;

    if (!*going->receipt)
        return;
    snprintf(last->receipt, sizeof last->receipt, "%s", going->receipt);
    snprintf(last->code, sizeof last->code, "%s", going->code);
    if (*going->own_card) /* by which such a case is found */
        snprintf(last->card, sizeof last->card, "%s", going->own_card);
}

/* The one that is under way. */
static struct going going;

static bool stands_at(const char *until)
{
    static const char *const between[] = { "take back", "stop" };

    if (!until || strcmp(drive_step(going.drive), until) != 0)
        return false;
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        if (strcmp(drive_screen(going.drive), between[i]) == 0)
            return false;
    return true;
}

void own_walk_on(const char *until)
{
    int acts_done = 0;

    while (!going.is_over && !stands_at(until)) {
        if (++acts_done > ACTS_MOST)
            going_give_up(&going, "it has no end");
        act(&going);
    }
    if (!going.is_over)
        return;
    if (until)
        going_give_up(&going, "%s did not come", until);
    if (!going.has_seen_last)
        going_give_up(&going, "its last page was not seen");
    own_seen_compare(&going);
    leave_case(&going);
}

void own_walk_to(const struct own_walk *walk, const char *until)
{
    going = (struct going){ .walk = walk,
                            .drive = walk->drive,
                            .test = walk->test,
                            .mark = drive_mark(walk->drive) };
    come_on_its_day(&going);
    own_walk_on(until);
}

void own_walk(const struct own_walk *walk)
{
    own_walk_to(walk, NULL);
}
