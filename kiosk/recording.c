/* The journal, from the program's side.  While it cannot be written nothing new
 * is taken: what the machine does then would be known to nobody.  It is tried
 * again by the clock, and when a citizen tries again. */
#include "kiosk/delivery_state.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"

enum { JOURNAL_AGAIN_MS = 10000 };

static void on_appended(void *owner, enum err err,
                        const struct journal_head *head)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    (void)head;
    /* A store that could not be opened has said so already. */
    if (!err || !delivery->is_store_open)
        return;
    delivery->journal_lost++;
    if (delivery->journal_err || !delivery->client)
        return;
    delivery->journal_err = err;
    event_record(EVENT_JOURNAL_FAILED, FIELD_ERR, err_name(err), FIELD_END);
    timer_start(delivery->journal_again, JOURNAL_AGAIN_MS);
    delivery_tell_health(delivery);
}

void delivery_journal(struct delivery *delivery,
                      const struct event_record_of *event)
{
    if (!delivery->store || !event->is_journal)
        return;
    if (delivery->journal_err)
        delivery->journal_lost++;
    else
        journal_append(delivery->store, event, on_appended, delivery);
}

/* ---- Again ---- */

static void on_tried(void *owner, enum err err, const struct journal_head *head)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    (void)head;
    delivery->is_trying_journal = false;
    if (!delivery->client)
        return; /* the program ends */
    if (err) {
        delivery->journal_err = err;
        timer_start(delivery->journal_again, JOURNAL_AGAIN_MS);
    } else {
        event_record(EVENT_JOURNAL_RESUMED, FIELD_TOTAL, delivery->journal_lost,
                     FIELD_END);
        delivery->journal_err = ERR_OK;
        delivery->journal_lost = 0;
    }
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
}

/* The record that says how many are missing is the trial. */
void delivery_try_journal(struct delivery *delivery)
{
    char fields[40];
    struct event_record_of resumed = {
        .id = EVENT_JOURNAL_RESUMED,
        .name = "JOURNAL_RESUMED",
        .fields = fields,
        .wall_ms = clock_wall_ms(),
    };

    if (!delivery->journal_err || delivery->is_trying_journal ||
        !delivery->store)
        return;
    delivery->is_trying_journal = true;
    timer_stop(delivery->journal_again);
    snprintf(fields, sizeof fields, "{\"count\":%" PRId64 "}",
             delivery->journal_lost);
    journal_append(delivery->store, &resumed, on_tried, delivery);
}

void delivery_on_journal_again(void *owner)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    delivery_try_journal(delivery);
}

/* ---- What the office knows of it ---- */

/* Once sealed it is not sealed again; a failure is tried at the next
 * heartbeat. */
void delivery_seal_journal(struct delivery *delivery)
{
    if (delivery->is_store_open && delivery->has_office)
        journal_seal_key(delivery->store, delivery->office_key, NULL, NULL);
}

/* The hub tells the same when it is asked: this is for whoever stands here. */
void delivery_compare_journal(struct delivery *delivery,
                              const struct journal_report *report)
{
    const struct journal_head *known = &delivery->acknowledged;
    bool is_differing =
        known->number > 0 &&
        (report->known.number != known->number ||
         memcmp(report->known.hash, known->hash, sizeof known->hash) != 0);

    if (!*report->sealed)
        delivery_seal_journal(delivery);
    if (is_differing && !delivery->is_journal_differing)
        event_record(EVENT_JOURNAL_DIFFERS, FIELD_NUMBER, known->number,
                     FIELD_END);
    delivery->is_journal_differing = is_differing;
}
