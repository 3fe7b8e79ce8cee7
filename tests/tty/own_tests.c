#include "tests/tty/own_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/number.h"
#include "kiosk/flow/card.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/shared.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    YEARS_MOST = 28, /* weekdays and leap years are then as they were */
    DAY_BYTES = 16,
    TEXT_BYTES = 64 * 1024,
    NUMBER_CHARS = 18
};

/* Of whom the demonstration's offices have no record, and of whom none can be
 * had now (kiosk/hub/records.h). */
#define SEQUENCE_NONE "000"
#define SEQUENCE_AWAY "998"
/* Whom no register knows. */
#define SEQUENCE_NOBODY "997"
/* Whom the population register has under another name. */
#define SEQUENCE_ANOTHER "999"

/* Where a test says none. */
#define ENGINES_DAY "2026-01-01"

/* ---- The same some years later ------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int number_at(const char *digits, int count)
{
    int number = 0;

    for (int i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

static void add_years(char year[4], int years)
{
    char text[16];

    snprintf(text, sizeof text, "%04d", number_at(year, 4) + years);
    memcpy(year, text, 4);
}

/* Years of people and papers; other numbers are left as they are. */
static bool is_year(const char *digits)
{
    return number_at(digits, 4) >= 1900 && number_at(digits, 4) < 2100;
}

static bool is_month(const char *digits)
{
    return number_at(digits, 2) >= 1 && number_at(digits, 2) <= 12;
}

/* False: there is no such day, as 29 February of another year.  What never was a
 * day need not become one. */
static bool move_day(char *digits, int years)
{
    char day[9];

    snprintf(day, sizeof day, "%.8s", digits);
    bool was_day = clock_is_date(day);
    add_years(digits, years);
    snprintf(day, sizeof day, "%.8s", digits);
    return !was_day || clock_is_date(day);
}

/* A wrong one stays wrong. */
static bool move_number(char *number, int years)
{
    char whole[NUMBER_CHARS + 1];

    snprintf(whole, sizeof whole, "%.*s", NUMBER_CHARS, number);
    bool is_right =
        number[NUMBER_CHARS - 1] == id_number_check_character(whole);
    if (!move_day(number + 6, years))
        return false;
    snprintf(whole, sizeof whole, "%.*s", NUMBER_CHARS, number);
    char right = id_number_check_character(whole);
    number[NUMBER_CHARS - 1] = is_right ? right : right == '0' ? '1' : '0';
    return true;
}

/* "2026-11-26" or "2026-11"; at is the year. */
static bool move_dashed(char *at, int years)
{
    char day[9];

    if (at[7] != '-' || !is_digit(at[8]) || !is_digit(at[9])) {
        add_years(at, years);
        return true;
    }
    snprintf(day, sizeof day, "%.4s%.2s%.2s", at, at + 5, at + 8);
    bool is_good = move_day(day, years);
    memcpy(at, day, 4);
    return is_good;
}

/* One run of digits, as it is written in a test. */
static bool move_run(char *at, size_t len, bool is_all, int years)
{
    bool is_number =
        len == NUMBER_CHARS || (len == NUMBER_CHARS - 1 && at[len] == 'X');

    if (is_number && is_year(at + 6) && is_month(at + 10))
        return move_number(at, years);
    if (len == 8 && is_year(at) && is_month(at + 4))
        return move_day(at, years);
    if (len == 6 && is_year(at) && is_month(at + 4))
        add_years(at, years);
    if (len == 4 && is_year(at) && at[4] == '-' && is_digit(at[5]))
        return move_dashed(at, years);
    if (len == 4 && is_year(at) &&
        (is_all || strncmp(at + 4, "年", strlen("年")) == 0))
        add_years(at, years);
    return true;
}

static bool move_text(char *text, int years)
{
    for (char *at = text; *at;) {
        size_t len = strspn(at, "0123456789");
        bool is_part = at > text && at[-1] == '-';

        if (len > 0 && !is_part &&
            !move_run(at, len, len == strlen(text), years))
            return false;
        at += len ? len : 1;
    }
    return true;
}

static char *text_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = mem_new(size);

    memcpy(copy, text, size);
    return copy;
}

static void free_copy(struct yaml *copy)
{
    for (size_t i = 0; copy && i < copy->count; i++) {
        free_copy(copy->items[i]);
        free_copy(copy->keys ? copy->keys[i] : NULL);
    }
    if (!copy)
        return;
    mem_free((char *)copy->text);
    mem_free(copy->items);
    mem_free(copy->keys);
    mem_free(copy);
}

static struct yaml *copy_of(const struct yaml *node, int years, bool *is_good)
{
    struct yaml *copy = mem_new(sizeof *copy);

    *copy = *node;
    copy->items = copy->keys = NULL;
    if (node->text) {
        char *text = text_copy(node->text);
        *is_good = move_text(text, years) && *is_good;
        copy->text = text;
    }
    if (node->count)
        copy->items = mem_new(node->count * sizeof *copy->items);
    if (node->count && node->keys)
        copy->keys = mem_new(node->count * sizeof *copy->keys);
    for (size_t i = 0; i < node->count; i++) {
        copy->items[i] = copy_of(node->items[i], years, is_good);
        if (copy->keys)
            copy->keys[i] = copy_of(node->keys[i], years, is_good);
    }
    return copy;
}

static struct yaml *new_text(const struct yaml *beside, const char *text)
{
    struct yaml *node = mem_new(sizeof *node);

    *node = *beside;
    node->kind = YAML_TEXT;
    node->text = text_copy(text);
    node->items = node->keys = NULL;
    node->count = 0;
    return node;
}

static void set_today(struct yaml *test, const char day[DAY_BYTES])
{
    size_t at = 0;

    while (at < test->count && strcmp(test->keys[at]->text, "today") != 0)
        at++;
    if (at < test->count) {
        free_copy(test->items[at]);
        test->items[at] = new_text(test, day);
        return;
    }
    size_t bytes = test->count * sizeof *test->items;
    test->items = mem_resize(test->items, bytes, bytes + sizeof *test->items);
    test->keys = mem_resize(test->keys, bytes, bytes + sizeof *test->keys);
    test->keys[test->count] = new_text(test, "today");
    test->items[test->count++] = new_text(test, day);
}

/* ---- On its day ----------------------------------------------------------- */

static const char *text_of(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node && node->text ? node->text : "";
}

static void day_of(int64_t wall_ms, char day[DAY_BYTES])
{
    struct clock_fields fields = clock_split(wall_ms);

    snprintf(day, DAY_BYTES, "%04d-%02d-%02d", fields.year % 10000,
             fields.month, fields.day);
}

/* Plays it by the engine; the test is given away. */
static bool goes(const struct item *item, struct yaml *test,
                 struct own_test *ret_test)
{
    struct problems problems;
    struct own_test own = { .item = item, .test = test };

    problems_init(&problems);
    own.answers = answers_new();
    bool is_good = item_test_play(item, test, &problems, own.answers, &own.last,
                                  &own.noon_ms);
    problems_done(&problems);
    if (is_good)
        *ret_test = own;
    else
        own_test_done(&own);
    return is_good;
}

/* years 0 and day NULL: as it is. */
static bool goes_moved(const struct item *item, const struct yaml *test,
                       int years, const char *day, struct own_test *ret_test)
{
    bool is_good = true;
    struct yaml *moved = copy_of(test, years, &is_good);

    if (is_good && day)
        set_today(moved, day);
    if (is_good)
        return goes(item, moved, ret_test);
    free_copy(moved);
    return false;
}

/* keeps_days: births and the day stay as far apart as they are in the file. */
static bool goes_some_day(const struct item *item, const struct yaml *test,
                          int64_t now_ms, bool keeps_days,
                          struct own_test *ret_test)
{
    const char *said = text_of(test, "today");
    char now[DAY_BYTES], day[DAY_BYTES];

    day_of(now_ms, now);
    if (strcmp(said, now) >= 0)
        return goes_moved(item, test, 0, NULL, ret_test);
    if (!keeps_days && goes_moved(item, test, 0, now, ret_test))
        return true;
    for (int years = 1; years <= YEARS_MOST; years++) {
        snprintf(day, sizeof day, "%s", *said ? said : ENGINES_DAY);
        add_years(day, years);
        if (strcmp(day, now) >= 0 &&
            goes_moved(item, test, years, day, ret_test))
            return true;
    }
    return false;
}

/* ---- Which one ------------------------------------------------------------ */

static bool is_step(const char *screen, const char *const *screens)
{
    for (; *screens; screens++)
        if (strcmp(screen, *screens) == 0)
            return true;
    return false;
}

static bool answers_so(const struct own_test *test, const char *value)
{
    for (size_t i = 0; i < test->item->step_count; i++) {
        const struct step *step = &test->item->steps[i];
        const char *answer = shared_is_step(step)
                                 ? answers_get(test->answers, step->answer)
                                 : NULL;
        if (answer && strcmp(answer, value) == 0)
            return true;
    }
    return false;
}

static bool is_typed(const struct own_test *test)
{
    return strcmp(text_of(yaml_get(test->test, "card"), "typed"), "true") == 0;
}

/* What is on record is another person's, and nothing of it is used. */
static bool is_another(const struct own_test *test)
{
    return yaml_get(yaml_get(yaml_get(test->test, "records"), "person"),
                    "name") &&
           answers_so(test, SHARED_NONE);
}

/* Nothing is on file by which to check the person. */
static bool is_on_no_file(const struct own_test *test)
{
    for (size_t i = 0; i < test->item->step_count; i++) {
        const struct step *step = &test->item->steps[i];
        const char *value = strcmp(step->screen, "check") == 0
                                ? answers_get(test->answers, step->answer)
                                : NULL;
        if (value && strcmp(value, "none") == 0)
            return true;
    }
    return false;
}

/* Nothing is on record of the main person, whose card was asked about. */
static bool has_no_record(const struct own_test *test)
{
    return test->is_exact && !is_typed(test) && !is_another(test) &&
           answers_so(test, SHARED_NONE);
}

/* Nobody of the staff is here to confirm a person; and who has no record has no
 * telephone on file, either. */
static bool needs_others(const struct own_test *test)
{
    for (size_t i = 0; i < test->item->step_count; i++) {
        const struct step *step = &test->item->steps[i];
        const char *value =
            step->answer ? answers_get(test->answers, step->answer) : NULL;
        if (strcmp(step->screen, "check") == 0 && value &&
            (strcmp(value, "code") != 0 || has_no_record(test)))
            return true;
    }
    return false;
}

/* To whom no code can be sent: then they have what the demonstration has. */
static bool lacks_code(const struct own_test *test)
{
    return has_no_record(test) && needs_others(test);
}

static bool asks_records(const struct own_test *test)
{
    for (size_t i = 0; i < test->item->step_count; i++)
        if (shared_is_step(&test->item->steps[i]) &&
            answers_get(test->answers, test->item->steps[i].answer))
            return true;
    return false;
}

static bool is_found(const struct own_test *test, bool may_close, bool is_exact)
{
    static const char *const ends[] = { "result", "certificate", "cases",
                                        NULL };

    if (yaml_get(test->test, "stop") || needs_others(test) ||
        is_another(test) || test->is_exact != is_exact)
        return false;
    return is_step(test->last->screen, ends) ||
           (may_close && walk_is_closing(test->last));
}

/* Its office tells what there is to choose: free places in time, decisions. */
static bool offers_its_own(const struct own_test *test)
{
    static const char *const kinds[] = { "slot", "record", NULL };

    for (size_t i = 0; i < test->item->step_count; i++)
        if (is_step(test->item->steps[i].screen, kinds) &&
            answers_get(test->answers, test->item->steps[i].answer))
            return true;
    return false;
}

/* What came of records is what the demonstration's offices have only where that
 * is nothing, or another person's. */
static bool is_exact(const struct own_test *test)
{
    return !offers_its_own(test) &&
           (!asks_records(test) || !yaml_get(test->test, "records") ||
            is_another(test));
}

static bool choose(const struct item *item, int64_t now_ms, bool may_close,
                   bool wants_exact, struct own_test *ret_test)
{
    for (size_t i = 0; item->tests && i < item->tests->count; i++) {
        if (!goes_some_day(item, item->tests->items[i], now_ms, false,
                           ret_test))
            continue;
        ret_test->is_exact = is_exact(ret_test);
        if (is_found(ret_test, may_close, wants_exact))
            return true;
        own_test_done(ret_test);
    }
    return false;
}

bool own_tests_choose(const struct item *item, int64_t now_ms,
                      struct own_test *ret_test)
{
    return choose(item, now_ms, false, true, ret_test) ||
           choose(item, now_ms, false, false, ret_test) ||
           choose(item, now_ms, true, true, ret_test);
}

static bool find(const struct item *item, const char *name, int64_t now_ms,
                 bool keeps_days, struct own_test *ret_test)
{
    for (size_t i = 0; item->tests && i < item->tests->count; i++) {
        if (strcmp(text_of(item->tests->items[i], "name"), name) != 0)
            continue;
        if (!goes_some_day(item, item->tests->items[i], now_ms, keeps_days,
                           ret_test))
            return false;
        ret_test->is_exact = is_exact(ret_test);
        ret_test->is_exact = ret_test->is_exact && !lacks_code(ret_test);
        return true;
    }
    return false;
}

bool own_tests_find(const struct item *item, const char *name, int64_t now_ms,
                    struct own_test *ret_test)
{
    return find(item, name, now_ms, false, ret_test);
}

bool own_tests_find_day(const struct item *item, const char *name,
                        int64_t now_ms, struct own_test *ret_test)
{
    return find(item, name, now_ms, true, ret_test);
}

void own_test_done(struct own_test *test)
{
    free_copy(test->test);
    answers_free(test->answers);
    *test = (struct own_test){ .item = NULL };
}

/* ---- What it says --------------------------------------------------------- */

const char *own_test_name(const struct own_test *test)
{
    return text_of(test->test, "name");
}

const char *own_test_card_name(const struct own_test *test)
{
    return test->name ? test->name : "某某"; /* the engine's */
}

const char *own_test_card(const struct own_test *test, const struct step *step,
                          const char *what)
{
    const struct yaml *card =
        person_is_other(step)
            ? yaml_get(yaml_get(test->test, "cards"), step->person)
            : yaml_get(test->test, "card");

    return text_of(card, what);
}

static bool chooses_record(const struct own_test *test)
{
    for (size_t i = 0; i < test->item->step_count; i++)
        if (record_is_step(&test->item->steps[i]))
            return true;
    return false;
}

/* Of such a sequence the demonstration's office has two records or more, one for
 * each language (kiosk/hub/lists.c). */
static bool has_several(unsigned sequence)
{
    return (sequence / 100 + sequence / 10 % 10 + sequence % 10) % 3 == 2;
}

/* Nobody comes with two matters: a person is asked by code only so often. */
static unsigned sequence_of(const struct own_test *test,
                            const struct step *step)
{
    unsigned sum = 0;

    for (const char *at = test->item->id; *at; at++)
        sum = sum * 31 + (unsigned char)*at;
    if (person_is_other(step))
        sum += (unsigned)(step - test->item->steps);
    sum = 100 + sum % 800;
    while (chooses_record(test) && !has_several(sum))
        sum++;
    return sum;
}

void own_test_number(const struct own_test *test, const struct step *step,
                     char number[32])
{
    const char *birth = own_test_card(test, step, "birth");
    bool is_main = !person_is_other(step);
    size_t len = 0;

    len += (size_t)snprintf(number, 32, "999999");
    for (; *birth && len < 14; birth++)
        if (is_digit(*birth))
            number[len++] = *birth;
    if (is_main && answers_so(test, SHARED_AWAY))
        snprintf(number + len, 32 - len, SEQUENCE_AWAY);
    else if (is_main && is_on_no_file(test))
        snprintf(number + len, 32 - len, SEQUENCE_NOBODY);
    else if (is_main && has_no_record(test))
        snprintf(number + len, 32 - len, SEQUENCE_NONE);
    else if (is_main && is_another(test))
        snprintf(number + len, 32 - len, SEQUENCE_ANOTHER);
    else
        snprintf(number + len, 32 - len, "%03u", sequence_of(test, step));
    number[NUMBER_CHARS - 1] = id_number_check_character(number);
    number[NUMBER_CHARS] = '\0';
}

bool own_test_gives(const struct own_test *test, const struct step *step)
{
    return yaml_get(yaml_get(test->test, "answers"), step->answer) != NULL;
}

size_t own_test_page_count(const struct own_test *test)
{
    const struct yaml *pages = yaml_get(test->test, "pages");

    return pages ? pages->count : 0;
}

const char *own_test_page(const struct own_test *test, size_t at)
{
    return yaml_get(test->test, "pages")->items[at]->text;
}

const char *own_test_stop(const struct own_test *test)
{
    return text_of(test->test, "stop");
}

const char *own_test_refused(const struct own_test *test,
                             const struct step *step, size_t at)
{
    const struct yaml *refused =
        yaml_get(yaml_get(test->test, "refused"), step->answer);

    return refused && at < refused->count ? refused->keys[at]->text : NULL;
}
