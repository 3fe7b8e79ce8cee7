/* What the table of keys cannot say of a field: which keys go with its type,
 * and what a limit may be. */
#include "kiosk/flow/item_load.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/field.h"

enum { TYPES_BYTES = 256 };

/* Kinds of pages and fields whose device or service there is not yet. */
static const struct later {
    const char *name, *lacks;
} laters[] = {
    { "material", "scanners and the shared-data service come" },
    { "scan", "scanners come" },
    { "e_certificate", "the service of electronic certificates comes" },
};

const char *item_kind_lacks(const char *name)
{
    for (size_t i = 0; i < sizeof laters / sizeof *laters; i++)
        if (strcmp(laters[i].name, name) == 0)
            return laters[i].lacks;
    return NULL;
}

static bool type_is_known(const struct yaml *type)
{
    for (int i = 0; type && type->kind == YAML_TEXT && i < FIELD_TYPE_COUNT;
         i++)
        if (strcmp(field_kind((enum field_type)i)->name, type->text) == 0)
            return true;
    return false;
}

/* ---- Limits -------------------------------------------------------------- */

/* "text, date, month": those that take this key. */
static void types_with_limits(bool with_text, struct buf *out)
{
    for (int i = 0; i < FIELD_TYPE_COUNT; i++) {
        const struct field_kind *kind = field_kind((enum field_type)i);

        if (kind->has_limits || (with_text && i == FIELD_TYPE_TEXT))
            buf_add_format(out, "%s%s", out->len ? ", " : "", kind->name);
    }
}

static void refuse_limit(struct loader *loader, const struct yaml *at,
                         const struct step *step, bool is_max)
{
    struct buf types;

    buf_init(&types, TYPES_BYTES);
    types_with_limits(is_max, &types);
    item_complain(
        loader, at, "a field of type %s has no %s: expected it on one of %s",
        field_kind(step->type)->name, is_max ? "max" : "min", types.text);
    buf_done(&types);
}

/* The most characters of a text. */
static void check_text(struct loader *loader, const struct yaml *node,
                       struct step *step)
{
    const struct yaml *max = yaml_get(node, "max");
    const char *digits = step->check.max;

    step->check.max = NULL;
    if (!max) {
        item_complain(loader, node,
                      "a field of type text lacks \"max\": the most "
                      "characters");
    } else if (digits) {
        char *end;
        long most = strtol(digits, &end, 10);

        if (digits[0] >= '1' && digits[0] <= '9' && *end == '\0' &&
            most <= FIELD_CHARS_MAX)
            step->max_chars = (size_t)most;
        else
            item_complain(loader, max,
                          "expected a whole number from 1 to %d: the most "
                          "characters of a text",
                          FIELD_CHARS_MAX);
    }
}

static void check_limit(struct loader *loader, const struct yaml *node,
                        struct step *step, bool is_max)
{
    const struct yaml *at = yaml_get(node, is_max ? "max" : "min");
    const char **limit = is_max ? &step->check.max : &step->check.min;
    const struct field_kind *kind = field_kind(step->type);

    if (!at || (is_max && step->type == FIELD_TYPE_TEXT))
        return;
    if (!kind->has_limits) {
        refuse_limit(loader, at, step, is_max);
    } else if (*limit && !field_is_value(step, *limit)) {
        item_complain(loader, at,
                      "expected what the field could send, such as %s",
                      kind->sample);
    } else {
        return;
    }
    *limit = NULL;
}

static void check_order(struct loader *loader, const struct yaml *node,
                        struct step *step)
{
    const char *min = field_limit(step, false), *max = field_limit(step, true);

    if (min && max && field_compare(min, max) > 0)
        item_complain(loader, yaml_get(node, step->check.max ? "max" : "min"),
                      "nothing is both at least %s and at most %s: expected "
                      "the least first",
                      min, max);
}

/* ---- Beside other answers ------------------------------------------------ */

static bool is_time(const struct step *step)
{
    return strcmp(step->screen, "field") == 0 &&
           (step->type == FIELD_TYPE_DATE || step->type == FIELD_TYPE_MONTH);
}

static void check_not_before(struct loader *loader, const struct yaml *node,
                             const struct step *step)
{
    const struct item *item = loader->item;

    if (!step->not_before)
        return;
    for (const struct step *other = item->steps; other < step; other++)
        if (other->answer && strcmp(other->answer, step->not_before) == 0 &&
            is_time(other) && is_time(step) && other->type == step->type)
            return;
    item_complain(loader, yaml_get(node, "not_before"),
                  "expected, on a date or a month, the answer of an earlier "
                  "field of the same type");
}

static void check_another(struct loader *loader, const struct yaml *node,
                          const struct step *step)
{
    if (step->is_another_person && step->type != FIELD_TYPE_ID_NUMBER)
        item_complain(loader, yaml_get(node, "another_person"),
                      "only a field of type id_number is another person's");
}

/* ---- Fields and choices -------------------------------------------------- */

void item_field_check(struct loader *loader, const struct yaml *node,
                      struct step *step)
{
    const struct yaml *fen = yaml_get(node, "fen");
    const struct yaml *type = yaml_get(node, "type");

    if (!type_is_known(type))
        return; /* it is told that it is missing or wrong */
    if (step->type == FIELD_TYPE_YES_NO) {
        item_complain(loader, type,
                      "yes_no is chosen: expected it on screen: choice");
        return;
    }
    step->max_chars = field_kind(step->type)->chars;
    if (step->type == FIELD_TYPE_TEXT)
        check_text(loader, node, step);
    check_limit(loader, node, step, false);
    check_limit(loader, node, step, true);
    check_order(loader, node, step);
    if (fen && step->type != FIELD_TYPE_MONEY)
        item_complain(loader, fen, "only a field of type money has fen");
    check_not_before(loader, node, step);
    check_another(loader, node, step);
}

/* Its two options, as if the file had them. */
static void add_yes_and_no(const struct yaml *node, struct step *step)
{
    static const struct option both[] = {
        { .value = "yes", .text = { { "是", "Yes" } } },
        { .value = "no", .text = { { "否", "No" } } },
    };

    step->option_count = sizeof both / sizeof *both;
    step->options = mem_new(sizeof both);
    for (size_t i = 0; i < step->option_count; i++) {
        step->options[i] = both[i];
        step->options[i].at = node;
    }
}

void item_choice_type_check(struct loader *loader, const struct yaml *node,
                            struct step *step)
{
    const struct yaml *type = yaml_get(node, "type");

    if (!type_is_known(type))
        return;
    if (step->type != FIELD_TYPE_YES_NO)
        item_complain(loader, type,
                      "%s is typed: expected it on screen: field, or type: "
                      "yes_no here",
                      field_kind(step->type)->name);
    else if (yaml_get(node, "options") || yaml_get(node, "list"))
        item_complain(loader, type,
                      "yes_no brings its own options: expected neither options "
                      "nor a list");
    else
        add_yes_and_no(type, step);
}
