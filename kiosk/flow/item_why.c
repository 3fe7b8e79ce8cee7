/* Whoever is asked for sensitive data may ask why: an item that does not say it
 * is refused. */
#include "kiosk/flow/item_load.h"

#include <string.h>

/* Of these types every answer is. */
static const char *const sensitive_types[] = { "mobile", "id_number",
                                               "bank_card" };

/* The node that makes it sensitive, or NULL. */
static const struct yaml *sensitive_node(const struct yaml *node,
                                         const struct step *step)
{
    const struct yaml *type = yaml_get(node, "type");

    if (step->is_sensitive)
        return yaml_get(node, "sensitive");
    if (!type || type->kind != YAML_TEXT)
        return NULL;
    for (size_t i = 0; i < sizeof sensitive_types / sizeof *sensitive_types;
         i++)
        if (strcmp(type->text, sensitive_types[i]) == 0)
            return type;
    return NULL;
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
