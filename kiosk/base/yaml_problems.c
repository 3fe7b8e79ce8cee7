/* What is told to whoever wrote a file with mistakes. */
#include "kiosk/base/yaml.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/text.h"

enum {
    PROBLEMS_MAX_BYTES = 64 * 1024,
    MESSAGE_BYTES = 512,
    WORD_MAX = 63,
    NEAR_ENOUGH = 2
};

void problems_init(struct problems *problems)
{
    *problems = (struct problems){ 0 };
    buf_init(&problems->text, PROBLEMS_MAX_BYTES);
}

void problems_done(struct problems *problems)
{
    if (problems)
        buf_done(&problems->text);
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

void problems_add(struct problems *problems, const char *file, int line,
                  int column, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    problems->count++;
    buf_add_format(&problems->text, "%s:%d:%d: ", file, line, column);
    add_line(&problems->text, message);
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
