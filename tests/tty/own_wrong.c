/* What a test says goes wrong: where it stops, and what is refused on the way. */
#include "tests/tty/own_going.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/flow/field.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 4096 };

static enum language language_of(const struct going *going)
{
    return going->walk->is_english ? LANGUAGE_EN : LANGUAGE_ZH_CN;
}

/* ---- A stop ----------------------------------------------------------------- */

static const struct stop *stop_of(const struct going *going)
{
    const struct step *step = going_step(going);
    const char *id = own_test_stop(going->test);

    for (size_t i = 0; step && i < step->stop_count; i++)
        if (strcmp(step->stops[i].id, id) == 0)
            return &step->stops[i];
    return NULL;
}

bool going_stops_here(const struct going *going)
{
    return strcmp(drive_screen(going->drive), "stop") == 0 &&
           going_step(going) == going->test->last && stop_of(going);
}

/* The item's sentence, but for its full stop, which may go inside another. */
static void says(const struct going *going, const char *element,
                 const struct words *words)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES);
    walk_fill(going->test->item, words, going->test->answers,
              language_of(going), &text);
    size_t full_stop = going->walk->is_english ? 1 : strlen("。");
    if (text.len <= full_stop)
        going_give_up(going, "the stop says nothing");
    text.text[text.len - full_stop] = '\0';
    drive_see(going->drive, element);
    if (!strstr(drive_text(going->drive, element), text.text))
        going_give_up(going, "%s does not say: %s", element, text.text);
    buf_done(&text);
}

static bool is_chosen(struct drive *drive, const char *value)
{
    char id[OWN_ID_BYTES];

    snprintf(id, sizeof id, "option.%s", value);
    return drive_turns_to(drive, HAND_KEYS, id) &&
           json_is_true(json_object_get(drive_element(drive, id), "chosen"));
}

/* Back at the question: what was answered stands there. */
static void look_back(const struct going *going)
{
    bool is_choice = strcmp(going->test->last->screen, "choice") == 0;

    going_leave_page(going);
    drive_press(going->drive, HAND_KEYS, "footer.back");
    drive_wait_gone(going->drive, "stop.here");
    if (going_step(going) != going->test->last)
        going_give_up(going, "back is not the page before");
    if (is_choice && !is_chosen(going->drive, going_answer(going)))
        going_give_up(going, "what was answered is lost");
}

static bool is_asked_or_over(struct drive *drive)
{
    return drive_element(drive, "end.confirm") ||
           strcmp(drive_screen(drive), "attract") == 0;
}

static void end(const struct going *going)
{
    drive_press(going->drive, HAND_TOUCH, "footer.end");
    drive_wait_until(going->drive, is_asked_or_over, "the end");
    if (going_has(going, "end.confirm"))
        drive_press(going->drive, HAND_KEYS, "end");
    drive_wait(going->drive, "attract", NULL);
}

void going_leave_stop(struct going *going)
{
    const struct stop *stop = stop_of(going);

    if (!stop)
        going_give_up(going, "it stops where it should not");
    going_look_through(going, "footer.go");
    says(going, "stop.here", &stop->reason);
    for (size_t i = 0; i < stop->way_count; i++)
        says(going, "stop.here", &stop->ways[i]);
    says(going, "stop.done", &stop->done);
    look_back(going);
    end(going);
    going->has_seen_last = true;
}

/* ---- What is refused -------------------------------------------------------- */

/* Whose own number is refused is who stands here. */
static void own_number(const struct going *going, const char *value,
                       char text[OWN_TYPED_BYTES])
{
    static const struct step own = { .screen = "card" };
    const char *number = answers_get(going->test->answers, "card_number");

    if (number && strcmp(number, value) == 0)
        own_test_number(going->test, &own, text);
}

static const char *typed_id, *typed_text;

static bool is_told(struct drive *drive)
{
    return going_is_another_page(drive) &&
           strcmp(drive_value(drive, typed_id), typed_text) == 0;
}

static void try_one(const struct going *going, const struct step *step,
                    const char *value)
{
    char text[OWN_TYPED_BYTES];
    struct buf typed;

    buf_init(&typed, OWN_TYPED_BYTES);
    field_typed(step, value, &typed);
    snprintf(text, sizeof text, "%s", typed.text);
    buf_done(&typed);
    own_number(going, value, text);
    if (*drive_value(going->drive, step->answer))
        going_delete_all(going, step->answer);
    going_type_digits(going, text);
    drive_swallowed(going->drive);
    going_say(going, "clock +0s");
    typed_id = step->answer;
    typed_text = text;
    drive_wait_until(going->drive, is_told,
                     "that it is refused, and stands there still");
    if (!going_has(going, "field.error") && !going_has(going, "allowed.error"))
        going_give_up(going, "%s is not refused", text);
    drive_check_painted(going->drive);
}

void going_try_refused(struct going *going)
{
    const struct step *step = going_step(going);
    const char *value;

    if (!going->walk->errs || going->wrong == step ||
        field_kind(step->type)->pad != FIELD_PAD_DIGITS)
        return;
    for (size_t i = 0; (value = own_test_refused(going->test, step, i)); i++) {
        going->wrong = step;
        try_one(going, step, value);
    }
    if (going->wrong == step)
        going_delete_all(going, step->answer);
}
