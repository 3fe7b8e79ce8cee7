/* Compound steps become ordinary ones, while both are YAML. */
#include "kiosk/flow/item_expand.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/fill.h"

enum { NAME_BYTES = 256, WORDS_BYTES = 16 * 1024 };

/* ---- Making nodes -------------------------------------------------------- */

static struct yaml *make_node(struct loader *loader, const struct yaml *at,
                              enum yaml_kind kind, size_t room)
{
    struct yaml *node = item_make(loader->loaded, sizeof *node);

    *node = (struct yaml){
        .kind = kind, .file = at->file, .line = at->line, .column = at->column
    };
    if (room > 0)
        node->items = item_make(loader->loaded, room * sizeof *node->items);
    if (room > 0 && kind == YAML_MAP)
        node->keys = item_make(loader->loaded, room * sizeof *node->keys);
    return node;
}

struct yaml *expand_text(struct loader *loader, const struct yaml *at,
                         const char *text)
{
    struct yaml *node = make_node(loader, at, YAML_TEXT, 0);
    char *copy = item_make(loader->loaded, strlen(text) + 1);

    node->text = memcpy(copy, text, strlen(text) + 1);
    return node;
}

struct yaml *expand_map(struct loader *loader, const struct yaml *at)
{
    return make_node(loader, at, YAML_MAP, EXPAND_KEYS_MAX);
}

struct yaml *expand_list(struct loader *loader, const struct yaml *at,
                         size_t room)
{
    return make_node(loader, at, YAML_LIST, room + 1);
}

static size_t find_key(const struct yaml *map, const char *key)
{
    size_t at = 0;

    while (at < map->count && strcmp(map->keys[at]->text, key) != 0)
        at++;
    return at;
}

void expand_put(struct loader *loader, struct yaml *map, const char *key,
                const struct yaml *value)
{
    size_t at = find_key(map, key);

    if (!value || at == EXPAND_KEYS_MAX)
        return;
    map->keys[at] = expand_text(loader, value, key);
    map->items[at] = (struct yaml *)value;
    map->count += at == map->count;
}

void expand_put_text(struct loader *loader, struct yaml *map,
                     const struct yaml *at, const char *key, const char *text)
{
    expand_put(loader, map, key, expand_text(loader, at, text));
}

static struct yaml *make_words(struct loader *loader, const struct yaml *at,
                               const char *const texts[LANGUAGE_COUNT])
{
    struct yaml *map = make_node(loader, at, YAML_MAP, LANGUAGE_COUNT);

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        map->keys[i] = expand_text(loader, at, language_name((enum language)i));
        map->items[i] = expand_text(loader, at, texts[i]);
    }
    map->count = LANGUAGE_COUNT;
    return map;
}

void expand_put_words(struct loader *loader, struct yaml *map,
                      const struct yaml *at, const char *key,
                      const struct words *words)
{
    expand_put(loader, map, key, make_words(loader, at, words->in));
}

const char *expand_text_of(const struct yaml *map, const char *key)
{
    const struct yaml *value = yaml_get(map, key);

    return value && value->kind == YAML_TEXT ? value->text : NULL;
}

const struct yaml *expand_fill(struct loader *loader,
                               const struct words *format, const char *name,
                               const struct yaml *words)
{
    const char *texts[LANGUAGE_COUNT];
    struct buf filled[LANGUAGE_COUNT];
    struct yaml *made;

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        texts[i] = expand_text_of(words, language_name((enum language)i));
        if (!texts[i])
            return words;
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const struct fill fill = { name, texts[i] };

        buf_init(&filled[i], WORDS_BYTES);
        fill_text(&filled[i], format->in[i], &fill, 1);
        texts[i] = filled[i].text;
    }
    made = make_words(loader, words, texts);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&filled[i]);
    return made;
}

const char *expand_name(struct loader *loader, const char *format, ...)
{
    char text[NAME_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *copy = item_make(loader->loaded, strlen(text) + 1);
    return memcpy(copy, text, strlen(text) + 1);
}

/* ---- Steps --------------------------------------------------------------- */

void expand_add(struct expansion *expansion, const struct yaml *at,
                const struct yaml *step)
{
    struct yaml *steps = expansion->steps;

    if (steps->count == ITEM_STEPS_MAX) {
        if (!expansion->is_full)
            item_complain(expansion->loader, at,
                          "with this the item has more than %d pages: expected "
                          "fewer entries (most), or fewer pages in each",
                          ITEM_STEPS_MAX);
        expansion->is_full = true;
        return;
    }
    if (steps->count == expansion->room) {
        size_t room = expansion->room * 2 + 16;
        struct yaml **items =
            item_make(expansion->loader->loaded, room * sizeof *items);

        if (steps->count > 0)
            memcpy(items, steps->items, steps->count * sizeof *items);
        steps->items = items;
        expansion->room = room;
    }
    steps->items[steps->count++] = (struct yaml *)step;
}

/* The kind of page that a step names, or ON_ALL where nothing is known of it. */
static unsigned screen_of(const struct yaml *step)
{
    const char *screen = expand_text_of(step, "screen");

    return screen ? item_screen_bit(screen) : ON_ALL;
}

void expand_step(struct expansion *expansion, const struct yaml *step)
{
    struct loader *loader = expansion->loader;
    unsigned screen = screen_of(step);

    if (screen == ON_ANOTHER) {
        item_complain(loader, yaml_get(step, "screen"),
                      "this page comes by itself behind each entry of a "
                      "group: expected screen: group");
        return;
    }
    if (screen == ON_RECORD && expand_text_of(step, "id")) {
        expand_record(expansion, step);
        return;
    }
    if (screen == ON_ALL || !(screen & ON_COMPOUND)) {
        expand_add(expansion, step, step);
        return;
    }
    loader->screen = screen;
    item_check_keys(loader, PLACE_STEP, step);
    loader->screen = ON_ALL;
    if (!expand_text_of(step, "id"))
        return; /* told; nothing can be named after it */
    if (screen == ON_GROUP)
        expand_group(expansion, step);
    else
        expand_compound(expansion, step, screen);
}

/* The item with other steps; all else is what it was. */
static const struct yaml *with_steps(struct loader *loader,
                                     const struct yaml *root,
                                     const struct yaml *steps)
{
    struct yaml *copy = make_node(loader, root, YAML_MAP, root->count);

    for (size_t i = 0; i < root->count; i++) {
        bool is_steps = strcmp(root->keys[i]->text, "steps") == 0;

        copy->keys[i] = root->keys[i];
        copy->items[i] = is_steps ? (struct yaml *)steps : root->items[i];
    }
    copy->count = root->count;
    return copy;
}

static bool has_compound(const struct yaml *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        unsigned screen = screen_of(steps->items[i]);

        if (screen != ON_ALL &&
            (screen & (ON_COMPOUND | ON_ANOTHER | ON_RECORD)))
            return true;
    }
    return false;
}

const struct yaml *item_expand(struct loader *loader, const struct yaml *root)
{
    const struct yaml *steps = yaml_get(root, "steps");
    struct expansion expansion = { .loader = loader };

    if (!steps || steps->is_bad || steps->kind != YAML_LIST ||
        steps->count > ITEM_STEPS_MAX || !has_compound(steps))
        return root;
    expansion.steps = make_node(loader, steps, YAML_LIST, 0);
    for (size_t i = 0; i < steps->count; i++)
        expand_step(&expansion, steps->items[i]);
    return with_steps(loader, root, expansion.steps);
}
