/* A step with screen: record becomes its page and, for each of its columns, a
 * computed step (record.h) that cuts the column out of the answer. */
#include "kiosk/flow/item_expand.h"

#include <string.h>

static bool is_true(const struct yaml *node)
{
    return node && node->kind == YAML_TEXT && strcmp(node->text, "true") == 0;
}

/* decision == "none" ? dyn(null) : decision.split("|")[2] */
static const char *cut(struct loader *loader, const char *id, size_t n)
{
    return expand_name(loader,
                       "%s == \"none\" ? dyn(null) : dyn(%s.split(\"|\")[%zu])",
                       id, id, n);
}

/* NULL: it says none, or one that is told. */
static const char *type_of(const struct yaml *column)
{
    static const char *const types[] = { "text", "date", "money" };
    const char *type = expand_text_of(column, "type");

    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i]) == 0)
            return type;
    return NULL;
}

static void add_column(struct expansion *expansion, const struct yaml *step,
                       const struct yaml *column, size_t n)
{
    static const char *const passed_on[] = { "label", "options", "mask",
                                             "hidden" };
    struct loader *loader = expansion->loader;
    const char *id = expand_text_of(step, "id");
    const char *name = expand_text_of(column, "id");
    const char *type = type_of(column);
    struct yaml *made = expand_map(loader, column);

    if (!name)
        return; /* told */
    expand_put_text(loader, made, yaml_get(column, "id"), "id",
                    expand_name(loader, "%s_%s", id, name));
    expand_put_text(loader, made, column, "screen", "computed");
    expand_put_text(loader, made, column, "value", cut(loader, id, n));
    expand_put(loader, made, "when", yaml_get(step, "when"));
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        expand_put(loader, made, passed_on[i], yaml_get(column, passed_on[i]));
    if (type)
        expand_put(loader, made, "type", yaml_get(column, "type"));
    if (type && strcmp(type, "money") == 0)
        expand_put_text(loader, made, column, "fen", "true");
    expand_add(expansion, step, made);
}

static void check_type(struct loader *loader, const struct yaml *column)
{
    const struct yaml *type = yaml_get(column, "type");
    const char *known = type_of(column);

    if (type && !known)
        item_complain(loader, type, "expected text, date or money");
    if (known && yaml_get(column, "options") && strcmp(known, "text") != 0)
        item_complain(loader, type,
                      "only a text is one of the office's words: expected no "
                      "options, or no type");
}

static bool is_list_of_columns(struct loader *loader, const struct yaml *step)
{
    const struct yaml *columns = yaml_get(step, "columns");

    if (!columns) {
        item_complain(loader, step,
                      "expected columns: what is told of each record");
        return false;
    }
    if (columns->is_bad)
        return false;
    if (columns->kind != YAML_LIST || columns->count == 0 ||
        columns->count > RECORD_COLUMNS_MAX) {
        item_complain(loader, columns, "expected a list of 1 to %d columns",
                      RECORD_COLUMNS_MAX);
        return false;
    }
    return true;
}

/* The page itself has all but the columns. */
static struct yaml *page_of(struct loader *loader, const struct yaml *step)
{
    struct yaml *page = expand_map(loader, step);

    for (size_t i = 0; i < step->count; i++)
        if (strcmp(step->keys[i]->text, "columns") != 0)
            expand_put(loader, page, step->keys[i]->text, step->items[i]);
    return page;
}

void expand_record(struct expansion *expansion, const struct yaml *step)
{
    const struct yaml *columns = yaml_get(step, "columns");
    struct loader *loader = expansion->loader;
    bool has_shown = false;

    expand_add(expansion, step, page_of(loader, step));
    if (!is_list_of_columns(loader, step))
        return;
    for (size_t i = 0; i < columns->count; i++) {
        const struct yaml *column = columns->items[i];

        if (column->kind != YAML_MAP) {
            item_complain(loader, column,
                          "expected a column, such as {id: fen, type: money, "
                          "label: …}");
            continue;
        }
        item_check_keys(loader, PLACE_COLUMN, column);
        check_type(loader, column);
        has_shown = has_shown || !is_true(yaml_get(column, "hidden"));
        add_column(expansion, step, column, i + 1);
    }
    if (!has_shown)
        item_complain(loader, columns,
                      "nothing is shown of a record: expected a column that "
                      "is not hidden");
}
