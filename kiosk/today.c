/* What staff ask of the day: what waits, how many sessions, the hub, its
 * clock. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/clock.h"

#include <assert.h>
#include <string.h>

static int64_t midnight_ms(void)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    return clock_of_date(now.year, now.month, now.day);
}

static void on_counted_today(void *owner, enum err err,
                             const struct terminal_today *today)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);

    delivery->is_counting = false;
    if (!delivery->client)
        return; /* the program ends */
    /* What cannot be read is told by those who need it more. */
    if (!err && memcmp(today, &delivery->today, sizeof *today) != 0) {
        delivery->today = *today;
        delivery_tell_health(delivery);
    }
    if (delivery->must_count)
        delivery_ask_today(delivery);
}

void delivery_ask_today(struct delivery *delivery)
{
    if (!delivery->is_store_open)
        return;
    delivery->must_count = delivery->is_counting;
    if (delivery->is_counting)
        return; /* what has happened meanwhile is counted afterwards */
    delivery->is_counting = true;
    terminal_count_today(delivery->store, midnight_ms(), on_counted_today,
                         delivery);
}

const struct terminal_today *delivery_today(const struct delivery *delivery)
{
    return &delivery->today;
}

int64_t delivery_online_since_ms(const struct delivery *delivery)
{
    return delivery->online_since_ms;
}

bool delivery_clock_off(const struct delivery *delivery, int64_t *ret_off_ms)
{
    if (delivery->knows_clock)
        *ret_off_ms = delivery->clock_off_ms;
    return delivery->knows_clock;
}

/* One that is under way does not know it yet. */
void delivery_report_health(struct delivery *delivery)
{
    if (delivery->is_beating)
        delivery->is_beat_due = true;
    else
        delivery_beat(delivery);
}
