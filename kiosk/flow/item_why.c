/* Whoever is asked for sensitive data may ask why: an item that does not say it
 * is refused. */
#include "kiosk/flow/field.h"
#include "kiosk/flow/item_load.h"

#include <string.h>

/* The node that makes it sensitive, or NULL. */
static const struct yaml *sensitive_node(const struct yaml *node,
                                         const struct step *step)
{
    const struct yaml *type = yaml_get(node, "type");

    if (step->is_sensitive)
        return yaml_get(node, "sensitive");
    /* A misspelt type is told by itself. */
    return type && type->kind == YAML_TEXT &&
                   strcmp(type->text, field_kind(step->type)->name) == 0 &&
                   field_kind(step->type)->is_sensitive
               ? type
               : NULL;
}

void item_why_check(struct loader *loader, const struct yaml *node,
                    const struct step *step)
{
    const struct yaml *at = sensitive_node(node, step);

    if (at && !yaml_get(node, "why"))
        item_complain(loader, at,
                      "sensitive data, and nothing says what it is needed for: "
                      "write why: {zh_CN: …, en: …} beside it");
}
