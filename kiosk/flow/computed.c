#include "kiosk/flow/computed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/flow/calendar.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/walk_rule.h"

enum { VALUE_BYTES = 4096, DAY_S = 24 * 60 * 60, REAL_BYTES = 400 };

bool computed_is(const struct step *step)
{
    return step->value != NULL;
}

/* ---- Its notation -------------------------------------------------------- */

/* With two decimals, as fields of type money have them. */
static const char *add_real(const struct step *step, double real,
                            struct buf *out)
{
    char text[REAL_BYTES];

    if (step->type != FIELD_TYPE_MONEY)
        return "a number with a point: expected int( ), string( ) or type: "
               "money";
    snprintf(text, sizeof text, "%.2f", real);
    buf_add_text(out, text);
    return NULL;
}

static const char *add_day(const struct rule_value *value, struct buf *out)
{
    char date[CALENDAR_DATE_BYTES];
    int64_t seconds = value->timestamp.seconds;

    if (seconds % DAY_S != 0 || value->timestamp.nanos != 0)
        return "a time within a day: expected a day, or string( ) around it";
    calendar_date(seconds / DAY_S, date);
    buf_add_text(out, date);
    return NULL;
}

static const char *add_text(const struct rule_value *value, struct buf *out)
{
    if (!text_is_valid(value->text.bytes, value->text.len) ||
        memchr(value->text.bytes, '\0', value->text.len))
        return "a text that cannot be shown";
    buf_add(out, value->text.bytes, value->text.len);
    return NULL;
}

/* NULL, or what is wrong with it. */
static const char *add_value(const struct step *step,
                             const struct rule_value *value, struct buf *out)
{
    switch (value->kind) {
    case RULE_TEXT:
        return add_text(value, out);
    case RULE_INT:
        buf_add_format(out, "%" PRId64 "%s", value->integer,
                       step->type == FIELD_TYPE_MONEY ? ".00" : "");
        return NULL;
    case RULE_BOOL:
        buf_add_text(out, value->boolean ? "true" : "false");
        return NULL;
    case RULE_DOUBLE:
        return add_real(step, value->real, out);
    case RULE_TIMESTAMP:
        return add_day(value, out);
    case RULE_ERROR:
        return value->error.what;
    case RULE_NULL:
    case RULE_LIST:
    case RULE_MAP:
    case RULE_DURATION:
    case RULE_ANY:
        break;
    }
    return "no plain value: expected a text, a whole number, true or false, or "
           "a day";
}

enum computed computed_value(const struct step *step,
                             const struct answers *answers,
                             struct buf *ret_value, const char **ret_mistake)
{
    struct walk_look look = { .answers = answers };
    struct rule_room room;
    struct rule_value value;
    const char *mistake = NULL;
    struct buf text;

    rule_room_init(&room);
    buf_init(&text, VALUE_BYTES);
    value = walk_rule_run(step->value, &look, &room);
    if (value.kind != RULE_NULL)
        mistake = add_value(step, &value, &text);
    if (text.is_cut)
        mistake = "a text that is too long";
    else if (!mistake && text.len > 0 && step->type != FIELD_TYPE_TEXT &&
             !field_is_value(step, text.text))
        mistake = "not in the notation of its type";
    if (mistake)
        *ret_mistake = mistake;
    else
        buf_add_text(ret_value, text.text);
    bool is_nothing = text.len == 0;
    buf_done(&text);
    rule_room_done(&room);
    return mistake      ? COMPUTED_MISTAKE
           : is_nothing ? COMPUTED_NOTHING
                        : COMPUTED_VALUE;
}

/* ---- Among the answers --------------------------------------------------- */

enum err computed_settle_one(const struct step *step, struct answers *answers)
{
    const char *mistake = NULL;
    enum err err = ERR_OK;
    struct buf value;

    buf_init(&value, VALUE_BYTES);
    if (walk_shows(step, answers) &&
        computed_value(step, answers, &value, &mistake) == COMPUTED_VALUE)
        err = answers_set(answers, step->answer, value.text, SOURCE_COMPUTED);
    else
        answers_forget(answers, step->answer);
    buf_done(&value);
    return err;
}

enum err computed_settle(const struct item *item, struct answers *answers)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < item->step_count && !err; i++)
        if (computed_is(&item->steps[i]))
            err = computed_settle_one(&item->steps[i], answers);
    return err;
}
