/* A terminal and a hub, as real as they are: what the terminal tells of its
 * journal is noted and answered, and a journal that was put back to an older
 * copy is found by both. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivery_state.h"
#include "tests/hub/wire.h"

#include <stdio.h>
#include <string.h>

enum { STORE_MAX = 1024 * 1024 };

static struct {
    struct delivery *delivery;
    int differs;
} here;

static void on_event(void *owner, const struct event_record_of *event)
{
    (void)owner;
    here.differs += event->id == EVENT_JOURNAL_DIFFERS;
    if (here.delivery)
        delivery_journal(here.delivery, event);
}

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    (void)owner;
    (void)case_id;
    (void)state;
    (void)err;
    (void)case_number;
    (void)head;
}

static void on_health(void *owner)
{
    (void)owner;
}

struct terminal {
    struct wire *wire;
    struct settings settings;
    char folder[96];
    char store[128];
};

static void start(struct terminal *terminal)
{
    static const struct delivery_events events = { on_case, on_health, NULL };
    const struct process *hub = &terminal->wire->hub;
    struct buf key;

    here.delivery = delivery_new(terminal->wire->loop, &terminal->settings,
                                 terminal->folder, &events, NULL);
    buf_init(&key, 64);
    buf_add_base64(&key, hub->office_key, sizeof hub->office_key);
    assert_int_equal(
        delivery_set_office(here.delivery, hub->terminals, key.text, ""),
        ERR_OK);
    buf_done(&key);
}

static void stop(void)
{
    struct delivery *delivery = here.delivery;

    here.delivery = NULL;
    delivery_free(delivery);
}

/* Heartbeats go by the clock, which is moved along. */
static void beat_until(struct terminal *terminal, bool (*is_so)(int64_t than),
                       int64_t than)
{
    int64_t end_ms = clock_monotonic_ms() + 1000 * PATIENCE_MS;

    while (!is_so(than)) {
        assert_true(clock_monotonic_ms() < end_ms);
        loop_turn(terminal->wire->loop, 20);
        clock_shift(1000);
    }
}

static bool is_acknowledged(int64_t than)
{
    return here.delivery->acknowledged.number > than;
}

static bool is_differing(int64_t than)
{
    return here.differs > than;
}

static void record(int count)
{
    for (int i = 0; i < count; i++)
        event_record(EVENT_HELP_CALLED, FIELD_END);
}

static void test_rolled_back(void **state)
{
    struct terminal terminal = { .wire = *state };
    char *copy = NULL;
    size_t len = 0;

    settings_init(&terminal.settings);
    snprintf(terminal.folder, sizeof terminal.folder, "%s/terminal",
             terminal.wire->folder);
    assert_int_equal(file_make_folder(terminal.folder, 0700), ERR_OK);
    snprintf(terminal.store, sizeof terminal.store, "%s/kiosk.sqlite",
             terminal.folder);
    wire_start_demo_hub(terminal.wire);
    event_set_sink(on_event, NULL);

    start(&terminal);
    record(3);
    beat_until(&terminal, is_acknowledged, 0);
    stop();
    assert_int_equal(file_read(terminal.store, STORE_MAX, &copy, &len), ERR_OK);

    /* More records: believed once the terminal has shown that it goes on. */
    start(&terminal);
    record(5);
    beat_until(&terminal, is_acknowledged, 7);
    assert_int_equal(here.differs, 0);
    stop();

    assert_int_equal(file_replace(terminal.store, copy, len, 0600), ERR_OK);
    start(&terminal);
    beat_until(&terminal, is_differing, 0);
    int64_t noted = here.delivery->acknowledged.number;
    assert_true(noted > 7);
    /* Grown past what the hub knows it is another journal still, and that was
     * said once. */
    record(40);
    beat_until(&terminal, is_acknowledged, noted - 1);
    for (int i = 0; i < 300; i++) {
        loop_turn(terminal.wire->loop, 1);
        clock_shift(1000);
    }
    assert_int_equal(here.delivery->acknowledged.number, noted);
    assert_int_equal(here.differs, 1);
    stop();
    event_set_sink(NULL, NULL);
    settings_done(&terminal.settings);
    mem_free(copy);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rolled_back, wire_set_up,
                                        wire_tear_down),
    };
    return cmocka_run_group_tests_name("rolled back", tests, NULL, NULL);
}
