/* Papers of the matter, for the page that sums them up. */
#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/flow/materials.h"
#include "kiosk/papers_slip.h"
#include "kiosk/slip_parts.h"

enum { PROMISE_BYTES = 4096 };

const struct step *screen_paper(const struct screen *screen, const char *value,
                                size_t n)
{
    const struct session *session = &screen->app->session;

    return materials_answered(session->item, session->answers, value, n);
}

const char *screen_papers_by(const struct screen *screen)
{
    const struct session *session = &screen->app->session;
    const struct step *page = screen_step(screen);
    struct buf *out = &screen->app->words;
    char date[CALENDAR_DATE_BYTES];
    bool is_sure;

    materials_due(page, session->answers, date, &is_sure);
    buf_clear(out);
    materials_day(page, date, session->language, out);
    return out->text;
}

enum err screen_promise_papers(struct screen *screen)
{
    const struct session *session = &screen->app->session;
    const struct step *page = screen_step(screen);
    struct buf promise;

    buf_init(&promise, PROMISE_BYTES);
    materials_promise(session->item, page, session->answers, &promise);
    enum err err =
        screen_set_answer(screen, page->answer, promise.text, SOURCE_CITIZEN);
    buf_done(&promise);
    return err;
}

void screen_print_papers(struct screen *screen)
{
    struct app *app = screen->app;
    const struct papers_slip facts = {
        .item = app->session.item,
        .answers = app->session.answers,
        .language = app->session.language,
        .settings = app->parts.settings,
        .wall_ms = clock_wall_ms(),
        .is_demo = app->parts.is_demo,
    };
    struct buf request;

    if (printing_is_busy(app->printing))
        printing_stop(app->printing);
    buf_init(&request, SLIP_REQUEST_MAX);
    papers_slip_compose(&facts, &request);
    printing_start(app->printing, app->devices[DEVICE_PRINTER], request.text,
                   request.len);
    buf_done(&request);
}
