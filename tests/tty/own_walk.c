#include "tests/tty/own_walk.h"

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

enum { ACTS_MOST = 400, TYPED_BYTES = 8 * 1024, ID_BYTES = 128 };

struct going {
    const struct own_walk *walk;
    struct drive *drive;
    const struct own_test *test;
    size_t mark;                  /* in the report: where it began */
    char own_card[OWN_WALK_LINE]; /* the main person's */
    char receipt[16], code[8];
    size_t tasks; /* parts entered */
    size_t papers;
    bool has_begun, is_typing_number, has_seen_last, is_over;
};

/* ---- What stands there ----------------------------------------------------- */

static bool has(const struct going *going, const char *id)
{
    return drive_element(going->drive, id) != NULL;
}

static const struct step *step_of(const struct going *going)
{
    return item_step(going->test->item, drive_step(going->drive));
}

/* What the test answers here; "": nothing. */
static const char *answer_of(const struct going *going)
{
    const struct step *step = step_of(going);
    const char *value = step && step->answer
                            ? answers_get(going->test->answers, step->answer)
                            : NULL;
    return value ? value : "";
}

__attribute__((format(printf, 2, 3), noreturn)) static void
give_up(const struct going *going, const char *format, ...)
{
    char why[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    drive_show(going->drive, why);
    fail_msg("%s, \"%s\", %s: at %s %s %s", going->test->item->id,
             own_test_name(going->test), going->walk->is_english ? "en" : "zh",
             drive_screen(going->drive), drive_step(going->drive), why);
    __builtin_unreachable();
}

/* ---- Pressing --------------------------------------------------------------- */

static json_int_t page_number(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static json_int_t page_left;

static bool is_refused(struct drive *drive)
{
    return drive_element(drive, "field.error") ||
           drive_element(drive, "choices.few") ||
           drive_element(drive, "allowed.error") ||
           strcmp(drive_screen(drive), "stop") == 0;
}

static bool is_another_page(struct drive *drive)
{
    return page_number(drive) != page_left || is_refused(drive);
}

static void await_next(const struct going *going)
{
    drive_wait_until(going->drive, is_another_page, "the next page");
    if (is_refused(going->drive))
        give_up(going, "what the test answers is refused");
}

static void press(const struct going *going, const char *id)
{
    page_left = page_number(going->drive);
    drive_press(going->drive, HAND_KEYS, id);
    await_next(going);
}

/* Nothing is cut on any turn of the page until the element stands there. */
static void look_through(const struct going *going, const char *until)
{
    bool is_go = strcmp(until, "footer.go") == 0;

    drive_check_painted(going->drive);
    while ((is_go || !has(going, until)) &&
           drive_turns(going->drive, HAND_KEYS))
        drive_check_painted(going->drive);
}

static void press_seen(const struct going *going, const char *id)
{
    look_through(going, id);
    press(going, id);
}

static void say(const struct going *going, const char *line)
{
    if (!drive_sim(going->drive, line))
        give_up(going, "not taken: %s", line);
}

/* ---- Pages ------------------------------------------------------------------ */

static void begin(struct going *going)
{
    if (going->has_begun) { /* it stands there again */
        going->is_over = true;
        return;
    }
    going->has_begun = true;
    press(going, "attract.begin");
}

static bool is_in_english(struct drive *drive)
{
    const char *language =
        json_string_value(json_object_get(drive_page(drive), "language"));
    return language && strcmp(language, "en") == 0;
}

static void choose_item(struct going *going)
{
    char id[ID_BYTES];

    if (going->walk->is_english && !is_in_english(going->drive)) {
        press(going, "footer.help");
        drive_press(going->drive, HAND_KEYS, "language");
        drive_wait_until(going->drive, is_in_english, "English");
        return;
    }
    drive_check_painted(going->drive);
    snprintf(id, sizeof id, "item.%s", going->test->item->id);
    drive_see(going->drive, id); /* perhaps on another page */
    press_seen(going, id);
}

static void go_on(struct going *going)
{
    press_seen(going, "footer.go");
}

/* What stands there comes from other offices, and nobody says otherwise. */
static bool is_on_record(const struct going *going, const struct step *step)
{
    return !going->test->is_exact && has(going, "from") &&
           !own_test_gives(going->test, step);
}

static void find_first(const struct going *going, char id[64])
{
    look_through(going, "option.");
    play_first_option(going->drive, id);
}

/* Cases that were found: the one that was sent before. */
static void choose_case(struct going *going)
{
    if (has(going, "cases.wait")) {
        drive_wait_gone(going->drive, "cases.wait");
        return;
    }
    if (has(going, "cases.none") || has(going, "code.error"))
        give_up(going, "the case that was sent before is not found");
    press_seen(going, "case.0");
}

/* One that was not paid yet: each language has its own. */
static void choose_record(struct going *going)
{
    if (has(going, "record.wait"))
        drive_wait_gone(going->drive, "record.wait");
    press_seen(going, going->walk->is_english ? "record.1" : "record.0");
}

static void choose(struct going *going)
{
    const struct step *step = step_of(going);
    const char *value = answer_of(going);
    char id[ID_BYTES], first[64];

    if (!step)
        give_up(going, "a choice of no step");
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
        press(going, first);
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
        press(going, first);
        return;
    }
    press_seen(going, id);
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
    look_through(going, id);
    if (is_marked(going->drive, id) == wants)
        return;
    marked_id = id;
    wants_mark = wants;
    drive_press(going->drive, HAND_KEYS, id);
    drive_wait_until(going->drive, is_as_wanted, "the mark");
}

static void choose_many(struct going *going)
{
    const struct step *step = step_of(going);
    const char *value = answer_of(going), *offered;
    const struct words *text;
    char id[ID_BYTES];

    if (strcmp(value, "later") == 0) {
        press_seen(going, "way");
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
    char id[ID_BYTES];

    drive_check_painted(going->drive);
    for (;;) {
        snprintf(id, sizeof id, "task.%zu", going->tasks + 1);
        if (!drive_turns_to(going->drive, HAND_KEYS, id))
            break;
        going->tasks++;
        if (json_object_get(drive_element(going->drive, id), "key")) {
            press(going, id);
            return;
        }
    }
    go_on(going);
}

static void add_another(struct going *going)
{
    press_seen(going,
               strcmp(answer_of(going), "yes") == 0 ? "add" : "footer.go");
}

static void promise(struct going *going)
{
    press_seen(going, "promise");
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
             "card %s name=某某 sex=female ethnic=01 birth=%s address=某地 "
             "number=%s authority=某局 valid_from=20200101 valid_to=long-term",
             *kind ? kind : "resident", birth, number);
}

static void show_card(struct going *going)
{
    const struct step *step = step_of(going);
    char line[OWN_WALK_LINE];

    drive_check_painted(going->drive);
    if (strcmp(own_test_card(going->test, step, "typed"), "true") == 0) {
        press_seen(going, "without");
        return;
    }
    card_line(going, step, line);
    if (!person_is_other(step))
        snprintf(going->own_card, sizeof going->own_card, "%s", line);
    page_left = page_number(going->drive);
    say(going, line);
    say(going, "clock +5s");
    await_next(going);
}

static void take_back(struct going *going)
{
    say(going, "card lift");
    go_on(going);
}

/* ---- Fields ------------------------------------------------------------------- */

/* As ten keys end it. */
static void type_digits(const struct going *going, const char *digits)
{
    char keys[TYPED_BYTES];
    size_t len = strlen(digits);

    if (len == 18 && digits[17] == 'X')
        len--; /* there is no such key, and it follows */
    snprintf(keys, sizeof keys, "%.*s#", (int)len, digits);
    say(going, "clock +1s");
    page_left = page_number(going->drive);
    drive_bytes(going->drive, keys, strlen(keys));
    await_next(going);
}

static void paste(const struct going *going, const char *text)
{
    say(going, "clock +1s");
    page_left = page_number(going->drive);
    drive_bytes(going->drive, "\033[200~", 6);
    drive_bytes(going->drive, text, strlen(text));
    drive_bytes(going->drive, "\033[201~\r", 7);
    await_next(going);
}

static const char *field_id;

static bool is_empty(struct drive *drive)
{
    return !*drive_value(drive, field_id);
}

static void delete_all(const struct going *going, const char *id)
{
    char value[TYPED_BYTES];

    snprintf(value, sizeof value, "%s", drive_value(going->drive, id));
    say(going, "clock +1s");
    for (const char *at = value; *at; at++)
        if (((unsigned char)*at & 0xc0) != 0x80)
            drive_bytes(going->drive, "\x7f", 1);
    field_id = id;
    drive_wait_until(going->drive, is_empty, "an empty field");
}

/* Round it, or left empty: from an empty field # leads there. */
static void go_round(const struct going *going, const char *id)
{
    if (*drive_value(going->drive, id))
        delete_all(going, id);
    press(going, "footer.go");
}

static void write_answer(struct going *going, const struct step *step)
{
    const char *value = answer_of(going), *id = step->answer;
    enum source source = answers_source(going->test->answers, id);
    bool is_on_keys = field_kind(step->type)->pad == FIELD_PAD_DIGITS;
    struct buf typed;

    drive_check_painted(going->drive);
    if (source == SOURCE_LATER || !*value) {
        go_round(going, id);
        return;
    }
    buf_init(&typed, TYPED_BYTES);
    field_typed(step, value, &typed);
    if (is_of_cases(going) && step->type == FIELD_TYPE_RECEIPT)
        type_digits(going, going->walk->last->receipt);
    else if (is_of_cases(going) && step->type == FIELD_TYPE_CODE)
        type_digits(going, going->walk->last->code);
    else if (strcmp(drive_value(going->drive, id), typed.text) == 0)
        press(going, "footer.go");
    else {
        if (*drive_value(going->drive, id))
            delete_all(going, id);
        if (is_on_keys)
            type_digits(going, typed.text);
        else
            paste(going, typed.text);
    }
    buf_done(&typed);
}

static void write_into(struct going *going)
{
    const struct step *step = step_of(going);
    char text[32];

    if (has(going, "confirm.value")) {
        go_on(going);
    } else if (has(going, "check.wait")) {
        drive_wait_gone(going->drive, "check.wait");
    } else if (has(going, "code")) {
        look_through(going, "code");
        play_read_code(going->drive, text);
        type_digits(going, text);
    } else if (step && strcmp(step->screen, "card") == 0) {
        look_through(going, "number");
        own_test_number(going->test, step, text);
        type_digits(going, text);
    } else if (!step || strcmp(step->screen, "field") != 0) {
        give_up(going, "a field of no step");
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
    const struct step *step = step_of(going);

    if (step && strcmp(step->screen, "card") == 0)
        press_seen(going, "type");
    else if (strcmp(answer_of(going), "later") == 0)
        press_seen(going, "way");
    else if (!*answer_of(going)) /* not asked in the test, perhaps */
        press_seen(going, !going->test->is_exact && has(going, "way")
                              ? "way"
                              : "leave");
    else
        give_up(going, "what was typed did not come into the field");
}

/* ---- The office --------------------------------------------------------------- */

static bool is_answered(struct drive *drive)
{
    return !drive_element(drive, "check.wait") &&
           (drive_element(drive, "check.away") || is_another_page(drive));
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
        page_left = page_number(going->drive);
        asked_mark = drive_mark(going->drive);
        drive_press(going->drive, HAND_KEYS, "code");
        drive_wait_until(going->drive, was_asked, "the question");
        drive_wait_until(going->drive, is_answered, "the office's answer");
        if (is_another_page(going->drive))
            return;
        say(going, "clock +5s");
    }
    give_up(going, "the office does not answer");
}

/* The first day that is offered, its first time, then on with what is held. */
static void take_time(struct going *going)
{
    char id[64];

    drive_check_painted(going->drive);
    if (has(going, "slot.wait")) {
        drive_wait_gone(going->drive, "slot.wait");
        return;
    }
    if (has(going, "slot.until")) {
        go_on(going);
        return;
    }
    if (!play_first(going->drive, "day.", id) &&
        !play_first(going->drive, "time.", id))
        give_up(going, "no time is offered");
    press(going, id);
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
    say(going, "cashier pay");
    drive_wait_until(going->drive, is_past_payment, "that it is paid");
}

static void read_records(struct going *going)
{
    if (has(going, "records.wait"))
        drive_wait_gone(going->drive, "records.wait");
    go_on(going);
}

static const char *const arrived[] = { "state.delivered", "state.conflict",
                                       "certificate.number" };

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
    if (!has(going, "case.state"))
        return;
    look_through(going, "footer.go");
    going->has_seen_last = true;
    press(going, "footer.go");
}

/* ---- The end ------------------------------------------------------------------ */

static void keep(struct going *going, const char *id, char *text, size_t size)
{
    if (has(going, id))
        snprintf(text, size, "%s", drive_value(going->drive, id));
}

static void read_result(struct going *going)
{
    char receipt[16] = "";
    size_t len = 0;

    drive_wait_until(going->drive, is_told, "that it was delivered");
    if (has(going, "state.conflict"))
        give_up(going, "the hub refused it");
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
    if (has(going, "no-paper") && !going->walk->prints)
        press(going, "no-paper");
    else
        press(going, "footer.go");
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
    press(going, "yes");
}

static void close_it(struct going *going)
{
    look_through(going, "footer.go");
    going->has_seen_last = true;
    press(going, "footer.go");
}

static void rate_not(struct going *going)
{
    press_seen(going, "no");
}

/* By the word for the screen that the report uses. */
static const struct {
    const char *screen;
    void (*act)(struct going *going);
} acts[] = {
    { "attract", begin },       { "home", choose_item },
    { "guide", go_on },         { "choice", choose },
    { "choices", choose_many }, { "tasks", enter_task },
    { "another", add_another }, { "materials", promise },
    { "card", show_card },      { "take back", take_back },
    { "ways", other_way },      { "field", write_into },
    { "review", go_on },        { "progress", wait_for_office },
    { "check", confirm },       { "records", read_records },
    { "result", read_result },  { "printing", print },
    { "paper", take_paper },    { "closing", close_it },
    { "rating", rate_not },     { "bye", go_on },
    { "slot", take_time },      { "payment", pay },
};

static void act(struct going *going)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(drive_screen(going->drive), acts[i].screen) == 0) {
            acts[i].act(going);
            return;
        }
    }
    give_up(going, "a page that own_walk.c does not know");
}

/* ---- What was seen -------------------------------------------------------------- */

enum { SEEN_MOST = ITEM_STEPS_MAX };

struct seen {
    const struct step *steps[SEEN_MOST];
    size_t count;
};

static void see(struct seen *seen, const struct step *step)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->steps[i] == step)
            return;
    seen->steps[seen->count++] = step;
}

/* The steps of the report's pages, in the order in which they first came. */
static void read_seen(const struct going *going, struct seen *seen)
{
    const char *line = drive_reported(going->drive, going->mark);

    for (; *line; line += strcspn(line, "\n") + 1) {
        json_t *page = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        const char *id = json_string_value(json_object_get(page, "step"));
        const struct step *step = id ? item_step(going->test->item, id) : NULL;
        if (step)
            see(seen, step);
        json_decref(page);
        if (!line[strcspn(line, "\n")])
            break;
    }
}

static void compare_seen(const struct going *going)
{
    struct seen *seen = mem_new(sizeof *seen);
    size_t expected = own_test_page_count(going->test);

    read_seen(going, seen);
    for (size_t i = 0; going->test->is_exact && i < expected; i++) {
        const char *is = i < seen->count ? seen->steps[i]->id : "nothing";
        if (strcmp(is, own_test_page(going->test, i)) != 0)
            give_up(going, "%s came where %s is expected", is,
                    own_test_page(going->test, i));
    }
    if (going->test->is_exact && seen->count > expected)
        give_up(going, "%s came, too", seen->steps[expected]->id);
    mem_free(seen);
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
        give_up(going, "it is past the test's day");
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

void own_walk(const struct own_walk *walk)
{
    struct going going = { .walk = walk,
                           .drive = walk->drive,
                           .test = walk->test,
                           .mark = drive_mark(walk->drive) };
    int acts_done = 0;

    come_on_its_day(&going);
    while (!going.is_over) {
        if (++acts_done > ACTS_MOST)
            give_up(&going, "it has no end");
        act(&going);
    }
    if (!going.has_seen_last)
        give_up(&going, "its last page was not seen");
    compare_seen(&going);
    leave_case(&going);
}
