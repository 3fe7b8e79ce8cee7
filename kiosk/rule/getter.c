/* getDate() and the like: fields of a moment in a zone, lengths of a
 * duration. */
#include "kiosk/base/clock.h"
#include "kiosk/rule/moment.h"
#include "kiosk/rule/node.h"

static int64_t field_of(enum getter getter, int64_t seconds, int nanos)
{
    int64_t days = moment_floor(seconds, 86400);
    int64_t second = seconds - days * 86400;
    struct clock_fields date;

    clock_date_of_days(days, &date);
    switch (getter) {
    case GET_DATE:
        return date.day;
    case GET_DAY_OF_MONTH:
        return date.day - 1;
    case GET_DAY_OF_WEEK: /* 1970-01-01 was a Thursday */
        return days + 4 - 7 * moment_floor(days + 4, 7);
    case GET_DAY_OF_YEAR:
        return days - clock_days_of_date(date.year, 1, 1);
    case GET_FULL_YEAR:
        return date.year;
    case GET_MONTH:
        return date.month - 1;
    case GET_HOURS:
        return second / 3600;
    case GET_MINUTES:
        return second / 60 % 60;
    case GET_SECONDS:
        return second % 60;
    case GET_MILLISECONDS:
        return nanos / 1000000;
    }
    return 0;
}

/* A whole duration in that unit, but for the milliseconds, which are what is
 * left of a second. */
static int64_t length_of(enum getter getter, int64_t ns)
{
    switch (getter) {
    case GET_HOURS:
        return ns / INT64_C(3600000000000);
    case GET_MINUTES:
        return ns / INT64_C(60000000000);
    case GET_SECONDS:
        return ns / 1000000000;
    default:
        return ns % 1000000000 / 1000000;
    }
}

struct rule_value call_getter(struct rule_run *run,
                              const struct rule_node *node,
                              const struct rule_value *args)
{
    enum getter getter = (enum getter)node->call.function->which;
    struct zone *opened = NULL;
    int offset = 0;

    if (args->kind == RULE_DURATION)
        return rule_int(length_of(getter, args->duration_ns));
    int64_t seconds = args->timestamp.seconds;
    if (node->count == 2 &&
        !zone_is_fixed(args[1].text.bytes, args[1].text.len, &offset)) {
        const struct zone *zone = node->call.zone;

        if (!run_spend(run, 1000)) /* a file may be read */
            return run_broke(node);
        if (!zone) {
            if (zone_open(args[1].text.bytes, args[1].text.len, &opened))
                return run_fail(node, "there is no such time zone");
            zone = opened;
        }
        offset = zone_offset(zone, seconds);
        zone_free(opened);
    }
    return rule_int(field_of(getter, seconds + offset, args->timestamp.nanos));
}
