/* The pack: every item of a folder, loaded or refused as one. */
#include "kiosk/flow/item.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/item_load.h"

enum { PACK_ITEMS_MAX = 200 };

struct pack {
    struct loaded *items[PACK_ITEMS_MAX];
    size_t count;
    struct lists *lists;
};

/* While a folder is read. */
struct reading {
    struct pack *pack;
    const char *folder;
    struct problems *problems;
    size_t files;
};

const char *assurance_name(enum assurance assurance)
{
    static const char *const names[] = { "none", "typed", "code", "card",
                                         "card and check" };

    return names[assurance];
}

/* Told once at start by whoever owns the screens. */
static const char *const *known_screens;

void item_set_screens(const char *const *names)
{
    known_screens = names;
}

bool item_screen_is_known(const char *screen)
{
    if (!known_screens)
        return true;
    for (size_t i = 0; known_screens[i]; i++)
        if (strcmp(known_screens[i], screen) == 0)
            return true;
    return false;
}

const char *item_screen_nearest(const char *screen)
{
    size_t count = 0;

    while (known_screens && known_screens[count])
        count++;
    return yaml_nearest(screen, known_screens, count);
}

static void free_step(struct step *step)
{
    rule_free(step->when);
    for (size_t i = 0; i < step->option_count; i++)
        rule_free(step->options[i].when);
    for (size_t i = 0; i < step->stop_count; i++)
        rule_free(step->stops[i].when);
    for (size_t i = 0; i < step->line_count; i++)
        rule_free(step->lines[i].when);
    mem_free(step->options);
    mem_free(step->stops);
    mem_free(step->lines);
}

void item_unload(struct loaded *loaded)
{
    if (!loaded)
        return;
    for (size_t i = 0; i < loaded->item.step_count; i++)
        free_step(&loaded->item.steps[i]);
    mem_free(loaded->item.steps);
    mem_free(loaded->item.card_fields);
    yaml_tree_free(loaded->root);
    mem_free(loaded->file);
    mem_free(loaded);
}

static void on_item_file(void *owner, const char *name)
{
    struct reading *reading = owner;
    struct pack *pack = reading->pack;
    struct buf path;

    reading->files++;
    buf_init(&path, 4096);
    buf_add_format(&path, "%s/%s", reading->folder, name);
    if (pack->count == PACK_ITEMS_MAX) {
        problems_add(reading->problems, path.text, 1, 1,
                     "expected at most %d items", PACK_ITEMS_MAX);
    } else {
        struct loaded *loaded = NULL;
        /* What is wrong is in problems, which decide for the whole pack. */
        enum err err =
            item_load(path.text, name, reading->problems, pack->lists, &loaded);

        if (!err)
            pack->items[pack->count++] = loaded;
    }
    buf_done(&path);
}

static int by_order(const void *a, const void *b)
{
    const struct loaded *const *left = a, *const *right = b;
    int difference = (*left)->item.order - (*right)->item.order;

    return difference ? difference
                      : strcmp((*left)->item.id, (*right)->item.id);
}

enum err pack_load(const char *folder, struct problems *problems,
                   struct pack **ret_pack)
{
    struct pack *pack = mem_new(sizeof *pack);
    struct reading reading = { pack, folder, problems, 0 };
    size_t before = problems->count;
    enum err err;

    pack->lists = lists_new(folder);
    err = file_list(folder, ".yaml", on_item_file, &reading);
    if (err)
        problems_add(problems, folder, 1, 1, "cannot be read: %s",
                     err_text(err));
    else if (reading.files == 0)
        problems_add(problems, folder, 1, 1,
                     "expected at least one item, a file NAME.yaml");
    if (problems->count != before) {
        pack_free(pack);
        return err ? err : ERR_BAD_INPUT;
    }
    qsort(pack->items, pack->count, sizeof *pack->items, by_order);
    *ret_pack = pack;
    return ERR_OK;
}

enum err pack_load_one(const char *file, struct problems *problems,
                       struct pack **ret_pack)
{
    const char *slash = strrchr(file, '/');
    char *folder = slash ? mem_copy_bytes(file, (size_t)(slash - file))
                         : mem_copy_text(".");
    struct pack *pack = mem_new(sizeof *pack);
    struct reading reading = { pack, folder, problems, 0 };
    size_t before = problems->count;

    pack->lists = lists_new(folder);
    on_item_file(&reading, slash ? slash + 1 : file);
    bool is_good = problems->count == before;
    if (is_good)
        *ret_pack = pack;
    else
        pack_free(pack);
    mem_free(folder);
    return is_good ? ERR_OK : ERR_BAD_INPUT;
}

void pack_free(struct pack *pack)
{
    if (!pack)
        return;
    for (size_t i = 0; i < pack->count; i++)
        item_unload(pack->items[i]);
    lists_free(pack->lists);
    mem_free(pack);
}

size_t pack_count(const struct pack *pack)
{
    return pack->count;
}

const struct item *pack_item(const struct pack *pack, size_t at)
{
    return at < pack->count ? &pack->items[at]->item : NULL;
}

const struct item *pack_find(const struct pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->count; i++)
        if (strcmp(pack->items[i]->item.id, id) == 0)
            return &pack->items[i]->item;
    return NULL;
}

bool item_is_open(const struct item *item, int minute_of_day)
{
    int from = 0, to = 0;

    if (!item->hours || !clock_is_hours(item->hours, &from, &to))
        return true;
    return minute_of_day >= from && minute_of_day < to;
}

const struct step *item_step(const struct item *item, const char *id)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].id, id) == 0)
            return &item->steps[i];
    return NULL;
}
