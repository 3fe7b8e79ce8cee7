/* The authority issues the certificate, and its bytes are fetched; then they
 * are printed.  Asking again brings the same one. */
#include "kiosk/screen.h"

#include <stdlib.h>
#include <string.h>

static void issue_open(struct screen *screen)
{
    long copies = strtol(screen_about(screen), NULL, 10);
    screen_ask_certificate(screen, (int)copies);
}

static void issue_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "issue.title", T(view, "One moment, please"));
    view_notice(view, "issue.wait", TONE_PLAIN,
                T(view, "The office is making your certificate. Please wait "
                        "here."));
    view_progress(view, "issue.progress", T(view, "Asking the office"), 0, 1);
    (void)screen;
}

static void answered(struct screen *screen, enum err err)
{
    if (!err)
        screen_go(screen, "printing", "");
    else if (err == ERR_CORRUPT || err == ERR_TOO_BIG || err == ERR_BAD_ANSWER)
        screen_go(screen, "stop", "certificate-broken");
    else if (err == ERR_REFUSED)
        screen_go(screen, "certificate",
                  ""); /* which says what is the matter */
    else
        screen_go(screen, "stop", "issue-away");
}

static void issue_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
}

const struct screen_kind issue_screen = {
    .name = "issue",
    .word = "progress",
    .stage = STAGE_CHECK,
    .is_plain = true,
    .works = true,
    .open = issue_open,
    .describe = issue_describe,
    .event = issue_event,
};
