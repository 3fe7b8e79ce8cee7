/* What the kiosk adds to CEL; tests/rule/vectors.jsonl says by example what each
 * gives, for whoever runs rules elsewhere. */
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/number.h"
#include "kiosk/rule/moment.h"
#include "kiosk/rule/node.h"

static const char no_date[] = "expected a date: 2026-11-26, 20261126 or a time";

struct rule_value call_today(struct rule_run *run, const struct rule_node *node,
                             const struct rule_value *args)
{
    (void)node;
    (void)args;
    return rule_date(run->host->today);
}

/* Born on 29 February, a year is completed on 1 March in common years. */
struct rule_value call_age(struct rule_run *run, const struct rule_node *node,
                           const struct rule_value *args)
{
    struct clock_fields today;
    struct moment_day birth;

    if (!moment_day_of(args, &birth))
        return run_fail(node, no_date);
    clock_date_of_days(run->host->today, &today);
    int age = today.year - birth.year;
    if (today.month < birth.month ||
        (today.month == birth.month && today.day < birth.day))
        age--;
    return age < 0 ? run_fail(node, "the date is after today") : rule_int(age);
}

/* A day that its month does not have is the month's last. */
static struct rule_value months_before(struct rule_run *run,
                                       const struct rule_node *node,
                                       const struct rule_value *date,
                                       int64_t months)
{
    struct moment_day day;

    if (!moment_day_of(date, &day))
        return run_fail(node, no_date);
    if (months < -200000 || months > 200000)
        months = 200000; /* out of range, whatever the date */
    int64_t month = day.year * INT64_C(12) + day.month - 1 - months;
    day.year = (int)moment_floor(month, 12);
    day.month = (int)(month - 12 * moment_floor(month, 12)) + 1;
    if (day.year < 1 || day.year > 9999)
        return run_fail(node, "the date is out of range: expected year 1 to "
                              "year 9999");
    int last = moment_days_in_month(day.year, day.month);
    day.day = day.day < last ? day.day : last;
    int64_t days = clock_days_of_date(day.year, day.month, day.day);
    if (date->kind == RULE_TIMESTAMP)
        return rule_date(days);
    struct rule_value value = rule_date(days);
    char *text = run_take(run, MOMENT_TEXT_BYTES);
    if (!text)
        return run_broke(node);
    (void)moment_format(&value, text); /* 2026-11-26T00:00:00Z */
    if (date->text.len == 10)
        return rule_text(text, 10);
    memmove(text + 4, text + 5, 2);
    memmove(text + 6, text + 8, 2);
    return rule_text(text, 8);
}

struct rule_value call_months_before(struct rule_run *run,
                                     const struct rule_node *node,
                                     const struct rule_value *args)
{
    return months_before(run, node, args, args[1].integer);
}

struct rule_value call_years_before(struct rule_run *run,
                                    const struct rule_node *node,
                                    const struct rule_value *args)
{
    int64_t years = args[1].integer;

    if (years < -10000 || years > 10000)
        years = 10000;
    return months_before(run, node, args, years * 12);
}

/* ---- Numbers with a check ----------------------------------------------- */

/* The numbers are short; a longer text, or one with NUL in it, is none. */
static struct rule_value check_number(const struct rule_value *text,
                                      bool (*is_ok)(const char *number))
{
    char number[32];

    if (text->text.len >= sizeof number ||
        memchr(text->text.bytes, '\0', text->text.len))
        return rule_bool(false);
    memcpy(number, text->text.bytes, text->text.len);
    number[text->text.len] = '\0';
    return rule_bool(is_ok(number));
}

static bool id_number_is_ok(const char *number)
{
    return id_number_check(number) == NUMBER_OK;
}

struct rule_value call_id_number_ok(struct rule_run *run,
                                    const struct rule_node *node,
                                    const struct rule_value *args)
{
    (void)run;
    (void)node;
    return check_number(args, id_number_is_ok);
}

struct rule_value call_credit_code_ok(struct rule_run *run,
                                      const struct rule_node *node,
                                      const struct rule_value *args)
{
    (void)run;
    (void)node;
    return check_number(args, credit_code_is_ok);
}

struct rule_value call_mobile_ok(struct rule_run *run,
                                 const struct rule_node *node,
                                 const struct rule_value *args)
{
    (void)run;
    (void)node;
    return check_number(args, mobile_is_ok);
}

struct rule_value call_division_name(struct rule_run *run,
                                     const struct rule_node *node,
                                     const struct rule_value *args)
{
    const struct rule_host *host = run->host;
    struct rule_value name;

    if (!host->division ||
        !host->division(host->owner, args->text.bytes, args->text.len, &name) ||
        name.kind != RULE_TEXT)
        return run_fail(node, "there is no division of this code");
    return name;
}
