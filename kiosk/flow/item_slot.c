/* What the table of keys cannot say of a step with screen: slot. */
#include "kiosk/flow/item_load.h"

#include <string.h>

/* The step before this one that answers {name}, or NULL. */
static const struct step *place_step(const struct loader *loader,
                                     const struct step *step)
{
    size_t len = strlen(step->place);

    for (const struct step *other = loader->item->steps; other < step; other++)
        if (other->answer && strlen(other->answer) + 2 == len &&
            memcmp(step->place + 1, other->answer, len - 2) == 0)
            return other;
    return NULL;
}

/* A choice that is always answered, for its value is what the hub knows the
 * place by, and its words are what people read. */
static bool is_place_choice(const struct step *step)
{
    return item_screen_bit(step->screen) == ON_CHOICE && !step->material &&
           !step->way.in[LANGUAGE_EN] && !step->required;
}

void item_slot_check(struct loader *loader, const struct yaml *node,
                     const struct step *step)
{
    const struct yaml *at = yaml_get(node, "place");
    const struct step *from;

    if (!step->place)
        return; /* told already */
    if (step->place[0] != '{') {
        if (!item_name_is_ok(step->place, true))
            item_complain(loader, at,
                          "expected a name of at most 31 of a-z, 0-9, - and _, "
                          "as the hub's calendar has it, or {answer} of an "
                          "earlier choice");
        return;
    }
    from = place_step(loader, step);
    if (!from)
        item_complain(loader, at,
                      "expected {answer} of a choice before this step, or the "
                      "name of one place");
    else if (!is_place_choice(from))
        item_complain(loader, at,
                      "the hub must always know the place: expected the answer "
                      "of a choice without way and required");
}
