#include "kiosk/flow/lists.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/item_load.h"

enum { LISTS_MAX = 64, LIST_FILE_MAX = 1024 * 1024, LIST_COLUMNS = 4 };

static const char list_header[] = "value\tparent\tzh_CN\ten";

/* A list with the file's text, which its rows point into. */
struct kept {
    struct list list;
    char *name;
    char *text;
    bool is_bad; /* its mistakes are told already */
};

struct lists {
    char *folder;
    struct kept kept[LISTS_MAX];
    size_t count;
};

struct lists *lists_new(const char *folder)
{
    struct lists *lists = mem_new(sizeof *lists);

    lists->folder = mem_copy_text(folder);
    return lists;
}

void lists_free(struct lists *lists)
{
    if (!lists)
        return;
    for (size_t i = 0; i < lists->count; i++) {
        mem_free(lists->kept[i].list.rows);
        mem_free(lists->kept[i].name);
        mem_free(lists->kept[i].text);
    }
    mem_free(lists->folder);
    mem_free(lists);
}

const struct list_row *list_find(const struct list *list, const char *value)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].value, value) == 0)
            return &list->rows[i];
    return NULL;
}

/* Cuts the line at its tabs; how many columns there are. */
static size_t cut_columns(char *line, char *columns[LIST_COLUMNS])
{
    size_t count = 0;

    for (char *at = line; at; count++) {
        char *tab = strchr(at, '\t');

        if (count < LIST_COLUMNS)
            columns[count] = at;
        if (tab)
            *tab++ = '\0';
        at = tab;
    }
    return count;
}

/* In characters, from 1; the tabs before it are cut already. */
static int column_of(const char *line, const char *at)
{
    int column = 1;

    for (const char *c = line; c < at; c++)
        column += ((unsigned char)*c & 0xc0) != 0x80;
    return column;
}

static void read_row(struct kept *kept, char *line, const char *path,
                     int number, struct problems *problems)
{
    char *columns[LIST_COLUMNS];
    struct list_row *row = &kept->list.rows[kept->list.count];
    size_t count = cut_columns(line, columns);

    if (count != LIST_COLUMNS) {
        problems_add(problems, path, number, 1,
                     "expected 4 columns parted by tabs "
                     "(value, parent, zh_CN, en), not %zu",
                     count);
        return;
    }
    if (!item_name_is_ok(columns[0], true) || strcmp(columns[0], "later") == 0)
        problems_add(problems, path, number, 1,
                     "the value must be of a-z, 0-9, - and _, and not "
                     "\"later\"");
    for (int i = 2; i < LIST_COLUMNS; i++) {
        size_t at = 0;
        const char *fault =
            *columns[i]
                ? item_words_fault(columns[i],
                                   i == 2 ? LANGUAGE_ZH_CN : LANGUAGE_EN, &at)
                : "expected a text";

        if (fault)
            problems_add(problems, path, number,
                         column_of(line, columns[i] + at), "%s", fault);
    }
    row->value = columns[0];
    row->parent = columns[1];
    row->text.in[LANGUAGE_ZH_CN] = columns[2];
    row->text.in[LANGUAGE_EN] = columns[3];
    kept->list.count++;
}

static int by_value(const void *a, const void *b)
{
    const struct list_row *const *left = a, *const *right = b;

    return strcmp((*left)->value, (*right)->value);
}

static void check_values_differ(const struct list *list, const char *path,
                                struct problems *problems)
{
    const struct list_row **sorted =
        mem_new((list->count + 1) * sizeof *sorted);

    for (size_t i = 0; i < list->count; i++)
        sorted[i] = &list->rows[i];
    qsort(sorted, list->count, sizeof *sorted, by_value);
    for (size_t i = 1; i < list->count; i++) {
        if (by_value(&sorted[i - 1], &sorted[i]) == 0)
            problems_add(problems, path, (int)(sorted[i] - list->rows) + 2, 1,
                         "the value \"%s\" stands here twice",
                         sorted[i]->value);
    }
    mem_free(sorted);
}

static void read_rows(struct kept *kept, const char *path, size_t len,
                      struct problems *problems)
{
    size_t lines = 1;
    int number = 2;
    char *line = strchr(kept->text, '\n');

    if (!line || strlen(kept->text) != len || !text_is_valid(kept->text, len) ||
        strncmp(kept->text, list_header, sizeof list_header - 1) != 0 ||
        line != kept->text + sizeof list_header - 1) {
        problems_add(problems, path, 1, 1,
                     "expected UTF-8 text whose first line is value, parent, "
                     "zh_CN, en, parted by tabs");
        return;
    }
    for (const char *at = line + 1; *at; at++)
        lines += *at == '\n';
    kept->list.rows = mem_new(lines * sizeof *kept->list.rows);
    for (line++; line && *line; number++) {
        char *end = strchr(line, '\n');

        if (end)
            *end++ = '\0';
        read_row(kept, line, path, number, problems);
        line = end;
    }
    if (kept->list.count == 0)
        problems_add(problems, path, 2, 1, "expected at least one row");
    check_values_differ(&kept->list, path, problems);
}

static enum err read_list(struct lists *lists, const char *name,
                          struct problems *problems, struct kept *kept)
{
    struct buf path;
    size_t len = 0, before = problems->raised;
    enum err err;

    buf_init(&path, 4096);
    buf_add_format(&path, "%s/lists/%s.tsv", lists->folder, name);
    err = file_read(path.text, LIST_FILE_MAX, &kept->text, &len);
    if (!err) {
        kept->name = mem_copy_text(name);
        kept->list.name = kept->name;
        digest_hex(kept->text, len, kept->list.hash);
        read_rows(kept, path.text, len, problems);
        kept->is_bad = problems->raised != before;
    }
    buf_done(&path);
    return err;
}

enum err lists_get(struct lists *lists, const char *name,
                   struct problems *problems, const struct list **ret_list)
{
    struct kept *kept = NULL;
    enum err err;

    for (size_t i = 0; i < lists->count && !kept; i++)
        if (strcmp(lists->kept[i].name, name) == 0)
            kept = &lists->kept[i];
    if (!kept) {
        if (lists->count == LISTS_MAX)
            return ERR_TOO_BIG;
        kept = &lists->kept[lists->count];
        err = read_list(lists, name, problems, kept);
        if (err)
            return err;
        lists->count++;
    }
    if (kept->is_bad)
        return ERR_BAD_INPUT;
    *ret_list = &kept->list;
    return ERR_OK;
}
