/* How the parts of a slip go together: each is one thing, names what there is,
 * has a cell for each column, and fits the papers on which it stands.  What no
 * item can take away (title, numbers, state, whom to ask, what a receipt means,
 * terminal, time) is no part of it, so it cannot be told otherwise here. */
#include "kiosk/flow/item_load.h"

#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/walk_slip.h"

/* Bytes that a code can hold with dots of 3/8 mm, and lines of 58-mm paper that
 * kiosk-draw prints, less what every slip has; each language takes half. */
enum {
    CODE_58 = 997,
    CODE_WIDE = 2331,
    LINES_MOST = 180,
    CELLS_58 = 25,
    CHARACTER_BYTES = 4,
    VALUE_BYTES = 32
};

static const struct yaml *key_of(const struct slip_part *part, const char *key)
{
    const struct yaml *node = yaml_get(part->at, key);

    return node ? node : part->at;
}

/* ---- One thing ------------------------------------------------------------ */

static const char *const things[] = { "fact",  "line", "text",
                                      "table", "qr",   "rule" };
enum { THINGS = sizeof things / sizeof *things };

/* A misspelt key is told as such, once. */
static bool has_unknown(const struct slip_part *part)
{
    for (size_t i = 0; i < part->at->count; i++)
        if (!item_key_find(PLACE_SLIP_PART, part->at->keys[i]->text))
            return true;
    return false;
}

static bool is_one_thing(struct loader *loader, const struct slip_part *part)
{
    size_t count = 0;

    for (size_t i = 0; i < THINGS; i++)
        count += yaml_get(part->at, things[i]) != NULL;
    if (count != 1 && !has_unknown(part))
        item_complain(loader, part->at,
                      "a part of the slip is one of fact, line, text, table, "
                      "qr or rule: this has %s",
                      count ? "more than one" : "none");
    return count == 1;
}

/* ---- Facts and lines ------------------------------------------------------ */

static void complain_unknown(struct loader *loader, const struct yaml *node,
                             const char *what, const char *const *known,
                             size_t count)
{
    const char *near = yaml_nearest(node->text, known, count);

    item_complain(loader, node, "%s \"%.40s\"%s%s%s", what, node->text,
                  near ? "; did you mean \"" : "", near ? near : "",
                  near ? "\"?" : "");
}

static void check_fact(struct loader *loader, const struct slip_part *part)
{
    const struct loaded *loaded = loader->loaded;
    const struct step *step = walk_answering(loader->item, part->fact);
    const char *known[ITEM_NAMES_MAX];
    size_t count = 0;

    if (step && !step->label.in[LANGUAGE_ZH_CN])
        item_complain(loader, key_of(part, "fact"),
                      "\"%s\" has no label to stand beside it: expected what a "
                      "choice or a field answers",
                      part->fact);
    if (step)
        return;
    if (strncmp(part->fact, "card_", 5) == 0) {
        item_complain(loader, key_of(part, "fact"),
                      "what the card said stands on no slip, which anybody may "
                      "find: expected what a step answers");
        return;
    }
    for (size_t i = ITEM_NAMES_BUILT_IN; i < loaded->name_count; i++)
        known[count++] = loaded->names[i].name;
    complain_unknown(loader, key_of(part, "fact"), "no step answers", known,
                     count);
}

static void check_line(struct loader *loader, const struct slip_part *part,
                       const struct step *result)
{
    const char *known[32]; /* the most that a page has */
    size_t count = 0;

    for (size_t i = 0; i < result->line_count; i++) {
        const char *id = result->lines[i].id;

        if (id && strcmp(id, part->line) == 0)
            return;
        if (id && count < sizeof known / sizeof *known)
            known[count++] = id;
    }
    complain_unknown(loader, key_of(part, "line"),
                     "the result page has no line", known, count);
}

/* ---- Tables --------------------------------------------------------------- */

static void check_width(struct loader *loader, const struct yaml *at,
                        const struct slip_part *part,
                        const struct slip_cells *cells)
{
    if (cells->count > 0 && cells->count != part->columns.count)
        item_complain(loader, at,
                      "%zu cells under %zu columns: expected one for each",
                      cells->count, part->columns.count);
}

static void check_each(struct loader *loader, const struct slip_part *part,
                       const struct yaml *table)
{
    const struct yaml *cells = yaml_get(table, "cells");
    char prefix[WALK_ENTRY_BYTES];

    if (!walk_entry(loader->item, part->each, 1, prefix))
        item_complain(loader, yaml_get(table, "each"),
                      "no step answers %s…: expected the name of a group",
                      prefix);
    if (!cells)
        item_complain(loader, table,
                      "a table with each lacks \"cells\": the cells of an "
                      "entry's row");
    else
        check_width(loader, cells, part, &part->cells);
}

static void check_row_ids(struct loader *loader, const struct slip_part *part,
                          size_t at)
{
    for (size_t i = 0; part->rows[at].id && i < at; i++)
        if (part->rows[i].id &&
            strcmp(part->rows[i].id, part->rows[at].id) == 0)
            item_complain(loader, part->rows[at].at,
                          "the id \"%s\" stands here twice", part->rows[at].id);
}

static void check_table(struct loader *loader, const struct slip_part *part)
{
    const struct yaml *table = yaml_get(part->at, "table");
    const struct yaml *rows = yaml_get(table, "rows");

    if (part->columns.count == 1)
        item_complain(loader, yaml_get(table, "columns"),
                      "one column is no table: expected two to %d, or texts",
                      ITEM_SLIP_COLUMNS_MAX);
    if (!rows == !part->each)
        item_complain(loader, table,
                      "expected either rows, or each with cells");
    else if (part->each)
        check_each(loader, part, table);
    else if (yaml_get(table, "cells"))
        item_complain(loader, yaml_get(table, "cells"),
                      "\"cells\" means something with each only: expected it "
                      "in a row");
    for (size_t i = 0; i < part->row_count; i++) {
        check_width(loader, part->rows[i].at, part, &part->rows[i].cells);
        check_row_ids(loader, part, i);
    }
}

/* ---- Codes ---------------------------------------------------------------- */

/* Of a step that was refused nothing is known. */
static unsigned page_of(const struct step *step)
{
    return step->screen ? item_screen_bit(step->screen) : 0;
}

/* The longest that is filled in for an answer. */
static size_t value_bytes(const struct step *step)
{
    size_t most = VALUE_BYTES; /* "later", a date, a value of options */

    if (page_of(step) == ON_FIELD && step->max_chars * CHARACTER_BYTES > most)
        most = step->max_chars * CHARACTER_BYTES;
    for (size_t i = 0; step->list && i < step->list->count; i++)
        if (strlen(step->list->rows[i].value) > most)
            most = strlen(step->list->rows[i].value);
    return most;
}

static bool is_personal(const struct step *step)
{
    return step->is_sensitive || step->is_masked ||
           (page_of(step) == ON_FIELD &&
            (field_kind(step->type)->is_personal ||
             field_kind(step->type)->is_sensitive));
}

/* What {name} adds to a code at most. */
static size_t fill_bytes(struct loader *loader, const struct yaml *node,
                         const char *text, size_t len)
{
    char name[40] = "";
    const struct step *step;

    if (len < sizeof name)
        memcpy(name, text, len);
    step = walk_answering(loader->item, name);
    if (!step || !(page_of(step) & (ON_CHOICE | ON_FIELD))) {
        item_complain(loader, node,
                      "{%.*s} is filled by nothing in a code: expected what a "
                      "choice or a field answers",
                      (int)(len < 40 ? len : 40), text);
        return 0;
    }
    if (is_personal(step))
        item_complain(loader, node,
                      "{%s} is personal: a code shows it to whoever finds the "
                      "slip; expected answers that are not",
                      name);
    return value_bytes(step);
}

static size_t code_bytes(struct loader *loader, const struct yaml *node)
{
    const char *at = node->text;
    size_t bytes = 0;

    while (*at) {
        size_t plain = strcspn(at, "{"), len;

        bytes += plain;
        at += plain;
        if (!*at)
            break;
        len = strcspn(++at, "{}");
        if (at[len] != '}') {
            item_complain(loader, node, "a { without its }");
            return 0;
        }
        bytes += fill_bytes(loader, node, at, len);
        at += len + 1;
    }
    return bytes;
}

static void check_code(struct loader *loader, const struct slip_part *part)
{
    const struct yaml *node = key_of(part, "qr");
    bool is_progress = strcmp(part->qr, "progress") == 0;
    bool is_narrow = !part->papers || part->papers & ITEM_PAPER_58;
    size_t most = is_narrow ? CODE_58 : CODE_WIDE, bytes;

    if (is_progress && part->label.in[LANGUAGE_ZH_CN])
        item_complain(loader, key_of(part, "label"),
                      "the code of the progress page says itself what it is "
                      "for: expected no label");
    if (is_progress)
        return;
    if (!part->label.in[LANGUAGE_ZH_CN])
        item_complain(loader, part->at,
                      "a code of the item's own lacks \"label\": what it is "
                      "for");
    bytes = code_bytes(loader, node);
    if (bytes > most)
        item_complain(loader, node,
                      "too long for a code: up to %zu bytes with its answers, "
                      "of which %zu can be scanned from %s paper: expected "
                      "less%s",
                      bytes, most, is_narrow ? "58-mm" : "such",
                      is_narrow && bytes <= CODE_WIDE ? ", or on: [80mm, a4]"
                                                      : "");
}

/* ---- The whole ------------------------------------------------------------ */

/* What would stand there twice, with one id on a screen. */
static const char *twice(const struct slip_part *part,
                         const struct slip_part *other)
{
    const struct {
        const char *key, *a, *b;
    } names[] = { { "id", part->id, other->id },
                  { "fact", part->fact, other->fact },
                  { "line", part->line, other->line },
                  { "qr", part->qr, other->qr } };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].a && names[i].b && strcmp(names[i].a, names[i].b) == 0)
            return names[i].key;
    return NULL;
}

static void check_twice(struct loader *loader, size_t at)
{
    const struct slip_part *slip = loader->item->slip;

    for (size_t i = 0; i < at; i++) {
        const char *key = twice(&slip[at], &slip[i]);

        if (key) {
            item_complain(loader, key_of(&slip[at], key),
                          "the slip has this already: expected it once");
            return;
        }
    }
}

static void check_part(struct loader *loader, size_t at,
                       const struct step *result)
{
    const struct slip_part *part = &loader->item->slip[at];

    if (part->at->kind != YAML_MAP || !is_one_thing(loader, part))
        return;
    if (part->fact)
        check_fact(loader, part);
    if (part->line)
        check_line(loader, part, result);
    if (part->columns.count > 0)
        check_table(loader, part);
    if (part->qr)
        check_code(loader, part);
    if (part->label.in[LANGUAGE_ZH_CN] && !part->qr)
        item_complain(loader, key_of(part, "label"),
                      "\"label\" means something with qr only");
    check_twice(loader, at);
}

static void warn_unnamed(struct loader *loader, const struct step *result)
{
    const struct item *item = loader->item;

    for (size_t i = 0; i < result->line_count; i++) {
        const struct line *line = &result->lines[i];
        bool is_named = !line->id || line->is_unverified;

        for (size_t j = 0; j < item->slip_count; j++)
            is_named = is_named || (item->slip[j].line &&
                                    strcmp(item->slip[j].line, line->id) == 0);
        if (!is_named)
            item_warn(loader, line->at,
                      "this line stands nowhere, for the slip does not name "
                      "it: expected {line: %s} among its parts",
                      line->id);
    }
}

/* ---- How long it becomes --------------------------------------------------- */

static size_t lines_of(const char *text)
{
    return (size_t)text_wrap_count(text, CELLS_58);
}

/* With so much for each answer as can be written. */
static size_t lines_filled(const struct item *item, const struct words *words)
{
    const char *text = words_in(words, LANGUAGE_ZH_CN);
    size_t lines = lines_of(text);

    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        for (size_t i = 0; i < item->step_count; i++) {
            const struct step *step = &item->steps[i];
            size_t len = step->answer ? strlen(step->answer) : 0;

            if (len > 0 && strncmp(at + 1, step->answer, len) == 0 &&
                at[1 + len] == '}')
                lines += 2 * step->max_chars / CELLS_58;
        }
    }
    return lines;
}

static size_t lines_of_entries(const struct item *item,
                               const struct slip_part *part)
{
    char prefix[WALK_ENTRY_BYTES];
    size_t lines = 0;

    for (size_t n = 1; walk_entry(item, part->each, n, prefix); n++) {
        lines += 2 * part->columns.count;
        for (size_t i = 0; i < item->step_count; i++)
            if (item->steps[i].answer &&
                strncmp(item->steps[i].answer, prefix, strlen(prefix)) == 0)
                lines += 2 * item->steps[i].max_chars / CELLS_58;
    }
    return lines;
}

static size_t lines_of_part(const struct item *item,
                            const struct slip_part *part)
{
    const struct step *result = walk_result(item);
    const struct step *step = walk_answering(item, part->fact);
    size_t lines = 1;

    if (step)
        lines += 1 + 2 * step->max_chars / CELLS_58;
    for (size_t i = 0; part->line && i < result->line_count; i++)
        if (result->lines[i].id && strcmp(result->lines[i].id, part->line) == 0)
            lines += lines_filled(item, &result->lines[i].text);
    if (part->text.in[LANGUAGE_ZH_CN])
        lines += lines_filled(item, &part->text);
    for (size_t i = 0; i < part->row_count; i++)
        for (size_t j = 0; j < part->rows[i].cells.count; j++)
            lines += 1 + lines_filled(item, &part->rows[i].cells.in[j]);
    if (part->each)
        lines += lines_of_entries(item, part);
    if (part->qr && strcmp(part->qr, "progress") != 0)
        lines += 10;
    return lines;
}

static void warn_length(struct loader *loader, const struct yaml *slip)
{
    const struct item *item = loader->item;
    size_t lines = 0;

    for (size_t i = 0; i < item->slip_count; i++)
        if (!item->slip[i].papers || item->slip[i].papers & ITEM_PAPER_58)
            lines += lines_of_part(item, &item->slip[i]);
    if (lines > LINES_MOST)
        item_warn(loader, slip,
                  "this slip may take %zu lines of 58-mm paper, of which %d "
                  "can be printed: expected fewer parts, or some with on: "
                  "[80mm, a4]",
                  lines, LINES_MOST);
}

void item_slip_check(struct loader *loader, const struct yaml *root)
{
    const struct item *item = loader->item;
    const struct yaml *slip = yaml_get(root, "slip");
    const struct step *result = walk_result(item);

    if (!slip || slip->is_bad || item->slip_count == 0)
        return;
    if (!result) {
        item_complain(loader, slip,
                      "nothing is sent here, so there is no slip: expected a "
                      "step with screen: result, or no \"slip\"");
        return;
    }
    size_t before = loader->problems->raised;
    for (size_t i = 0; i < item->slip_count; i++)
        check_part(loader, i, result);
    if (loader->problems->raised != before)
        return;
    warn_unnamed(loader, result);
    warn_length(loader, slip);
}
