/* Places in time, for the page that offers them; the interface is explained in
 * screen.h. */
#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"
#include "kiosk/flow/slot.h"
#include "kiosk/holding.h"

#include <stdio.h>
#include <string.h>

const struct slots *screen_slots(const struct screen *screen)
{
    return asking_slots(screen->app->asking);
}

static const char *place_of(const struct screen *screen)
{
    const struct session *session = &screen->app->session;
    const char *place =
        slot_place(session->item, screen_step(screen), session->answers);

    return place ? place : "";
}

void screen_ask_slots(struct screen *screen)
{
    asking_slots_of(screen->app->asking, screen_item(screen)->id,
                    place_of(screen));
}

void screen_ask_hold(struct screen *screen, size_t day, size_t at)
{
    struct slots_one one;

    slots_one(screen_slots(screen), day, at, &one);
    asking_hold(screen->app->asking, one.id);
}

enum err screen_take_hold(struct screen *screen, size_t day, size_t at)
{
    const struct slots *slots = screen_slots(screen);
    char value[SLOT_VALUE_BYTES];
    struct slots_one one;
    struct slot slot;
    int64_t until_ms;
    int left;

    slots_one(slots, day, at, &one);
    snprintf(slot.date, sizeof slot.date, "%s", slots_day(slots, day, &left));
    snprintf(slot.from, sizeof slot.from, "%s", one.from);
    snprintf(slot.until, sizeof slot.until, "%s", one.until);
    snprintf(slot.place, sizeof slot.place, "%s", place_of(screen));
    slot_write(&slot, value);
    const char *token = slots_hold(slots, &until_ms);
    return holding_take(screen, token, value, until_ms);
}

bool screen_holds_slot(const struct screen *screen)
{
    return holding_is(screen);
}

bool screen_hold_is_over(const struct screen *screen)
{
    return holding_is_over(screen->app);
}

void screen_let_slot_go(struct screen *screen)
{
    struct app *app = screen->app;

    answers_forget(app->session.answers, screen_step(screen)->answer);
    holding_let_go(app);
}

const char *screen_hold_until(const struct screen *screen)
{
    int64_t left_ms = screen->app->session.hold.until_ms - clock_monotonic_ms();
    struct clock_fields at = clock_split(clock_wall_ms() + left_ms);
    struct buf *out = &screen->app->words;

    buf_clear(out);
    buf_add_format(out, "%02d:%02d", at.hour, at.minute);
    return out->text;
}

const char *screen_slot_day(const struct screen *screen, const char *date)
{
    struct buf *out = &screen->app->words;

    buf_clear(out);
    slot_day_text(date, screen->app->session.language, out);
    return out->text;
}

/* Without its item nobody here knows the place's name. */
static void add_time(const char *value, enum language language, struct buf *out)
{
    enum { DAY_BYTES_MAX = 128 };
    struct slot slot;
    struct buf day;

    if (!slot_read(value, &slot))
        return;
    buf_init(&day, DAY_BYTES_MAX);
    slot_day_text(slot.date, language, &day);
    const struct fill fills[] = { { "day", day.text },
                                  { "from", slot.from },
                                  { "until", slot.until } };
    fill_text(out, i18n_text(language, N_("{day}, {from} to {until}")), fills,
              sizeof fills / sizeof *fills);
    buf_done(&day);
}

const char *screen_booking(const struct screen *screen,
                           const struct office_case *found)
{
    const struct session *session = &screen->app->session;
    const struct item *item = session->found_item;
    struct buf *out = &screen->app->words;

    buf_clear(out);
    for (size_t i = 0; item && i < item->step_count; i++)
        if (slot_is(&item->steps[i])) {
            slot_text(item, &item->steps[i], found->slot, session->language,
                      out);
            return out->text;
        }
    if (*found->booked[session->language])
        buf_add_text(out, found->booked[session->language]);
    else
        add_time(found->slot, session->language, out);
    return out->text;
}

bool screen_can_cancel(const struct screen *screen,
                       const struct office_case *found)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    char today[CALENDAR_DATE_BYTES];

    (void)screen;
    calendar_date(clock_days_of_date(now.year, now.month, now.day), today);
    return strcmp(found->booking, "booked") == 0 &&
           strncmp(found->slot, today, sizeof today - 1) >= 0;
}
