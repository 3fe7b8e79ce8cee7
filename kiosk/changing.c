/* Changing an answer can make later ones fall away: their pages are not shown
 * any more, or do not offer what was chosen.  Nothing falls away before the
 * person was told: the new answer waits under the name "changed", beside the
 * one that stands, until the page "change" was answered. */
#include "kiosk/app_state.h"

#include <assert.h>
#include <string.h>

enum err changing_set(struct screen *screen, const char *name,
                      const char *value, enum source source)
{
    struct app *app = screen->app;
    struct answers *answers = app->session.answers;
    const struct step *step = app_step(app, screen);
    struct walk_falls falls = { .count = 0 };
    enum err err = ERR_OK;

    if (step && walk_is_question(step) && strcmp(step->answer, name) == 0)
        err = walk_would_drop(app->session.item, answers, name, value, source,
                              &falls);
    if (err)
        return err;
    if (falls.count == 0)
        return answers_set(answers, name, value, source);
    app->falls = falls;
    return answers_set(answers, "changed", value, source);
}

void changing_forget(struct app *app)
{
    answers_forget(app->session.answers, "changed");
}

bool changing_waits(struct app *app)
{
    if (!answers_get(app->session.answers, "changed"))
        return false;
    pages_over(app, "change", "");
    return true;
}

bool changing_falls(struct app *app)
{
    const struct session *session = &app->session;

    app->falls.count = 0;
    if (walk_would_drop(session->item, session->answers, NULL, NULL,
                        SOURCE_NONE, &app->falls)) {
        pages_open(app, "stop", session->at, "no-room");
        return true;
    }
    if (app->falls.count == 0)
        return false;
    pages_over(app, "change", "");
    return true;
}

/* ---- What the page knows and says ---------------------------------------- */

const struct walk_falls *screen_falls(const struct screen *screen)
{
    return &screen->app->falls;
}

const char *screen_changed_text(const struct screen *screen)
{
    struct app *app = screen->app;
    const struct session *session = &app->session;
    const char *value = answers_get(session->answers, "changed");

    if (!value)
        return NULL;
    buf_clear(&app->words);
    walk_text_of(session->item, screen_step(screen), value,
                 answers_source(session->answers, "changed"), session->language,
                 &app->words);
    return app->words.text;
}

static void decide(struct screen *screen)
{
    changing_forget(screen->app);
    screen->app->go = (struct go){ .kind = GO_DECIDED };
}

void screen_change_answer(struct screen *screen)
{
    struct session *session = &screen->app->session;
    const char *value = answers_get(session->answers, "changed");

    if (value &&
        answers_set(session->answers, screen_step(screen)->answer, value,
                    answers_source(session->answers, "changed"))) {
        screen->app->has_no_room = true; /* a page says so */
        return;
    }
    (void)walk_drop(session->item, session->answers);
    decide(screen);
}

void screen_keep_answer(struct screen *screen)
{
    assert(
        answers_get(screen->app->session.answers, screen_step(screen)->answer));
    decide(screen);
}

void screen_choose_again(struct screen *screen)
{
    changing_forget(screen->app);
    screen_withdraw(screen);
}
