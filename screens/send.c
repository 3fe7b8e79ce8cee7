/* Sending: first safe here, then, within a short wait, at the office. */
#include "kiosk/screen.h"

/* A disk that does not answer must not hold a person for ever. */
enum { STORE_MOST_MS = 45000 };

static void send_open(struct screen *screen)
{
    screen_timer(screen, STORE_MOST_MS);
    screen_submit(screen);
}

static void send_describe(const struct screen *screen, struct view *view)
{
    bool is_safe = screen_session(screen)->submitted.state == CASE_SAVED;

    view_heading(view, "send.title", T(view, "Sending"));
    view_notice(view, "send.wait", TONE_PLAIN,
                T(view, "Sending. Please wait and stay here."));
    view_progress(view, "send.progress",
                  is_safe ? T(view, "Stored safely here; now to the office")
                          : T(view, "Storing it safely in this machine"),
                  is_safe ? 1 : 0, 2);
}

static void send_event(struct screen *screen, const struct screen_event *event)
{
    const struct session_case *made = &screen_session(screen)->submitted;

    if (event->kind == SCREEN_TIMER) {
        if (made->state == CASE_STORING)
            screen_go(screen, "stop", "still-storing");
        else
            screen_next(screen); /* it goes on by itself from the outbox */
        return;
    }
    if (event->kind != SCREEN_CASE)
        return;
    switch (made->state) {
    case CASE_NONE:
    case CASE_STORING:
        return;
    case CASE_SAVED:
        if (event->err)
            screen_next(screen); /* the hub was asked, and is away */
        else
            screen_timer(screen, screen_limit_ms(screen, "send_wait"));
        return;
    case CASE_DELIVERED:
    case CASE_CONFLICT:
        screen_next(screen);
        return;
    case CASE_NOT_STORED:
        screen_go(screen, "stop",
                  made->err == ERR_UNSURE ? "unsure" : "not-stored");
        return;
    }
}

const struct screen_kind send_screen = {
    .name = "send",
    .word = "progress",
    .stage = STAGE_CHECK,
    .is_step = true,
    .is_plain = true,
    .works = true,
    .open = send_open,
    .describe = send_describe,
    .event = send_event,
};
