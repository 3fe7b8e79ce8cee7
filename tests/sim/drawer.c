#include "tests/sim/drawer.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/mem.h"
#include "tests/sim/speller.h"

#include <string.h>

enum { ANSWER_BYTES = 512 * 1024, DRAW_MS = 60 };

struct drawer {
    struct loop *loop;
    struct dice *dice;
    void (*on_slip)(void *owner, const char *request, size_t len);
    void *owner;
    unsigned trouble;
    struct child *child; /* at most one slip is drawn at a time */
    struct timer *timer;
    struct buf answer;
    bool dies;
    struct speller *speller; /* the other helper */
    struct child_pretend pretend;
};

static void on_drawn(void *owner)
{
    struct drawer *drawer = owner;
    struct child *child = drawer->child;

    drawer->child = NULL;
    if (drawer->dies)
        child_ended(child, 139);
    else
        child_said(child, drawer->answer.text, drawer->answer.len);
    buf_clear(&drawer->answer);
}

static void on_start(void *owner, struct child *child, const char *name)
{
    struct drawer *drawer = owner;

    if (!speller_start(drawer->speller, child, name))
        drawer->child = child;
}

static void on_line(void *owner, struct child *child, const char *line,
                    size_t len)
{
    struct drawer *drawer = owner;
    struct buf pdf;

    if (speller_line(drawer->speller, child, line, len) ||
        child != drawer->child)
        return;
    drawer->on_slip(drawer->owner, line, len);
    buf_init(&pdf, ANSWER_BYTES);
    buf_add_text(&pdf, "%PDF-1.4\n/Type /Page /Count 1\n% ");
    buf_add(&pdf, line, len);
    buf_clear(&drawer->answer);
    buf_add_text(&drawer->answer, "{\"pdf\":\"");
    buf_add_base64(&drawer->answer, pdf.text, pdf.len);
    buf_add_text(&drawer->answer, "\"}");
    buf_done(&pdf);
    drawer->dies = dice_percent(drawer->dice, drawer->trouble);
    if (!dice_percent(drawer->dice, drawer->trouble)) /* else it is silent */
        timer_start(drawer->timer, DRAW_MS);
}

static void on_gone(void *owner, struct child *child)
{
    struct drawer *drawer = owner;

    if (speller_gone(drawer->speller, child) || child != drawer->child)
        return;
    drawer->child = NULL;
    timer_stop(drawer->timer);
    buf_clear(&drawer->answer);
}

void drawer_set_trouble(struct drawer *drawer, unsigned percent)
{
    drawer->trouble = percent;
    speller_set_trouble(drawer->speller, percent);
}

struct drawer *drawer_new(struct loop *loop, struct dice *dice,
                          void (*on_slip)(void *owner, const char *request,
                                          size_t len),
                          void *owner)
{
    struct drawer *drawer = mem_new(sizeof *drawer);

    drawer->loop = loop;
    drawer->dice = dice;
    drawer->speller = speller_new(loop, dice);
    drawer->on_slip = on_slip;
    drawer->owner = owner;
    drawer->timer = timer_new(loop, "sim: drawn", on_drawn, drawer);
    buf_init(&drawer->answer, ANSWER_BYTES);
    drawer->pretend =
        (struct child_pretend){ on_start, on_line, on_gone, drawer };
    child_pretend(&drawer->pretend);
    return drawer;
}

void drawer_free(struct drawer *drawer)
{
    if (!drawer)
        return;
    child_pretend(NULL);
    timer_free(drawer->timer);
    speller_free(drawer->speller);
    buf_done(&drawer->answer);
    mem_free(drawer);
}
