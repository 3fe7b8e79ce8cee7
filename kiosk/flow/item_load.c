/* Reads one item's file by the table of keys. */
#include "kiosk/flow/item_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/item_hash.h"

/* Of what is refused already nothing more is told. */
static void tell(struct loader *loader, enum severity severity,
                 const struct yaml *at, const char *said)
{
    if (!at->is_bad)
        problems_add_as(loader->problems, severity,
                        at->file ? at->file : loader->file, at->line,
                        at->column, said);
}

void item_complain(struct loader *loader, const struct yaml *at,
                   const char *format, ...)
{
    va_list arguments;
    char said[512];

    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    tell(loader, SEVERITY_ERROR, at, said);
}

void item_warn(struct loader *loader, const struct yaml *at, const char *format,
               ...)
{
    va_list arguments;
    char said[512];

    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    tell(loader, SEVERITY_WARNING, at, said);
}

struct made {
    struct made *next;
    _Alignas(max_align_t) char bytes[];
};

void *item_make(struct loaded *loaded, size_t size)
{
    struct made *made = mem_new(sizeof *made + size);

    made->next = loaded->made;
    loaded->made = made;
    return made->bytes;
}

void item_made_free(struct loaded *loaded)
{
    while (loaded->made) {
        struct made *next = loaded->made->next;

        mem_free(loaded->made);
        loaded->made = next;
    }
}

/* What a key that is not known was meant to be, or NULL. */
static const char *meant(const struct loader *loader, enum place place,
                         const char *key)
{
    const char *known[64];
    size_t count = 0;

    for (size_t i = 0; i < item_key_count; i++)
        if (item_keys[i].place == place &&
            (item_keys[i].allowed & loader->screen) &&
            count < sizeof known / sizeof *known)
            known[count++] = item_keys[i].name;
    return yaml_nearest(key, known, count);
}

static void complain_unknown(struct loader *loader, enum place place,
                             const struct yaml *key)
{
    const char *near = meant(loader, place, key->text);

    if (place == PLACE_NEEDS && item_device_lacks(key->text))
        item_complain(loader, key,
                      "\"%s\" is not accepted yet: %s in a later version; "
                      "expected network, reader and printer",
                      key->text, item_device_lacks(key->text));
    else if (near)
        item_complain(loader, key,
                      "unknown key \"%.60s\" here; did you mean \"%s\"?",
                      key->text, near);
    else
        item_complain(loader, key,
                      "unknown key \"%.60s\" in %s: screens/items/README.md "
                      "has them all",
                      key->text, item_place_name(place));
}

static void complain_elsewhere(struct loader *loader, const struct key_row *row,
                               const struct yaml *key)
{
    struct buf where;

    buf_init(&where, 256);
    item_screen_bits_text(row->allowed, &where);
    item_complain(loader, key,
                  "\"%s\" means nothing on this kind of page, only on: %s",
                  row->name, where.text);
    buf_done(&where);
}

/* On a step whose screen is missing or misspelt only what every step must
 * have: one mistake is told once. */
static bool is_required(const struct loader *loader, const struct key_row *row)
{
    if (row->place != PLACE_STEP)
        return row->required != 0;
    if (loader->screen == ON_ALL)
        return row->required == ON_ALL;
    return (row->required & loader->screen) != 0;
}

/* Facts are read before the texts that they fill, the slip after the steps that
 * it names; questions of several pages have become ordinary ones, so what only
 * they have stands here on a page whose kind is not known, and has no place. */
static bool is_read_apart(const struct key_row *row)
{
    if (row->place == PLACE_STEP)
        return item_key_is_compound(row);
    return row->place == PLACE_ITEM &&
           (item_fact_is(row->name, strlen(row->name)) ||
            strcmp(row->name, "slip") == 0);
}

/* NULL: it may not stand there, which is told. */
static const struct key_row *check_key(struct loader *loader, enum place place,
                                       const struct yaml *key)
{
    const struct key_row *row = item_key_find(place, key->text);

    if (key->is_bad)
        return NULL;
    if (!row)
        complain_unknown(loader, place, key);
    else if (place == PLACE_STEP && !(row->allowed & loader->screen))
        complain_elsewhere(loader, row, key);
    else
        return row;
    return NULL;
}

static void load_key(struct loader *loader, enum place place,
                     const struct yaml *key, const struct yaml *value,
                     void *into)
{
    const struct key_row *row = check_key(loader, place, key);

    if (row && !is_read_apart(row))
        item_load_value(loader, row, value, into);
}

/* It stands there, or something that was meant to be it and is told as such. */
static bool has_key(const struct loader *loader, enum place place,
                    const struct yaml *node, const char *name)
{
    if (yaml_get(node, name))
        return true;
    for (size_t i = 0; i < node->count; i++) {
        const char *key = node->keys[i]->text;
        const char *near =
            item_key_find(place, key) ? NULL : meant(loader, place, key);

        if (near && strcmp(near, name) == 0)
            return true;
    }
    return false;
}

static void check_required(struct loader *loader, enum place place,
                           const struct yaml *node)
{
    for (size_t i = 0; i < item_key_count; i++) {
        const struct key_row *row = &item_keys[i];

        if (row->place == place && is_required(loader, row) &&
            !has_key(loader, place, node, row->name))
            item_complain(loader, node, "%s lacks \"%s\": %s",
                          item_place_name(place), row->name, row->means);
    }
}

void item_load_map(struct loader *loader, enum place place,
                   const struct yaml *node, void *into)
{
    enum place around = loader->place;

    if (node->is_bad)
        return;
    if (node->kind != YAML_MAP) {
        item_complain(loader, node, "expected keys and values: %s",
                      item_place_name(place));
        return;
    }
    loader->place = place;
    if (place == PLACE_SLIP_TABLE)
        loader->each = item_slip_group(node);
    for (size_t i = 0; i < node->count; i++)
        load_key(loader, place, node->keys[i], node->items[i], into);
    loader->place = around;
    if (place == PLACE_SLIP_TABLE)
        loader->each = NULL;
    check_required(loader, place, node);
}

void item_check_keys(struct loader *loader, enum place place,
                     const struct yaml *node)
{
    for (size_t i = 0; i < node->count; i++)
        (void)check_key(loader, place, node->keys[i]);
    check_required(loader, place, node);
}

bool item_key_is_compound(const struct key_row *row)
{
    return row->place == PLACE_STEP && !(row->allowed & ~ON_COMPOUND);
}

bool item_name_stands(const struct loaded *loaded, const char *name)
{
    for (size_t i = 0; i < loaded->name_count; i++)
        if (strcmp(loaded->names[i].name, name) == 0)
            return true;
    return false;
}

void item_names_make(struct loaded *loaded, size_t room)
{
    loaded->names = item_make(loaded, room * sizeof *loaded->names);
    loaded->name_room = room;
}

static void set_built_in_names(struct loaded *loaded)
{
    static const struct rule_declared built_in[ITEM_NAMES_BUILT_IN] = {
        { "card_kind", RULE_TEXT, RULE_ANY },
        { "card_birth", RULE_TIMESTAMP, RULE_ANY },
        { "age", RULE_INT, RULE_ANY },
        { "assurance", RULE_TEXT, RULE_ANY },
    };

    memcpy(loaded->names, built_in, sizeof built_in);
    loaded->name_count = ITEM_NAMES_BUILT_IN;
}

/* What the steps answer finds room beside what is built in. */
static void make_names(struct loaded *loaded)
{
    const struct yaml *steps = yaml_get(loaded->root, "steps");
    size_t count = steps && steps->kind == YAML_LIST ? steps->count : 0;

    if (count > ITEM_STEPS_MAX)
        count = ITEM_STEPS_MAX; /* that it is too long is told */
    item_names_make(loaded, ITEM_NAMES_BUILT_IN + 2 * count +
                                PERSONS_MAX * ITEM_PERSON_NAMES +
                                ITEM_SHARED_NAMES);
    set_built_in_names(loaded);
}

/* Both languages, so that a changed comma in either has another hash. */
static void hash_notice(struct item *item)
{
    struct buf both;

    if (!item->notice.in[LANGUAGE_ZH_CN] || !item->notice.in[LANGUAGE_EN])
        return;
    buf_init(&both, ITEM_FILE_MAX * 2);
    buf_add_text(&both, item->notice.in[LANGUAGE_ZH_CN]);
    buf_add_char(&both, '\n');
    buf_add_text(&both, item->notice.in[LANGUAGE_EN]);
    digest_hex(both.text, both.len, item->notice_hash);
    buf_done(&both);
}

static const char *why_unread(enum err err)
{
    return err == ERR_NOT_FOUND ? "there is no such file: expected an item here"
           : err == ERR_TOO_BIG
               ? "the file is too long: expected at most 1 MiB"
               : "the file cannot be read: expected one that this user may "
                 "read";
}

static enum err read_file(struct loaded *loaded, const char *path,
                          struct problems *problems)
{
    char *text = NULL;
    size_t len = 0, at = loaded->file_count++;
    enum err err;

    loaded->files[at] = mem_copy_text(path);
    err = file_read(path, ITEM_FILE_MAX, &text, &len);
    if (err) {
        problems_add(problems, path, 1, 1, "%s", why_unread(err));
        return err;
    }
    digest_hex(text, len, loaded->file_hashes[at]);
    err = yaml_parse_on(loaded->files[at], text, len, problems,
                        &loaded->roots[at]);
    mem_free(text);
    return err;
}

/* The item's file and what is laid over it. */
static enum err read_files(struct loader *loader,
                           const struct overlay_files *overlays)
{
    struct loaded *loaded = loader->loaded;
    enum err err = read_file(loaded, loader->file, loader->problems);

    for (size_t i = 0; i < overlays->count && !err; i++)
        err = read_file(loaded, overlays->paths[i], loader->problems);
    if (err)
        return err;
    loaded->root = loaded->roots[0];
    for (size_t i = 1; i < loaded->file_count; i++)
        loaded->root = item_overlay(loader, loaded->root, loaded->roots[i]);
    return ERR_OK;
}

static void hash_item(struct loaded *loaded)
{
    const char *files[ITEM_FILES_MAX];

    for (size_t i = 0; i < loaded->file_count; i++)
        files[i] = loaded->file_hashes[i];
    item_hash(&loaded->item, files, loaded->file_count, loaded->item.hash);
}

/* Names, facts and conditions first: the rest uses them. */
static void read_item(struct loader *loader, const char *name)
{
    const struct yaml *root = item_expand(loader, loader->loaded->root);
    const struct yaml *steps = yaml_get(root, "steps");

    loader->loaded->root = root;
    loader->item->root = root;
    make_names(loader->loaded);
    if (steps && steps->kind == YAML_LIST)
        item_collect_names(loader, steps);
    item_facts_read(loader, root);
    item_conditions_read(loader, root);
    item_load_map(loader, PLACE_ITEM, root, loader->item);
    if (!loader->item->card_fields)
        loader->item->card_fields = mem_new(sizeof(char *));
    hash_notice(loader->item);
    item_slip_read(loader, root);
    item_check(loader, root, name);
    item_slip_check(loader, root);
    item_facts_check(loader, root);
    item_codes_check(loader, root);
    item_conditions_check(loader);
    hash_item(loader->loaded);
}

enum err item_load_over(const char *file, const char *name,
                        const struct overlay_files *overlays,
                        struct problems *problems, struct lists *lists,
                        struct loaded **ret_loaded)
{
    struct loaded *loaded = mem_new(sizeof *loaded);
    struct loader loader = {
        .loaded = loaded,
        .item = &loaded->item,
        .file = file,
        .problems = problems,
        .lists = lists,
        .known = ITEM_NAMES_BUILT_IN,
        .screen = ON_ALL,
        .place = PLACE_ITEM,
    };
    size_t before = problems->raised;
    enum err err;

    err = read_files(&loader, overlays);
    if (!err) {
        loaded->item.file = loaded->files[0];
        if (loaded->file_count > 1)
            loaded->item.overlay = loaded->files[loaded->file_count - 1];
        read_item(&loader, name);
        if (problems->raised != before)
            err = ERR_BAD_INPUT;
    }
    if (err) {
        item_unload(loaded);
        return err;
    }
    *ret_loaded = loaded;
    return ERR_OK;
}

enum err item_load(const char *file, const char *name,
                   struct problems *problems, struct lists *lists,
                   struct loaded **ret_loaded)
{
    static const struct overlay_files none;

    return item_load_over(file, name, &none, problems, lists, ret_loaded);
}
