/* What an item says of its own slip, told part by part. */
#include "kiosk/flow/walk_slip.h"

#include "kiosk/base/mem.h"

#include <stdio.h>
#include <string.h>

/* A row for each entry of a group besides those that are written out. */
enum {
    TEXT_MAX = 4096,
    ID_BYTES = 48,
    ROWS_MAX = 60,
    CELLS_MAX = (1 + ROWS_MAX) * ITEM_SLIP_COLUMNS_MAX
};

const struct step *walk_answering(const struct item *item, const char *answer)
{
    for (size_t i = 0; answer && i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, answer) == 0)
            return &item->steps[i];
    return NULL;
}

bool walk_slip_names(const struct item *item, const char *answer)
{
    for (size_t i = 0; answer && i < item->slip_count; i++)
        if (item->slip[i].fact && strcmp(item->slip[i].fact, answer) == 0)
            return true;
    return false;
}

bool walk_entry(const struct item *item, const char *group, size_t n,
                char prefix[WALK_ENTRY_BYTES])
{
    snprintf(prefix, WALK_ENTRY_BYTES, "%s_%zu_", group, n);
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer &&
            strncmp(item->steps[i].answer, prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

static bool has_entry(const struct answers *answers, const char *prefix)
{
    for (size_t i = 0; i < answers_count(answers); i++)
        if (strncmp(answers_name(answers, i), prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

static void tell(const struct slip_telling *telling,
                 const struct slip_told *told)
{
    telling->told->tell(telling->told->owner, told);
}

/* ---- Tables -------------------------------------------------------------- */

/* Cells being gathered; each a text of its own on the heap. */
struct table {
    const struct slip_telling *telling;
    const struct slip_part *part;
    char *cells[CELLS_MAX];
    size_t count;
};

/* {name} of an entry is the answer children_2_name: the names are changed first,
 * so that what is filled in is not looked at again. */
static void name_parts(const struct item *item, const char *text,
                       const char *prefix, struct buf *out)
{
    char name[ID_BYTES + WALK_ENTRY_BYTES];

    while (*text) {
        size_t plain = strcspn(text, "{"), len;

        buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        len = strcspn(text + 1, "{}");
        if (text[1 + len] == '}' && len < ID_BYTES) {
            snprintf(name, sizeof name, "%s%.*s", prefix, (int)len, text + 1);
            if (walk_answering(item, name)) {
                buf_add_format(out, "{%s}", name);
                text += len + 2;
                continue;
            }
        }
        buf_add_char(out, *text++);
    }
}

/* A line's end would tear the row. */
static void add_cell(struct table *table, const struct words *words,
                     const char *prefix)
{
    const struct slip_telling *telling = table->telling;
    struct buf named, text;

    buf_init(&named, TEXT_MAX);
    buf_init(&text, TEXT_MAX);
    name_parts(telling->item, words_in(words, telling->language), prefix,
               &named);
    const struct words both = { .in = { named.text, named.text } };
    walk_fill(telling->item, &both, telling->answers, telling->language, &text);
    for (char *c = text.text; *c; c++)
        if (*c == '\n')
            *c = ' ';
    table->cells[table->count++] = mem_copy_text(text.text);
    buf_done(&text);
    buf_done(&named);
}

static void add_row(struct table *table, const struct slip_cells *cells,
                    const char *prefix)
{
    static const struct words none = { .in = { "", "" } };

    if (table->count + table->part->columns.count > CELLS_MAX)
        return; /* both rows and entries: no item that was checked */
    for (size_t i = 0; i < table->part->columns.count; i++)
        add_cell(table, i < cells->count ? &cells->in[i] : &none, prefix);
}

static void add_entries(struct table *table)
{
    const struct slip_part *part = table->part;
    char prefix[WALK_ENTRY_BYTES];

    for (size_t n = 1; n <= ROWS_MAX &&
                       walk_entry(table->telling->item, part->each, n, prefix);
         n++)
        if (has_entry(table->telling->answers, prefix))
            add_row(table, &part->cells, prefix);
}

/* A table without a row is left out. */
static void tell_table(const struct slip_telling *telling,
                       const struct slip_part *part, const char *id)
{
    struct table table = { telling, part, { NULL }, 0 };
    size_t columns = part->columns.count;

    add_row(&table, &part->columns, "");
    for (size_t i = 0; i < part->row_count; i++)
        if (walk_is_true(part->rows[i].when, telling->answers))
            add_row(&table, &part->rows[i].cells, "");
    if (part->each)
        add_entries(&table);
    const struct slip_told told = {
        .kind = SLIP_TOLD_TABLE,
        .id = id,
        .cells = (const char *const *)table.cells,
        .columns = columns,
        .rows = table.count / columns,
    };
    if (told.rows > 1)
        tell(telling, &told);
    for (size_t i = 0; i < table.count; i++)
        mem_free(table.cells[i]);
}

/* ---- The others ----------------------------------------------------------- */

/* Answers as they are sent: it is a machine that reads them. */
static void fill_code(const struct slip_telling *telling, const char *text,
                      struct buf *out)
{
    char name[ID_BYTES];

    while (*text) {
        size_t len = strcspn(text, "{");

        buf_add(out, text, len);
        text += len;
        if (!*text)
            break;
        len = strcspn(++text, "}");
        snprintf(name, sizeof name, "%.*s", (int)len, text);
        const char *value = answers_get(telling->answers, name);
        buf_add_text(out, value ? value : "");
        text += len + (text[len] == '}');
    }
}

static void tell_code(const struct slip_telling *telling,
                      const struct slip_part *part, const char *id)
{
    struct slip_told told = {
        .kind = SLIP_TOLD_PROGRESS,
        .id = id,
        .label = words_in(&part->label, telling->language),
    };
    struct buf text;

    buf_init(&text, TEXT_MAX);
    if (strcmp(part->qr, "progress") != 0) {
        told.kind = SLIP_TOLD_QR;
        fill_code(telling, part->qr, &text);
    }
    told.text = text.text;
    tell(telling, &told);
    buf_done(&text);
}

static void tell_text(const struct slip_telling *telling,
                      const struct slip_part *part, const char *id)
{
    struct buf text;

    buf_init(&text, TEXT_MAX);
    walk_fill(telling->item, &part->text, telling->answers, telling->language,
              &text);
    const struct slip_told told = {
        .kind = SLIP_TOLD_TEXT, .id = id, .label = "", .text = text.text
    };
    tell(telling, &told);
    buf_done(&text);
}

static void tell_line(const struct slip_telling *telling, const char *id)
{
    const struct step *step = walk_result(telling->item);

    for (size_t i = 0; step && i < step->line_count; i++)
        if (strcmp(step->lines[i].id, id) == 0)
            walk_tell_line(telling, &step->lines[i]);
}

/* Ids hold what the part is, and its own id or else its place: no id of a line or
 * an answer has a point in it. */
static void name_part(const struct slip_part *part, const char *kind, size_t at,
                      char id[ID_BYTES])
{
    if (part->id)
        snprintf(id, ID_BYTES, "%s.%s", kind, part->id);
    else
        snprintf(id, ID_BYTES, "%s.%zu", kind, at + 1);
}

static void tell_part(const struct slip_telling *telling, size_t at)
{
    const struct slip_part *part = &telling->item->slip[at];
    static const struct slip_told rule = { .kind = SLIP_TOLD_RULE, .id = "" };
    char id[ID_BYTES];

    if (part->fact) {
        const struct step *step = walk_answering(telling->item, part->fact);

        snprintf(id, sizeof id, "fact.%s", part->fact);
        if (step)
            walk_tell_answer(telling, step, id);
    } else if (part->line) {
        tell_line(telling, part->line);
    } else if (part->text.in[LANGUAGE_ZH_CN]) {
        name_part(part, "text", at, id);
        tell_text(telling, part, id);
    } else if (part->columns.count > 0) {
        name_part(part, "table", at, id);
        tell_table(telling, part, id);
    } else if (part->qr) {
        name_part(part, "qr", at, id);
        tell_code(telling, part, id);
    } else if (part->rule) {
        tell(telling, &rule);
    }
}

void walk_tell_parts(const struct slip_telling *telling)
{
    const struct item *item = telling->item;

    for (size_t i = 0; i < item->slip_count; i++) {
        const struct slip_part *part = &item->slip[i];

        if ((!part->papers || part->papers & telling->paper) &&
            walk_is_true(part->when, telling->answers))
            tell_part(telling, i);
    }
}
