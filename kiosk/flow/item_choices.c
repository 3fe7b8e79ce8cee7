/* A choice of many in an item's file: how many may be chosen must go with how
 * many there are. */
#include "kiosk/flow/item_load.h"

#include <string.h>

/* Those that may stand beside others; a list's rows all may. */
static int count_together(const struct step *step)
{
    int count = step->list ? (int)step->list->count : 0;

    for (size_t i = 0; i < step->option_count; i++)
        count += !step->options[i].is_alone;
    return count;
}

static void check_numbers(struct loader *loader, const struct yaml *node,
                          struct step *step)
{
    const struct yaml *least = yaml_get(node, "least");
    const struct yaml *most = yaml_get(node, "most");
    int count = count_together(step);

    if (step->most && step->least > step->most)
        item_complain(loader, most,
                      "at most %d cannot be at least %d: expected the "
                      "greater number here",
                      step->most, step->least);
    else if (most && step->most > count)
        item_complain(loader, most,
                      "there are %d to choose together: expected no more",
                      count);
    else if (least && step->least > count)
        item_complain(loader, least,
                      "there are %d to choose together: expected no more",
                      count);
    else if (step->most == 1)
        item_complain(loader, most,
                      "who may choose one only makes a choice: expected "
                      "screen: choice");
}

void item_choices_check(struct loader *loader, const struct yaml *node,
                        struct step *step)
{
    const struct yaml *least = yaml_get(node, "least");

    if (!least)
        step->least = 1;
    if (step->option_count > 0 && count_together(step) < 2)
        item_complain(loader, yaml_get(node, "options"),
                      "nothing can be chosen together: expected two options "
                      "without alone");
    else if (step->option_count > 0 || step->list)
        check_numbers(loader, node, step);
}

void item_alone_check(struct loader *loader, const struct step *step)
{
    for (size_t i = 0; i < step->option_count; i++)
        if (step->options[i].is_alone)
            item_complain(loader, yaml_get(step->options[i].at, "alone"),
                          "one answer is always alone: \"alone\" belongs to "
                          "screen: choices");
}

void item_choices_given(const struct yaml *given, struct buf *out)
{
    if (given->kind == YAML_TEXT)
        buf_add_text(out, given->text);
    for (size_t i = 0; given->kind == YAML_LIST && i < given->count; i++)
        buf_add_format(out, "%s%s", i ? "," : "", given->items[i]->text);
}
