#include "kiosk/ime/phrases.h"

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    PHRASES_MAX = 200 * 1000,
    BEGINNING_CHARS = 4, /* the longest end of a text that begins a word */
    NEXT_MOST = 64,
};

struct word {
    const char *text;
    long weight;
};

struct phrases {
    char *bytes; /* the lines, cut into texts */
    struct word *words;
    size_t count; /* sorted by text, then the heaviest first */
};

/* ---- Opening ----------------------------------------------------------- */

static int compare(const void *one, const void *other)
{
    const struct word *a = one, *b = other;
    int order = strcmp(a->text, b->text);

    if (order)
        return order;
    return a->weight > b->weight ? -1 : a->weight < b->weight;
}

static size_t count_lines(const char *lines, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += lines[i] == '\n';
    return count;
}

static bool take_line(struct phrases *words, char *line)
{
    char *tab = strchr(line, '\t');

    if (!tab || tab == line)
        return false;
    *tab = '\0';
    if (!text_is_valid(line, strlen(line)))
        return false;
    words->words[words->count++] =
        (struct word){ line, strtol(tab + 1, NULL, 10) };
    return true;
}

static bool take_lines(struct phrases *words)
{
    char *line = words->bytes;

    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (!take_line(words, line))
            return false;
    }
    return words->count > 0;
}

enum err phrases_open(const char *lines, size_t len,
                      struct phrases **ret_phrases)
{
    size_t count = count_lines(lines, len);

    if (count == 0 || count > PHRASES_MAX)
        return ERR_BAD_INPUT;
    struct phrases *words = mem_new(sizeof *words);
    words->bytes = mem_copy_bytes(lines, len);
    words->words = mem_new(count * sizeof *words->words);
    if (!take_lines(words)) {
        phrases_close(words);
        return ERR_BAD_INPUT;
    }
    qsort(words->words, words->count, sizeof *words->words, compare);
    *ret_phrases = words;
    return ERR_OK;
}

void phrases_close(struct phrases *words)
{
    if (!words)
        return;
    mem_free(words->words);
    mem_free(words->bytes);
    mem_free(words);
}

/* ---- Looking ----------------------------------------------------------- */

/* The first word that is not before text. */
static size_t find(const struct phrases *words, const char *text)
{
    size_t low = 0, high = words->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(words->words[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

long phrases_weight(const struct phrases *words, const char *word)
{
    size_t at = find(words, word);

    if (at == words->count || strcmp(words->words[at].text, word) != 0)
        return 0;
    return words->words[at].weight;
}

/* The best so far, the heaviest first. */
struct best {
    struct word found[NEXT_MOST];
    size_t count, most;
};

static void take_best(struct best *best, const char *rest, long weight)
{
    size_t at = best->count;

    /* The same rest once: a word may stand under several sounds. */
    for (size_t i = 0; i < best->count; i++)
        if (strcmp(best->found[i].text, rest) == 0)
            return;
    while (at > 0 && best->found[at - 1].weight < weight)
        at--;
    if (at >= best->most)
        return;
    if (best->count < best->most)
        best->count++;
    for (size_t i = best->count - 1; i > at; i--)
        best->found[i] = best->found[i - 1];
    best->found[at] = (struct word){ rest, weight };
}

static void gather(const struct phrases *words, const char *beginning,
                   struct best *best)
{
    size_t len = strlen(beginning);

    for (size_t at = find(words, beginning);
         at < words->count &&
         strncmp(words->words[at].text, beginning, len) == 0;
         at++)
        if (words->words[at].text[len])
            take_best(best, words->words[at].text + len,
                      words->words[at].weight);
}

static bool is_told(const struct word *told, size_t count, const char *rest)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(told[i].text, rest) == 0)
            return true;
    return false;
}

void phrases_next(const struct phrases *words, const char *text, size_t most,
                  void (*on_next)(void *owner, const char *rest), void *owner)
{
    struct word told[NEXT_MOST];
    size_t count = 0, chars = text_count(text);
    size_t longest = chars < BEGINNING_CHARS ? chars : BEGINNING_CHARS;

    if (most > NEXT_MOST)
        most = NEXT_MOST;
    for (size_t take = longest; take > 0 && count < most; take--) {
        struct best best = { .most = most };

        gather(words, text + text_offset(text, chars - take), &best);
        for (size_t i = 0; i < best.count && count < most; i++) {
            if (is_told(told, count, best.found[i].text))
                continue;
            told[count++] = best.found[i];
            on_next(owner, best.found[i].text);
        }
    }
}
