/* Where staff type their PIN.  It stands nowhere but in the field, as stars,
 * and leaves it as soon as it was given. */
#include "screens/pin.h"

#include <stdio.h>
#include <string.h>

enum { PIN_MOST = 12, SECOND_MS = 1000 };

static int64_t seconds_left(const struct screen *screen)
{
    return (screen_pin_wait_ms(screen) + SECOND_MS - 1) / SECOND_MS;
}

/* The seconds are counted on the page. */
static void count_down(struct screen *screen)
{
    if (screen_pin_wait_ms(screen) > 0)
        screen_timer(screen, SECOND_MS);
}

void pin_open(struct screen *screen)
{
    screen_forget_typed(screen); /* half a PIN, left when it closed */
    screen_look_again(screen);   /* kiosk setup may have been here */
    count_down(screen);
}

static void describe_wait(const struct screen *screen, struct view *view)
{
    char seconds[24];

    snprintf(seconds, sizeof seconds, "%lld", (long long)seconds_left(screen));
    view_notice(view, "pin.wait", TONE_WARN,
                screen_text_with(screen,
                                 T(view, "Too many wrong PINs. The next one "
                                         "can be typed in {seconds} seconds."),
                                 "seconds", seconds));
}

static void describe_answer(const struct screen *screen, struct view *view)
{
    const struct pin_state *state = screen_state(screen);
    int left = screen_pin_tries_left(screen);
    char count[16];

    if (state->err == ERR_REFUSED && left > 0) {
        snprintf(count, sizeof count, "%d", left);
        view_notice(view, "pin.wrong", TONE_ERROR,
                    screen_text_with(
                        screen,
                        TN(view,
                           "This is not the PIN. After {count} more wrong one "
                           "there is a pause.",
                           "This is not the PIN. After {count} more wrong ones "
                           "there is a pause.",
                           left),
                        "count", count));
    } else if (state->err == ERR_REFUSED) {
        view_notice(view, "pin.wrong", TONE_ERROR,
                    T(view, "This is not the PIN."));
    } else if (state->err && state->err != ERR_CANCELLED) {
        view_notice(view, "pin.failed", TONE_ERROR,
                    T(view, "The PIN was not looked at, because the attempt "
                            "could not be noted here."));
        view_text(view, "pin.why", T(view, err_text(state->err)));
    }
}

static void describe_field(const struct screen *screen, struct view *view)
{
    describe_answer(screen, view);
    size_t count = view_secret(view, "pin",
                               T(view, "Staff PIN, 6 to 12 digits"), PIN_MOST);
    view_keys(view, "keys", '\0');
    view_footer(view, "footer.back", count == 0 ? "*" : "", T(view, "Back"));
    if (count > 0) {
        struct element *delete =
            view_footer(view, "footer.delete", "*", T(view, "Delete"));
        view_set_short(view, delete, TC(view, "short", "Del"));
        view_footer(view, "footer.go", "#", T(view, "Go on"));
    }
}

void pin_describe(const struct screen *screen, struct view *view)
{
    const struct pin_state *state = screen_state(screen);
    bool has_pin = screen_has_pin(screen);

    if (!state->is_checking && has_pin && seconds_left(screen) == 0) {
        describe_field(screen, view);
        return;
    }
    if (state->is_checking)
        view_progress(view, "pin.checking",
                      T(view, "The PIN is being checked."), 0, 0);
    else if (!has_pin)
        view_notice(view, "pin.none", TONE_WARN,
                    T(view, "No staff PIN has been set on this machine. Set "
                            "one with: kiosk setup"));
    else
        describe_wait(screen, view);
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void entered(struct screen *screen, const char *pin)
{
    struct pin_state *state = screen_state(screen);

    if (state->is_checking || screen_pin_wait_ms(screen) > 0)
        return;
    state->is_checking = true;
    state->err = ERR_OK;
    screen_check_pin(screen, pin);
    screen_forget_typed(screen);
}

bool pin_event(struct screen *screen, const struct screen_event *event)
{
    struct pin_state *state = screen_state(screen);

    switch (event->kind) {
    case SCREEN_ENTERED:
        entered(screen, event->value);
        return false;
    case SCREEN_STAFF:
        state->is_checking = false;
        state->err = event->err;
        count_down(screen);
        return event->err == ERR_OK;
    case SCREEN_TIMER:
        count_down(screen);
        return false;
    case SCREEN_CHOICE:
    case SCREEN_CUT:
    case SCREEN_CARD:
    case SCREEN_CARD_RETRY:
    case SCREEN_CASE:
    case SCREEN_PRINTED:
    case SCREEN_PRINT_END:
    case SCREEN_DEVICES:
    case SCREEN_OFFICE:
    case SCREEN_LANGUAGE:
        return false;
    }
    return false;
}
