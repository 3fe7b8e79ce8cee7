/* What stands around every page: place, what does not work, clock, where one
 * is in the item, and the footer's keys. */
#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"

#include <stdio.h>
#include <string.h>

static const char *const stage_words[] = {
    [STAGE_GUIDE] = N_("Guide"),   [STAGE_PERSON] = N_("Identity"),
    [STAGE_FILL] = N_("Fill in"),  [STAGE_CHECK] = N_("Check"),
    [STAGE_DONE] = N_("Finished"),
};

/* What does not work, in words, and in few for where there is little room:
 * msgids; NULL: it works. */
struct trouble {
    const char *words, *few;
};

static struct trouble blocked_words(enum err why)
{
    if (why == ERR_PAPER_OUT)
        return (struct trouble){ N_("Printer: no paper"), N_("No paper") };
    if (why == ERR_COVER_OPEN)
        return (struct trouble){ N_("Printer: cover open"), N_("Cover open") };
    if (why == ERR_PAPER_JAM)
        return (struct trouble){ N_("Printer: paper stuck"),
                                 N_("Paper stuck") };
    return (struct trouble){ N_("Printer: not working"), N_("No printer") };
}

static struct trouble a4_words(enum err why)
{
    if (why == ERR_PAPER_OUT)
        return (struct trouble){ N_("A4 printer: no paper"),
                                 N_("No A4 paper") };
    return (struct trouble){ N_("A4 printer: not working"), N_("No A4") };
}

/* In words only what does not work. */
static struct trouble printer_trouble(const struct app *app,
                                      enum device_class class)
{
    const struct device *printer = app->devices[class];
    const struct trouble none = { 0 };
    bool is_a4 = class == DEVICE_A4;
    if (!printer)
        return none;
    switch (device_state_of(printer)) {
    case DEVICE_ABSENT:
    case DEVICE_STARTING:
    case DEVICE_READY:
    case DEVICE_STATE_COUNT:
        return none;
    case DEVICE_BLOCKED:
        return is_a4 ? a4_words(device_why(printer))
                     : blocked_words(device_why(printer));
    case DEVICE_UNPLUGGED:
    case DEVICE_BROKEN:
        return is_a4 ? a4_words(ERR_DEVICE) : blocked_words(ERR_DEVICE);
    }
    return none;
}

static struct trouble reader_trouble(const struct app *app)
{
    const struct device *reader = app->devices[DEVICE_CARD];
    enum device_state state = reader ? device_state_of(reader) : DEVICE_ABSENT;

    if (state == DEVICE_UNPLUGGED || state == DEVICE_BROKEN)
        return (struct trouble){ N_("Card reader: not working"),
                                 N_("No reader") };
    return (struct trouble){ 0 };
}

static struct trouble network_trouble(const struct app *app)
{
    if (delivery_has_answered(app->delivery) &&
        delivery_was_looked_for(app->delivery) &&
        !delivery_is_online(app->delivery))
        return (struct trouble){ N_("No network"), N_("Offline") };
    return (struct trouble){ 0 };
}

static void add_word(struct buf *out, enum language language, const char *msgid)
{
    if (!msgid)
        return;
    if (out->len)
        buf_add_text(out, "\u3000");
    buf_add_text(out, i18n_text(language, msgid));
}

/* The gravest first: what does not fit in the header is only counted there. */
static void add_trouble(struct app *app)
{
    enum language language = app->session.language;
    struct trouble troubles[] = {
        { app->parts.is_demo ? N_("[demo]") : NULL, N_("[demo]") },
        { delivery_is_help_coming(app->delivery) ? N_("The staff are coming")
                                                 : NULL,
          N_("Staff coming") },
        reader_trouble(app),
        network_trouble(app),
        printer_trouble(app, DEVICE_PRINTER),
        printer_trouble(app, DEVICE_A4),
    };
    struct buf text, few;

    buf_init(&text, 256);
    buf_init(&few, 256);
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        if (!troubles[i].words)
            continue;
        add_word(&text, language, troubles[i].words);
        add_word(&few, language, troubles[i].few);
    }
    if (text.len)
        view_set_short(app->view,
                       view_header(app->view, "header.trouble", text.text),
                       few.text);
    buf_done(&few);
    buf_done(&text);
}

static void add_place(struct app *app)
{
    const struct settings *settings = app->parts.settings;
    enum language language = app->session.language;
    const struct fill fills[] = {
        { "place", language == LANGUAGE_ZH_CN ? settings->place_zh
                                              : settings->place_en },
        { "number", settings->machine_number },
    };
    struct clock_fields now = clock_split(clock_wall_ms());
    struct buf text;
    char clock[16];

    buf_init(&text, 256);
    fill_text(&text,
              T(app->view, "Government services of Nanyang  {place}, "
                           "machine {number}"),
              fills, 2);
    view_header(app->view, "header.place", text.text);
    buf_done(&text);
    snprintf(clock, sizeof clock, "%02d:%02d", now.hour, now.minute);
    view_header(app->view, "header.clock", clock);
}

/* "[ Fill in 3/5 ]": where one is; other stages stand as they are. */
static void add_stage_word(struct app *app, struct buf *text, enum stage stage,
                           int place, int count)
{
    buf_add_text(text, T(app->view, "[ "));
    buf_add_text(text, T(app->view, stage_words[stage]));
    if (stage == STAGE_FILL && place > 0)
        buf_add_format(text, " %d/%d", place, count);
    buf_add_text(text, T(app->view, " ]"));
}

static bool asks_person(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "card") == 0)
            return true;
    return false;
}

static void add_stages(struct app *app, struct buf *text, enum stage here,
                       int place, int count)
{
    /* Full-width brackets bring their own space. */
    bool is_wide = app->session.language == LANGUAGE_ZH_CN;

    bool was_here = false;

    for (int i = STAGE_GUIDE; i <= STAGE_DONE; i++) {
        bool is_here = i == (int)here;
        if (i == STAGE_PERSON && !asks_person(app->session.item))
            continue;
        if (i > STAGE_GUIDE) {
            buf_add_text(text, is_wide && was_here ? ">" : " >");
            buf_add_text(text, is_wide && is_here ? "" : " ");
        }
        if (is_here)
            add_stage_word(app, text, here, place, count);
        else
            buf_add_text(text, T(app->view, stage_words[i]));
        was_here = is_here;
    }
}

static enum stage stage_of(const struct app *app, const struct screen *screen)
{
    const struct step *step = app_step(app, screen);

    if (screen->kind->stage != STAGE_OF_STEP)
        return screen->kind->stage;
    return step ? pages_kind(step->screen)->stage : STAGE_NONE;
}

/* "Guide > Identity > [ Fill in 3/5 ] > Check > Finished", or only where one
 * is when the terminal is small. */
static void add_stage(struct app *app, const struct screen *screen)
{
    int rows, cols, place = 0, count = 0;
    enum stage stage = stage_of(app, screen);
    struct buf text;

    ui_size(app->ui, &rows, &cols);
    if (stage == STAGE_NONE)
        return;
    walk_place(app->session.item, app->session.answers, screen->at, &place,
               &count);
    buf_init(&text, 256);
    if (cols < 80 || rows < 24) {
        buf_add_text(&text, T(app->view, stage_words[stage]));
        if (stage == STAGE_FILL && place > 0)
            buf_add_format(&text, " %d/%d", place, count);
    } else {
        add_stages(app, &text, stage, place, count);
    }
    view_header(app->view, "header.stage", text.text);
    buf_done(&text);
}

static bool is_typing(const struct app *app)
{
    for (size_t i = 0; i < view_count(app->view); i++)
        if (element_is_written(view_element(app->view, i)))
            return true;
    return false;
}

/* Named after what it leads to. */
static const char *large_words(const struct app *app)
{
    return app->session.comfort.large < ui_large_levels(app->ui)
               ? TC(app->view, "letters", "Large")
               : TC(app->view, "letters", "Normal");
}

static void add_language(struct app *app)
{
    const char *words =
        app->session.language == LANGUAGE_EN ? "中文" : "English";
    bool is_english = app->session.language == LANGUAGE_EN;
    struct element *language =
        view_footer(app->view, "footer.language", "", words);

    view_set_short(app->view, language, is_english ? "中文" : "EN");
}

static void add_footer(struct app *app, const struct screen *screen)
{
    bool is_over = (app->depth > 1 && !screen->kind->with_help) ||
                   screen->kind->rest_s > 0;

    /* While keys write, 0 is a digit: help is touched, or among the ways. */
    if (!is_over)
        view_footer(app->view, "footer.help", is_typing(app) ? "" : "0",
                    T(app->view, "Help"));
    bool is_mine = app->session.is_open && !is_over;
    if (is_mine && ui_large_levels(app->ui) > 0)
        view_footer(app->view, "footer.large", "", large_words(app))->spare =
            SPARE_EARLY; /* what it does is on the help page, too */
    add_language(app);
    if (is_mine) {
        view_footer(app->view, "footer.cover", "", T(app->view, "Cover"))
            ->spare = SPARE_EARLY;
        view_footer(app->view, "footer.end", "", T(app->view, "End"));
    }
}

/* Under a cover, and what lies on it, nobody sees the matter either. */
static bool is_hidden(const struct app *app)
{
    for (int i = 0; i < app->depth; i++)
        if (app->stack[i]->kind->hides)
            return true;
    return app->depth == 0;
}

void app_frame(struct app *app, const struct screen *screen)
{
    const struct item *item = app->session.item;

    add_place(app);
    add_trouble(app);
    app_frame_preview(app);
    if (item && !is_hidden(app) && app->stack[0]->kind->stage != STAGE_NONE) {
        view_header(app->view, "header.item",
                    words_in(&item->title, app->session.language));
        add_stage(app, app->stack[0]);
    }
    if (!screen->kind->is_plain)
        add_footer(app, screen);
    else if (app->session.is_open)
        add_language(app); /* at any moment */
}
