/* What is told to whoever wrote a file with mistakes. */
#include "kiosk/base/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

enum {
    PROBLEMS_MAX_BYTES = 1024 * 1024,
    MESSAGE_BYTES = 512,
    WORD_MAX = 63,
    NEAR_ENOUGH = 2
};

struct finding {
    size_t at, len; /* of its line */
    size_t file_len;
    int line, column;
    size_t first; /* of the findings, the one that names its file first */
    size_t number;
};

void problems_init(struct problems *problems)
{
    *problems = (struct problems){ 0 };
    buf_init(&problems->text, PROBLEMS_MAX_BYTES);
}

void problems_done(struct problems *problems)
{
    if (!problems)
        return;
    buf_done(&problems->text);
    mem_free(problems->findings);
}

/* One finding is one line of valid text, whatever the file had in it. */
static void add_line(struct buf *out, const char *message)
{
    uint32_t c;
    char bytes[4];

    while ((c = text_next(&message)) != 0) {
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            c = ' ';
        buf_add(out, bytes, text_encode(c, bytes));
    }
    buf_add_char(out, '\n');
}

/* Lines of one file follow one another as a rule, so the last one is looked at
 * first. */
static size_t first_of_file(const struct problems *problems, const char *file)
{
    size_t len = strlen(file);

    for (size_t i = problems->finding_count; i-- > 0;) {
        const struct finding *other = &problems->findings[i];

        if (other->file_len == len &&
            memcmp(problems->text.text + other->at, file, len) == 0)
            return other->first;
    }
    return problems->finding_count;
}

/* What is told already is not told again: one mistake may be met by several
 * ways (an item, and the same item with an overlay). */
static bool is_told(const struct problems *problems, size_t at, int line,
                    int column)
{
    const char *text = problems->text.text;
    size_t len = problems->text.len - at;

    for (size_t i = problems->finding_count; i-- > 0;) {
        const struct finding *other = &problems->findings[i];

        if (other->line == line && other->column == column &&
            other->len == len && memcmp(text + other->at, text + at, len) == 0)
            return true;
    }
    return false;
}

static void keep_place(struct problems *problems, const char *file, int line,
                       int column, size_t at)
{
    size_t size = sizeof *problems->findings;

    if (problems->finding_count == problems->finding_room) {
        size_t room = problems->finding_room ? problems->finding_room * 2 : 16;

        problems->findings = mem_resize(
            problems->findings, problems->finding_room * size, room * size);
        problems->finding_room = room;
    }
    problems->findings[problems->finding_count] = (struct finding){
        .at = at,
        .len = problems->text.len - at,
        .file_len = strlen(file),
        .line = line,
        .column = column,
        .first = first_of_file(problems, file),
        .number = problems->finding_count,
    };
    problems->finding_count++;
}

void problems_add_as(struct problems *problems, enum severity severity,
                     const char *file, int line, int column,
                     const char *message)
{
    bool is_error = severity == SEVERITY_ERROR;
    size_t at = problems->text.len;

    problems->raised += is_error;
    if (!problems->text.is_cut) {
        buf_add_format(&problems->text, "%s:%d:%d: %s: ", file, line, column,
                       is_error ? "error" : "warning");
        add_line(&problems->text, message);
        if (is_told(problems, at, line, column)) {
            problems->text.len = at;
            problems->text.text[at] = '\0';
            return;
        }
        if (!problems->text.is_cut)
            keep_place(problems, file, line, column, at);
    }
    problems->count += is_error;
    problems->warnings += !is_error;
}

void problems_add(struct problems *problems, const char *file, int line,
                  int column, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    problems_add_as(problems, SEVERITY_ERROR, file, line, column, message);
}

void problems_warn(struct problems *problems, const char *file, int line,
                   int column, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    problems_add_as(problems, SEVERITY_WARNING, file, line, column, message);
}

static int compare_places(const void *a, const void *b)
{
    const struct finding *left = a, *right = b;

    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    if (left->column != right->column)
        return left->column < right->column ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number;
}

void problems_in_order(const struct problems *problems, struct buf *out)
{
    size_t count = problems->finding_count;
    size_t all = problems->count + problems->warnings;
    struct finding *sorted = mem_new((count + 1) * sizeof *sorted);

    for (size_t i = 0; i < count; i++)
        sorted[i] = problems->findings[i];
    qsort(sorted, count, sizeof *sorted, compare_places);
    for (size_t i = 0; i < count; i++)
        buf_add(out, problems->text.text + sorted[i].at, sorted[i].len);
    if (all > count)
        buf_add_format(out, "and %zu more, for which there is no room here\n",
                       all - count);
    mem_free(sorted);
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t low = a < b ? a : b;

    return low < c ? low : c;
}

/* Letters to change, add, leave out or swap with their neighbour (optimal
 * string alignment). */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t len_a = strlen(a), len_b = strlen(b);

    for (size_t j = 0; j <= len_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= len_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= len_b; j++) {
            row[j] = least(above[j] + 1, row[j - 1] + 1,
                           above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1, row[j]);
        }
    }
    return rows[len_a % 3][len_b];
}

const char *yaml_nearest(const char *word, const char *const *known,
                         size_t known_count)
{
    const char *nearest = NULL;
    size_t nearest_distance = NEAR_ENOUGH + 1;
    size_t len = strlen(word);

    if (len > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < known_count; i++) {
        size_t known_len = strlen(known[i]);

        if (known_len > WORD_MAX)
            continue;
        size_t off = distance(word, known[i]);
        /* Two letters off a word of two letters is any word at all. */
        if (off < nearest_distance && off < len && off < known_len) {
            nearest = known[i];
            nearest_distance = off;
        }
    }
    return nearest;
}
