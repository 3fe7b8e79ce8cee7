#include "kiosk/papers_slip.h"

#include "kiosk/base/err.h"
#include "kiosk/base/fill.h"
#include "kiosk/flow/materials.h"
#include "kiosk/slip_parts.h"

#include <string.h>

enum { TEXT_MAX = 4096 };

/* Each with what its page says of it: how it is to look, where it is had. */
static void add_papers(const struct papers_slip *facts,
                       struct slip_parts *parts, const char *value)
{
    const struct step *step;

    for (size_t i = 0;
         (step = materials_answered(facts->item, facts->answers, value, i));
         i++) {
        bool may_follow = step->material == MATERIAL_MAY_FOLLOW;

        slip_add_fact(
            parts, words_in(&step->label, parts->language),
            may_follow
                ? slip_say(parts, N_("may be brought later, after it was "
                                     "begun"))
                : slip_say(parts, N_("needed to begin")),
            false);
        slip_add_text(parts, "small", words_in(&step->hint, parts->language));
    }
}

static void add_contact(const struct papers_slip *facts,
                        struct slip_parts *parts)
{
    slip_add_fact(parts, slip_say(parts, N_("To ask about papers")),
                  words_in(&facts->item->contact, parts->language), false);
}

static void add_all(const struct papers_slip *facts, struct slip_parts *parts)
{
    slip_add_text(parts, "text",
                  words_in(&facts->item->title, parts->language));
    slip_add_rule(parts);
    add_papers(facts, parts, MATERIAL_MISSING);
    add_papers(facts, parts, MATERIAL_FOLLOWS);
    slip_add_rule(parts);
    add_contact(facts, parts);
    slip_add_moment(parts, slip_say(parts, N_("Time")), facts->wall_ms);
    slip_add_terminal(parts, facts->settings);
}

static const char *title(const struct slip_parts *parts)
{
    return slip_say(parts, N_("Papers that you still need"));
}

static const char *meaning(const struct slip_parts *parts)
{
    return slip_say(parts, N_("This is a list, not a receipt: nothing was "
                              "sent."));
}

void papers_slip_compose(const struct papers_slip *facts, struct buf *out)
{
    struct slip_parts parts = { LANGUAGE_ZH_CN, json_array() };
    struct slip_head head = { .title = title(&parts),
                              .is_demo = facts->is_demo };
    struct buf footer;

    buf_init(&footer, TEXT_MAX);
    buf_add_text(&footer, meaning(&parts));
    add_all(facts, &parts);
    if (facts->language != LANGUAGE_ZH_CN) {
        parts.language = facts->language;
        head.subtitle = title(&parts);
        slip_add_rule(&parts);
        add_all(facts, &parts);
        buf_add_format(&footer, " %s", meaning(&parts));
    }
    head.footer = footer.text;
    slip_finish(&parts, &head, facts->settings->paper, out);
    buf_done(&footer);
}
