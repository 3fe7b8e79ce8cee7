/* A certificate that the authority issues: this step's own page asks what comes
 * next, and is where one waits for that.  The step answers "none" when the
 * authority has nothing to certify, and "issued" when it was printed. */
#include "kiosk/screen.h"

#include <string.h>

static void certificate_open(struct screen *screen)
{
    screen_ask_offer(screen);
}

static void certificate_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "certificate.title", T(view, "One moment, please"));
    view_progress(view, "certificate.wait", T(view, "Asking the office"), 0, 1);
    view_footer(view, "footer.back", "*", T(view, "Back"));
    (void)screen;
}

/* The check was good for a quarter of an hour only, or its hub has restarted:
 * once more, and then back here. */
static void check_again(struct screen *screen)
{
    const struct item *item = screen_item(screen);

    screen_forget_check(screen);
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "check") == 0)
            screen_change(screen, item->steps[i].id);
}

static void refused(struct screen *screen)
{
    const char *problem = office_problem(screen_office(screen));

    if (strcmp(problem, "check-unknown") == 0)
        check_again(screen);
    else if (strcmp(problem, "record-unknown") == 0 &&
             !screen_set_answer(screen, screen_step(screen)->answer, "none",
                                SOURCE_CITIZEN))
        screen_next(screen);
    else
        screen_go(screen, "stop", "service-away");
}

static void certificate_event(struct screen *screen,
                              const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE &&
        strcmp(event->choice, "footer.back") == 0) {
        screen_stop_asking(screen);
        screen_leave(screen);
    }
    if (event->kind != SCREEN_OFFICE)
        return;
    if (event->err == ERR_REFUSED)
        refused(screen);
    else if (event->err)
        screen_go(screen, "stop", "service-away");
    else if (office_has_question(screen_office(screen)))
        screen_go(screen, "question", "");
    else
        screen_go(screen, "preview", "");
}

const struct screen_kind certificate_screen = {
    .name = "certificate",
    .word = "progress",
    .stage = STAGE_FILL,
    .is_step = true,
    .works = true,
    .open = certificate_open,
    .describe = certificate_describe,
    .event = certificate_event,
};
