#define _GNU_SOURCE /* memfd_create */
#include "tests/mutate/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/item_load.h"
#include "tests/mutate/same_walk.h"

enum {
    PATH_BYTES = 1024,
    TEXT_MAX = 1024 * 1024,
    OVERLAYS_MAX = 32,
    LINE_BYTES = 2048
};

struct judge {
    char *path, *folder;
    const char *name; /* the end of path */
    char *text;
    size_t len;
    struct lists *lists;
    struct pack *pack; /* the folder's other items, and one place more */
    char *overlays[OVERLAYS_MAX];
    size_t overlay_count;
    int file;           /* a file in memory that holds the changed text … */
    char file_path[64]; /* … and its name */
    struct buf told;    /* of the file as it is, line by line */
    /* The file as it is; then under each overlay. */
    struct loaded *as_it_is[OVERLAYS_MAX + 1];
};

/* ---- What is new -------------------------------------------------------- */

/* Behind "file:line:column: "; lines of a file move when it is changed. */
static const char *said(const char *line)
{
    const char *error = strstr(line, ": error: ");
    const char *warning = strstr(line, ": warning: ");

    if (error && (!warning || error < warning))
        return error + 2;
    return warning ? warning + 2 : line;
}

/* A warning tells by which answers one comes there: others do not make it
 * another one. */
static size_t said_len(const char *line)
{
    const char *at = said(line);
    const char *behind = strstr(at, " after ");

    return strncmp(at, "warning", 7) == 0 && behind ? (size_t)(behind - at)
                                                    : strlen(at);
}

static size_t count_of(const struct buf *told, const char *line)
{
    const char *at = told->text;
    char other[LINE_BYTES];
    size_t count = 0;

    while (*at) {
        size_t len = strcspn(at, "\n");

        snprintf(other, sizeof other, "%.*s", (int)len, at);
        count += said_len(other) == said_len(line) &&
                 strncmp(said(other), said(line), said_len(line)) == 0;
        at += len + (at[len] == '\n');
    }
    return count;
}

/* That a walk was given up finds nothing. */
static bool is_silence(const char *line)
{
    return strstr(line, ": more ways than can be walked here") != NULL;
}

/* Under the name of the file that it is of. */
static void add_message(const struct judge *judge, const char *line,
                        struct buf *message)
{
    size_t len = strlen(judge->file_path);

    if (strncmp(line, judge->file_path, len) == 0 && line[len] == ':') {
        buf_add_text(message, judge->path);
        line += len;
    }
    buf_add_text(message, line);
}

static bool tells_news(const struct judge *judge, const struct buf *told,
                       struct buf *message)
{
    const char *at = told->text;
    char line[LINE_BYTES];

    while (*at) {
        size_t len = strcspn(at, "\n");

        snprintf(line, sizeof line, "%.*s", (int)len, at);
        if (!is_silence(line) &&
            count_of(told, line) > count_of(&judge->told, line)) {
            add_message(judge, line, message);
            return true;
        }
        at += len + (at[len] == '\n');
    }
    return false;
}

/* ---- One text ----------------------------------------------------------- */

/* Half a text would be found fault with, and the change be said to be found. */
static void write_file(const struct judge *judge, const char *text, size_t len)
{
    size_t at = 0;

    if (ftruncate(judge->file, 0))
        abort();
    while (at < len) {
        ssize_t written = pwrite(judge->file, text + at, len - at, (off_t)at);

        if (written <= 0)
            abort();
        at += (size_t)written;
    }
}

/* Among the others of its folder, as a pack. */
static void look_at_pack(struct judge *judge, struct loaded *loaded,
                         struct problems *problems)
{
    judge->pack->items[judge->pack->count++] = loaded;
    item_themes_check(judge->pack, problems);
    judge->pack->count--;
}

struct look {
    struct judge *judge;
    struct problems problems;
    struct buf *message;
    enum found_by found;
    bool is_first; /* of the file as it is: nothing is new, all is asked */
};

static bool finds(struct look *look, enum found_by by)
{
    if (look->is_first ||
        !tells_news(look->judge, &look->problems.text, look->message))
        return false;
    look->found = by;
    return true;
}

/* What is to be told of its ways that is not told yet. */
static void look_at_ways(struct look *look, const struct item *item,
                         const struct loaded *as_it_is)
{
    if (as_it_is && item_walks_alike(&as_it_is->item, item))
        return;
    item_explore(item, &look->problems);
    (void)finds(look, FOUND_WAYS);
}

/* Of the item, or (nth not 0) of the item with the nth overlay laid over it. */
static void look_at(struct look *look, size_t nth)
{
    struct judge *judge = look->judge;
    const char *overlay = nth ? judge->overlays[nth - 1] : NULL;
    struct overlay_files files = { { overlay }, overlay != NULL };
    struct loaded *loaded = NULL;
    enum err err = item_load_over(judge->file_path, judge->name, &files,
                                  &look->problems, judge->lists, &loaded);

    if (!err && !overlay)
        look_at_pack(judge, loaded, &look->problems);
    if (!finds(look, FOUND_READING) && !err) {
        (void)item_tests_run(&loaded->item, &look->problems);
        if (!finds(look, FOUND_TEST))
            look_at_ways(look, &loaded->item, judge->as_it_is[nth]);
    }
    if (look->is_first)
        judge->as_it_is[nth] = loaded;
    else
        item_unload(loaded);
}

static void look_everywhere(struct look *look, const char *text, size_t len)
{
    struct judge *judge = look->judge;

    write_file(judge, text, len);
    for (size_t nth = 0; nth <= judge->overlay_count; nth++)
        if (look->found == FOUND_NOTHING)
            look_at(look, nth);
}

enum found_by judge_try(struct judge *judge, const char *text, size_t len,
                        struct buf *message)
{
    struct look look = { .judge = judge,
                         .message = message,
                         .found = FOUND_NOTHING };

    problems_init(&look.problems);
    look_everywhere(&look, text, len);
    problems_done(&look.problems);
    return look.found;
}

/* ---- The file as it is -------------------------------------------------- */

static void on_division(void *owner, const char *name)
{
    struct judge *judge = owner;
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/overlays/%s/%s", judge->folder, name,
             judge->name);
    if (file_exists(path) && judge->overlay_count < OVERLAYS_MAX)
        judge->overlays[judge->overlay_count++] = mem_copy_text(path);
}

static void find_overlays(struct judge *judge)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/overlays", judge->folder);
    if (!file_is_folder(path))
        return;
    enum err err = file_list(path, "", on_division, judge);
    (void)err; /* kiosk check tells of a folder that cannot be read */
}

/* One of the others with an error is told when it is its turn. */
static void on_item(void *owner, const char *name)
{
    struct judge *judge = owner;
    struct problems problems;
    struct loaded *loaded = NULL;
    char path[PATH_BYTES];

    if (strcmp(name, judge->name) == 0 ||
        judge->pack->count + 1 == judge->pack->room)
        return;
    snprintf(path, sizeof path, "%s/%s", judge->folder, name);
    problems_init(&problems);
    if (!item_load(path, name, &problems, judge->lists, &loaded))
        judge->pack->items[judge->pack->count++] = loaded;
    problems_done(&problems);
}

static enum err find_others(struct judge *judge)
{
    struct pack *pack = mem_new(sizeof *pack);

    judge->pack = pack;
    pack->room = PACK_ITEMS_MAX + 1;
    pack->items = mem_new(pack->room * sizeof(struct loaded *));
    return file_list(judge->folder, ".yaml", on_item, judge);
}

static void add_all(const struct judge *judge, const struct problems *found,
                    struct buf *problems)
{
    struct buf lines;
    char line[LINE_BYTES];

    buf_init(&lines, TEXT_MAX);
    problems_in_order(found, &lines);
    for (const char *at = lines.text; *at;) {
        size_t len = strcspn(at, "\n");

        snprintf(line, sizeof line, "%.*s", (int)len, at);
        add_message(judge, line, problems);
        buf_add_char(problems, '\n');
        at += len + (at[len] == '\n');
    }
    buf_done(&lines);
}

/* All that is told of it is known from then on. */
static enum err judge_as_it_is(struct judge *judge, struct buf *problems)
{
    struct look look = { .judge = judge,
                         .found = FOUND_NOTHING,
                         .is_first = true };

    problems_init(&look.problems);
    look_everywhere(&look, judge->text, judge->len);
    add_all(judge, &look.problems, problems);
    buf_add_text(&judge->told, look.problems.text.text);
    size_t errors = look.problems.count;
    problems_done(&look.problems);
    return errors ? ERR_BAD_INPUT : ERR_OK;
}

static void stand_at(struct judge *judge, const char *path)
{
    const char *slash = strrchr(path, '/');

    judge->path = mem_copy_text(path);
    judge->folder = slash ? mem_copy_bytes(path, (size_t)(slash - path))
                          : mem_copy_text(".");
    judge->name = slash ? judge->path + (slash - path) + 1 : judge->path;
    judge->lists = lists_new(judge->folder);
    buf_init(&judge->told, TEXT_MAX);
}

enum err judge_open(const char *path, struct buf *problems,
                    struct judge **ret_judge)
{
    struct judge *judge = mem_new(sizeof *judge);
    enum err err;

    stand_at(judge, path);
    judge->file = memfd_create("mutate.yaml", MFD_CLOEXEC);
    snprintf(judge->file_path, sizeof judge->file_path, "/proc/self/fd/%d",
             judge->file);
    err = judge->file < 0
              ? ERR_IO
              : file_read(path, TEXT_MAX, &judge->text, &judge->len);
    if (!err)
        err = find_others(judge);
    if (!err) {
        find_overlays(judge);
        err = judge_as_it_is(judge, problems);
    }
    if (err)
        judge_close(judge);
    else
        *ret_judge = judge;
    return err;
}

void judge_close(struct judge *judge)
{
    if (!judge)
        return;
    for (size_t i = 0; judge->pack && i < judge->pack->count; i++)
        item_unload(judge->pack->items[i]);
    for (size_t nth = 0; nth <= judge->overlay_count; nth++)
        item_unload(judge->as_it_is[nth]);
    if (judge->pack)
        mem_free(judge->pack->items);
    mem_free(judge->pack);
    for (size_t i = 0; i < judge->overlay_count; i++)
        mem_free(judge->overlays[i]);
    if (judge->file >= 0)
        close(judge->file);
    lists_free(judge->lists);
    buf_done(&judge->told);
    mem_free(judge->text);
    mem_free(judge->folder);
    mem_free(judge->path);
    mem_free(judge);
}

const char *judge_text(const struct judge *judge, size_t *ret_len)
{
    *ret_len = judge->len;
    return judge->text;
}
