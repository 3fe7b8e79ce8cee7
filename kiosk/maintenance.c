/* What staff may do at the machine, and what they are shown: the calls of
 * screen.h for the door, the staff page and the PIN on the spot, and what the
 * hub is told of the machine's health. */
#include "kiosk/app_state.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/test_slip.h"

#include <jansson.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DEMO_PIN_DIGITS = 6, SLIP_REQUEST_BYTES = 16 * 1024 };

/* ---- The PIN ----------------------------------------------------------- */

static void record_attempt(struct app *app, enum err err)
{
    if (err == ERR_OK && app->session.is_open)
        event_record(EVENT_STAFF_CONFIRMED, FIELD_END);
    else if (err == ERR_OK)
        event_record(EVENT_STAFF_BEGUN, FIELD_END);
    else if (err == ERR_REFUSED)
        event_record(EVENT_STAFF_REFUSED, FIELD_TRIES,
                     staff_failures(app->staff), FIELD_END);
    else if (err != ERR_CANCELLED)
        event_record(EVENT_STAFF_PIN_FAILED, FIELD_ERR, err_name(err),
                     FIELD_END);
}

/* Right, but nobody waits for it any more: no page opens. */
static void on_pin(void *owner, enum err err)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    bool is_awaited = pages_find(app, app->pin_ticket) != NULL;

    app->is_stack_due = true; /* what was typed went over it */

    if (err || is_awaited)
        record_attempt(app, err);
    if (!err && is_awaited && !app->session.is_open)
        app->is_serviced = true;
    app_post(app, &(struct queued){ .ticket = app->pin_ticket,
                                    .kind = SCREEN_STAFF,
                                    .err = err });
}

void screen_check_pin(struct screen *screen, const char *pin)
{
    struct app *app = screen->app;

    if (!staff_check_pin(app->staff, pin, on_pin, app)) {
        app_post(app, &(struct queued){ .ticket = screen->ticket,
                                        .kind = SCREEN_STAFF,
                                        .err = ERR_TIMEOUT });
        return;
    }
    app->pin_ticket = screen->ticket;
}

bool screen_is_checking_pin(const struct screen *screen)
{
    return staff_is_checking(screen->app->staff);
}

bool screen_has_pin(const struct screen *screen)
{
    return staff_has_pin(screen->app->staff);
}

int64_t screen_pin_wait_ms(const struct screen *screen)
{
    return staff_wait_ms(screen->app->staff);
}

int screen_pin_tries_left(const struct screen *screen)
{
    int64_t failures = staff_failures(screen->app->staff);
    return failures > STAFF_FREE_TRIES ? 0
                                       : (int)(STAFF_FREE_TRIES + 1 - failures);
}

/* ---- The demonstration's ----------------------------------------------- */

static void on_demo_pin(void *owner, enum err err)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    app->is_demo_pin_taken = !err;
    if (err) {
        mem_wipe(app->demo_pin, sizeof app->demo_pin);
        event_record(EVENT_STAFF_PIN_FAILED, FIELD_ERR, err_name(err),
                     FIELD_END);
    }
    app->is_dirty = true;
}

void app_make_demo_pin(struct app *app)
{
    char *pin = app->demo_pin;

    do {
        for (int i = 0; i < DEMO_PIN_DIGITS; i++)
            pin[i] = (char)('0' + chance_below(10));
        pin[DEMO_PIN_DIGITS] = '\0';
    } while (staff_pin_mistake(pin));
    (void)staff_take_pin(app->staff, pin, on_demo_pin, app);
}

const char *screen_demo_pin(const struct screen *screen)
{
    const struct app *app = screen->app;
    bool is_told = app->is_demo_pin_taken && staff_has_pin(app->staff);
    return is_told ? app->demo_pin : "";
}

/* The hub's sender counts its files. */
static void on_code_file(void *owner, const char *name)
{
    int *count = owner;
    (void)name;
    (*count)++;
}

static void add_code(const char *path, struct buf *out)
{
    enum { CODE_FILE_MAX = 4096 };
    const char *to = "", *code = "";
    char *text = NULL;
    size_t len = 0;

    if (file_read(path, CODE_FILE_MAX, &text, &len))
        return;
    json_t *sent = json_loadb(text, len, 0, NULL);
    if (json_unpack(sent, "{s:s, s:s}", "to", &to, "code", &code) == 0)
        buf_add_format(out, "%s (%s)", code, to);
    json_decref(sent);
    mem_free(text);
}

const char *screen_demo_code(const struct screen *screen)
{
    struct app *app = screen->app;
    struct buf path;
    int count = 0;

    buf_clear(&app->words);
    if (!app->parts.is_demo)
        return app->words.text;
    buf_init(&path, 1024);
    buf_add_format(&path, "%s/codes", app->parts.state_folder);
    enum err err = file_list(path.text, ".json", on_code_file, &count);
    if (!err && count > 0) {
        buf_add_format(&path, "/%d.json", count);
        add_code(path.text, &app->words);
    }
    buf_done(&path);
    return app->words.text;
}

/* ---- What staff are shown ---------------------------------------------- */

void screen_look(const struct screen *screen, struct service_facts *ret_facts)
{
    const struct app *app = screen->app;
    const struct terminal_today *today = delivery_today(app->delivery);

    *ret_facts = (struct service_facts){
        .hindrance = delivery_hindrance(app->delivery),
        .waiting = delivery_waiting(app->delivery),
        .conflicts = today->conflicts,
        .oldest_ms = today->oldest_wall_ms,
        .is_online = delivery_is_online(app->delivery),
        .was_looked_for = delivery_was_looked_for(app->delivery),
        .online_since_ms = delivery_online_since_ms(app->delivery),
        .is_clock_trusted = clock_is_trusted(),
        .begun = today->begun,
        .finished = today->finished,
        .abandoned = today->abandoned,
        .out_since_ms = staff_out_since_ms(app->staff),
        .version = KIOSK_VERSION,
    };
    if (app->parts.packs) {
        const struct packs_state *packs = packs_state(app->parts.packs);

        ret_facts->pack_version = packs->active.version;
        ret_facts->pack_fault =
            packs->fault ? pack_fault_words(packs->fault) : NULL;
        ret_facts->pack_fault_version = packs->fault_version;
    }
    ret_facts->knows_hub_clock =
        delivery_clock_off(app->delivery, &ret_facts->clock_off_ms);
}

int64_t screen_device_since(const struct screen *screen,
                            enum device_class class)
{
    const struct device *device = screen->app->devices[class];
    return device ? device_since_ms(device) : 0;
}

enum device_action screen_device_action(const struct screen *screen,
                                        enum device_class class)
{
    const struct device *device = screen->app->devices[class];
    return device ? device_action_of(device) : ACTION_NONE;
}

static const char *write_moment(const struct screen *screen, int64_t wall_ms,
                                bool with_date)
{
    struct clock_fields at = clock_split(wall_ms);
    struct buf *out = &screen->app->words;

    buf_clear(out);
    if (with_date)
        buf_add_format(out, "%04d-%02d-%02d ", at.year, at.month, at.day);
    buf_add_format(out, "%02d:%02d", at.hour, at.minute);
    return out->text;
}

const char *screen_moment(const struct screen *screen, int64_t wall_ms)
{
    struct clock_fields at = clock_split(wall_ms);
    struct clock_fields now = clock_split(clock_wall_ms());

    return write_moment(screen, wall_ms,
                        at.year != now.year ||
                            at.day_of_year != now.day_of_year);
}

const char *screen_now(const struct screen *screen)
{
    return write_moment(screen, clock_wall_ms(), true);
}

void screen_look_again(struct screen *screen)
{
    staff_look(screen->app->staff);
    delivery_ask_today(screen->app->delivery);
}

/* ---- What staff do ----------------------------------------------------- */

void screen_print_test(struct screen *screen, enum device_class class)
{
    struct app *app = screen->app;
    const char *paper =
        class == DEVICE_A4 ? paper_name(PAPER_A4) : app->parts.settings->paper;
    struct buf request;

    if (printing_is_busy(app->printing))
        printing_stop(app->printing);
    buf_init(&request, SLIP_REQUEST_BYTES);
    test_slip_compose(app->parts.settings, paper, app->session.language,
                      app->parts.is_demo, &request);
    printing_start(app->printing, app->devices[class], request.text,
                   request.len);
    buf_done(&request);
}

/* Slips of citizens are printed in sessions, and stopped with them. */
bool app_end_test_slip(struct app *app, enum err err)
{
    if (app->session.is_open)
        return false;
    if (err)
        event_record(EVENT_STAFF_NOT_PRINTED, FIELD_ERR, err_name(err),
                     FIELD_END);
    else
        event_record(EVENT_STAFF_PRINTED, FIELD_END);
    app_post(app, &(struct queued){ .kind = SCREEN_PRINT_END, .err = err });
    return true;
}

void screen_refilled(struct screen *screen)
{
    struct device *const *devices = screen->app->devices;

    event_record(EVENT_STAFF_REFILLED, FIELD_END);
    if (devices[DEVICE_PRINTER])
        device_look(devices[DEVICE_PRINTER]);
    if (devices[DEVICE_A4])
        device_look(devices[DEVICE_A4]);
}

static void on_out(void *owner, enum err err)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);

    if (err)
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
    else if (staff_out_since_ms(app->staff) != 0)
        event_record(EVENT_STAFF_OUT, FIELD_END);
    else
        event_record(EVENT_STAFF_BACK, FIELD_END);
    delivery_report_health(app->delivery);
    app->is_dirty = true;
    app_post(app, &(struct queued){ .kind = SCREEN_STAFF, .err = err });
}

enum err screen_set_out(struct screen *screen, bool is_out)
{
    struct app *app = screen->app;
    bool is_begun = staff_set_out(app->staff, is_out, on_out, app);
    return is_begun ? ERR_OK : ERR_TIMEOUT;
}

void app_end_service(struct app *app)
{
    printing_stop(app->printing);
    view_wipe(app->view); /* half a PIN */
    buf_clear(&app->press_text);
    app->is_stack_due = true;
    if (app->is_serviced)
        event_record(EVENT_STAFF_ENDED, FIELD_END);
    app->is_serviced = false;
}

/* ---- What the hub is told ---------------------------------------------- */

static const char *state_of(const struct app *app, enum device_class class)
{
    const struct device *device = app->devices[class];
    return device_state_name(device ? device_state_of(device) : DEVICE_ABSENT);
}

void app_add_health(void *owner, struct buf *members)
{
    const struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    if (!app->delivery)
        return; /* said while delivery_new is still at work */
    const struct terminal_today *today = delivery_today(app->delivery);

    buf_add_format(members, ",\"mode\":\"%s\",\"printer\":\"%s\"",
                   mode_name(app_mode(app)), state_of(app, DEVICE_PRINTER));
    buf_add_format(members, ",\"reader\":\"%s\"", state_of(app, DEVICE_CARD));
    buf_add_format(members,
                   ",\"sessions_today\":%" PRId64 ",\"finished_today\":%" PRId64
                   ",\"abandoned_today\":%" PRId64,
                   today->begun, today->finished, today->abandoned);
}
