#include "kiosk/preview.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/app.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/saved.h"

enum {
    MAGIC = 0x70726576,
    PATH_BYTES = 512,
    FINDINGS_BYTES = 256 * 1024,
    LINES_MAX = 80,
    SETTLE_MS = 50, /* editors save in several steps */
    RETRY_MS = 1000 /* a folder that is gone tells nothing */
};

struct preview {
    int magic;
    struct app *app; /* NULL before the first page */
    char *file;
    struct saved *saved;
    struct timer *soon; /* reads it again */
    bool is_away;       /* its folder is gone */
    struct pack *pack;
    struct pack *before; /* what the last page described may point there */
    struct buf findings; /* each line ends in a NUL */
    const char *lines[LINES_MAX];
    size_t line_count;
    bool is_old;
};

/* ---- Reading ------------------------------------------------------------ */

static bool ends_in(const char *name, const char *ending)
{
    size_t len = strlen(name), end = strlen(ending);
    return len > end && strcmp(name + len - end, ending) == 0;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "hotline.yaml:3:1: …", "lists/ways.tsv:2:1: …": the file's own folder is no
 * news to whoever writes there. */
static const char *without_folder(const struct preview *preview,
                                  const char *line)
{
    size_t folder = (size_t)(name_of(preview->file) - preview->file);
    bool is_beside = strncmp(line, preview->file, folder) == 0;

    return is_beside ? line + folder : line;
}

static void keep_findings(struct preview *preview,
                          const struct problems *problems)
{
    buf_clear(&preview->findings);
    preview->line_count = 0;
    problems_in_order(problems, &preview->findings);
    char *line = preview->findings.text;
    while (*line && preview->line_count < LINES_MAX) {
        char *end = strchr(line, '\n');
        preview->lines[preview->line_count++] = without_folder(preview, line);
        if (!end)
            return;
        *end = '\0';
        line = end + 1;
    }
}

/* As `kiosk check` does it. */
static enum err read_item(struct preview *preview, struct pack **ret_pack)
{
    struct problems problems;

    problems_init(&problems);
    enum err err = ERR_BAD_INPUT;
    if (ends_in(preview->file, ".yaml"))
        err = pack_load_one(preview->file, &problems, ret_pack);
    else
        problems_add(&problems, preview->file, 1, 1,
                     "expected an item's file, NAME.yaml");
    if (!err) {
        item_explore(pack_item(*ret_pack, 0), &problems);
        (void)item_tests_run(pack_item(*ret_pack, 0), &problems);
    }
    keep_findings(preview, &problems);
    problems_done(&problems);
    return err;
}

static void read_again(struct preview *preview)
{
    struct pack *pack = NULL;

    preview->is_old = read_item(preview, &pack) != ERR_OK;
    if (!preview->is_old) {
        pack_free(preview->before);
        preview->before = preview->pack;
        preview->pack = pack;
        app_take_pack(preview->app, pack);
    }
    app_touch(preview->app);
}

/* ---- Watching ----------------------------------------------------------- */

/* The folder "above" levels above the file, with what lies in it; whether it is
 * there. */
static bool watch_folder(struct preview *preview, int above, const char *inside)
{
    const char *slash = strrchr(preview->file, '/');
    char path[2 * PATH_BYTES] = "";
    int len = slash ? (int)(slash - preview->file) : 0;

    snprintf(path, sizeof path, "%.*s%s%s%s", len, preview->file,
             slash ? "/" : "./", above ? "../../" : "", inside);
    return !saved_add(preview->saved, path);
}

/* Whether the file's own folder is there: lists need not be.  If it is an
 * overlay, its item lies two folders above. */
static bool watch_folders(struct preview *preview)
{
    bool is_there = watch_folder(preview, 0, "");

    (void)watch_folder(preview, 0, "lists");
    (void)watch_folder(preview, 2, "");
    (void)watch_folder(preview, 2, "lists");
    return is_there;
}

/* Watched first: what is saved while it is read is read again. */
static void on_soon(void *owner)
{
    struct preview *preview = owner;
    bool was_away = preview->is_away;

    assert(preview->magic == MAGIC);
    preview->is_away = !watch_folders(preview);
    if (!preview->is_away || !was_away)
        read_again(preview);
    if (preview->is_away)
        timer_start(preview->soon, RETRY_MS);
}

static void on_saved(void *owner, const char *name)
{
    struct preview *preview = owner;

    assert(preview->magic == MAGIC);
    if (!*name || ends_in(name, ".yaml") || ends_in(name, ".tsv") ||
        strcmp(name, "lists") == 0)
        timer_start(preview->soon, SETTLE_MS);
}

/* ---- Opening and closing ------------------------------------------------ */

static void tell_failure(const struct preview *preview, const char *file)
{
    for (size_t i = 0; i < preview->line_count; i++)
        fprintf(stderr, "%s\n", preview->lines[i]);
    fprintf(stderr, "kiosk: %s: there is no good version to show yet\n", file);
}

enum err preview_new(struct loop *loop, const char *file,
                     struct preview **ret_preview)
{
    struct preview *preview = mem_new(sizeof *preview);

    preview->magic = MAGIC;
    buf_init(&preview->findings, FINDINGS_BYTES);
    preview->file = mem_copy_text(file);
    preview->soon = timer_new(loop, "saved file", on_soon, preview);
    enum err err = strlen(file) < PATH_BYTES ? ERR_OK : ERR_TOO_BIG;
    if (!err)
        err = saved_new(loop, on_saved, preview, &preview->saved);
    if (!err) {
        preview->is_away = !watch_folders(preview);
        err = read_item(preview, &preview->pack);
    }
    if (err) {
        tell_failure(preview, file);
        preview_free(preview);
        return err;
    }
    *ret_preview = preview;
    return ERR_OK;
}

const struct pack *preview_pack(const struct preview *preview)
{
    return preview->pack;
}

void preview_start(struct preview *preview, struct app *app)
{
    preview->app = app;
    app_begin_preview(app);
}

void preview_free(struct preview *preview)
{
    if (!preview)
        return;
    saved_free(preview->saved);
    timer_free(preview->soon);
    pack_free(preview->before);
    pack_free(preview->pack);
    buf_done(&preview->findings);
    mem_free(preview->file);
    mem_free(preview);
}

size_t preview_finding_count(const struct preview *preview)
{
    return preview->line_count;
}

const char *preview_finding(const struct preview *preview, size_t at)
{
    return at < preview->line_count ? preview->lines[at] : "";
}

const char *preview_headline(const struct preview *preview)
{
    const char *name = name_of(preview->file);
    const char *line = preview_finding(preview, 0);
    size_t len = strlen(name);

    for (size_t i = 0; i < preview->line_count; i++)
        if (strstr(preview->lines[i], ": error: ")) {
            line = preview->lines[i];
            break;
        }
    return strncmp(line, name, len) == 0 && line[len] == ':' ? line + len + 1
                                                             : line;
}

bool preview_is_old(const struct preview *preview)
{
    return preview->is_old;
}
