#include "kiosk/office_said.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/text.h"

#include <string.h>

enum { TEXT_CHARS_MAX = 500 };

/* A text for people, that nothing had to be changed of. */
bool said_is_text(const char *text)
{
    struct text_change change;
    struct buf accepted;

    if (!text)
        return false;
    buf_init(&accepted, TEXT_CHARS_MAX * 4);
    text_accept(text, strlen(text), TEXT_CHARS_MAX, &accepted, &change);
    bool is_good = !change.was_cut && !change.was_invalid &&
                   !change.had_control && !accepted.is_cut;
    buf_done(&accepted);
    return is_good;
}

const char *said_string(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

bool said_has_text(const json_t *object, const char *name)
{
    return said_is_text(said_string(object, name));
}

bool said_has_words(const json_t *object, const char *name)
{
    const json_t *words = json_object_get(object, name);
    return said_has_text(words, "zh_CN") && said_has_text(words, "en");
}

bool said_is_of(const char *text, const char *characters, size_t least,
                size_t most)
{
    size_t len = text ? strlen(text) : 0;
    return text && len >= least && len <= most &&
           strspn(text, characters) == len;
}

bool said_has_name(const json_t *object, const char *name)
{
    return said_is_of(said_string(object, name), NAME_CHARACTERS, 1,
                      NAME_BYTES - 1);
}

bool said_is_token(const char *text)
{
    return said_is_of(text, HEX_CHARACTERS, OFFICE_TOKEN_BYTES - 1,
                      OFFICE_TOKEN_BYTES - 1);
}

json_t *said_object(const char *body, size_t len)
{
    json_t *object = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object))
        return object;
    json_decref(object);
    return NULL;
}

bool said_every(const json_t *array, size_t most,
                bool (*is_good)(const json_t *entry))
{
    if (!json_is_array(array) || json_array_size(array) > most)
        return false;
    for (size_t i = 0; i < json_array_size(array); i++)
        if (!is_good(json_array_get(array, i)))
            return false;
    return true;
}

const char *said_words(const json_t *object, const char *name,
                       enum language language)
{
    const char *text = said_string(json_object_get(object, name),
                                   language == LANGUAGE_EN ? "en" : "zh_CN");
    return text ? text : "";
}

/* The hub's time of an event as a pause from now on: the difference of two
 * times of its clock, when it told both. */
int64_t said_until(const json_t *object, const char *name)
{
    enum { PAUSE_MOST_MS = 15 * 60 * 1000 };
    int64_t at_ms = json_integer_value(json_object_get(object, name));
    int64_t now_ms = json_integer_value(json_object_get(object, "hub_time"));

    if (now_ms <= 0)
        now_ms = clock_wall_ms();
    int64_t pause_ms = at_ms - now_ms;
    if (at_ms <= 0 || pause_ms < 0)
        pause_ms = 0;
    if (pause_ms > PAUSE_MOST_MS)
        pause_ms = PAUSE_MOST_MS;
    return clock_monotonic_ms() + pause_ms;
}
