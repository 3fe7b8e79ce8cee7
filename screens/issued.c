/* It is done: the certificate's number and code, and where it can be verified.
 * Its bytes are not kept any more. */
#include "kiosk/screen.h"
#include "screens/lines.h"

#include <string.h>

static void issued_open(struct screen *screen)
{
    office_drop_pdf(screen_office(screen));
}

static void add_qr(const struct screen *screen, struct view *view,
                   const struct office_certificate *made)
{
    const char *text = T(view, "This screen is too small for the QR code. It "
                               "is on the certificate, too.");

    view_qr(view, "qr",
            screen_is_demo(screen)
                ? T(view, "Demonstration: a phone cannot open this QR code.")
                : T(view, "Whoever gets the certificate can scan this and see "
                          "whether it is genuine."),
            text, made->url);
}

static void issued_describe(const struct screen *screen, struct view *view)
{
    const struct office_certificate *made =
        office_certificate(screen_office(screen));

    view_heading(view, "result.state", T(view, "Done"));
    if (made) {
        view_text(view, "issued.title",
                  office_certificate_title(screen_office(screen),
                                           view_language(view)));
        view_fact_large(view, "certificate.number",
                        T(view, "Certificate number"), made->number);
        view_fact_large(view, "certificate.code", T(view, "Verification code"),
                        made->code);
        view_fact(view, "certificate.until", T(view, "Valid until"),
                  screen_date(screen, made->valid_until));
        view_fact(view, "certificate.url", T(view, "To verify it"), made->url);
    }
    lines_describe(screen, view);
    view_footer(view, "footer.go", "#", T(view, "Go on"));
    if (made)
        add_qr(screen, view, made);
}

static void issued_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE && strcmp(event->choice, "footer.go") == 0)
        screen_finish(screen);
}

const struct screen_kind issued_screen = {
    .name = "issued",
    .word = "result",
    .stage = STAGE_DONE,
    .open = issued_open,
    .describe = issued_describe,
    .event = issued_event,
};
