/* Keeps each change once, with words by which it is told from all others. */
#include "tests/mutate/finder.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "tests/mutate/vary.h"

enum { WHAT_MAX = 96, WHAT_BYTES = 1024, WORD_BYTES = 4096 };

static bool is_taken(const struct finder *finder, const char *what,
                     enum change_kind kind)
{
    const struct changes *changes = finder->changes;

    for (size_t i = changes->count; i > 0; i--) {
        const struct change *change = &changes->list[i - 1];

        if (change->kind == kind && strcmp(change->what, what) == 0 &&
            strcmp(change->where, finder->where) == 0)
            return true;
    }
    return false;
}

/* The same word may stand in one rule twice. */
static char *distinct(const struct finder *finder, enum change_kind kind,
                      const char *what)
{
    char numbered[WHAT_BYTES];

    snprintf(numbered, sizeof numbered, "%s", what);
    for (int n = 2; is_taken(finder, numbered, kind); n++)
        snprintf(numbered, sizeof numbered, "%s #%d", what, n);
    return mem_copy_text(numbered);
}

static size_t line_of(const char *text, size_t at)
{
    size_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

/* The same text comes of both: a list's only entry, and its only key. */
static bool is_same(const struct edit *one, const struct edit *other)
{
    return one->from == other->from && one->to == other->to &&
           one->put_len == other->put_len &&
           memcmp(one->put, other->put, one->put_len) == 0;
}

static bool is_made(const struct changes *changes, const struct edit *edit)
{
    for (size_t i = 0; i < changes->count; i++)
        if (is_same(&changes->list[i].edit, edit))
            return true;
    return false;
}

void finder_add(struct finder *finder, enum change_kind kind, size_t at,
                const char *what, struct edit edit)
{
    struct changes *changes = finder->changes;

    if (is_made(changes, &edit)) {
        edit_done(&edit);
        return;
    }
    if (changes->count == changes->room) {
        size_t room = changes->room ? changes->room * 2 : 256;

        changes->list =
            mem_resize(changes->list, changes->room * sizeof *changes->list,
                       room * sizeof *changes->list);
        changes->room = room;
    }
    struct change change = { kind, line_of(tree_text(finder->tree, NULL), at),
                             mem_copy_text(finder->where),
                             distinct(finder, kind, what), edit };
    changes->list[changes->count++] = change;
}

/* As much of it as helps, on one line. */
static void add_shown(struct buf *out, const char *bytes, size_t len)
{
    size_t end = len < WHAT_MAX ? len : WHAT_MAX;

    while (end < len && ((unsigned char)bytes[end] & 0xc0) == 0x80)
        end++;
    for (size_t i = 0; i < end; i++)
        if (bytes[i] != '\n')
            buf_add_char(out, bytes[i]);
        else if (out->len > 0 && out->text[out->len - 1] != ' ')
            buf_add_char(out, ' ');
    if (end < len)
        buf_add_text(out, " ...");
}

void finder_put(struct finder *finder, enum change_kind kind, size_t from,
                size_t to, const char *put)
{
    struct buf what;

    buf_init(&what, WHAT_BYTES - 16);
    add_shown(&what, tree_text(finder->tree, NULL) + from, to - from);
    buf_add_text(&what, " -> ");
    add_shown(&what, *put ? put : "nothing", strlen(*put ? put : "nothing"));
    finder_add(finder, kind, from, what.text,
               edit_replace(from, to, put, strlen(put)));
    buf_done(&what);
}

void finder_misspell(struct finder *finder, size_t from, size_t to)
{
    struct buf put;

    buf_init(&put, WORD_BYTES);
    vary_misspell(tree_text(finder->tree, NULL) + from, to - from, &put);
    finder_put(finder, CHANGE_NAME, from, to, put.text);
    buf_done(&put);
}

bool finder_move(struct finder *finder, size_t from, size_t to)
{
    bool is_moved = false;
    struct buf put;

    buf_init(&put, WORD_BYTES);
    for (int by = 1; by >= -1; by -= 2) {
        buf_clear(&put);
        if (!vary_move(tree_text(finder->tree, NULL) + from, to - from, by,
                       &put))
            continue;
        finder_put(finder, CHANGE_BOUND, from, to, put.text);
        is_moved = true;
    }
    buf_done(&put);
    return is_moved;
}
