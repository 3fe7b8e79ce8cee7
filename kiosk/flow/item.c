/* The pack: every item of a folder, loaded or refused as one. */
#include "kiosk/flow/item.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/item_load.h"

/* While a folder is read. */
struct reading {
    struct pack *pack;
    const char *folder;
    const char *division; /* of the terminal; "": no overlays */
    struct problems *problems;
    size_t files;
};

const char *assurance_name(enum assurance assurance)
{
    static const char *const names[] = { "none", "typed", "code", "card",
                                         "card and check" };

    return names[assurance];
}

const char *case_type_name(enum case_type type)
{
    static const char *const names[] = { "", "immediate", "promised" };

    return names[type];
}

enum { DIVISION_DIGITS = 6 };

/* How many digits name a division; the zeros behind them say that it is not
 * within a smaller one. */
static size_t division_len(const char *division)
{
    size_t len = strlen(division);

    while (len > 2 && division[len - 1] == '0' && division[len - 2] == '0')
        len -= 2;
    return len;
}

bool item_is_offered_in(const struct item *item, const char *division)
{
    for (size_t i = 0; item->divisions && item->divisions[i]; i++) {
        const char *offered = item->divisions[i];

        if (strncmp(offered, division, division_len(offered)) == 0)
            return true;
    }
    return !item->divisions;
}

/* Told once at start by whoever owns the screens. */
static const char *const *known_screens;

void item_set_screens(const char *const *names)
{
    known_screens = names;
}

const char *const *item_known_screens(void)
{
    return known_screens;
}

bool item_screen_is_known(const char *screen)
{
    if (item_screen_bit(screen) == ON_COMPUTED)
        return true; /* it has no page */
    if (!known_screens)
        return !item_kind_lacks(screen);
    for (size_t i = 0; known_screens[i]; i++)
        if (strcmp(known_screens[i], screen) == 0)
            return true;
    return false;
}

const char *item_screen_nearest(const char *screen)
{
    enum { SCREENS_MAX = 96 };
    static const char *const compound[] = { "month_range", "date_range",
                                            "division",    "address",
                                            "person",      "group",
                                            "computed" };
    const char *known[SCREENS_MAX];
    size_t count = 0;

    for (; known_screens && known_screens[count] && count < SCREENS_MAX / 2;
         count++)
        known[count] = known_screens[count];
    for (size_t i = 0; i < sizeof compound / sizeof *compound; i++)
        known[count++] = compound[i];
    return yaml_nearest(screen, known, count);
}

static void free_slip(struct item *item)
{
    for (size_t i = 0; i < item->slip_count; i++) {
        struct slip_part *part = &item->slip[i];

        for (size_t j = 0; j < part->row_count; j++)
            item_rule_free(part->rows[j].when);
        mem_free(part->rows);
        item_rule_free(part->when);
    }
    mem_free(item->slip);
}

static void free_step(struct step *step)
{
    item_rule_free(step->when);
    for (size_t i = 0; i < step->option_count; i++)
        item_rule_free(step->options[i].when);
    for (size_t i = 0; i < step->stop_count; i++)
        item_rule_free(step->stops[i].when);
    for (size_t i = 0; i < step->line_count; i++)
        item_rule_free(step->lines[i].when);
    for (size_t i = 0; i < step->allowed_count; i++)
        item_rule_free(step->allowed[i].must);
    item_rule_free(step->required);
    item_rule_free(step->value);
    mem_free(step->allowed);
    mem_free(step->prefill);
    mem_free(step->records);
    mem_free(step->options);
    mem_free(step->stops);
    mem_free(step->lines);
    mem_free(step->fields);
}

void item_unload(struct loaded *loaded)
{
    if (!loaded)
        return;
    for (size_t i = 0; i < loaded->item.step_count; i++)
        free_step(&loaded->item.steps[i]);
    mem_free(loaded->item.steps);
    free_slip(&loaded->item);
    mem_free(loaded->item.card_fields);
    mem_free(loaded->item.divisions);
    for (size_t i = 0; i < loaded->file_count; i++) {
        yaml_tree_free(loaded->roots[i]);
        mem_free(loaded->files[i]);
    }
    item_made_free(loaded);
    mem_free(loaded);
}

bool item_overlay_part(const char *division, size_t level, struct buf *out)
{
    static const char zeros[] = "000000";
    size_t digits = (level + 1) * 2;

    if (strlen(division) != DIVISION_DIGITS)
        return false;
    /* A city's own code has no county in it. */
    if (level > 0 && division_len(division) < digits)
        return false;
    buf_add_format(out, "overlays/%.*s%s", (int)digits, division,
                   zeros + digits);
    return true;
}

static bool overlay_folder(const struct reading *reading, size_t level,
                           struct buf *out)
{
    buf_add_format(out, "%s/", reading->folder);
    return item_overlay_part(reading->division, level, out);
}

static void find_overlays(const struct reading *reading, const char *name,
                          struct buf paths[DIVISION_LEVELS],
                          struct overlay_files *files)
{
    for (size_t level = 0; level < DIVISION_LEVELS; level++) {
        buf_init(&paths[level], 4096);
        if (!overlay_folder(reading, level, &paths[level]))
            continue;
        buf_add_format(&paths[level], "/%s", name);
        if (file_exists(paths[level].text))
            files->paths[files->count++] = paths[level].text;
    }
}

static void keep_item(struct pack *pack, struct loaded *loaded)
{
    if (pack->count == pack->room) {
        size_t room = pack->room ? pack->room * 2 : 16;

        pack->items = mem_resize(pack->items, pack->room * sizeof loaded,
                                 room * sizeof loaded);
        pack->room = room;
    }
    pack->items[pack->count++] = loaded;
}

static void on_item_file(void *owner, const char *name)
{
    struct reading *reading = owner;
    struct pack *pack = reading->pack;
    struct buf path, overlays[DIVISION_LEVELS];
    struct overlay_files files = { 0 };

    reading->files++;
    buf_init(&path, 4096);
    if (strcmp(reading->folder, ".") != 0)
        buf_add_format(&path, "%s/", reading->folder);
    buf_add_text(&path, name);
    find_overlays(reading, name, overlays, &files);
    if (pack->count == PACK_ITEMS_MAX) {
        problems_add(reading->problems, path.text, 1, 1,
                     "expected at most %d items", PACK_ITEMS_MAX);
    } else {
        struct loaded *loaded = NULL;
        /* What is wrong is in problems, which decide for the whole pack. */
        enum err err = item_load_over(path.text, name, &files,
                                      reading->problems, pack->lists, &loaded);

        if (!err)
            keep_item(pack, loaded);
    }
    for (size_t level = 0; level < DIVISION_LEVELS; level++)
        buf_done(&overlays[level]);
    buf_done(&path);
}

/* An overlay of no item is a misspelt name. */
struct stray {
    const struct reading *reading;
    const char *folder;
};

static void on_overlay_file(void *owner, const char *name)
{
    const struct stray *stray = owner;
    struct buf path;

    buf_init(&path, 4096);
    buf_add_format(&path, "%s/%s", stray->reading->folder, name);
    if (!file_exists(path.text)) {
        buf_clear(&path);
        buf_add_format(&path, "%s/%s", stray->folder, name);
        problems_add(stray->reading->problems, path.text, 1, 1,
                     "there is no item %s to lay this over: expected the name "
                     "of an item's file",
                     name);
    }
    buf_done(&path);
}

static void find_strays(const struct reading *reading)
{
    for (size_t level = 0; level < DIVISION_LEVELS; level++) {
        struct buf folder;
        struct stray stray = { reading, NULL };

        buf_init(&folder, 4096);
        stray.folder = folder.text;
        if (overlay_folder(reading, level, &folder) &&
            file_is_folder(folder.text)) {
            stray.folder = folder.text;
            enum err err =
                file_list(folder.text, ".yaml", on_overlay_file, &stray);
            if (err)
                problems_add(reading->problems, folder.text, 1, 1,
                             "cannot be read: %s", err_text(err));
        }
        buf_done(&folder);
    }
}

static int by_order(const void *a, const void *b)
{
    const struct loaded *const *left = a, *const *right = b;
    int difference = (*left)->item.order - (*right)->item.order;

    return difference ? difference
                      : strcmp((*left)->item.id, (*right)->item.id);
}

enum err pack_load_for(const char *folder, const char *division,
                       struct problems *problems, struct pack **ret_pack)
{
    struct pack *pack = mem_new(sizeof *pack);
    struct reading reading = { pack, folder, division, problems, 0 };
    size_t before = problems->raised;
    enum err err;

    pack->lists = lists_new(folder);
    err = file_list(folder, ".yaml", on_item_file, &reading);
    if (err)
        problems_add(problems, folder, 1, 1,
                     err == ERR_NOT_FOUND
                         ? "there is no such folder: expected one with items"
                         : "the folder cannot be read: expected one that this "
                           "user may read");
    else if (reading.files == 0)
        problems_add(problems, folder, 1, 1,
                     "expected at least one item, a file NAME.yaml");
    else
        find_strays(&reading);
    item_themes_check(pack, problems);
    if (problems->raised != before) {
        pack_free(pack);
        return err ? err : ERR_BAD_INPUT;
    }
    if (pack->count > 0)
        qsort(pack->items, pack->count, sizeof *pack->items, by_order);
    *ret_pack = pack;
    return ERR_OK;
}

enum err pack_load(const char *folder, struct problems *problems,
                   struct pack **ret_pack)
{
    return pack_load_for(folder, "", problems, ret_pack);
}

/* Where a file stands: FOLDER/NAME, or FOLDER/overlays/DIVISION/NAME. */
struct standing {
    char *folder, *division;
    const char *name;
};

static void find_standing(const char *file, struct standing *standing)
{
    static const char overlays[] = "/overlays/";
    const char *slash = strrchr(file, '/');
    const char *at = NULL;

    standing->name = slash ? slash + 1 : file;
    for (const char *from = file; (from = strstr(from, overlays)); from++)
        at = from;
    if (at && at + sizeof overlays - 1 + DIVISION_DIGITS == slash) {
        standing->folder = mem_copy_bytes(file, (size_t)(at - file));
        standing->division =
            mem_copy_bytes(at + sizeof overlays - 1, DIVISION_DIGITS);
        return;
    }
    standing->folder = slash ? mem_copy_bytes(file, (size_t)(slash - file))
                             : mem_copy_text(".");
    standing->division = mem_copy_text("");
}

enum err pack_load_one(const char *file, struct problems *problems,
                       struct pack **ret_pack)
{
    struct pack *pack = mem_new(sizeof *pack);
    size_t before = problems->raised;
    struct standing standing;

    find_standing(file, &standing);
    struct reading reading = { pack, standing.folder, standing.division,
                               problems, 0 };
    pack->lists = lists_new(standing.folder);
    if (*standing.division && file_exists(file)) {
        struct buf folder;

        buf_init(&folder, 4096);
        buf_add_format(&folder, "%s/overlays/%s", standing.folder,
                       standing.division);
        struct stray stray = { &reading, folder.text };
        on_overlay_file(&stray, standing.name);
        buf_done(&folder);
    } else if (*standing.division) {
        problems_add(problems, file, 1, 1,
                     "there is no such file: expected an overlay here");
    }
    if (problems->raised == before)
        on_item_file(&reading, standing.name);
    bool is_good = problems->raised == before;
    if (is_good)
        *ret_pack = pack;
    else
        pack_free(pack);
    mem_free(standing.folder);
    mem_free(standing.division);
    return is_good ? ERR_OK : ERR_BAD_INPUT;
}

void pack_free(struct pack *pack)
{
    if (!pack)
        return;
    for (size_t i = 0; i < pack->count; i++)
        item_unload(pack->items[i]);
    lists_free(pack->lists);
    for (size_t i = 0; i < pack->compiled_list_count; i++)
        mem_free(pack->compiled_lists[i].rows);
    mem_free(pack->compiled_lists);
    file_unmap(pack->mapped, pack->mapped_len);
    mem_free(pack->items);
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

static void tell_rule(const struct rule *rule,
                      void (*on_rule)(void *owner, const struct rule *rule),
                      void *owner)
{
    if (rule)
        on_rule(owner, rule);
}

void item_step_each_rule(const struct step *step,
                         void (*on_rule)(void *owner, const struct rule *rule),
                         void *owner)
{
    tell_rule(step->when, on_rule, owner);
    for (size_t i = 0; i < step->option_count; i++)
        tell_rule(step->options[i].when, on_rule, owner);
    for (size_t i = 0; i < step->stop_count; i++)
        tell_rule(step->stops[i].when, on_rule, owner);
    for (size_t i = 0; i < step->line_count; i++)
        tell_rule(step->lines[i].when, on_rule, owner);
    tell_rule(step->required, on_rule, owner);
    for (size_t i = 0; i < step->allowed_count; i++)
        tell_rule(step->allowed[i].must, on_rule, owner);
    tell_rule(step->value, on_rule, owner);
}

void item_each_rule(const struct item *item,
                    void (*on_rule)(void *owner, const struct rule *rule),
                    void *owner)
{
    for (size_t i = 0; i < item->step_count; i++)
        item_step_each_rule(&item->steps[i], on_rule, owner);
    for (size_t i = 0; i < item->slip_count; i++) {
        const struct slip_part *part = &item->slip[i];

        tell_rule(part->when, on_rule, owner);
        for (size_t j = 0; j < part->row_count; j++)
            tell_rule(part->rows[j].when, on_rule, owner);
    }
}

struct item item_with_entries(const struct item *item, int entries)
{
    struct item fewer = *item;

    fewer.steps = mem_new((item->step_count + 1) * sizeof *fewer.steps);
    fewer.step_count = 0;
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].entry <= entries)
            fewer.steps[fewer.step_count++] = item->steps[i];
    return fewer;
}
