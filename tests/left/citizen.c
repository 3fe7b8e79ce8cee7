#include "tests/left/citizen.h"

#include "tests/tty/play.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* What is written into a text field: at most sixty characters. */
#define WRITTEN PEOPLE_STREET " " PEOPLE_LATIN " " PEOPLE_SPOKEN
/* The same where letters are pinyin: Enter leaves them as they are.  What they
 * may mean is asked of kiosk-ime, which then has them, too. */
#define COMPOSED PEOPLE_STREET " " PEOPLE_LATIN "\r " PEOPLE_SPOKEN

enum { PAGES_MOST = 100, OPTIONS_MOST = 40, TRIES_MOST = 20 };

static bool has(struct citizen *citizen, const char *id)
{
    return drive_element(citizen->drive, id);
}

static bool is_at(struct citizen *citizen, const char *screen)
{
    return strcmp(drive_screen(citizen->drive), screen) == 0;
}

static json_int_t page_number(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static json_int_t page_left;

static bool is_refused(struct drive *drive)
{
    return drive_element(drive, "field.error");
}

static bool is_left(struct drive *drive)
{
    return page_number(drive) != page_left;
}

static bool is_another_page(struct drive *drive)
{
    return is_left(drive) || is_refused(drive);
}

static void await_next(struct citizen *citizen)
{
    drive_wait_until(citizen->drive, is_another_page, "the next page");
}

/* ---- Acts -------------------------------------------------------------- */

static void tell(struct citizen *citizen, enum citizen_act act,
                 const char *what)
{
    if (citizen->on_act)
        citizen->on_act(citizen, act, what);
}

static void push(struct citizen *citizen, enum drive_hand hand, const char *id)
{
    tell(citizen, CITIZEN_PRESSES, id);
    drive_press(citizen->drive, hand, id);
}

static void type(struct citizen *citizen, enum drive_hand hand,
                 const char *text)
{
    tell(citizen, CITIZEN_TYPES, text);
    drive_type(citizen->drive, hand, text);
}

static void say(struct citizen *citizen, const char *line)
{
    tell(citizen, CITIZEN_SAYS, line);
    assert_true(drive_sim(citizen->drive, line));
}

static void press(struct citizen *citizen, const char *id)
{
    bool was_refused = is_refused(citizen->drive); /* which stands there */

    page_left = page_number(citizen->drive);
    push(citizen, citizen->hand, id);
    if (was_refused)
        drive_wait_until(citizen->drive, is_left, "the next page");
    else
        await_next(citizen);
}

static const char *answer_of_step(struct citizen *citizen)
{
    return citizen->answer
               ? citizen->answer(citizen, drive_step(citizen->drive))
               : NULL;
}

/* ---- Steps ------------------------------------------------------------- */

static const struct step *step_of(struct citizen *citizen)
{
    return citizen->about
               ? item_step(citizen->about, drive_step(citizen->drive))
               : NULL;
}

/* Of somebody else than who stands here. */
static bool is_number(const struct step *step)
{
    return step && strcmp(step->screen, "field") == 0 &&
           step->type == FIELD_TYPE_ID_NUMBER;
}

/* Neither a text nor a telephone: a day, a number, a code. */
static bool is_of_tests(const struct step *step)
{
    return step && strcmp(step->screen, "field") == 0 &&
           step->type != FIELD_TYPE_TEXT && step->type != FIELD_TYPE_MOBILE &&
           step->type != FIELD_TYPE_ID_NUMBER &&
           step->type != FIELD_TYPE_RECEIPT && step->type != FIELD_TYPE_CODE;
}

/* ---- Pages ------------------------------------------------------------- */

static void begin(struct citizen *citizen)
{
    press(citizen, "attract.begin");
}

static void choose_item(struct citizen *citizen)
{
    char id[128];
    snprintf(id, sizeof id, "item.%s", citizen->item);
    drive_see(citizen->drive, id); /* perhaps on another page */
    press(citizen, id);
}

static void go_on(struct citizen *citizen)
{
    press(citizen, "footer.go");
}

/* How many can be chosen on this turn of the page; at which: the id of that
 * one, in their order. */
static int count_options(struct citizen *citizen, int which, char *id,
                         size_t size)
{
    json_t *elements = json_object_get(drive_page(citizen->drive), "elements");
    json_t *element;
    int count = 0;
    size_t i;

    json_array_foreach(elements, i, element)
    {
        const char *own = json_string_value(json_object_get(element, "id"));
        bool is_option =
            own &&
            (strncmp(own, "option.", 7) == 0 || strncmp(own, "day.", 4) == 0 ||
             strncmp(own, "time.", 5) == 0 || strncmp(own, "case.", 5) == 0 ||
             (strncmp(own, "record.", 7) == 0 && isdigit(own[7])));
        if (is_option && count++ == which)
            snprintf(id, size, "%s", own);
    }
    return count;
}

/* The one that is wanted; else one that does not lead to a stop.  Of how many. */
static int choose_option(struct citizen *citizen, char *id, size_t size)
{
    const char *wanted = answer_of_step(citizen);
    int count = count_options(citizen, -1, id, size);

    if (citizen->tries >= count || citizen->tries >= OPTIONS_MOST) {
        drive_show(citizen->drive, "nothing to choose");
        fail_msg("every option led to a stop");
    }
    if (wanted) {
        snprintf(id, size, "option.%s", wanted);
        return count;
    }
    if (citizen->tries == 0)
        citizen->first =
            citizen->pick ? (int)citizen->pick(citizen, (unsigned)count) : 0;
    (void)count_options(citizen, (citizen->first + citizen->tries) % count, id,
                        size);
    return count;
}

/* Who only asked how it stands has been told. */
static bool knows_all(struct citizen *citizen)
{
    return has(citizen, "cases.none") || has(citizen, "case.state") ||
           has(citizen, "closing.contact");
}

static void leave(struct citizen *citizen)
{
    page_left = page_number(citizen->drive);
    push(citizen, HAND_TOUCH, "footer.end");
    await_next(citizen);
}

static void leave_stop(struct citizen *citizen)
{
    leave(citizen);
    if (has(citizen, "end.confirm"))
        press(citizen, "end");
}

static void choose(struct citizen *citizen)
{
    char id[128];

    if (has(citizen, "cases.wait")) { /* the office is asked */
        drive_wait_gone(citizen->drive, "cases.wait");
        return;
    }
    if (has(citizen, "record.wait")) {
        drive_wait_gone(citizen->drive, "record.wait");
        return;
    }
    if (knows_all(citizen)) { /* nothing is under way */
        leave(citizen);
        return;
    }
    if (citizen->receipt && has(citizen, "option.receipt")) {
        press(citizen, "option.receipt");
        return;
    }
    bool is_record = has(citizen, "record.0");
    int count = choose_option(citizen, id, sizeof id);
    press(citizen, id);
    if (has(citizen, "service.away")) { /* it was silent, and is asked again */
        press(citizen, "footer.back");
    } else if (!is_at(citizen, "stop") && !is_at(citizen, "closing")) {
        citizen->tries = 0;
    } else if (++citizen->tries < count || !is_record) {
        press(citizen, "footer.back");
    } /* else each of their records is done with */
}

/* ---- Several at once --------------------------------------------------- */

static char marked[128];

static bool is_marked(struct drive *drive)
{
    return json_is_true(
        json_object_get(drive_element(drive, marked), "chosen"));
}

/* The first of them, and on. */
static void choose_some(struct citizen *citizen)
{
    if (count_options(citizen, 0, marked, sizeof marked) > 0 &&
        !is_marked(citizen->drive)) {
        push(citizen, citizen->hand, marked);
        drive_wait_until(citizen->drive, is_marked, "the mark");
    }
    press(citizen, "footer.go");
}

/* In the page's own words. */
static bool is_filled_in(const char *text)
{
    return strstr(text, "：填好了") || strstr(text, ": filled in");
}

/* Part after part of a long matter; those that need nothing, or wait for another,
 * have no key. */
static void enter_part(struct citizen *citizen)
{
    char id[32];

    for (int i = 1;; i++) {
        snprintf(id, sizeof id, "task.%d", i);
        if (!drive_turns_to(citizen->drive, citizen->hand, id))
            break;
        if (is_filled_in(drive_text(citizen->drive, id)) ||
            !json_object_get(drive_element(citizen->drive, id), "key"))
            continue;
        press(citizen, id);
        return;
    }
    press(citizen, "footer.go");
}

/* One entry is enough, where it is. */
static void add_no_other(struct citizen *citizen)
{
    bool is_enough = drive_turns_to(citizen->drive, citizen->hand, "footer.go");

    press(citizen, is_enough ? "footer.go" : "add");
}

/* A person like this one gets no further, whatever is answered; or a paper is
 * missing. */
static bool stops_here(struct citizen *citizen)
{
    if (is_at(citizen, "materials"))
        return !drive_turns_to(citizen->drive, citizen->hand, "promise");
    return is_at(citizen, "stop");
}

static void promise(struct citizen *citizen)
{
    if (stops_here(citizen))
        leave_stop(citizen);
    else
        press(citizen, "promise");
}

static const struct pretended *who_lays(const struct citizen *citizen)
{
    return citizen->lays_other ? &people_brought[citizen->brings]
                               : &people_coming[citizen->who];
}

void citizen_lays(struct citizen *citizen)
{
    char card[PEOPLE_CARD_BYTES];

    if (is_at(citizen, "card"))
        citizen->lays_other = has(citizen, "card.whose");
    people_card(who_lays(citizen), card);
    say(citizen, citizen->card && !citizen->lays_other ? citizen->card : card);
}

static void show_card(struct citizen *citizen)
{
    citizen->lays_other = has(citizen, "card.whose");
    if (citizen->types_number && has(citizen, "without")) {
        press(citizen, "without");
        return;
    }
    citizen->types_number = false;
    page_left = page_number(citizen->drive);
    citizen_lays(citizen);
    assert_true(drive_sim(citizen->drive, "clock +5s"));
    await_next(citizen);
}

void citizen_lifts(struct citizen *citizen)
{
    say(citizen, "card lift");
}

static char show_left[128];

static bool is_shown(struct drive *drive)
{
    return strcmp(drive_text(drive, "show"), show_left) != 0;
}

/* What is masked shows for ten seconds: that it was painted whole, too, must
 * leave nothing. */
void citizen_reveals(struct citizen *citizen)
{
    if (!drive_turns_to(citizen->drive, citizen->hand, "show"))
        return;
    snprintf(show_left, sizeof show_left, "%s",
             drive_text(citizen->drive, "show"));
    push(citizen, citizen->hand, "show");
    drive_wait_until(citizen->drive, is_shown, "name and number in full");
}

static void take_back(struct citizen *citizen)
{
    citizen_reveals(citizen);
    citizen_lifts(citizen);
    press(citizen, "footer.go");
    /* A child is asked for, say: the next of those they brought. */
    if (citizen->lays_other && is_at(citizen, "stop") &&
        citizen->brings + 1 < people_brought_count) {
        citizen->brings++;
        press(citizen, "footer.back");
    }
}

static void read_over(struct citizen *citizen)
{
    citizen_reveals(citizen);
    press(citizen, "footer.go");
}

/* A page that offers other ways: the one of typing the number, or round a
 * text. */
static void other_way(struct citizen *citizen)
{
    bool has_tried = is_of_tests(step_of(citizen)) || citizen->refusals > 0;

    citizen->refusals = 0;

    if ((citizen->takes_way || has_tried) && has(citizen, "way")) {
        press(citizen, "way");
        return;
    }
    if (has_tried && has(citizen, "leave")) {
        press(citizen, "leave");
        return;
    }
    if (citizen->types_number && has(citizen, "type")) {
        press(citizen, "type");
        return;
    }
    citizen->types_number = false;
    press(citizen, "footer.back");
}

static const char *typing(struct citizen *citizen, const char **ret_id)
{
    json_t *elements = json_object_get(drive_page(citizen->drive), "elements");
    json_t *element;
    size_t i;

    json_array_foreach(elements, i, element)
    {
        const char *kind =
            json_string_value(json_object_get(element, "typing"));
        *ret_id = json_string_value(json_object_get(element, "id"));
        if (kind)
            return kind;
    }
    return "";
}

static const char *written(struct citizen *citizen)
{
    const char *language = json_string_value(
        json_object_get(drive_page(citizen->drive), "language"));

    return language && strcmp(language, "en") == 0 ? WRITTEN : COMPOSED;
}

static const char *number_of(const struct citizen *citizen)
{
    return citizen->number && !citizen->lays_other ? citizen->number
                                                   : who_lays(citizen)->number;
}

/* By touch it stands on the page; with ten keys an empty field shows it. */
static void go_round(struct citizen *citizen)
{
    press(citizen, citizen->hand == HAND_TOUCH && has(citizen, "way")
                       ? "way"
                       : "footer.go");
}

/* The office is asked, and says what it has on record. */
static void read_records(struct citizen *citizen)
{
    if (has(citizen, "records.wait"))
        drive_wait_gone(citizen->drive, "records.wait");
    press(citizen, "footer.go");
}

/* ---- What is neither a text nor a telephone ----------------------------- */

/* What so many tests before it do not answer here, or NULL. */
static const char *answer_of_test(const struct item *item,
                                  const struct step *step, int but)
{
    for (size_t i = 0; item->tests && i < item->tests->count; i++) {
        const struct yaml *given =
            yaml_get(yaml_get(item->tests->items[i], "answers"), step->answer);
        if (given && given->text && *given->text &&
            strcmp(given->text, "later") != 0 && but-- == 0)
            return given->text;
    }
    return NULL;
}

static void delete_all(struct citizen *citizen, const char *id)
{
    size_t count = 0;

    for (const char *at = drive_value(citizen->drive, id); *at; at++)
        count += ((unsigned char)*at & 0xc0) != 0x80;
    assert_true(drive_sim(citizen->drive, "clock +1s"));
    for (size_t i = 0; i < count; i++)
        drive_bytes(citizen->drive, "\x7f", 1);
    drive_swallowed(citizen->drive);
    assert_true(drive_sim(citizen->drive, "clock +0s"));
}

/* A day, a number, a code: as in one of the item's own tests; what is not right
 * today, as in another one; else round it. */
static void write_as_tests_do(struct citizen *citizen, const struct step *step)
{
    const char *text = answer_of_test(citizen->about, step, citizen->refusals);

    if (*drive_value(citizen->drive, step->answer))
        delete_all(citizen, step->answer);
    if (!text) {
        press(citizen, "footer.go");
        return;
    }
    page_left = page_number(citizen->drive);
    type(citizen, HAND_KEYBOARD, text);
    drive_swallowed(citizen->drive);
    assert_true(drive_sim(citizen->drive, "clock +0s"));
    await_next(citizen);
    citizen->refusals = is_refused(citizen->drive) ? citizen->refusals + 1 : 0;
}

/* Where a keyboard wrote, # is a character like any other. */
static void keep_standing(struct citizen *citizen)
{
    json_t *go;

    (void)drive_turns_to(citizen->drive, citizen->hand, "footer.go");
    go = drive_element(citizen->drive, "footer.go");
    page_left = page_number(citizen->drive);
    push(citizen, json_object_get(go, "key") ? citizen->hand : HAND_TOUCH,
         "footer.go");
    await_next(citizen);
}

/* What a page of digits takes is found by trying: a phone, else a number. */
static void write_into(struct citizen *citizen)
{
    const char *id = "";
    bool is_text = strcmp(typing(citizen, &id), "text") == 0;
    bool is_refused = has(citizen, "field.error");
    const char *text = answer_of_step(citizen);
    char code[8] = "";

    if (has(citizen, "from")) { /* it is known, and right */
        keep_standing(citizen);
        return;
    }
    bool is_theirs = is_of_tests(step_of(citizen)) ||
                     (is_number(step_of(citizen)) && is_refused);
    if (is_theirs && !text) {
        write_as_tests_do(citizen, step_of(citizen));
        return;
    }
    if (is_refused) /* where a text is, the item wants another one here */
        delete_all(citizen, id);
    if (is_text && (citizen->takes_way || is_refused)) {
        citizen->refusals = is_refused;
        go_round(citizen);
        return;
    }
    if (strcmp(id, "code") == 0) {
        play_read_code(citizen->drive, code);
        text = code;
    }
    if (!text && is_number(step_of(citizen)))
        text = people_brought[citizen->brings].number;
    if (!text)
        text = is_text                                   ? written(citizen)
               : strcmp(id, "receipt") == 0              ? citizen->receipt
               : strcmp(id, "lookup") == 0               ? citizen->code
               : strcmp(id, "number") == 0 || is_refused ? number_of(citizen)
                                                         : PEOPLE_PHONE;
    page_left = page_number(citizen->drive);
    type(citizen, is_text ? HAND_KEYBOARD : citizen->hand, text);
    await_next(citizen);
}

static void half_write(struct citizen *citizen)
{
    const char *id = "";
    const char *text = strcmp(typing(citizen, &id), "text") == 0
                           ? written(citizen)
                       : strcmp(id, "number") == 0 ? number_of(citizen)
                                                   : PEOPLE_PHONE;

    assert_true(drive_sim(citizen->drive, "clock +1s"));
    drive_bytes(citizen->drive, text, strlen(text));
    drive_swallowed(citizen->drive);
    assert_true(drive_sim(citizen->drive, "clock +0s"));
    citizen->is_half_typed = true;
}

/* It is being stored, and the disk goes by the real clock. */
static void wait_for_result(struct citizen *citizen)
{
    if (has(citizen, "case.state")) { /* how it stands */
        press(citizen, has(citizen, "reprint") ? "reprint" : "footer.go");
        return;
    }
    page_left = page_number(citizen->drive);
    await_next(citizen);
}

static size_t asked_at;

/* The page waits for the office, and says so when it does not answer. */
static bool is_answered(struct drive *drive)
{
    return is_another_page(drive) ||
           (drive_said(drive, asked_at, "check.wait") &&
            drive_element(drive, "check.away") &&
            !drive_element(drive, "check.wait"));
}

/* "Please try again": an office that was just begun anew answers then. */
static void confirm(struct citizen *citizen)
{
    for (int i = 0; i < TRIES_MOST; i++) {
        page_left = page_number(citizen->drive);
        asked_at = drive_mark(citizen->drive);
        push(citizen, citizen->hand, "code");
        drive_wait_until(citizen->drive, is_answered, "the office's answer");
        if (is_another_page(citizen->drive))
            return;
        assert_true(drive_sim(citizen->drive, "clock +5s"));
    }
    fail_msg("the office does not answer");
}

static void print(struct citizen *citizen)
{
    play_printed(citizen->drive);
}

static void take_paper(struct citizen *citizen)
{
    press(citizen, "yes");
}

static void rate_not(struct citizen *citizen)
{
    press(citizen, "no");
}

/* The first day, the first time, then on with what is held. */
static void take_time(struct citizen *citizen)
{
    char id[128];

    if (has(citizen, "slot.wait"))
        drive_wait_gone(citizen->drive, "slot.wait");
    else if (has(citizen, "slot.until"))
        go_on(citizen);
    else if (count_options(citizen, 0, id, sizeof id) > 0)
        press(citizen, id);
    else
        leave(citizen);
}

static bool is_past_payment(struct drive *drive)
{
    assert_true(drive_sim(drive, "clock +4s"));
    return strcmp(drive_screen(drive), "payment") != 0;
}

/* By a telephone; the page goes on by itself. */
static void pay(struct citizen *citizen)
{
    drive_wait_element(citizen->drive, "payment.wait");
    say(citizen, "cashier pay");
    drive_wait_until(citizen->drive, is_past_payment, "that it is paid");
}

/* What falls away with a new answer, they have read. */
static void take_change(struct citizen *citizen)
{
    press(citizen, has(citizen, "change") ? "change" : "footer.go");
}

/* By the word for the screen that the report uses. */
static const struct {
    const char *screen;
    void (*act)(struct citizen *citizen);
} acts[] = {
    { "theme", choose_item },
    { "attract", begin },
    { "home", choose_item },
    { "guide", go_on },
    { "choice", choose },
    { "card", show_card },
    { "take back", take_back },
    { "ways", other_way },
    { "field", write_into },
    { "review", read_over },
    { "progress", wait_for_result },
    { "check", confirm },
    { "printing", print },
    { "paper", take_paper },
    { "result", go_on },
    { "rating", rate_not },
    { "bye", go_on },
    { "records", read_records },
    { "choices", choose_some },
    { "tasks", enter_part },
    { "another", add_no_other },
    { "materials", promise },
    { "stop", leave_stop },
    { "slot", take_time },
    { "payment", pay },
    { "closing", go_on },
    { "change", take_change },
};

static void act(struct citizen *citizen)
{
    if (has(citizen, "confirm.value")) {
        press(citizen, "footer.go");
        return;
    }
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (is_at(citizen, acts[i].screen)) {
            acts[i].act(citizen);
            return;
        }
    }
    drive_show(citizen->drive, "a page that citizen.c does not know");
    fail_msg("the page %s is not known to citizen.c",
             drive_screen(citizen->drive));
}

bool citizen_is_turned_away(struct citizen *citizen)
{
    return is_at(citizen, "closing") || stops_here(citizen);
}

bool citizen_steps(struct citizen *citizen)
{
    bool is_last = is_at(citizen, "bye") || stops_here(citizen) ||
                   has(citizen, "cases.none");

    act(citizen);
    return !is_last;
}

bool citizen_goes(struct citizen *citizen, const char *until)
{
    const char *id = "";

    for (int i = 0; i < PAGES_MOST; i++) {
        if (*until && (is_at(citizen, until) ||
                       (strcmp(until, "review") == 0 && knows_all(citizen))))
            return true;
        if (!*until && *typing(citizen, &id)) {
            half_write(citizen);
            return true;
        }
        if (is_at(citizen, "result") || is_at(citizen, "closing") ||
            stops_here(citizen) || knows_all(citizen))
            return false;
        if (citizen->pages_most && i >= citizen->pages_most)
            return true;
        act(citizen);
    }
    fail_msg("%s has no end", citizen->item);
    return false;
}
