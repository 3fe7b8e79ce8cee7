/* What comes of it, who may do it, what to bring: before anything is asked. */
#include "kiosk/screen.h"
#include "screens/lines.h"

#include <string.h>

/* Of everybody whose card is asked for. */
static bool may_type(const struct item *item)
{
    bool is_all = false;

    for (size_t i = 0; i < item->step_count; i++) {
        if (strcmp(item->steps[i].screen, "card") != 0)
            continue;
        if (!item->steps[i].may_type)
            return false;
        is_all = true;
    }
    return is_all;
}

/* True when the item's printer has not what it takes: why, and where a receipt
 * is to be read then. */
static bool add_printer(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_item(screen);
    enum device_class class = screen_printer_of(screen, item);
    enum device_state printer = screen_device(screen, class);

    if (printer == DEVICE_READY || printer == DEVICE_STARTING)
        return false;
    view_fact(view, "guide.printer", T(view, "This machine now"),
              printer == DEVICE_BLOCKED
                  ? T(view, err_text(screen_device_why(screen, class)))
                  : T(view, "The printer does not work."));
    if (walk_result(item))
        view_fact(view, "guide.receipt", T(view, "Receipt"),
                  T(view, "It is shown on the screen."));
    return true;
}

/* What this item would like to have and the machine has not now. */
static void add_now(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_item(screen);
    enum device_state reader = screen_device(screen, DEVICE_CARD);
    bool is_all = true;

    if (item->network != NEED_NO && !screen_has_network(screen)) {
        view_fact(view, "guide.network", T(view, "This machine now"),
                  T(view, "There is no connection. You can fill in and send; "
                          "it is stored here, encrypted, and goes out by "
                          "itself later."));
        is_all = false;
    }
    if (item->reader != NEED_NO && reader != DEVICE_READY &&
        reader != DEVICE_STARTING) {
        view_fact(view, "guide.reader", T(view, "This machine now"),
                  may_type(item)
                      ? T(view, "The card reader does not work. Your number "
                                "can be typed instead.")
                      : T(view, "The card reader does not work. This is done "
                                "at the counter now."));
        is_all = false;
    }
    if (item->printer != NEED_NO && add_printer(screen, view))
        is_all = false;
    if (is_all)
        view_fact(view, "guide.now", T(view, "This machine now"),
                  T(view, "Everything that is needed works."));
}

/* A must that is missing holds the matter up, before anything is asked. */
static void add_footer(const struct screen *screen, struct view *view)
{
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (screen_hindrance(screen, screen_item(screen)) == HINDRANCE_NONE) {
        view_footer(view, "footer.go", "#", T(view, "Begin"));
        return;
    }
    view_choice(view, "other-item", "1", T(view, "Do something else here"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
}

static void add_hindrance(const struct screen *screen, struct view *view,
                          const char *hinders)
{
    const struct item *item = screen_item(screen);
    enum hindrance hindrance = screen_hindrance(screen, item);
    const char *text = "";

    view_notice(view,
                hindrance == HINDRANCE_PAPER ? "paper.none" : "guide.hinders",
                TONE_WARN, hinders);
    switch (hindrance) {
    case HINDRANCE_NONE:
        return;
    case HINDRANCE_DIVISION:
        text = T(view, "Nothing was done. Ask {contact}.");
        text = screen_text_with(screen, text, "contact",
                                words_in(&item->contact, view_language(view)));
        break;
    case HINDRANCE_DOUBT:
        text = T(view, "If it was stored, it is sent by itself.");
        break;
    case HINDRANCE_HOURS:
        text = T(view, "Nothing was done. Please come back in these hours, or "
                       "ask {contact}.");
        text = screen_text_with(screen, text, "contact",
                                words_in(&item->contact, view_language(view)));
        break;
    case HINDRANCE_READER:
    case HINDRANCE_PAPER:
    case HINDRANCE_PRINTER:
    case HINDRANCE_NETWORK:
        text = T(view, "Nothing was done. As soon as this works again, you "
                       "can begin here; or ask at the counter.");
        break;
    }
    view_text(view, "guide.waits", text);
}

static void add_audience(struct view *view, const struct item *item)
{
    switch (item->audience) {
    case AUDIENCE_UNSAID:
        return;
    case AUDIENCE_NATURAL:
        view_fact(view, "guide.audience", T(view, "For"),
                  T(view, "Individuals"));
        return;
    case AUDIENCE_LEGAL:
        view_fact(view, "guide.audience", T(view, "For"),
                  T(view, "Firms and organisations"));
        return;
    case AUDIENCE_BOTH:
        view_fact(view, "guide.audience", T(view, "For"),
                  T(view, "Individuals, firms and organisations"));
        return;
    }
}

static void guide_describe(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_item(screen);
    const char *hinders = screen_hinders(screen, item);

    view_heading(view, "guide.title", T(view, "Before you begin"));
    if (hinders)
        add_hindrance(screen, view, hinders);
    lines_describe(screen, view);
    add_audience(view, item);
    if (item->hours)
        view_fact(view, "guide.hours", T(view, "Service hours"), item->hours);
    if (!hinders)
        add_now(screen, view);
    add_footer(screen, view);
}

/* What it needs may have failed under the finger. */
static void begin(struct screen *screen)
{
    if (screen_hindrance(screen, screen_item(screen)) == HINDRANCE_NONE)
        screen_next(screen);
}

static void guide_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.go") == 0)
        begin(screen);
    else if (strcmp(event->choice, "other-item") == 0)
        screen_home(screen);
    else if (strcmp(event->choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
}

const struct screen_kind guide_screen = {
    .name = "guide",
    .stage = STAGE_GUIDE,
    .is_step = true,
    .describe = guide_describe,
    .event = guide_event,
};
