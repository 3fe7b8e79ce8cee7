#include "kiosk/hub/hub_items.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/case_body.h"
#include "kiosk/hub/slots.h"

enum { PACKS_MAX = 100000, PATH_BYTES_MAX = 4096, DIVISION_DIGITS = 6 };

/* Whole packs, and packs of the one item that an overlay is laid over. */
struct hub_items {
    struct pack **packs;
    size_t count, room;
    struct slot_calendar *calendar;
};

/* ---- Reading ---- */

struct reading {
    struct hub_items *items;
    const char *folder; /* of the pack, or of the overlays now read */
    const struct hub_items_told *told;
};

static void tell(const struct reading *reading, const char *lines)
{
    if (reading->told != NULL && reading->told->problems != NULL)
        reading->told->problems(reading->told->owner, lines);
}

static void keep(struct hub_items *items, struct pack *pack)
{
    if (items->count == items->room) {
        size_t room = items->room ? items->room * 2 : 16;

        items->packs = mem_resize(items->packs, items->room * sizeof(pack),
                                  room * sizeof(pack));
        items->room = room;
    }
    items->packs[items->count++] = pack;
}

/* A folder, or one item's overlay. */
static void read_with(const struct reading *reading, const char *path,
                      enum err (*load)(const char *path,
                                       struct problems *problems,
                                       struct pack **ret_pack))
{
    struct problems problems;
    struct pack *pack = NULL;
    enum err err;

    if (reading->items->count == PACKS_MAX) {
        tell(reading, "too many packs and overlays: no more are read\n");
        return;
    }
    problems_init(&problems);
    err = load(path, &problems, &pack);
    if (!err)
        keep(reading->items, pack);
    else
        tell(reading, problems.text.text);
    problems_done(&problems);
}

static void on_overlay(void *owner, const char *name)
{
    const struct reading *reading = owner;
    struct buf path;

    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/%s", reading->folder, name);
    read_with(reading, path.text, pack_load_one);
    buf_done(&path);
}

static void list(struct reading *reading, const char *folder,
                 const char *suffix,
                 void (*on_name)(void *owner, const char *name))
{
    enum err err = ERR_OK;

    if (file_is_folder(folder))
        err = file_list(folder, suffix, on_name, reading);
    if (err)
        tell(reading, "a folder of the items cannot be read\n");
}

static void on_division(void *owner, const char *name)
{
    const struct reading *whole = owner;
    struct reading reading = *whole;
    struct buf path;

    if (strlen(name) != DIVISION_DIGITS ||
        strspn(name, "0123456789") != DIVISION_DIGITS)
        return;
    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/overlays/%s", whole->folder, name);
    reading.folder = path.text;
    list(&reading, path.text, ".yaml", on_overlay);
    buf_done(&path);
}

/* As it is without overlays, and each item as a division has it that has an
 * overlay of its own for it (with those of its city and province). */
static void read_pack(struct reading *reading)
{
    struct buf path;

    read_with(reading, reading->folder, pack_load);
    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/overlays", reading->folder);
    list(reading, path.text, "", on_division);
    buf_done(&path);
}

static void on_older(void *owner, const char *name)
{
    const struct reading *newest = owner;
    struct reading reading = *newest;
    struct buf path;

    if (name[0] == '.')
        return;
    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/older/%s", newest->folder, name);
    reading.folder = path.text;
    if (file_is_folder(path.text))
        read_pack(&reading);
    buf_done(&path);
}

struct hub_items *hub_items_open(const char *folder,
                                 const struct hub_items_told *told)
{
    struct hub_items *items = mem_new(sizeof(*items));
    struct reading reading = { items, folder, told };
    struct buf older;

    if (folder == NULL)
        return items;
    read_pack(&reading);
    items->calendar = slot_calendar_open(folder, told);
    buf_init(&older, PATH_BYTES_MAX);
    buf_add_format(&older, "%s/older", folder);
    list(&reading, older.text, "", on_older);
    buf_done(&older);
    return items;
}

void hub_items_close(struct hub_items *items)
{
    if (items == NULL)
        return;
    for (size_t i = 0; i < items->count; i++)
        pack_free(items->packs[i]);
    mem_free(items->packs);
    slot_calendar_close(items->calendar);
    mem_free(items);
}

const struct slot_calendar *hub_items_calendar(const struct hub_items *items)
{
    return items ? items->calendar : NULL;
}

size_t hub_items_count(const struct hub_items *items)
{
    size_t count = 0;

    for (size_t i = 0; i < items->count; i++)
        count += pack_count(items->packs[i]);
    return count;
}

/* ---- Judging ---- */

/* NULL: it is not here, and *ret_mark says how far one came. */
static const struct item *find(const struct hub_items *items,
                               const struct envelope *envelope,
                               const char **ret_mark)
{
    bool has_item = false, has_version = false;

    for (size_t i = 0; items != NULL && i < items->count; i++) {
        const struct item *item = pack_find(items->packs[i], envelope->item);

        if (item == NULL)
            continue;
        has_item = true;
        has_version = has_version || item->version == envelope->version;
        if (item->version == envelope->version &&
            strcmp(item->hash, envelope->item_hash) == 0)
            return item;
    }
    *ret_mark = !has_item      ? "unknown-item"
                : !has_version ? "other-version"
                               : "other-content";
    return NULL;
}

const struct item *hub_items_find(const struct hub_items *items,
                                  const struct envelope *envelope)
{
    const char *mark = "";

    return find(items, envelope, &mark);
}

enum err hub_items_judge(const struct hub_items *items,
                         const struct envelope *envelope, const json_t *body,
                         const struct judge_registers *registers,
                         struct judgement *ret_judgement)
{
    const char *mark = "";
    int64_t now_ms = clock_wall_ms();
    const struct judge_case asked = {
        .item = find(items, envelope, &mark),
        .body = body,
        .assurance = envelope->assurance,
        .sent_ms = case_sent_ms(envelope, now_ms),
        .is_hour_only = case_is_hour_only(envelope),
        .now_ms = now_ms,
        .registers = registers,
    };

    if (asked.item != NULL)
        return judge(&asked, ret_judgement);
    *ret_judgement = (struct judgement){ .code = JUDGE_GOOD };
    snprintf(ret_judgement->look, sizeof(ret_judgement->look), "%s", mark);
    return ERR_OK;
}

const char *hub_mark_words(const char *mark)
{
    static const struct {
        const char *mark, *words;
    } known[] = {
        { "unknown-item", "its item is in no pack of this hub" },
        { "other-version", "made by a version of its item that is not here" },
        { "other-content",
          "made by the same version of its item, but with another content" },
        { "late", "made more than 30 days before it came" },
        { "ahead", "made on a day that has not come yet by the hub's clock" },
        { "clock", "the days of its session and of its sending do not fit" },
        { "birth", "day of birth and number do not belong together" },
        { "lacks", "lacks what the hub needs of every case" },
        { "shared",
          "what it took from this record could not be looked at anew" },
        { "slot-lost", "the time it was to be booked for is taken by others" },
    };
    size_t len = strcspn(mark, " ");

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].mark) == len &&
            memcmp(known[i].mark, mark, len) == 0)
            return known[i].words;
    }
    return "";
}
