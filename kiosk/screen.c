/* What a screen may do; the interface is explained in screen.h. */
#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/fill.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/receipt.h"
#include "kiosk/holding.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ID_NUMBER_CHARS = 18 };

/* ---- What a page is ---------------------------------------------------- */

void *screen_state(const struct screen *screen)
{
    return screen->state;
}

const char *screen_about(const struct screen *screen)
{
    return screen->about;
}

const struct item *screen_item(const struct screen *screen)
{
    return screen->app->session.item;
}

const struct step *screen_step(const struct screen *screen)
{
    return app_step(screen->app, screen);
}

bool screen_asks(const struct screen *screen)
{
    static const char *const asking[] = { "choice",  "choices", "field",
                                          "declare", "card",    "check",
                                          "shared",  "slot",    "record",
                                          "payment" };
    const struct step *step = screen_step(screen);
    const char *page = screen->app->stack[0]->kind->name;

    /* The card's number may be typed on a page of its own. */
    if (step && strcmp(page, "number") == 0)
        page = "card";
    if (!step || strcmp(step->screen, page) != 0)
        return false;
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        if (strcmp(asking[i], page) == 0)
            return true;
    return false;
}

const struct session *screen_session(const struct screen *screen)
{
    return &screen->app->session;
}

void screen_held(const struct screen *screen, struct held *ret_held)
{
    session_tell(&screen->app->session, ret_held);
}

const char *screen_words(const struct screen *screen, const struct words *words)
{
    struct app *app = screen->app;
    const struct session *session = &app->session;

    buf_clear(&app->words);
    if (!session->item) {
        buf_add_text(&app->words, words_in(words, session->language));
        return app->words.text;
    }
    struct buf once;
    buf_init(&once, TEXT_MAX);
    walk_fill(session->item, words, session->answers, session->language, &once);
    const struct fill fill = { "phone", app->parts.settings->phone };
    fill_text(&app->words, once.text, &fill, 1);
    buf_done(&once);
    return app->words.text;
}

const char *screen_text_with(const struct screen *screen, const char *text,
                             const char *name, const char *value)
{
    struct app *app = screen->app;
    const struct fill fill = { name, value };
    struct buf next;

    /* text may be what the last call returned, to fill a second place. */
    buf_init(&next, TEXT_MAX);
    fill_text(&next, text, &fill, 1);
    buf_done(&app->filled);
    app->filled = next;
    return app->filled.text;
}

const char *screen_masked(const struct screen *screen, const char *what,
                          const char *value)
{
    struct buf *out = &screen->app->words;
    buf_clear(out);
    if (strcmp(what, "name") == 0)
        text_mask_name(value, out);
    else if (strcmp(what, "email") == 0)
        text_mask_email(value, out);
    else
        text_mask_number(value, out);
    return out->text;
}

const char *screen_grouped(const struct screen *screen, const char *value)
{
    struct buf *out = &screen->app->words;
    const struct step *step = screen_step(screen);
    buf_clear(out);
    if (step && strcmp(step->screen, "field") == 0) {
        walk_group(step, value, screen->app->session.language, out);
    } else if (strlen(value) != ID_NUMBER_CHARS) {
        buf_add_text(out, value);
    } else {
        /* An identity number: district, birth, rest. */
        buf_add_format(out, "%.6s %.8s %s", value, value + 6, value + 14);
    }
    return out->text;
}

const char *screen_expected(const struct screen *screen, const char *msgid)
{
    struct buf *out = &screen->app->words;

    buf_clear(out);
    walk_expected(screen_step(screen), msgid, screen->app->session.language,
                  out);
    return out->text;
}

const char *screen_typed(const struct screen *screen, const char *value)
{
    struct buf *out = &screen->app->words;

    buf_clear(out);
    field_typed(screen_step(screen), value, out);
    return out->text;
}

const char *screen_date(const struct screen *screen, const char *yyyymmdd)
{
    struct buf *out = &screen->app->words;
    buf_clear(out);
    bool is_zh = screen->app->session.language == LANGUAGE_ZH_CN;
    if (clock_is_date(yyyymmdd) && is_zh)
        buf_add_format(out, "%.4s年%.2s月%.2s日", yyyymmdd, yyyymmdd + 4,
                       yyyymmdd + 6);
    else if (clock_is_date(yyyymmdd))
        buf_add_format(out, "%.4s-%.2s-%.2s", yyyymmdd, yyyymmdd + 4,
                       yyyymmdd + 6);
    else
        buf_add_text(out, yyyymmdd);
    return out->text;
}

const char *screen_record_day(const struct screen *screen, const char *day)
{
    char yyyymmdd[16];

    snprintf(yyyymmdd, sizeof yyyymmdd, "%.4s%.2s%.2s", day, day + 5, day + 8);
    return screen_date(screen, yyyymmdd);
}

const char *screen_day(const struct screen *screen, int64_t wall_ms)
{
    struct clock_fields at = clock_split(wall_ms);
    char day[16];

    snprintf(day, sizeof day, "%04d%02d%02d", at.year, at.month, at.day);
    return screen_date(screen, day);
}

const char *screen_answer_text(const struct screen *screen,
                               const struct step *step)
{
    const struct session *session = &screen->app->session;
    struct buf *out = &screen->app->words;
    buf_clear(out);
    walk_text(session->item, step, session->answers, session->language, out);
    return out->text;
}

const char *screen_receipt(const struct screen *screen)
{
    return screen_receipt_of(screen, screen->app->session.submitted.receipt);
}

const char *screen_receipt_of(const struct screen *screen, const char *receipt)
{
    struct buf *out = &screen->app->words;
    char grouped[15] = "";
    if (*receipt)
        receipt_group(receipt, grouped);
    buf_clear(out);
    buf_add_text(out, grouped);
    return out->text;
}

void screen_slip(const struct screen *screen, const struct walk_slip *slip)
{
    const struct session *session = &screen->app->session;
    bool is_found = session->found_item != NULL;
    walk_slip(is_found ? session->found_item : session->item,
              is_found ? session->found_answers : session->answers,
              session->language, slip);
}

bool screen_asks_card(const struct screen *screen)
{
    const struct item *item = screen->app->session.item;
    return item && item->card_fields[0];
}

bool screen_sends(const struct screen *screen)
{
    const struct item *item = screen->app->session.item;

    for (size_t i = 0; item && i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "send") == 0)
            return true;
    return false;
}

const struct arrival *screen_arrival(const struct screen *screen)
{
    return arrival_of(screen_item(screen), screen_session(screen)->answers);
}

bool screen_sends_next(const struct screen *screen)
{
    const struct session *session = &screen->app->session;
    int next = walk_next(session->item, session->answers, screen->at);
    return (size_t)next < session->item->step_count &&
           strcmp(session->item->steps[next].screen, "send") == 0;
}

/* ---- Answers ----------------------------------------------------------- */

const char *screen_answer(const struct screen *screen, const char *name)
{
    return answers_get(screen->app->session.answers, name);
}

bool screen_shows_line(const struct screen *screen, const struct line *line)
{
    return walk_shows_line(line, screen->app->session.answers);
}

bool screen_is_later(const struct screen *screen, const char *name)
{
    return answers_source(screen->app->session.answers, name) == SOURCE_LATER;
}

/* pages_event() leads to the page that says so. */
static enum err note_room(struct screen *screen, enum err err)
{
    screen->app->has_no_room |= err == ERR_TOO_BIG;
    return err;
}

enum err screen_set_answer(struct screen *screen, const char *name,
                           const char *value, enum source source)
{
    return note_room(screen, changing_set(screen, name, value, source));
}

const char *screen_accept(struct screen *screen, const char *given,
                          const char **ret_expected)
{
    const struct step *step = screen_step(screen);
    const struct session *session = &screen->app->session;
    struct buf *out = &screen->app->words;
    const char *clash;
    buf_clear(out);
    if (walk_accept(step, given, out, ret_expected))
        return NULL;
    clash = walk_clash(session->item, step, session->answers, out->text, false);
    if (clash)
        *ret_expected = clash;
    return clash ? NULL : out->text;
}

void screen_forget_typed(struct screen *screen)
{
    char scope[APP_SCOPE_BYTES];
    app_scope(screen->app, screen, scope, sizeof scope);
    view_forget(screen->app->view, scope);
}

/* ---- Where to go ------------------------------------------------------- */

static void ask(struct screen *screen, enum go_kind kind, const char *name,
                const char *about)
{
    struct go *go = &screen->app->go;
    *go = (struct go){ .kind = kind };
    snprintf(go->name, sizeof go->name, "%s", name);
    snprintf(go->about, sizeof go->about, "%s", about);
}

void screen_next(struct screen *screen)
{
    ask(screen, GO_NEXT, "", "");
}

void screen_back(struct screen *screen)
{
    ask(screen, GO_BACK, "", "");
}

void screen_leave(struct screen *screen)
{
    ask(screen, GO_LEAVE, "", "");
}

void screen_change(struct screen *screen, const char *step_id)
{
    ask(screen, GO_CHANGE, step_id, "");
}

void screen_start_item(struct screen *screen, const char *item_id)
{
    ask(screen, GO_ITEM, item_id, "");
}

void screen_begin_anew(struct screen *screen, const char *item_id)
{
    ask(screen, GO_ITEM, item_id, "anew");
}

void screen_go(struct screen *screen, const char *name, const char *about)
{
    ask(screen, GO_PAGE, name, about);
}

void screen_over(struct screen *screen, const char *name, const char *about)
{
    ask(screen, GO_OVER, name, about);
}

void screen_instead(struct screen *screen, const char *name, const char *about)
{
    ask(screen, GO_INSTEAD, name, about);
}

void screen_close(struct screen *screen)
{
    ask(screen, GO_CLOSE, "", "");
}

void screen_withdraw(struct screen *screen)
{
    answers_forget(screen->app->session.answers, "pending");
    screen_close(screen);
}

void screen_answer_under(struct screen *screen, const char *choice)
{
    ask(screen, GO_ANSWER_UNDER, choice, "");
}

void screen_home(struct screen *screen)
{
    ask(screen, GO_HOME, "", "");
}

void screen_begin(struct screen *screen)
{
    ask(screen, GO_BEGIN, "", "");
}

void screen_ask_end(struct screen *screen)
{
    ask(screen, GO_ASK_END, "", "");
}

void screen_end(struct screen *screen, const char *ending)
{
    ask(screen, GO_END, ending, "");
}

void screen_begin_writing(struct screen *screen)
{
    writing_begin(screen->app->writing, screen->app->session.language);
}

void screen_begin_code(struct screen *screen, enum writing_code code)
{
    writing_begin_code(screen->app->writing, code);
}

void screen_writing(const struct screen *screen, struct writing_page *ret_page)
{
    writing_page(screen->app->writing, ret_page);
}

bool screen_writes(struct screen *screen, const char *choice)
{
    return writing_choice(screen->app->writing, choice);
}

void screen_write_by(struct screen *screen, enum writing_method method)
{
    writing_use(screen->app->writing, method);
}

void screen_switch_language(struct screen *screen)
{
    struct session *session = &screen->app->session;
    session->language =
        session->language == LANGUAGE_EN ? LANGUAGE_ZH_CN : LANGUAGE_EN;
    writing_speak(screen->app->writing, session->language);
    screen->app->is_dirty = true;
}

void screen_call_help(struct screen *screen)
{
    delivery_call_help(screen->app->delivery);
}

bool screen_was_called(const struct screen *screen)
{
    return delivery_was_called(screen->app->delivery);
}

bool screen_is_help_coming(const struct screen *screen)
{
    return delivery_is_help_coming(screen->app->delivery);
}

void screen_wipe_item(struct screen *screen)
{
    struct app *app = screen->app;
    app->session.has_finished = true;
    session_start_item(&app->session, NULL);
    asking_wipe(app->asking);
    view_wipe(app->view);
}

/* ---- What the machine can do ------------------------------------------- */

const struct pack *screen_pack(const struct screen *screen)
{
    return screen->app->parts.pack;
}

/* The first page stands before devices are opened: those that will be. */
static bool is_due(const struct app *app, enum device_class class)
{
    return !app->has_devices && equip_has(app->parts.settings, class);
}

enum device_state screen_device(const struct screen *screen,
                                enum device_class class)
{
    const struct device *device = screen->app->devices[class];

    if (device)
        return device_state_of(device);
    return is_due(screen->app, class) ? DEVICE_STARTING : DEVICE_ABSENT;
}

enum err screen_device_why(const struct screen *screen, enum device_class class)
{
    const struct device *device = screen->app->devices[class];
    return device ? device_why(device) : ERR_NO_DEVICE;
}

bool screen_has_network(const struct screen *screen)
{
    const struct delivery *delivery = screen->app->delivery;
    /* Just after the start nobody has asked yet: no news is good news. */
    return delivery_is_online(delivery) || !delivery_was_looked_for(delivery);
}

static bool is_ready(const struct screen *screen, enum device_class class)
{
    enum device_state state = screen_device(screen, class);
    return state == DEVICE_READY || state == DEVICE_STARTING;
}

/* Where there is one printer only, its paper decides. */
static enum device_class a4_printer(const struct app *app)
{
    bool is_own = app->devices[DEVICE_A4] || is_due(app, DEVICE_A4) ||
                  strcmp(app->parts.settings->paper, "A4") != 0;
    return is_own ? DEVICE_A4 : DEVICE_PRINTER;
}

enum device_class screen_printer(const struct screen *screen)
{
    return screen_has_certificate(screen) ? a4_printer(screen->app)
                                          : DEVICE_PRINTER;
}

enum device_class screen_printer_of(const struct screen *screen,
                                    const struct item *item)
{
    return item->needs_a4 ? a4_printer(screen->app) : DEVICE_PRINTER;
}

/* Who has begun goes on; nobody begins when it is over. */
static bool is_open(const struct screen *screen, const struct item *item)
{
    const struct session *session = &screen->app->session;
    struct clock_fields now = clock_split(clock_wall_ms());

    return (session->item == item && session->is_begun) ||
           item_is_open(item, now.hour * 60 + now.minute);
}

static enum hindrance printer_hindrance(const struct screen *screen,
                                        const struct item *item)
{
    enum device_class printer = screen_printer_of(screen, item);

    if (is_ready(screen, printer))
        return HINDRANCE_NONE;
    return screen_device_why(screen, printer) == ERR_PAPER_OUT
               ? HINDRANCE_PAPER
               : HINDRANCE_PRINTER;
}

enum hindrance screen_hindrance(const struct screen *screen,
                                const struct item *item)
{
    enum hindrance printer = printer_hindrance(screen, item);

    if (!item_is_offered_in(item, screen->app->parts.settings->division))
        return HINDRANCE_DIVISION;
    if (session_is_in_doubt(&screen->app->session, item))
        return HINDRANCE_DOUBT;
    if (!is_open(screen, item))
        return HINDRANCE_HOURS;
    if (item->printer == NEED_MUST && printer != HINDRANCE_NONE)
        return printer;
    if (item->reader == NEED_MUST && !is_ready(screen, DEVICE_CARD))
        return HINDRANCE_READER;
    if (item->network == NEED_MUST && !screen_has_network(screen))
        return HINDRANCE_NETWORK;
    return HINDRANCE_NONE;
}

const char *screen_hinders(const struct screen *screen, const struct item *item)
{
    static const char *const words[] = {
        [HINDRANCE_NONE] = NULL,
        [HINDRANCE_DIVISION] =
            N_("This is not done in this district or county. Please ask "
               "the staff where it is."),
        [HINDRANCE_DOUBT] =
            N_("You sent this, but it is not sure that it was stored. Please "
               "ask the staff before you send it again."),
        [HINDRANCE_HOURS] = N_("This can be begun from {from} to {to}, and not "
                               "now."),
        [HINDRANCE_READER] =
            N_("The card reader of this machine does not work now."),
        [HINDRANCE_PAPER] =
            N_("This machine has no {paper} and cannot print now."),
        [HINDRANCE_PRINTER] = N_("This machine cannot print now."),
        [HINDRANCE_NETWORK] = N_("There is no connection to the office now."),
    };
    enum language language = screen->app->session.language;
    enum hindrance hindrance = screen_hindrance(screen, item);

    if (hindrance == HINDRANCE_NONE)
        return NULL;
    const char *text = i18n_text(language, words[hindrance]);
    if (hindrance == HINDRANCE_PAPER)
        text = screen_text_with(screen, text, "paper",
                                i18n_text(language, item->needs_a4
                                                        ? N_("A4 paper")
                                                        : N_("receipt paper")));
    if (hindrance == HINDRANCE_HOURS) {
        char from[6];
        snprintf(from, sizeof from, "%.5s", item->hours);
        text = screen_text_with(screen, text, "from", from);
        text = screen_text_with(screen, text, "to", item->hours + 6);
    }
    return text;
}

const char *screen_machine(const struct screen *screen, const char *what)
{
    return screen_machine_in(screen, what, screen->app->session.language);
}

const char *screen_machine_in(const struct screen *screen, const char *what,
                              enum language language)
{
    const struct settings *settings = screen->app->parts.settings;
    bool is_zh = language == LANGUAGE_ZH_CN;

    if (strcmp(what, "place") == 0)
        return is_zh ? settings->place_zh : settings->place_en;
    if (strcmp(what, "number") == 0)
        return settings->machine_number;
    if (strcmp(what, "phone") == 0)
        return settings->phone;
    if (strcmp(what, "desk") == 0)
        return is_zh ? settings->desk_zh : settings->desk_en;
    if (strcmp(what, "hours") == 0)
        return settings->hours;
    if (strcmp(what, "after_hours") == 0)
        return is_zh ? settings->after_hours_zh : settings->after_hours_en;
    assert(strcmp(what, "elsewhere") == 0);
    return is_zh ? settings->elsewhere_zh : settings->elsewhere_en;
}

int64_t screen_wall_ms(const struct screen *screen)
{
    (void)screen;
    return clock_wall_ms();
}

int64_t screen_monotonic_ms(const struct screen *screen)
{
    (void)screen;
    return clock_monotonic_ms();
}

int64_t screen_limit_ms(const struct screen *screen, const char *what)
{
    const struct settings *settings = screen->app->parts.settings;
    if (strcmp(what, "bye") == 0)
        return settings->bye_s * 1000;
    if (strcmp(what, "send_wait") == 0)
        return settings->send_wait_s * 1000;
    if (strcmp(what, "idle") == 0)
        return comfort_idle_ms(screen->app);
    assert(strcmp(what, "idle_warn") == 0);
    return settings->idle_warn_s * 1000;
}

bool screen_is_demo(const struct screen *screen)
{
    return screen->app->parts.is_demo;
}

const char *screen_out_of_service(const struct screen *screen)
{
    if (app_mode(screen->app) != MODE_OUT_OF_SERVICE)
        return NULL;
    if (app_is_resting(screen->app))
        return err_text(ERR_UNSTEADY);
    if (staff_out_since_ms(screen->app->staff) != 0)
        return N_("The staff are at work on this machine.");
    enum err err = delivery_hindrance(screen->app->delivery);
    if (err == ERR_EXISTS)
        return N_("Another program is using this machine's store.");
    if (err == ERR_NOT_FOUND)
        return N_("This machine's store cannot be found.");
    return err_text(err);
}

const char *screen_out_since(const struct screen *screen)
{
    return screen_moment(screen, screen->app->out_since_ms);
}

bool screen_is_closed(const struct screen *screen)
{
    return app_mode(screen->app) == MODE_CLOSED;
}

const char *screen_opens_at(const struct screen *screen, bool *ret_is_tomorrow)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    struct buf *out = &screen->app->words;
    int minute = settings_opens(screen->app->parts.settings);

    *ret_is_tomorrow = now.hour * 60 + now.minute >= minute;
    buf_clear(out);
    buf_add_format(out, "%02d:%02d", minute / 60, minute % 60);
    return out->text;
}

void screen_fresh(struct screen *screen)
{
    screen->ticket = ++screen->app->last_ticket;
}

void screen_rest(struct screen *screen)
{
    app_rest_idle(screen->app);
}

/* ---- Work -------------------------------------------------------------- */

void screen_read_card(struct screen *screen)
{
    struct device *reader = screen->app->devices[DEVICE_CARD];
    struct device_job job = { .kind = JOB_READ_CARD };

    if (!reader || screen->card_job)
        return;
    screen->card_job = device_start(reader, &job);
}

void screen_submit(struct screen *screen)
{
    struct session *session = &screen->app->session;
    const struct session_case *made = &session->submitted;

    holding_note_sent(screen->app, true);
    delivery_submit(screen->app->delivery, session);
    session_note_sent(session, session->item, made->id, made->state, made->err);
}

void screen_timer(struct screen *screen, int64_t after_ms)
{
    timer_start(screen->timer, after_ms);
}

const char *screen_progress_url(const struct screen *screen)
{
    struct app *app = screen->app;
    const char *base = delivery_public_url(app->delivery);

    if (!*base || !app->session.submitted.address[0])
        return "";
    buf_clear(&app->url);
    buf_add_format(&app->url, "%s/p/%s", base, app->session.submitted.address);
    return app->url.text;
}

enum err screen_pretend(struct screen *screen, const char *line)
{
    struct app *app = screen->app;
    if (!app->pretend)
        return ERR_NOT_FOUND;
    return app->pretend(app->pretend_owner, line);
}
