/* What a screen may have printed; the interface is explained in screen.h. */
#include "kiosk/app_state.h"

#include "kiosk/base/event.h"
#include "kiosk/slip.h"
#include "kiosk/slip_parts.h"

#include <string.h>

static void print_certificate(struct screen *screen)
{
    struct app *app = screen->app;
    size_t len = 0;
    const void *pdf = office_pdf(asking_office(app->asking), &len);

    printing_start_pdf(app->printing, app->devices[screen_printer(screen)], pdf,
                       len, app->session.certificate_copies);
}

/* What the office said of the case that was found and chosen, or "". */
static const char *office_text(const struct app *app)
{
    const struct office *office = asking_office(app->asking);
    struct office_case found;

    for (size_t i = 0; i < office_case_count(office); i++) {
        office_case(office, i, &found);
        if (strcmp(found.id, app->session.submitted.id) == 0)
            return found.text;
    }
    return "";
}

static void print_slip(struct screen *screen)
{
    struct app *app = screen->app;
    const struct session *session = &app->session;
    bool is_found = session->found_item != NULL;
    struct slip_facts facts = {
        .made = &session->submitted,
        .office_text = office_text(app),
        .item = is_found ? session->found_item : session->item,
        .answers = is_found ? session->found_answers : session->answers,
        .language = session->language,
        .settings = app->parts.settings,
        .progress_url = screen_progress_url(screen),
        .is_demo = app->parts.is_demo,
    };
    struct buf request;

    buf_init(&request, SLIP_REQUEST_MAX);
    slip_compose(&facts, &request);
    printing_start(app->printing, app->devices[DEVICE_PRINTER], request.text,
                   request.len);
    buf_done(&request);
}

void screen_print(struct screen *screen)
{
    struct app *app = screen->app;

    if (printing_is_busy(app->printing))
        printing_stop(app->printing);
    app->session.submitted.copies++;
    app->session.submitted.print_err = ERR_OK;
    if (screen_has_certificate(screen))
        print_certificate(screen);
    else
        print_slip(screen);
}

void screen_stop_print(struct screen *screen)
{
    struct session_case *made = &screen->app->session.submitted;
    enum device_class printer = screen_printer(screen);
    bool is_blocked = screen_device(screen, printer) == DEVICE_BLOCKED;

    made->print = PRINT_FAILED;
    made->print_err =
        is_blocked ? screen_device_why(screen, printer) : ERR_TIMEOUT;
    printing_stop(screen->app->printing);
}

void screen_deny_slip(struct screen *screen)
{
    const struct session_case *made = &screen->app->session.submitted;
    event_record(EVENT_SLIP_DENIED, FIELD_CASE, session_case_to_name(made),
                 FIELD_COPY, (int64_t)made->copies, FIELD_END);
}
