#include "kiosk/flow/record.h"

#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/field.h"

#define BETWEEN_COLUMNS   '|'
#define BETWEEN_LANGUAGES "‖"

enum { TEXT_CHARS_MAX = 200, VALUE_BYTES = 4096 };

bool record_is_step(const struct step *step)
{
    return strcmp(step->screen, "record") == 0;
}

/* ---- Columns ------------------------------------------------------------- */

static bool is_named_after(const struct step *column, const struct step *step)
{
    size_t len = strlen(step->id);

    return computed_is(column) && strncmp(column->id, step->id, len) == 0 &&
           column->id[len] == '_';
}

size_t record_column_count(const struct item *item, const struct step *step)
{
    const struct step *end = item->steps + item->step_count;
    const struct step *at = step + 1;

    while (at < end && is_named_after(at, step))
        at++;
    return (size_t)(at - step) - 1;
}

const struct step *record_column(const struct step *step, size_t n)
{
    return step + 1 + n;
}

const char *record_column_name(const struct step *step, size_t n)
{
    return record_column(step, n)->id + strlen(step->id) + 1;
}

bool record_is_column(const struct item *item, const struct step *step)
{
    const struct step *at = step;

    while (at > item->steps && computed_is(at))
        at--;
    return at < step && record_is_step(at) && is_named_after(step, at) &&
           (size_t)(step - at) <= record_column_count(item, at);
}

/* ---- Taking a row -------------------------------------------------------- */

/* A text for people, of which nothing had to be changed. */
static bool is_text(const char *text)
{
    struct text_change change;
    struct buf accepted;

    if (!text || strchr(text, BETWEEN_COLUMNS) ||
        strstr(text, BETWEEN_LANGUAGES))
        return false;
    buf_init(&accepted, VALUE_BYTES);
    text_accept(text, strlen(text), TEXT_CHARS_MAX, &accepted, &change);
    bool is_good = !change.was_cut && !change.was_invalid &&
                   !change.had_control && !accepted.is_cut;
    buf_done(&accepted);
    return is_good;
}

static bool add_words(const json_t *words, struct buf *out)
{
    const char *zh = json_string_value(json_object_get(words, "zh_CN"));
    const char *en = json_string_value(json_object_get(words, "en"));

    if (!is_text(zh) || !is_text(en) || !*zh || !*en)
        return false;
    buf_add_format(out, "%s" BETWEEN_LANGUAGES "%s", zh, en);
    return true;
}

static bool add_fen(const json_t *told, struct buf *out)
{
    json_int_t fen = json_integer_value(told);

    if (fen < 0)
        return false;
    buf_add_format(out, "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
    return true;
}

static bool add_field(const struct step *column, const json_t *told,
                      struct buf *out)
{
    const char *text = json_string_value(told);

    if (!told)
        return true;
    if (json_is_integer(told))
        return column->type == FIELD_TYPE_MONEY && add_fen(told, out);
    if (json_is_object(told))
        return column->type == FIELD_TYPE_TEXT && add_words(told, out);
    if (!is_text(text))
        return false;
    buf_add_text(out, text);
    return true;
}

static bool is_id(const char *id)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t len = id ? strlen(id) : 0;

    return len > 0 && len <= RECORD_ID_CHARS && strspn(id, signs) == len &&
           strcmp(id, RECORD_NONE) != 0 && strcmp(id, "later") != 0;
}

enum err record_of_row(const struct item *item, const struct step *step,
                       const json_t *row, struct buf *out)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    const json_t *fields = json_object_get(row, "fields");
    struct buf line;
    bool is_good = is_id(id) && json_is_object(fields);

    buf_init(&line, VALUE_BYTES);
    if (is_good)
        buf_add_text(&line, id);
    for (size_t i = 0; is_good && i < record_column_count(item, step); i++) {
        buf_add_char(&line, BETWEEN_COLUMNS);
        is_good = add_field(
            record_column(step, i),
            json_object_get(fields, record_column_name(step, i)), &line);
    }
    is_good = is_good && !line.is_cut && record_is_ok(item, step, line.text);
    if (is_good)
        buf_add_text(out, line.text);
    buf_done(&line);
    return is_good ? ERR_OK : ERR_BAD_ANSWER;
}

/* ---- Its form ------------------------------------------------------------ */

static bool is_word_of(const struct step *column, const char *text)
{
    for (size_t i = 0; i < column->option_count; i++)
        if (strcmp(column->options[i].value, text) == 0)
            return true;
    return column->option_count == 0;
}

static bool column_is_ok(const struct step *column, const char *text)
{
    if (!*text)
        return true; /* not told */
    return is_word_of(column, text) &&
           (column->type == FIELD_TYPE_TEXT || field_is_value(column, text));
}

bool record_is_ok(const struct item *item, const struct step *step,
                  const char *value)
{
    size_t count = record_column_count(item, step), at = 0;
    const char *rest = value;
    bool is_good = strlen(value) < VALUE_BYTES;

    if (strcmp(value, RECORD_NONE) == 0)
        return true;
    for (; is_good && rest; at++) {
        size_t len = strcspn(rest, "|");
        struct buf part;

        buf_init(&part, VALUE_BYTES);
        buf_add(&part, rest, len);
        is_good = at == 0 ? is_id(part.text)
                  : at > count
                      ? false
                      : column_is_ok(record_column(step, at - 1), part.text);
        buf_done(&part);
        rest = rest[len] ? rest + len + 1 : NULL;
    }
    return is_good && at == count + 1;
}

void record_part(const char *value, size_t n, struct buf *out)
{
    while (n > 0 && *value) {
        value += strcspn(value, "|");
        value += *value != '\0';
        n--;
    }
    buf_add(out, value, strcspn(value, "|"));
}

/* ---- Trying out ---------------------------------------------------------- */

static const char *usual(const struct step *column)
{
    if (column->option_count > 0)
        return column->options[0].value;
    return column->type == FIELD_TYPE_MONEY ? "200.00"
                                            : field_kind(column->type)->sample;
}

void record_sample(const struct item *item, const struct step *step, size_t nth,
                   const char *value, struct buf *out)
{
    size_t count = record_column_count(item, step);

    buf_add_text(out, "4113020000000001");
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "|%s",
                       i == nth ? value : usual(record_column(step, i)));
}

/* ---- For people ---------------------------------------------------------- */

void record_text(const char *value, enum language language, struct buf *out)
{
    if (strcmp(value, RECORD_NONE) == 0)
        buf_add_text(out, i18n_text(language, N_("There is none")));
    else
        buf_add(out, value, strcspn(value, "|"));
}

void record_words(const char *value, enum language language, struct buf *out)
{
    const char *between = strstr(value, BETWEEN_LANGUAGES);

    if (!between)
        buf_add_text(out, value);
    else if (language == LANGUAGE_EN)
        buf_add_text(out, between + strlen(BETWEEN_LANGUAGES));
    else
        buf_add(out, value, (size_t)(between - value));
}
