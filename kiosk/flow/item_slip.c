/* What stands on an item's slip, as its file says it: cells of tables, what a
 * code holds, the papers.  How the parts go together: item_slip_check.c. */
#include "kiosk/flow/item_load.h"

#include <string.h>

const char *item_slip_group(const struct yaml *table)
{
    const struct yaml *each = yaml_get(table, "each");

    return each && each->kind == YAML_TEXT ? each->text : NULL;
}

/* Every name is known by then: a slip is made when all was answered. */
void item_slip_read(struct loader *loader, const struct yaml *root)
{
    const struct yaml *slip = yaml_get(root, "slip");

    if (!slip)
        return;
    loader->known = loader->loaded->name_count;
    loader->place = PLACE_ITEM;
    item_load_value(loader, item_key_find(PLACE_ITEM, "slip"), slip,
                    loader->item);
}

/* ---- Cells --------------------------------------------------------------- */

/* Letters of any language, beside {names}. */
static bool has_letters(const char *text)
{
    for (bool is_name = false; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '{' || c == '}')
            is_name = c == '{';
        else if (!is_name && (c >= 0x80 || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z')))
            return true;
    }
    return false;
}

/* '{name}', '1': the same in every language. */
static void load_plain(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, struct words *into)
{
    size_t before = loader->problems->raised;

    if (has_letters(node->text)) {
        item_complain(loader, node,
                      "expected a text in both languages: {zh_CN: …, en: …}; "
                      "only {answers} and digits stand without");
        return;
    }
    item_load_text(loader, row, node, LANGUAGE_ZH_CN,
                   &into->in[LANGUAGE_ZH_CN]);
    /* What is wrong with it is told once. */
    for (int i = 0; i < LANGUAGE_COUNT && loader->problems->raised == before;
         i++)
        into->in[i] = item_facts_fill(loader, node, (enum language)i);
}

void item_slip_cells(struct loader *loader, const struct key_row *row,
                     const struct yaml *node, struct slip_cells *into)
{
    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > ITEM_SLIP_COLUMNS_MAX) {
        item_complain(loader, node, "expected a list of 1 to %d texts: %s",
                      ITEM_SLIP_COLUMNS_MAX, row->means);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *cell = node->items[i];

        if (cell->kind == YAML_TEXT)
            load_plain(loader, row, cell, &into->in[i]);
        else
            item_load_words(loader, row, cell, &into->in[i]);
    }
    into->count = node->count;
}

/* ---- What a code holds, and where a part stands --------------------------- */

void item_slip_filled(struct loader *loader, const struct yaml *node,
                      const char **into)
{
    if (node->kind != YAML_TEXT || !*node->text) {
        item_complain(loader, node,
                      "expected progress, or the text that the code holds");
        return;
    }
    for (const char *c = node->text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            item_complain(loader, node,
                          "expected a text without control characters");
            return;
        }
    *into = node->text;
}

void item_slip_papers(struct loader *loader, const struct yaml *node, int *into)
{
    static const char *const papers[] = { "58mm", "80mm", "a4" };
    enum { PAPERS = sizeof papers / sizeof *papers };

    if (node->kind != YAML_LIST || node->count == 0) {
        item_complain(loader, node, "expected a list of 58mm, 80mm and a4");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *entry = node->items[i];
        const char *name = entry->kind == YAML_TEXT ? entry->text : "";
        const char *near = yaml_nearest(name, papers, PAPERS);
        size_t at = 0;

        while (at < PAPERS && strcmp(papers[at], name) != 0)
            at++;
        if (at == PAPERS)
            item_complain(loader, entry, "expected 58mm, 80mm or a4%s%s%s",
                          near ? "; did you mean \"" : "", near ? near : "",
                          near ? "\"?" : "");
        else if (*into & 1 << at)
            item_complain(loader, entry, "\"%s\" stands here twice", name);
        else
            *into |= 1 << at; /* ITEM_PAPER_…, in this order */
    }
}
