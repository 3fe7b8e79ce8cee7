#include "tests/sim/speller.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <string.h>

enum { ANSWER_BYTES = 4096, ANSWER_MS = 2 };

struct speller {
    struct dice *dice;
    unsigned trouble;
    struct child *child; /* one a session */
    struct timer *timer;
    struct buf answer; /* "": it dies */
};

static void on_thought(void *owner)
{
    struct speller *speller = owner;
    struct child *child = speller->child;

    if (speller->answer.len) {
        child_said(child, speller->answer.text, speller->answer.len);
        return;
    }
    speller->child = NULL;
    child_ended(child, 139);
}

bool speller_start(struct speller *speller, struct child *child,
                   const char *name)
{
    if (strcmp(name, "kiosk-ime") != 0)
        return false;
    speller->child = child;
    return true;
}

/* A picked word leaves nothing. */
static void answer(const json_t *asked, struct buf *out)
{
    const char *text = json_string_value(json_object_get(asked, "text"));

    if (json_object_get(asked, "pick"))
        text = "";
    buf_add_format(out, "{\"ime\":%lld,\"rest\":\"%s\",\"reading\":\"%s\",",
                   (long long)json_integer_value(json_object_get(asked, "ime")),
                   text, text);
    buf_add_text(out, "\"offers\":[\"灯\",\"路灯\",\"水\",\"树\",\"路\","
                      "\"坏\",\"了\",\"井\",\"声\",\"车\",\"桥\"]}");
}

bool speller_line(struct speller *speller, struct child *child,
                  const char *line, size_t len)
{
    if (child != speller->child)
        return false;
    json_t *asked = json_loadb(line, len, 0, NULL);
    buf_clear(&speller->answer);
    bool is_well = !dice_percent(speller->dice, speller->trouble);
    if (is_well)
        answer(asked, &speller->answer);
    else if (dice_percent(speller->dice, 30))
        buf_add_text(&speller->answer, "{\"ime\":[]}");
    if (is_well || !dice_percent(speller->dice, 30)) /* else it is silent */
        timer_start(speller->timer, ANSWER_MS);
    json_decref(asked);
    return true;
}

bool speller_gone(struct speller *speller, struct child *child)
{
    if (child != speller->child)
        return false;
    speller->child = NULL;
    timer_stop(speller->timer);
    buf_clear(&speller->answer);
    return true;
}

void speller_set_trouble(struct speller *speller, unsigned percent)
{
    speller->trouble = percent;
}

struct speller *speller_new(struct loop *loop, struct dice *dice)
{
    struct speller *speller = mem_new(sizeof *speller);

    speller->dice = dice;
    speller->timer = timer_new(loop, "sim: spelt", on_thought, speller);
    buf_init(&speller->answer, ANSWER_BYTES);
    return speller;
}

void speller_free(struct speller *speller)
{
    if (!speller)
        return;
    timer_free(speller->timer);
    buf_done(&speller->answer);
    mem_free(speller);
}
