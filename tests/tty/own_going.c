#include "tests/tty/own_going.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

void going_give_up(const struct going *going, const char *format, ...)
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

/* ---- What stands there ----------------------------------------------------- */

bool going_has(const struct going *going, const char *id)
{
    return drive_element(going->drive, id) != NULL;
}

const struct step *going_step(const struct going *going)
{
    return item_step(going->test->item, drive_step(going->drive));
}

const char *going_answer(const struct going *going)
{
    const struct step *step = going_step(going);
    const char *value = step && step->answer
                            ? answers_get(going->test->answers, step->answer)
                            : NULL;
    return value ? value : "";
}

/* ---- Pressing --------------------------------------------------------------- */

static json_int_t page_number(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static json_int_t page_left;

void going_leave_page(const struct going *going)
{
    page_left = page_number(going->drive);
}

bool going_is_refused(struct drive *drive)
{
    return drive_element(drive, "field.error") ||
           drive_element(drive, "choices.few") ||
           drive_element(drive, "allowed.error") ||
           strcmp(drive_screen(drive), "stop") == 0;
}

bool going_is_another_page(struct drive *drive)
{
    return page_number(drive) != page_left || going_is_refused(drive);
}

static bool is_left(struct drive *drive)
{
    return page_number(drive) != page_left;
}

/* What was told of something refused may stand until the page is left. */
void going_await_next(const struct going *going)
{
    bool was_told = going->wrong && going->wrong == going_step(going);

    drive_wait_until(going->drive, was_told ? is_left : going_is_another_page,
                     "the next page");
    if (going_is_refused(going->drive) && !going_stops_here(going))
        going_give_up(going, "what the test answers is refused");
}

void going_press(const struct going *going, const char *id)
{
    going_leave_page(going);
    drive_press(going->drive, HAND_KEYS, id);
    going_await_next(going);
}

void going_look_through(const struct going *going, const char *until)
{
    bool is_go = strcmp(until, "footer.go") == 0;

    drive_check_painted(going->drive);
    while ((is_go || !going_has(going, until)) &&
           drive_turns(going->drive, HAND_KEYS))
        drive_check_painted(going->drive);
}

void going_press_seen(const struct going *going, const char *id)
{
    going_look_through(going, id);
    going_press(going, id);
}

void going_say(const struct going *going, const char *line)
{
    if (!drive_sim(going->drive, line))
        going_give_up(going, "not taken: %s", line);
}

/* ---- Typing ----------------------------------------------------------------- */

void going_type_digits(const struct going *going, const char *digits)
{
    char keys[OWN_TYPED_BYTES];
    size_t len = strlen(digits);

    if (len == 18 && digits[17] == 'X')
        len--; /* there is no such key, and it follows */
    snprintf(keys, sizeof keys, "%.*s#", (int)len, digits);
    going_say(going, "clock +1s");
    going_leave_page(going);
    drive_bytes(going->drive, keys, strlen(keys));
}

void going_paste(const struct going *going, const char *text)
{
    going_say(going, "clock +1s");
    going_leave_page(going);
    drive_bytes(going->drive, "\033[200~", 6);
    drive_bytes(going->drive, text, strlen(text));
    drive_bytes(going->drive, "\033[201~\r", 7);
}

static const char *field_id;

static bool is_empty(struct drive *drive)
{
    return !*drive_value(drive, field_id);
}

void going_delete_all(const struct going *going, const char *id)
{
    char value[OWN_TYPED_BYTES];

    snprintf(value, sizeof value, "%s", drive_value(going->drive, id));
    going_say(going, "clock +1s");
    for (const char *at = value; *at; at++)
        if (((unsigned char)*at & 0xc0) != 0x80)
            drive_bytes(going->drive, "\x7f", 1);
    field_id = id;
    drive_wait_until(going->drive, is_empty, "an empty field");
}
