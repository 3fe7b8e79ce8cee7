/* The staff page: how the machine is, and what staff can do about it here.
 * Nothing of any person stands on it. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum {
    SERVICE_REST_S = 5 * 60,
    VALUE_BYTES = 1024,
    DAY_MINUTES = 24 * 60,
    MINUTE_MS = 60000,
    SECOND_MS = 1000
};

enum slip { SLIP_NONE, SLIP_PRINTING, SLIP_PRINTED, SLIP_NOT_PRINTED };

/* What was just done stands alone with the choices, so that it is seen in a
 * small window, too; back from there is the whole. */
enum shown { SHOWN_ALL, SHOWN_SLIP, SHOWN_REFILL, SHOWN_OUT };

struct service_state {
    enum shown shown;
    enum slip slip;
    enum err slip_err;
    enum err change_err;
};

/* A value made of sentences, one after another. */
struct sentences {
    char text[VALUE_BYTES];
    size_t len;
};

static void add(const struct view *view, struct sentences *value,
                const char *words)
{
    const char *between =
        value->len > 0 && view_language(view) == LANGUAGE_EN ? " " : "";

    if (!*words || value->len >= sizeof value->text)
        return;
    value->len += (size_t)snprintf(value->text + value->len,
                                   sizeof value->text - value->len, "%s%s",
                                   between, words);
}

static void add_with(const struct screen *screen, const struct view *view,
                     struct sentences *value, const char *msgid,
                     const char *name, const char *by)
{
    add(view, value, screen_text_with(screen, T(view, msgid), name, by));
}

/* ---- Devices ----------------------------------------------------------- */

static const char *state_words(enum device_state state)
{
    switch (state) {
    case DEVICE_ABSENT:
        return N_("Not fitted.");
    case DEVICE_STARTING:
        return N_("Starting since {time}.");
    case DEVICE_READY:
        return N_("Ready since {time}.");
    case DEVICE_UNPLUGGED:
        return N_("Not connected since {time}.");
    case DEVICE_BROKEN:
        return N_("Not working since {time}.");
    case DEVICE_BLOCKED:
        return N_("Waits for somebody since {time}.");
    case DEVICE_STATE_COUNT:
        break;
    }
    return "";
}

static const char *action_words(enum device_action action)
{
    switch (action) {
    case ACTION_NONE:
    case ACTION_COUNT:
        return "";
    case ACTION_WAIT:
        return N_("To do: wait, it comes by itself.");
    case ACTION_CLEAR:
        return N_("To do: look at paper, cover, plug and power.");
    case ACTION_MAINTENANCE:
        return N_("To do: switch it off and on; if that does not help, call "
                  "maintenance.");
    case ACTION_CONFIGURATION:
        return N_("To do: its settings do not fit; a technician looks with: "
                  "kiosk probe");
    }
    return "";
}

static void describe_device(const struct screen *screen, struct view *view,
                            enum device_class class)
{
    static const char *const ids[DEVICE_CLASS_COUNT] = { "service.card",
                                                         "service.printer",
                                                         "service.a4" };
    static const char *const labels[DEVICE_CLASS_COUNT] = { N_("Card reader"),
                                                            N_("Printer"),
                                                            N_("A4 printer") };
    enum device_state state = screen_device(screen, class);
    enum err why = screen_device_why(screen, class);
    const char *action = action_words(screen_device_action(screen, class));
    struct sentences value = { 0 };

    add_with(screen, view, &value, state_words(state), "time",
             screen_moment(screen, screen_device_since(screen, class)));
    if (why && state != DEVICE_ABSENT)
        add(view, &value, T(view, err_text(why)));
    if (*action)
        add(view, &value, T(view, action));
    view_fact(view, ids[class], T(view, labels[class]), value.text);
}

/* A second printer is fitted only where certificates are printed beside slips.
 */
static bool has_a4(const struct screen *screen)
{
    return screen_device(screen, DEVICE_A4) != DEVICE_ABSENT;
}

static void describe_printers(const struct screen *screen, struct view *view)
{
    describe_device(screen, view, DEVICE_PRINTER);
    if (has_a4(screen))
        describe_device(screen, view, DEVICE_A4);
}

/* ---- What it sends, and to whom ---------------------------------------- */

/* "2 d 3 h", "3 h 5 min", "0 h 5 min" */
static const char *age(const struct screen *screen, const struct view *view,
                       int64_t age_ms)
{
    long long minutes = age_ms > 0 ? (long long)(age_ms / MINUTE_MS) : 0;
    bool is_long = minutes >= DAY_MINUTES;
    char more[24], less[24];
    const char *text =
        is_long ? T(view, "{more} d {less} h") : T(view, "{more} h {less} min");

    snprintf(more, sizeof more, "%lld",
             is_long ? minutes / DAY_MINUTES : minutes / 60);
    snprintf(less, sizeof less, "%lld",
             is_long ? minutes % DAY_MINUTES / 60 : minutes % 60);
    text = screen_text_with(screen, text, "more", more);
    return screen_text_with(screen, text, "less", less);
}

static void describe_outbox(const struct screen *screen, struct view *view,
                            const struct service_facts *facts)
{
    struct sentences value = { 0 };
    char text[64];

    snprintf(text, sizeof text, "%lld", (long long)facts->waiting);
    add_with(screen, view, &value, N_("{count} waiting to be sent."), "count",
             text);
    if (facts->waiting > 0 && facts->oldest_ms > 0) {
        snprintf(text, sizeof text, "%s",
                 age(screen, view, screen_wall_ms(screen) - facts->oldest_ms));
        add_with(screen, view, &value, N_("The oldest waits for {age}."), "age",
                 text);
    }
    if (facts->conflicts > 0) {
        snprintf(text, sizeof text, "%lld", (long long)facts->conflicts);
        add_with(screen, view, &value,
                 N_("{count} refused by the hub: tell the office."), "count",
                 text);
    }
    view_fact(view, "service.outbox", T(view, "Outbox"), value.text);
}

static void describe_hub(const struct screen *screen, struct view *view,
                         const struct service_facts *facts)
{
    struct sentences value = { 0 };

    if (!facts->was_looked_for)
        add(view, &value, T(view, "Not asked yet."));
    else
        add_with(screen, view, &value,
                 facts->is_online
                     ? N_("Reached since {time}.")
                     : N_("Not reached since {time}. To do: look at the "
                          "network cable and router."),
                 "time", screen_moment(screen, facts->online_since_ms));
    view_fact(view, "service.hub", T(view, "Hub"), value.text);
}

static void describe_clock(const struct screen *screen, struct view *view,
                           const struct service_facts *facts)
{
    struct sentences value = { 0 };
    char seconds[32];

    add_with(
        screen, view, &value,
        facts->is_clock_trusted
            ? N_("{time}, trusted.")
            : N_("{time}, not trusted. To do: set the clock (timedatectl)."),
        "time", screen_now(screen));
    snprintf(seconds, sizeof seconds, "%+lld",
             (long long)(facts->clock_off_ms / SECOND_MS));
    if (!facts->knows_hub_clock)
        add(view, &value, T(view, "The hub has not told its time yet."));
    else if (facts->clock_off_ms / SECOND_MS == 0)
        add(view, &value, T(view, "The hub's clock says the same."));
    else
        add_with(screen, view, &value,
                 N_("The hub's clock differs by {seconds} s."), "seconds",
                 seconds);
    view_fact(view, "service.clock", T(view, "Clock"), value.text);
}

static void describe_sessions(const struct screen *screen, struct view *view,
                              const struct service_facts *facts)
{
    char count[24];
    const char *text = T(view, "{begun} begun, {finished} finished, "
                               "{abandoned} abandoned");

    snprintf(count, sizeof count, "%lld", (long long)facts->begun);
    text = screen_text_with(screen, text, "begun", count);
    snprintf(count, sizeof count, "%lld", (long long)facts->finished);
    text = screen_text_with(screen, text, "finished", count);
    snprintf(count, sizeof count, "%lld", (long long)facts->abandoned);
    text = screen_text_with(screen, text, "abandoned", count);
    view_fact(view, "service.sessions", T(view, "Sessions today"), text);
}

/* ---- Service ----------------------------------------------------------- */

static void describe_mode(const struct screen *screen, struct view *view,
                          const struct service_facts *facts)
{
    const struct service_state *state = screen_state(screen);

    if (facts->out_since_ms != 0)
        view_notice(view, "service.out", TONE_WARN,
                    screen_text_with(
                        screen,
                        T(view, "Out of service by the staff since {time}."),
                        "time", screen_moment(screen, facts->out_since_ms)));
    if (facts->hindrance) {
        view_notice(view, "service.hindrance", TONE_ERROR,
                    T(view, "No case can be taken now."));
        view_text(view, "service.why", T(view, err_text(facts->hindrance)));
    }
    if (state->change_err)
        view_notice(view, "service.failed", TONE_ERROR,
                    T(view, err_text(state->change_err)));
}

static void describe_slip(const struct screen *screen, struct view *view)
{
    const struct service_state *state = screen_state(screen);

    switch (state->slip) {
    case SLIP_NONE:
        break;
    case SLIP_PRINTING:
        view_text(view, "service.slip", T(view, "The test slip is printing."));
        break;
    case SLIP_PRINTED:
        view_notice(view, "service.slip", TONE_GOOD,
                    T(view, "The printer says that the test slip came out."));
        break;
    case SLIP_NOT_PRINTED:
        view_notice(view, "service.slip", TONE_ERROR,
                    T(view, "The test slip was not printed."));
        view_text(view, "service.slip.why", T(view, err_text(state->slip_err)));
        break;
    }
}

static void describe_choices(const struct screen *screen, struct view *view,
                             const struct service_facts *facts)
{
    const struct service_state *state = screen_state(screen);
    bool is_out = facts->out_since_ms != 0;

    if (state->shown != SHOWN_OUT) {
        view_choice(view, "test-slip", "1", T(view, "Print a test slip"));
        view_choice(view, "refilled", "2", T(view, "Paper was refilled"));
    }
    view_choice(view, is_out ? "back-in" : "take-out", "3",
                is_out ? T(view, "Put back into service")
                       : T(view, "Take out of service"));
    if (has_a4(screen) && state->shown != SHOWN_OUT)
        view_choice(view, "test-a4", "4", T(view, "Print a test page on A4"));
    view_footer(view, "footer.back", "*",
                state->shown == SHOWN_ALL ? T(view, "End maintenance")
                                          : T(view, "Back"));
}

/* Which items are offered, and why it is not those that somebody wanted; of
 * those delivered with the program there is nothing to say. */
static void describe_pack(const struct screen *screen, struct view *view,
                          const struct service_facts *facts)
{
    struct sentences value = { 0 };
    char number[24];

    snprintf(number, sizeof number, "%d", facts->pack_version);
    if (facts->pack_version > 0)
        add_with(screen, view, &value, N_("Pack {version}."), "version",
                 number);
    snprintf(number, sizeof number, "%d", facts->pack_fault_version);
    if (facts->pack_fault && facts->pack_fault_version > 0)
        add_with(screen, view, &value, N_("Pack {version} is not used:"),
                 "version", number);
    else if (facts->pack_fault)
        add(view, &value, T(view, "The pack that was to come is not used:"));
    if (facts->pack_fault)
        add(view, &value, T(view, facts->pack_fault));
    if (value.len > 0)
        view_fact(view, "service.pack", T(view, "Items"), value.text);
}

static void describe_all(const struct screen *screen, struct view *view,
                         const struct service_facts *facts)
{
    describe_mode(screen, view, facts);
    describe_device(screen, view, DEVICE_CARD);
    describe_printers(screen, view);
    describe_outbox(screen, view, facts);
    describe_hub(screen, view, facts);
    describe_clock(screen, view, facts);
    describe_sessions(screen, view, facts);
    describe_pack(screen, view, facts);
    view_fact(view, "service.version", T(view, "Version"), facts->version);
}

static void service_describe(const struct screen *screen, struct view *view)
{
    const struct service_state *state = screen_state(screen);
    struct service_facts facts;

    screen_look(screen, &facts);
    view_heading(view, "service.title", T(view, "Staff page"));
    switch (state->shown) {
    case SHOWN_ALL:
        describe_all(screen, view, &facts);
        break;
    case SHOWN_SLIP:
        describe_slip(screen, view);
        break;
    case SHOWN_OUT:
        view_notice(view, "service.sure", TONE_WARN,
                    T(view, "Nobody can use this machine then, until the staff "
                            "put it back. Press 3 once more to do so."));
        break;
    case SHOWN_REFILL:
        describe_printers(screen, view);
        break;
    }
    describe_choices(screen, view, &facts);
}

static void service_open(struct screen *screen)
{
    screen_look_again(screen);
}

static void chosen(struct screen *screen, const char *choice)
{
    struct service_state *state = screen_state(screen);
    bool is_out = strcmp(choice, "take-out") == 0;

    bool is_a4 = strcmp(choice, "test-a4") == 0;

    if (is_a4 || strcmp(choice, "test-slip") == 0) {
        state->shown = SHOWN_SLIP;
        state->slip = SLIP_PRINTING;
        screen_print_test(screen, is_a4 ? DEVICE_A4 : DEVICE_PRINTER);
    } else if (strcmp(choice, "refilled") == 0) {
        state->shown = SHOWN_REFILL;
        screen_refilled(screen);
    } else if (is_out && state->shown != SHOWN_OUT) {
        state->shown = SHOWN_OUT; /* one press is easily a slip */
        screen_fresh(screen);
    } else if (is_out || strcmp(choice, "back-in") == 0) {
        state->shown = SHOWN_ALL;
        state->change_err = screen_set_out(screen, is_out);
    } else if (strcmp(choice, "footer.back") == 0 &&
               state->shown != SHOWN_ALL) {
        state->shown = SHOWN_ALL;
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_end(screen, "staff");
    }
}

static void service_event(struct screen *screen,
                          const struct screen_event *event)
{
    struct service_state *state = screen_state(screen);

    if (event->kind == SCREEN_CHOICE) {
        chosen(screen, event->choice);
    } else if (event->kind == SCREEN_PRINT_END) {
        state->slip = event->err ? SLIP_NOT_PRINTED : SLIP_PRINTED;
        state->slip_err = event->err;
    } else if (event->kind == SCREEN_STAFF) {
        state->change_err = event->err;
    }
}

const struct screen_kind service_screen = {
    .name = "service",
    .state_size = sizeof(struct service_state),
    .rest_s = SERVICE_REST_S,
    .open = service_open,
    .describe = service_describe,
    .event = service_event,
};
