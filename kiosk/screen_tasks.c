/* The parts of a long matter, for the page that lists them. */
#include "kiosk/app_state.h"

#include <stdio.h>

size_t screen_task_count(const struct screen *screen)
{
    return tasks_count(screen->app->session.item);
}

struct task screen_task(const struct screen *screen, size_t n)
{
    const struct session *session = &screen->app->session;

    return tasks_look(session->item, session->answers, n);
}

void screen_enter_task(struct screen *screen, size_t n)
{
    const struct session *session = &screen->app->session;
    int at = tasks_enter(session->item, session->answers, n);

    if (at < 0)
        return;
    screen->app->go = (struct go){ .kind = GO_STEP };
    snprintf(screen->app->go.name, sizeof screen->app->go.name, "%s",
             session->item->steps[at].id);
}
