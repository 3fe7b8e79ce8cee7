/* What makes the machine easier to use, for one session: large print, contrast,
 * time; and the bell.  All of it goes back when the session ends. */
#include "kiosk/app_state.h"

#include "kiosk/base/fill.h"

#include <stdio.h>
#include <string.h>

/* ---- Letters and colours ------------------------------------------------ */

void comfort_begin(struct app *app)
{
    const struct settings *settings = app->parts.settings;
    const struct ui_letters letters = {
        .font = settings->large_font,
        .size = app->parts.font_size,
        .large = { (int)settings->large_size, (int)settings->larger_size },
    };
    ui_try_large(app->ui, &letters);
}

void comfort_use(struct app *app)
{
    const struct comfort *comfort = &app->session.comfort;

    ui_set_theme(app->ui,
                 comfort->is_contrast ? UI_THEME_CONTRAST : UI_THEME_NORMAL);
    ui_set_large(app->ui, comfort->large);
    app->is_dirty = true;
}

void screen_switch_theme(struct screen *screen)
{
    struct comfort *comfort = &screen->app->session.comfort;

    comfort->is_contrast = !comfort->is_contrast;
    comfort_use(screen->app);
}

int screen_large_levels(const struct screen *screen)
{
    return ui_large_levels(screen->app->ui);
}

void screen_switch_large(struct screen *screen)
{
    struct comfort *comfort = &screen->app->session.comfort;

    comfort->large =
        comfort->large < screen_large_levels(screen) ? comfort->large + 1 : 0;
    comfort_use(screen->app);
    /* What a number means must not change under a finger. */
    if (screen->kind->is_of_letters)
        screen_fresh(screen);
    app_rest_idle(screen->app); /* who reads large print has longer */
}

/* ---- Time ---------------------------------------------------------------- */

int64_t comfort_idle_ms(const struct app *app)
{
    int64_t limit_ms = app->parts.settings->idle_s * 1000;

    if (app->session.comfort.large > 0)
        limit_ms *= 2;
    if (app->session.comfort.has_more_time)
        limit_ms *= 2;
    for (int i = 0; i < app->depth; i++)
        if (app->stack[i]->kind->idle_ms > limit_ms)
            limit_ms = app->stack[i]->kind->idle_ms;
    return limit_ms;
}

void screen_take_time(struct screen *screen)
{
    screen->app->session.comfort.has_more_time = true;
    app_rest_idle(screen->app);
}

const char *screen_idle_words(const struct screen *screen)
{
    enum language language = screen->app->session.language;
    int64_t seconds = comfort_idle_ms(screen->app) / 1000;
    bool is_whole = seconds % 60 == 0;
    unsigned long count = (unsigned long)(is_whole ? seconds / 60 : seconds);
    char number[24];
    const struct fill fill = { "count", number };

    (void)snprintf(number, sizeof number, "%lu", count);
    buf_clear(&screen->app->words);
    fill_text(&screen->app->words,
              is_whole ? i18n_text_many(language, "{count} minute",
                                        "{count} minutes", count)
                       : i18n_text_many(language, "{count} second",
                                        "{count} seconds", count),
              &fill, 1);
    return screen->app->words.text;
}

void comfort_forget_spot(struct screen *screen)
{
    ui_spot_free(screen->spot);
    screen->spot = NULL;
}

/* ---- The bell ------------------------------------------------------------ */

void comfort_sound(struct app *app)
{
    if (app->parts.settings->sound)
        ui_bell(app->ui);
}

static bool says_error(const struct app *app, const struct screen *screen)
{
    if (strcmp(screen->kind->name, "stop") == 0)
        return true;
    for (size_t i = 0; i < view_count(app->view); i++) {
        const struct element *element = view_element(app->view, i);
        if (element->kind == ELEMENT_NOTICE && element->tone == TONE_ERROR)
            return true;
    }
    return false;
}

void comfort_sound_page(struct app *app, const struct screen *screen,
                        bool is_new)
{
    bool has_error = says_error(app, screen);

    if (has_error && (is_new || !app->has_error))
        comfort_sound(app);
    app->has_error = has_error;
}
