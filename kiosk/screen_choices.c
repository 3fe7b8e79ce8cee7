/* What is marked on a page of a choice of many.  It waits in answers under the
 * name "marked", as "STEP lease,photo", until the person goes on, so that
 * whoever looks back a page finds it as it was; what is marked on another page
 * takes its place. */
#include "kiosk/app_state.h"

#include <string.h>

enum { MARKS_BYTES = 4096 };

/* What was marked for this step and is no answer yet, or NULL. */
static const char *waiting(const struct screen *screen)
{
    const struct step *step = screen_step(screen);
    const char *marked = answers_get(screen->app->session.answers, "marked");
    size_t len = strlen(step->id);

    if (!marked || strncmp(marked, step->id, len) != 0 || marked[len] != ' ')
        return NULL;
    return marked + len + 1;
}

void marks_forget(struct screen *screen)
{
    if (screen_step(screen) && waiting(screen))
        answers_forget(screen->app->session.answers, "marked");
}

const char *screen_marked(const struct screen *screen)
{
    const struct answers *answers = screen->app->session.answers;
    const char *name = screen_step(screen)->answer, *marked = waiting(screen);

    if (marked)
        return marked;
    return answers_get(answers, name) &&
                   answers_source(answers, name) != SOURCE_LATER
               ? answers_get(answers, name)
               : "";
}

static enum err note_room(struct screen *screen, enum err err)
{
    screen->app->has_no_room |= err == ERR_TOO_BIG;
    return err;
}

enum err screen_mark(struct screen *screen, const char *value,
                     bool *ret_is_full)
{
    struct session *session = &screen->app->session;
    const struct step *step = screen_step(screen);
    struct buf marks, marked;
    enum err err = ERR_OK;

    buf_init(&marks, MARKS_BYTES);
    buf_init(&marked, MARKS_BYTES);
    bool is_taken = choices_press(step, session->answers, screen_marked(screen),
                                  value, &marks);
    if (is_taken) {
        buf_add_format(&marked, "%s %s", step->id, marks.text);
        err = answers_set(session->answers, "marked", marked.text,
                          SOURCE_CITIZEN);
    }
    buf_done(&marked);
    buf_done(&marks);
    *ret_is_full = !is_taken;
    return note_room(screen, err);
}

enum err screen_take_marks(struct screen *screen, enum choices_fault *ret_fault)
{
    const struct step *step = screen_step(screen);
    struct buf marks, tidy;
    enum err err = ERR_OK;

    /* What an earlier page has made impossible since is not among them. */
    buf_init(&marks, MARKS_BYTES);
    buf_init(&tidy, MARKS_BYTES);
    buf_add_text(&marks, screen_marked(screen));
    choices_keep_offered(step, screen->app->session.answers, marks.text, &tidy);
    *ret_fault = choices_look(step, screen->app->session.answers, tidy.text);
    if (*ret_fault == CHOICES_GOOD)
        err =
            screen_set_answer(screen, step->answer, tidy.text, SOURCE_CITIZEN);
    buf_done(&tidy);
    buf_done(&marks);
    return err;
}

const char *screen_choices_limits(const struct screen *screen)
{
    struct buf *out = &screen->app->words;

    buf_clear(out);
    choices_limits(screen_step(screen), screen->app->session.language, out);
    return out->text;
}
