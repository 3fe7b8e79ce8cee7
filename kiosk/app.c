#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/holding.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MINUTE_MS = 60000 };
#define HOUR_MS (INT64_C(60) * MINUTE_MS)

/* ---- Sessions ---------------------------------------------------------- */

static enum language first_language(const struct app *app)
{
    enum language language = LANGUAGE_ZH_CN;
    enum err err = language_find(app->parts.settings->language, &language);
    (void)err; /* settings allow no other name */
    return language;
}

static void open_attract(struct app *app)
{
    app->is_pack_due = true;
    app->session.language = first_language(app);
    app->session.comfort =
        (struct comfort){ .is_contrast = app->parts.settings->high_contrast };
    comfort_use(app);
    pages_open(app, "attract", -1, "");
    timer_stop(app->idle);
}

void app_begin_session(struct app *app)
{
    if (app->session.is_open || app_mode(app) != MODE_IN_SERVICE)
        return;
    session_begin(&app->session, app->session.language);
    event_record(EVENT_SESSION_BEGUN, FIELD_NUMBER, app->session.number,
                 FIELD_END);
    delivery_ask_today(app->delivery);
    pages_open(app, "home", -1, "");
}

static void record_end(struct app *app, const char *ending)
{
    event_record(EVENT_SESSION_ENDED, FIELD_NUMBER, app->session.number,
                 FIELD_ENDING, ending, FIELD_STATE,
                 app->session.has_finished ? "finished" : "abandoned",
                 FIELD_END);
    delivery_ask_today(app->delivery);
}

void app_end_session(struct app *app, const char *ending)
{
    if (app->session.is_open) {
        record_end(app, ending);
        session_wipe(&app->session);
    } else {
        app_end_service(app);
    }
    open_attract(app);
}

/* The store has not answered yet, or the demo's hub has not told its key. */
static bool is_starting(const struct app *app)
{
    return !delivery_has_answered(app->delivery) ||
           (app->parts.is_demo &&
            delivery_hindrance(app->delivery) == ERR_CRYPTO);
}

bool app_is_resting(const struct app *app)
{
    return clock_monotonic_ms() < app->rest_end_ms;
}

enum mode app_mode(const struct app *app)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    struct mode_inputs inputs = {
        .is_open_hours =
            settings_is_open(app->parts.settings, now.hour * 60 + now.minute),
        .store = delivery_hindrance(app->delivery),
        .is_starting = is_starting(app),
        .is_out = staff_out_since_ms(app->staff) != 0,
        .is_resting = app_is_resting(app),
    };
    return mode_of(&inputs);
}

/* ---- The idle limit ---------------------------------------------------- */

void app_rest_idle(struct app *app)
{
    if (app->parts.preview)
        return; /* whoever writes an item looks at the editor meanwhile */
    if (app->session.is_open)
        timer_start(app->idle, comfort_idle_ms(app) -
                                   app->parts.settings->idle_warn_s * 1000);
    else if (app->depth > 0 && app->stack[0]->kind->rest_s > 0)
        timer_start(app->idle, app->stack[0]->kind->rest_s * 1000);
}

static void on_idle(void *owner)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    if (app->depth == 0)
        return;
    if (!app->session.is_open) {
        app_end_session(app, "idle"); /* staff, who left */
        return;
    }
    if (pages_top(app)->kind->works) {
        app_rest_idle(app);
        return;
    }
    assert(app->depth < PAGES_MAX); /* else nothing would ever end it */
    pages_over(app, "idle", "");
    timer_stop(app->idle); /* the idle page counts for itself */
}

/* ---- Events ------------------------------------------------------------ */

void app_post(struct app *app, const struct queued *entry)
{
    /* Pages read the devices' states when they describe: once is enough. */
    for (int i = 0; i < app->queue_count; i++)
        if (entry->kind == SCREEN_DEVICES && app->queue[i].kind == entry->kind)
            return;
    if (app->queue_count == QUEUE_MAX) {
        secret_free(entry->card);
        return;
    }
    app->queue[app->queue_count++] = *entry;
}

/* What it is here for: a driver of printers may serve as either. */
static enum device_class place_of(const struct app *app,
                                  const struct device *device)
{
    for (int i = 0; i < DEVICE_CLASS_COUNT; i++)
        if (app->devices[i] == device)
            return (enum device_class)i;
    return device_class_of(device);
}

static void on_device_state(void *owner, struct device *device)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    event_record(EVENT_DEVICE_STATE, FIELD_DEVICE,
                 device_class_name(place_of(app, device)), FIELD_STATE,
                 device_state_name(device_state_of(device)), FIELD_ERR,
                 err_name(device_why(device)), FIELD_END);
    app_post(app, &(struct queued){ .kind = SCREEN_DEVICES });
}

static struct screen *reader_page(struct app *app, uint32_t job)
{
    for (int i = 0; i < app->depth; i++)
        if (app->stack[i]->card_job == job)
            return app->stack[i];
    return NULL;
}

static void on_card(struct app *app, uint32_t job, enum err err,
                    const struct card *card)
{
    struct screen *screen = reader_page(app, job);
    struct queued entry = { .kind = SCREEN_CARD, .err = err };

    if (!screen)
        return;
    screen->card_job = 0;
    entry.ticket = screen->ticket;
    if (card) {
        entry.card = secret_new(sizeof *card);
        if (entry.card)
            *entry.card = *card;
        else
            entry.err = ERR_TOO_BIG;
    }
    if (entry.err)
        event_record(EVENT_CARD_FAILED, FIELD_ERR, err_name(entry.err),
                     FIELD_END);
    else
        event_record(EVENT_CARD_READ, FIELD_END);
    if (!entry.err)
        comfort_sound(app); /* errors are told by on_device_retry, once */
    app_post(app, &entry);
}

static void on_device_finished(void *owner, struct device *device, uint32_t job,
                               enum err err, const struct card *card)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    if (device_class_of(device) == DEVICE_CARD)
        on_card(app, job, err, card);
    else
        printing_on_finished(app->printing, job, err);
}

static void on_device_printed(void *owner, struct device *device, uint32_t job,
                              enum print_state state, int pages, int total)
{
    struct app *app = owner;
    (void)device;
    printing_on_pages(app->printing, job, state, pages, total);
}

static void on_device_retry(void *owner, struct device *device, uint32_t job,
                            enum err why)
{
    struct app *app = owner;
    struct screen *screen = reader_page(app, job);
    (void)device;
    if (!screen)
        return;
    event_record(EVENT_CARD_FAILED, FIELD_ERR, err_name(why), FIELD_END);
    comfort_sound(app);
    app_post(app, &(struct queued){ .ticket = screen->ticket,
                                    .kind = SCREEN_CARD_RETRY,
                                    .err = why });
}

static void on_pages(void *owner, enum print_state state, int pages, int total)
{
    app_post(owner, &(struct queued){ .kind = SCREEN_PRINTED,
                                      .print = state,
                                      .pages = pages,
                                      .total = total });
}

static void on_print_end(void *owner, enum err err, enum print_state state)
{
    struct app *app = owner;
    struct session_case *made = &app->session.submitted;

    if (app_end_test_slip(app, err))
        return;
    made->print = state;
    made->print_err = err;
    const char *id = session_case_to_name(made);
    if (err)
        event_record(EVENT_SLIP_FAILED, FIELD_CASE, id, FIELD_COPY,
                     (int64_t)made->copies, FIELD_ERR, err_name(err),
                     FIELD_END);
    else
        event_record(EVENT_SLIP_PRINTED, FIELD_CASE, id, FIELD_COPY,
                     (int64_t)made->copies, FIELD_END);
    comfort_sound(app);
    app_post(app, &(struct queued){
                      .kind = SCREEN_PRINT_END, .err = err, .print = state });
}

static void on_office(void *owner, enum err err)
{
    app_post(owner, &(struct queued){ .kind = SCREEN_OFFICE, .err = err });
}

/* A place in time may be lost on the way: the hub says so by the state. */
static void note_said(struct app *app, enum case_state state, enum err err)
{
    struct session_case *made = &app->session.submitted;

    if (state == CASE_NOT_STORED && err != ERR_UNSURE)
        holding_note_sent(app, false);
    if (state == CASE_DELIVERED &&
        strcmp(delivery_said(app->delivery), "correction") == 0)
        snprintf(made->said, sizeof made->said, OFFICE_SLOT_LOST);
}

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    struct app *app = owner;
    struct session_case *made = &app->session.submitted;

    assert(app->magic == APP_MAGIC);
    session_note_case(&app->session, case_id, state, err);
    app->is_dirty = true; /* whoever looks at what is held */
    if (!app->session.is_open || strcmp(made->id, case_id) != 0)
        return;
    if (app->parts.is_demo && state == CASE_DELIVERED)
        snprintf(app->last_case, sizeof app->last_case, "%s", case_id);
    made->state = state;
    made->err = err;
    note_said(app, state, err);
    app->session.has_finished |= state == CASE_SAVED || state == CASE_DELIVERED;
    snprintf(made->number, sizeof made->number, "%s", case_number);
    if (head)
        made->head = *head;
    app_post(app, &(struct queued){ .kind = SCREEN_CASE, .err = err });
}

/* Since when nobody can be served.  A full disk is told by nobody, so this is
 * looked at before each painting, too. */
static void note_mode(struct app *app, enum mode mode)
{
    if (staff_out_since_ms(app->staff) != 0)
        app->out_since_ms = staff_out_since_ms(app->staff);
    else if (mode != MODE_OUT_OF_SERVICE)
        app->out_since_ms = 0;
    else if (app->out_since_ms == 0)
        app->out_since_ms = clock_wall_ms();
}

static void on_health(void *owner)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    app->is_dirty = true;
    if (!app->delivery)
        return; /* told while delivery_new is still at work */
    note_mode(app, app_mode(app));
    app_post(app, &(struct queued){ .kind = SCREEN_DEVICES });
}

static void drain_queue(struct app *app)
{
    while (app->queue_count > 0) {
        struct queued entry = app->queue[0];
        app->queue_count--;
        memmove(app->queue, app->queue + 1,
                sizeof *app->queue * (size_t)app->queue_count);
        struct screen *screen =
            entry.ticket ? pages_find(app, entry.ticket) : app->stack[0];
        if (screen) {
            struct screen_event event = {
                .kind = entry.kind,
                .err = entry.err,
                .card = entry.card,
                .print = entry.print,
                .pages = entry.pages,
                .total = entry.total,
            };
            pages_event(app, screen, &event);
        }
        secret_free(entry.card);
    }
}

/* ---- Painting ---------------------------------------------------------- */

static void report(struct app *app, const struct screen *screen)
{
    if (!app->parts.report)
        return;
    const struct step *step = app_step(app, screen);
    const struct item *item = app->session.item;
    struct report_page page = {
        .page = app->page,
        .screen = screen->kind->word ? screen->kind->word : screen->kind->name,
        .item = step ? item->id : NULL, /* at home an item may wait */
        .step = step ? step->id : NULL,
        .language = language_name(app->session.language),
    };
    report_painted(app->parts.report, &page, app->ui);
}

void app_scope(const struct app *app, const struct screen *screen, char *scope,
               size_t size)
{
    const struct step *step = app_step(app, screen);
    snprintf(scope, size, "%s/%s/%s",
             app->session.item ? app->session.item->id : "",
             step ? step->id : "", screen->kind->name);
}

/* mode: what app_mode() says now, which asks the disk each time. */
static void paint(struct app *app, enum mode mode)
{
    char scope[APP_SCOPE_BYTES];
    struct screen *screen = pages_top(app);
    bool is_new = screen->ticket != app->painted_ticket;

    app->is_dirty = false;
    note_mode(app, mode);
    app_scope(app, screen, scope, sizeof scope);
    view_begin(app->view, scope, app->session.language);
    screen->kind->describe(screen, app->view);
    app_frame(app, screen);
    assert(!view_mistake(app->view));
    if (is_new)
        app->page++;
    app->painted_ticket = screen->ticket;
    if (is_new && screen->spot)
        ui_paint_again(app->ui, app->view, screen->spot);
    else
        ui_paint(app->ui, app->view, is_new);
    if (is_new)
        comfort_forget_spot(screen);
    comfort_sound_page(app, screen, is_new);
    report(app, screen);
}

/* A machine that cannot serve any more keeps nobody's data.  A full disk is
 * said on its page, where trying again may help; what was sent is shown, and who
 * sent something that may be stored is known, so that it is not sent again. */
static void leave_service(struct app *app, enum mode mode)
{
    if (!app->session.is_open || mode != MODE_OUT_OF_SERVICE ||
        delivery_hindrance(app->delivery) == ERR_DISK_FULL ||
        app->session.submitted.state != CASE_NONE ||
        app->session.sent_count > 0 || pages_top(app)->kind->works)
        return;
    app_end_session(app, "mode");
}

/* Nothing of a session points into the pack once it is wiped. */
static void look_for_pack(struct app *app)
{
    if (!app->is_pack_due || app->session.is_open || !app->parts.packs)
        return;
    app->is_pack_due = false;
    if (!packs_look(app->parts.packs))
        return;
    app->parts.pack = packs_now(app->parts.packs);
    app->is_dirty = true;
}

static void app_turn(void *owner)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    app->is_in_turn = true;
    app_drain_press(app);
    drain_queue(app);
    look_for_pack(app);
    if (app->is_dirty && app->depth > 0) {
        enum mode mode = app_mode(app);
        leave_service(app, mode);
        paint(app, mode);
    }
    app->is_in_turn = false;
}

/* Of the loop's turn this runs first of all and returns last, so below it is
 * the stack of everything that had to do with the session. */
static void on_turn(void *owner)
{
    struct app *app = owner;

    app_turn(app);
    if (app->is_stack_due)
        mem_wipe_stack();
    app->is_stack_due = false;
}

void app_settle(struct app *app)
{
    if (!app->is_in_turn)
        app_turn(app);
}

/* ---- Devices, and the clock in the header ------------------------------- */

static void open_device(struct app *app, enum device_class class)
{
    static const struct device_events events = {
        on_device_state, on_device_finished, on_device_printed, on_device_retry
    };
    const struct app_parts *parts = &app->parts;
    struct device *device =
        equip(parts->loop, parts->settings, class, &events, app);

    if (!device)
        return;
    if (parts->paper_folder)
        device_set(device, "folder", parts->paper_folder);
    if (parts->print_path)
        device_set(device, "print_path", parts->print_path);
    app->devices[class] = device;
    device_open(device);
}

/* While it rests after crashes none is open: one of them may be the cause. */
static void open_devices(struct app *app)
{
    if (app->has_devices || app_is_resting(app))
        return;
    app->has_devices = true;
    /* The printer's helper is started before the reader has a thread. */
    open_device(app, DEVICE_PRINTER);
    open_device(app, DEVICE_A4);
    open_device(app, DEVICE_CARD);
}

static void on_minute(void *owner)
{
    struct app *app = owner;
    int64_t wall_ms = clock_wall_ms();
    timer_start(app->minute, MINUTE_MS - wall_ms % MINUTE_MS);
    open_devices(app);
    delivery_ask_today(app->delivery); /* another day, perhaps */
    app->is_pack_due = true;
    app->is_dirty = true;
}

void app_touch(struct app *app)
{
    on_minute(app);
}

/* ---- Opening and closing ----------------------------------------------- */

static void make_timers(struct app *app)
{
    struct loop *loop = app->parts.loop;
    app->idle = timer_new(loop, "idle", on_idle, app);
    app->minute = timer_new(loop, "minute", on_minute, app);
    app->leave = timer_new(loop, "leave", app_on_leave_window, app);
}

static void init(struct app *app, const struct app_parts *parts)
{
    *app = (struct app){
        .magic = APP_MAGIC,
        .parts = *parts,
        .view = view_new(),
        .rest_end_ms = clock_monotonic_ms() + parts->rest_ms,
    };
    buf_init(&app->press_text, TEXT_MAX);
    buf_init(&app->words, TEXT_MAX);
    buf_init(&app->filled, TEXT_MAX);
    buf_init(&app->url, TEXT_MAX);
    session_init(&app->session);
    make_timers(app);
}

enum err app_new(const struct app_parts *parts, struct app **ret_app)
{
    static const struct delivery_events delivery_events = { on_case, on_health,
                                                            app_add_health };
    static const struct printing_events printing_events = { on_pages,
                                                            on_print_end };
    struct app *app = mem_new(sizeof *app);
    init(app, parts);
    enum err err = ui_open(parts->loop, parts->fd_in, parts->fd_out,
                           parts->term, app_on_input, app, &app->ui);
    if (err) {
        app_free(app);
        return err;
    }
    app->printing =
        printing_new(parts->loop, parts->draw_path, &printing_events, app);
    app->staff = staff_new(parts->loop, parts->state_folder);
    app->writing = writing_new(
        parts->loop, parts->ime_path ? parts->ime_path : "",
        parts->ime_data ? parts->ime_data : "", &app_writing_events, app);
    app->delivery = delivery_new(parts->loop, parts->settings,
                                 parts->state_folder, &delivery_events, app);
    app->asking = asking_new(parts->loop, app->delivery, on_office, app);
    app_register_keepers(app);
    open_attract(app);
    loop_on_turn(parts->loop, on_turn, app);
    paint(app, app_mode(app));
    comfort_begin(app);
    on_minute(app); /* opens the devices: the first page stands by now */
    *ret_app = app;
    return ERR_OK;
}

void app_free(struct app *app)
{
    if (!app)
        return;
    loop_on_turn(app->parts.loop, NULL, NULL);
    if (app->ui) {
        if (app->session.is_open) {
            record_end(app, "stop");
            session_wipe(&app->session);
        }
        app_wipe_pages(app);
    }
    for (int i = 0; i < DEVICE_CLASS_COUNT; i++)
        device_free(app->devices[i]);
    printing_free(app->printing);
    writing_free(app->writing);
    delivery_free(app->delivery);
    asking_free(app->asking);
    staff_free(app->staff); /* delivery asks it, to its end */
    timer_free(app->idle);
    timer_free(app->minute);
    timer_free(app->leave);
    session_done(&app->session);
    ui_close(app->ui);
    view_free(app->view);
    buf_done(&app->press_text);
    buf_done(&app->words);
    buf_done(&app->filled);
    buf_done(&app->url);
    mem_free(app);
}

enum err app_set_office(struct app *app, const char *url,
                        const char *office_key, const char *public_url)
{
    return delivery_set_office(app->delivery, url, office_key, public_url);
}

void app_on_pretend(struct app *app,
                    enum err (*fn)(void *owner, const char *line), void *owner)
{
    app->pretend = fn;
    app->pretend_owner = owner;
}

enum err app_pretend_device(struct app *app, const char *line)
{
    bool is_a4 = app->session.item && app->session.item->needs_a4;
    enum device_class idle = is_a4 ? DEVICE_PRINTER : DEVICE_A4;
    bool is_one = strncmp(line, "printer ", strlen("printer ")) == 0;
    enum err told = ERR_NOT_FOUND;

    /* "paper out" is said to both printers; what one is to do at its next page,
     * to the one of the matter at hand. */
    for (int i = 0; i < DEVICE_CLASS_COUNT; i++) {
        if (!app->devices[i] || (is_one && i == (int)idle))
            continue;
        enum err err = device_pretend(app->devices[i], line);
        if (told == ERR_NOT_FOUND || (!told && err != ERR_NOT_FOUND))
            told = err;
    }
    return told;
}

const char *app_last_payment(const struct app *app)
{
    return app->last_payment;
}

const char *app_last_case(const struct app *app)
{
    return app->last_case;
}

void app_set_network(struct app *app, bool is_up)
{
    delivery_set_network(app->delivery, is_up);
}

void app_record(void *owner, const struct event_record_of *event)
{
    struct app *app = owner;
    struct event_record_of record = *event;

    if (!app->delivery)
        return;
    /* Once an anonymous report is sent, what stands around it in the journal
     * must not tell when; what stood before it cannot be changed any more. */
    if (app->session.is_open && app->session.submitted.is_hour_only)
        record.wall_ms -= record.wall_ms % HOUR_MS;
    delivery_journal(app->delivery, &record);
}
