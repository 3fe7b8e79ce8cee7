#include "kiosk/ui/typed.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

#include <assert.h>
#include <string.h>

static void entry_done(struct typed *typed)
{
    secret_free(typed->text);
    mem_free(typed->scope);
    mem_free(typed->id);
    *typed = (struct typed){ 0 };
}

static void remove_at(struct typed_set *set, size_t at)
{
    entry_done(&set->entries[at]);
    set->count--;
    memmove(&set->entries[at], &set->entries[at + 1],
            (set->count - at) * sizeof set->entries[0]);
    set->entries[set->count] = (struct typed){ 0 };
}

void typed_wipe(struct typed_set *set)
{
    while (set->count > 0)
        remove_at(set, set->count - 1);
}

void typed_forget(struct typed_set *set, const char *scope)
{
    for (size_t i = set->count; i-- > 0;)
        if (strcmp(set->entries[i].scope, scope) == 0)
            remove_at(set, i);
}

struct typed *typed_find(struct typed_set *set, const char *scope,
                         const char *id)
{
    for (size_t i = 0; i < set->count; i++) {
        struct typed *typed = &set->entries[i];
        if (strcmp(typed->scope, scope) == 0 && strcmp(typed->id, id) == 0) {
            typed->age = ++set->age;
            return typed;
        }
    }
    return NULL;
}

static void drop_oldest(struct typed_set *set)
{
    size_t oldest = 0;
    for (size_t i = 1; i < set->count; i++)
        if (set->entries[i].age < set->entries[oldest].age)
            oldest = i;
    remove_at(set, oldest);
}

struct typed *typed_begin(struct typed_set *set, const char *scope,
                          const char *id, const char *initial, size_t max_chars)
{
    struct typed *typed = typed_find(set, scope, id);
    if (typed && !typed->text)
        typed->text = secret_new(typed->room); /* there may be room by now */
    if (typed)
        return typed;
    if (set->count == TYPED_MAX)
        drop_oldest(set);
    typed = &set->entries[set->count++];
    if (max_chars > TYPED_CHARS_MAX)
        max_chars = TYPED_CHARS_MAX;
    *typed = (struct typed){
        .scope = mem_copy_text(scope),
        .id = mem_copy_text(id),
        .room = max_chars * 4 + 1, /* the longest UTF-8 form, and the NUL */
        .max_chars = max_chars,
        .age = ++set->age,
    };
    typed->text = secret_new(typed->room);
    if (typed->text && initial)
        (void)typed_insert(typed, initial, strlen(initial));
    return typed;
}

bool typed_is_empty(const struct typed *typed)
{
    return !typed || !typed->text || typed->text[0] == '\0';
}

/* The whole is accepted anew, because a combining mark melts into the
 * character before it: the caret then stands after what both became. */
static void put_whole(struct typed *typed, struct buf *whole, size_t before_len)
{
    struct text_change change;
    struct buf out;

    buf_init(&out, typed->room - 1);
    text_accept(whole->text, before_len, typed->max_chars, &out, &change);
    typed->caret = text_count(out.text);
    buf_clear(&out);
    text_accept(whole->text, whole->len, typed->max_chars, &out, &change);
    if (!out.is_cut) {
        memcpy(typed->text, out.text, out.len + 1);
        mem_wipe(typed->text + out.len + 1, typed->room - out.len - 1);
    }
    size_t count = text_count(typed->text);
    if (typed->caret > count)
        typed->caret = count;
    buf_done(&out);
}

bool typed_insert(struct typed *typed, const char *bytes, size_t len)
{
    struct text_change change = { 0 };
    struct buf part, whole;

    if (!typed->text)
        return false;
    size_t count = text_count(typed->text);
    assert(count <= typed->max_chars);
    buf_init(&part, typed->room - 1);
    text_accept(bytes, len, typed->max_chars - count, &part, &change);
    bool fits = !change.was_cut && !part.is_cut;

    buf_init(&whole, 2 * typed->room);
    size_t at = text_offset(typed->text, typed->caret);
    buf_add(&whole, typed->text, at);
    buf_add(&whole, part.text, part.len);
    buf_add_text(&whole, typed->text + at);
    put_whole(typed, &whole, at + part.len);
    buf_done(&whole);
    buf_done(&part);
    return fits;
}

static void delete_at(struct typed *typed, size_t at)
{
    size_t from = text_offset(typed->text, at);
    size_t to = text_offset(typed->text, at + 1);
    size_t len = strlen(typed->text);

    memmove(typed->text + from, typed->text + to, len - to + 1);
    mem_wipe(typed->text + len - (to - from), to - from);
}

void typed_delete_back(struct typed *typed)
{
    if (!typed->text || typed->caret == 0)
        return;
    typed->caret--;
    delete_at(typed, typed->caret);
}

void typed_delete_forward(struct typed *typed)
{
    if (typed->text && typed->caret < text_count(typed->text))
        delete_at(typed, typed->caret);
}

void typed_move(struct typed *typed, long by)
{
    long count = typed->text ? (long)text_count(typed->text) : 0;
    long caret = (long)typed->caret;

    if (by < -caret)
        by = -caret;
    if (by > count - caret)
        by = count - caret;
    typed->caret = (size_t)(caret + by);
}
