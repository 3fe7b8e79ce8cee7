/* Closing pages, as an item's pages go together. */
#include "kiosk/flow/item_load.h"

#include "kiosk/flow/walk.h"

void item_closing_check(struct loader *loader, const struct yaml *steps)
{
    const struct item *item = loader->item;

    for (size_t i = 0; i + 1 < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        /* A screen that is wrong is told already; so is a rule. */
        if (!step->screen || !walk_is_closing(step) || step->when ||
            yaml_get(steps->items[i], "when"))
            continue;
        item_complain(loader, steps->items[i + 1],
                      "nothing comes after the closing page \"%.31s\", which "
                      "always comes: expected a when there",
                      step->id ? step->id : "");
        return;
    }
}
