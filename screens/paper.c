/* Only the person can say whether the paper came out; one reprint, then the
 * staff. */
#include "kiosk/screen.h"

#include <string.h>

enum { COPIES_MOST = 2 };

static bool is_about(const struct screen *screen, const char *what)
{
    return strcmp(screen_about(screen), what) == 0;
}

static bool may_reprint(const struct screen *screen)
{
    enum device_state state = screen_device(screen, screen_printer(screen));
    return screen_session(screen)->submitted.copies < COPIES_MOST &&
           state == DEVICE_READY;
}

static bool is_for_a_person(enum err err)
{
    return err == ERR_PAPER_OUT || err == ERR_COVER_OPEN ||
           err == ERR_PAPER_JAM || err == ERR_INK_OUT;
}

/* Why, as it is now: what was mended since is no reason any more.  NULL: the
 * printer did its part. */
static const char *reason(const struct screen *screen)
{
    enum err failed = screen_session(screen)->submitted.print_err;
    enum err why = screen_device_why(screen, screen_printer(screen));
    bool works = screen_device(screen, screen_printer(screen)) == DEVICE_READY;

    if (!works && is_for_a_person(why))
        return err_text(why);
    if (works && is_for_a_person(failed))
        return N_("The printer works again.");
    return failed || !works ? N_("The printer did not print it.") : NULL;
}

static void add_again(const struct screen *screen, struct view *view)
{
    if (may_reprint(screen))
        view_choice(view, "again", "1", T(view, "Print once more"));
    else if (screen_session(screen)->submitted.copies < COPIES_MOST)
        view_text(view, "paper.later",
                  T(view, "Once the printer works again, it can be printed "
                          "here once more."));
}

static void add_receipt(const struct screen *screen, struct view *view)
{
    view_fact_large(view, "receipt.number", T(view, "Receipt number"),
                    screen_receipt(screen));
    view_fact_large(view, "receipt.code", T(view, "Lookup code"),
                    screen_session(screen)->submitted.lookup_code);
}

static void add_certificate(const struct screen *screen, struct view *view)
{
    const struct office_certificate *made =
        office_certificate(screen_office(screen));

    view_fact_large(view, "certificate.number", T(view, "Certificate number"),
                    made->number);
    view_fact_large(view, "certificate.code", T(view, "Verification code"),
                    made->code);
}

/* What is not lost: a finished matter, a case on its way, or one that was only
 * looked at. */
static const char *failed_words(const struct screen *screen,
                                const struct view *view)
{
    const struct session *session = screen_session(screen);

    if (screen_has_certificate(screen))
        return T(view, "Printing failed, but your matter is done. You need "
                       "not start again.");
    if (session->found_item)
        return T(view, "Printing failed. Your matter is not affected.");
    if (session->submitted.state == CASE_DELIVERED)
        return T(view, "Printing failed, but your application was received. "
                       "You need not fill it in again.");
    return T(view, "Printing failed, but your application is stored safely. "
                   "You need not fill it in again.");
}

static void describe_failed(const struct screen *screen, struct view *view)
{
    view_heading(view, "paper.title", T(view, "Not printed"));
    view_notice(view, "print.failed", TONE_WARN, failed_words(screen, view));
    const char *why = reason(screen);
    if (why)
        view_text(view, "paper.why", T(view, why));
    if (screen_has_certificate(screen))
        add_certificate(screen, view);
    else
        add_receipt(screen, view);
    view_text(view, "paper.write",
              T(view, "Please write down the two numbers above, or take a "
                      "picture of them."));
    add_again(screen, view);
    view_choice(view, "staff", "2", T(view, "Call the staff"));
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void paper_describe(const struct screen *screen, struct view *view)
{
    if (is_about(screen, "failed")) {
        describe_failed(screen, view);
        return;
    }
    view_heading(view, "print.ask", T(view, "Has the paper come out?"));
    if (is_about(screen, "unknown"))
        view_notice(view, "print.unknown", TONE_WARN,
                    T(view, "This machine cannot tell whether it was printed. "
                            "Please look where the paper comes out. Your "
                            "matter is not affected."));
    else
        view_text(view, "print.said",
                  T(view, "The printer says that it has printed everything."));
    if (!is_about(screen, "unknown") &&
        screen_session(screen)->submitted.copies > 1)
        view_text(view, "print.again",
                  T(view, "It was printed once more just now (reprint)."));
    view_choice(view, "yes", "1", T(view, "Yes, and I can read it"));
    view_choice(view, "no", "2", T(view, "No, it has not"));
    view_choice(view, "unclear", "3",
                T(view, "Yes, but it is unclear or not complete"));
}

static void leave(struct screen *screen)
{
    if (screen_has_certificate(screen))
        screen_go(screen, "issued", "");
    else
        screen_finish(screen);
}

static void denied(struct screen *screen)
{
    screen_deny_slip(screen);
    if (may_reprint(screen))
        screen_go(screen, "printing", "");
    else
        screen_go(screen, "paper", "failed");
}

static void paper_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "yes") == 0 ||
        strcmp(event->choice, "footer.go") == 0)
        leave(screen);
    else if (strcmp(event->choice, "no") == 0 ||
             strcmp(event->choice, "unclear") == 0)
        denied(screen);
    else if (strcmp(event->choice, "again") == 0)
        screen_go(screen, "printing", "");
    else if (strcmp(event->choice, "staff") == 0)
        screen_over(screen, "staff", "");
}

const struct screen_kind paper_screen = {
    .name = "paper",
    .stage = STAGE_DONE,
    .describe = paper_describe,
    .event = paper_event,
};
