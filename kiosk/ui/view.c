#include "kiosk/ui/view.h"

#include "kiosk/base/mem.h"
#include "kiosk/ui/pool.h"
#include "kiosk/ui/typed.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { TWO_DIGITS_FROM = 11, ONE_DIGIT_ROWS = 9, ROW_NUMBER_LAST = 99 };

struct view {
    struct element *elements;
    size_t count, room;
    struct pool texts; /* of the elements, scope, any_key, knock */
    const char *scope;
    const char *any_key;
    const char *knock;
    enum language language;
    unsigned generation;
    struct typed_set typed;
};

static const char *const kind_names[] = {
    [ELEMENT_HEADING] = "heading",
    [ELEMENT_TEXT] = "text",
    [ELEMENT_FACT] = "fact",
    [ELEMENT_NOTICE] = "notice",
    [ELEMENT_CHOICE] = "choice",
    [ELEMENT_LIST] = "list",
    [ELEMENT_FIELD] = "field",
    [ELEMENT_KEYS] = "keys",
    [ELEMENT_PROGRESS] = "progress",
    [ELEMENT_QR] = "qr",
    [ELEMENT_CANDIDATES] = "candidates",
};
_Static_assert(sizeof kind_names / sizeof kind_names[0] == ELEMENT_KIND_COUNT,
               "each kind has its name");

const char *element_kind_name(enum element_kind kind)
{
    assert(kind < ELEMENT_KIND_COUNT);
    return kind_names[kind];
}

struct view *view_new(void)
{
    struct view *view = mem_new(sizeof *view);
    view->scope = "";
    return view;
}

static void clear(struct view *view)
{
    if (view->elements)
        mem_wipe(view->elements, view->room * sizeof *view->elements);
    view->count = 0;
    view->scope = "";
    view->any_key = NULL;
    view->knock = NULL;
    view->generation++;
    pool_wipe(&view->texts);
}

void view_free(struct view *view)
{
    if (!view)
        return;
    view_wipe(view);
    mem_free(view->elements);
    mem_free(view);
}

void view_begin(struct view *view, const char *scope, enum language language)
{
    clear(view);
    view->scope = pool_copy_text(&view->texts, scope);
    view->language = language;
}

void view_wipe(struct view *view)
{
    clear(view);
    typed_wipe(&view->typed);
}

void view_forget(struct view *view, const char *scope)
{
    typed_forget(&view->typed, scope);
}

enum language view_language(const struct view *view)
{
    return view->language;
}

const char *view_scope(const struct view *view)
{
    return view->scope;
}

unsigned view_generation(const struct view *view)
{
    return view->generation;
}

const char *view_any_key_id(const struct view *view)
{
    return view->any_key;
}

const char *view_knock_id(const struct view *view)
{
    return view->knock;
}

struct typed_set *view_typed_set(struct view *view)
{
    return &view->typed;
}

static struct element *add(struct view *view, enum element_kind kind,
                           const char *id, const char *text)
{
    if (view->count == view->room) {
        size_t room = view->room ? view->room * 2 : 32;
        view->elements =
            mem_resize(view->elements, view->room * sizeof *view->elements,
                       room * sizeof *view->elements);
        view->room = room;
    }
    struct element *element = &view->elements[view->count++];
    *element = (struct element){
        .kind = kind,
        .id = pool_copy_text(&view->texts, id),
        .text = pool_copy_text(&view->texts, text ? text : ""),
        .key = "",
    };
    return element;
}

void view_heading(struct view *view, const char *id, const char *text)
{
    add(view, ELEMENT_HEADING, id, text);
}

void view_text(struct view *view, const char *id, const char *text)
{
    add(view, ELEMENT_TEXT, id, text);
}

struct element *view_fact(struct view *view, const char *id, const char *label,
                          const char *value)
{
    struct element *element = add(view, ELEMENT_FACT, id, label);
    element->value = pool_copy_text(&view->texts, value ? value : "");
    return element;
}

void view_fact_large(struct view *view, const char *id, const char *label,
                     const char *value)
{
    view_fact(view, id, label, value);
    view->elements[view->count - 1].is_large = true;
}

void view_notice(struct view *view, const char *id, enum tone tone,
                 const char *text)
{
    add(view, ELEMENT_NOTICE, id, text)->tone = tone;
}

struct element *view_choice(struct view *view, const char *id, const char *key,
                            const char *text)
{
    struct element *element = add(view, ELEMENT_CHOICE, id, text);
    element->key = pool_copy_text(&view->texts, key ? key : "");
    return element;
}

void view_set_note(struct view *view, struct element *element, const char *note)
{
    element->note = pool_copy_text(&view->texts, note);
}

void view_set_key(struct view *view, struct element *element, const char *key)
{
    element->key = pool_copy_text(&view->texts, key);
}

void view_list(struct view *view, const char *id, size_t count,
               const char *chosen,
               void (*row)(void *owner, size_t at, const char **ret_value,
                           const char **ret_text),
               void *owner)
{
    struct element *element = add(view, ELEMENT_LIST, id, "");
    element->count = count;
    element->first_number = count > ONE_DIGIT_ROWS ? TWO_DIGITS_FROM : 1;
    element->chosen = pool_copy_text(&view->texts, chosen);
    element->row = row;
    element->row_owner = owner;
}

static struct element *last(struct view *view)
{
    assert(view->count > 0);
    return &view->elements[view->count - 1];
}

void view_set_many(struct view *view)
{
    struct element *element = last(view);
    assert(element->kind == ELEMENT_LIST);
    element->is_many = true;
}

bool element_has_chosen(const struct element *list, const char *value)
{
    const char *at = list->chosen;
    size_t len = strlen(value);

    if (!at || !list->is_many)
        return at && strcmp(at, value) == 0;
    for (; *at; at += strcspn(at, ","), at += *at == ',')
        if (strcspn(at, ",") == len && memcmp(at, value, len) == 0)
            return true;
    return false;
}

const char *view_field(struct view *view, const char *id, const char *label,
                       const char *initial, enum typing typing,
                       size_t max_chars)
{
    struct element *element = add(view, ELEMENT_FIELD, id, label);
    struct typed *typed = typed_find(&view->typed, view->scope, id);
    const char *text = typed && typed->text ? typed->text : initial;

    element->typing = typing;
    element->max_chars =
        max_chars > TYPED_CHARS_MAX ? TYPED_CHARS_MAX : max_chars;
    element->value = pool_copy_text(&view->texts, text ? text : "");
    return element->value;
}

size_t view_secret(struct view *view, const char *id, const char *label,
                   size_t max_chars)
{
    static const char stars[] = "****************";
    struct typed *typed = typed_find(&view->typed, view->scope, id);
    size_t count = typed && typed->text ? strlen(typed->text) : 0;
    struct element *element = add(view, ELEMENT_FIELD, id, label);

    assert(max_chars < sizeof stars && count <= max_chars);
    element->typing = TYPING_DIGITS;
    element->max_chars = max_chars;
    element->value =
        pool_copy_text(&view->texts, stars + sizeof stars - 1 - count);
    return count;
}

void view_keys(struct view *view, const char *id, char more_key)
{
    add(view, ELEMENT_KEYS, id, "")->more_key = more_key;
}

void view_pad(struct view *view, const char *id, int columns,
              const struct pad_key *keys, size_t count)
{
    struct pad_key *copy = pool_new(&view->texts, count * sizeof *copy);

    for (size_t i = 0; i < count; i++) {
        copy[i].key = pool_copy_text(&view->texts, keys[i].key);
        copy[i].text = pool_copy_text(&view->texts, keys[i].text);
    }
    struct element *element = add(view, ELEMENT_KEYS, id, "");
    element->pad = copy;
    element->pad_count = count;
    element->pad_columns = columns;
}

void view_set_composed(struct view *view, bool holds_caret)
{
    struct element *field = last(view);

    assert(field->kind == ELEMENT_FIELD);
    field->is_composed = true;
    field->holds_caret = holds_caret;
}

void view_set_number(struct view *view, const char *groups, const char *note)
{
    struct element *field = last(view);

    assert(field->kind == ELEMENT_FIELD);
    field->groups = pool_copy_text(&view->texts, groups);
    if (*note)
        field->note = pool_copy_text(&view->texts, note);
}

void view_candidate(struct view *view, const char *id, const char *key,
                    const char *text)
{
    add(view, ELEMENT_CANDIDATES, id, text)->key =
        pool_copy_text(&view->texts, key);
}

void view_set_spare(struct view *view, enum spare spare)
{
    last(view)->spare = spare;
}

bool element_is_written(const struct element *element)
{
    return element->typing != TYPING_NONE || element->holds_caret;
}

const char *element_shown_key(const struct element *element)
{
    return element->key_writes ? "" : element->key;
}

void view_progress(struct view *view, const char *id, const char *text,
                   size_t done, size_t total)
{
    struct element *element = add(view, ELEMENT_PROGRESS, id, text);
    element->done = done > total ? total : done;
    element->total = total;
    element->value =
        total ? pool_format(&view->texts, "%zu/%zu", element->done, total) : "";
}

void view_qr(struct view *view, const char *id, const char *text,
             const char *missing, const char *payload)
{
    struct element *element = add(view, ELEMENT_QR, id, text);
    element->missing = pool_copy_text(&view->texts, missing);
    element->value = pool_copy_text(&view->texts, payload);
}

struct element *view_footer(struct view *view, const char *id, const char *key,
                            const char *text)
{
    struct element *element = view_choice(view, id, key, text);
    element->is_footer = true;
    return element;
}

void view_set_short(struct view *view, struct element *element,
                    const char *text)
{
    view_set_note(view, element, text);
}

struct element *view_header(struct view *view, const char *id, const char *text)
{
    struct element *element = add(view, ELEMENT_TEXT, id, text);
    element->is_header = true;
    return element;
}

void view_any_key(struct view *view, const char *id)
{
    view->any_key = pool_copy_text(&view->texts, id);
}

void view_knock(struct view *view, const char *id)
{
    view->knock = pool_copy_text(&view->texts, id);
}

bool view_keeps_typed(const struct view *view)
{
    for (size_t i = 0; i < view->typed.count; i++)
        if (!typed_is_empty(&view->typed.entries[i]))
            return true;
    return false;
}

const char *view_typed(const struct view *view, const char *id)
{
    for (size_t i = 0; i < view->typed.count; i++) {
        const struct typed *typed = &view->typed.entries[i];
        if (strcmp(typed->scope, view->scope) == 0 &&
            strcmp(typed->id, id) == 0)
            return typed->text;
    }
    return NULL;
}

size_t view_count(const struct view *view)
{
    return view->count;
}

const struct element *view_element(const struct view *view, size_t at)
{
    assert(at < view->count);
    return &view->elements[at];
}

const struct element *view_find(const struct view *view, const char *id)
{
    for (size_t i = 0; i < view->count; i++)
        if (strcmp(view->elements[i].id, id) == 0)
            return &view->elements[i];
    return NULL;
}

/* ---- Mistakes ---------------------------------------------------------- */

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* "1" beside "12": the second could never be pressed. */
static const char *keys_clash(const char *one, const char *other)
{
    if (!*one || !*other)
        return NULL;
    if (strcmp(one, other) == 0)
        return "a key twice";
    if (begins(one, other) || begins(other, one))
        return "a key that begins another key";
    return NULL;
}

static const char *rows_clash(const struct element *list, const char *key)
{
    if (*key < '0' || *key > '9')
        return NULL; /* rows have numbers */
    for (size_t i = 0; i < list->count; i++) {
        char number[24];
        if (list->first_number + i > ROW_NUMBER_LAST)
            break;
        (void)snprintf(number, sizeof number, "%zu", list->first_number + i);
        const char *mistake = keys_clash(number, key);
        if (mistake)
            return mistake;
    }
    return NULL;
}

static const char *pair_mistake(const struct element *one,
                                const struct element *other)
{
    if (strcmp(one->id, other->id) == 0)
        return "an id twice";
    if (element_is_written(one) && element_is_written(other))
        return "two fields for typing";
    if (one->kind == ELEMENT_LIST && other->kind == ELEMENT_LIST)
        return "two lists with numbers";
    if (one->is_off || other->is_off)
        return NULL;
    if (one->kind == ELEMENT_LIST)
        return rows_clash(one, other->key);
    if (other->kind == ELEMENT_LIST)
        return rows_clash(other, one->key);
    return keys_clash(one->key, other->key);
}

static const char *element_mistake(const struct view *view,
                                   const struct element *element)
{
    if (!*element->id)
        return "an element without an id";
    if (element->kind == ELEMENT_CHOICE && !*element->text)
        return "a choice without words";
    if (element->kind == ELEMENT_LIST && element->first_number == 1 &&
        element->count > ONE_DIGIT_ROWS)
        return "a long list that does not begin at 11";
    if (element->kind != ELEMENT_KEYS)
        return NULL;
    for (size_t i = 0; i < view->count; i++)
        if (element_is_written(&view->elements[i]))
            return NULL;
    return "keys without a field to type into";
}

const char *view_mistake(const struct view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        const char *mistake = element_mistake(view, &view->elements[i]);
        for (size_t j = i + 1; j < view->count && !mistake; j++)
            mistake = pair_mistake(&view->elements[i], &view->elements[j]);
        if (mistake)
            return mistake;
    }
    return NULL;
}
