#include "tests/sim/stage.h"

#include "kiosk/app_state.h"
#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/kept.h"
#include "tests/sim/disk.h"
#include "tests/sim/net.h"
#include "tests/sim/world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- What stands in the world's place ----------------------------------- */

struct sim_stage stage;

static void tell_screens(void)
{
    static const char *names[64];
    size_t count = 0;

    for (const struct screen_kind *const *kind = screen_table; *kind; kind++)
        if ((*kind)->is_step && count + 1 < sizeof names / sizeof *names)
            names[count++] = (*kind)->name;
    item_set_screens(names);
}

static struct hub_settings hub_of_stage(void)
{
    return (struct hub_settings){ .state = stage.hub,
                                  .items = stage.hub_items,
                                  .is_demo = true,
                                  .codes = stage.codes };
}

/* Every key there is, the hub's own among them: one that the first world had to
 * make itself would have taken chance from it that later ones still have. */
static enum err make_keys(void)
{
    char hex[CRYPTO_HEX_DIGEST];
    char path[KEPT_PATH_BYTES];
    struct key *key = NULL;
    struct hub *hub = NULL;
    struct hub_settings settings = hub_of_stage();
    struct disk *disk = disk_new(stage.hub);

    chance_seed(1);
    enum err err = hub_open(&settings, &hub);
    hub_close(hub);
    disk_free(disk);
    if (err)
        return err;
    kept_path(stage.terminal, KEPT_KEY, path);
    err = key_open(path, KEY_SIGN, true, &key);
    if (err)
        return err;
    key_fingerprint(key_public(key), hex);
    key_close(key);
    return hub_enrol(stage.hub, hex);
}

/* ---- Items --------------------------------------------------------------- */

enum { ITEM_BYTES_MAX = 1024 * 1024 };

struct copying {
    const char *from, *to;
    enum err err;
};

static void copy_file(void *owner, const char *name)
{
    struct copying *copying = owner;
    char from[600], to[600];
    char *text = NULL;
    size_t len = 0;

    if (copying->err)
        return;
    snprintf(from, sizeof from, "%s/%s", copying->from, name);
    snprintf(to, sizeof to, "%s/%s", copying->to, name);
    copying->err = file_read(from, ITEM_BYTES_MAX, &text, &len);
    if (!copying->err)
        copying->err = file_replace(to, text, len, 0600);
    mem_free(text);
}

static enum err copy_files(const char *from, const char *to, const char *suffix)
{
    struct copying copying = { from, to, ERR_OK };
    enum err err = file_make_folder(to, 0700);

    if (!err)
        err = file_list(from, suffix, copy_file, &copying);
    return err ? err : copying.err;
}

/* So few places in time that people take them from each other. */
static enum err make_calendar(const char *lists)
{
    static const char calendar[] =
        "item\tplace\thours\tminutes\tplaces\tdays\n"
        "appointment\tnorth\t00:00-23:30\t470\t1\t1\n"
        "marriage-appoint\t*\t00:00-23:30\t470\t1\t3\n";
    char path[360];

    snprintf(path, sizeof path, "%s/slots.tsv", lists);
    return file_replace(path, calendar, strlen(calendar), 0600);
}

/* Those that are shipped, one in which two people show their cards, one that
 * asks what other offices have on record, one with a place in time, and one
 * with a fee. */
static enum err make_items(void)
{
    char shipped[300], lists[320], own_lists[320];
    struct copying second = { "tests/tty", stage.items, ERR_OK };

    snprintf(stage.items, sizeof stage.items, "%s/items", stage.folder);
    snprintf(shipped, sizeof shipped, "%s/share/items", stage.build);
    snprintf(lists, sizeof lists, "%s/lists", shipped);
    snprintf(own_lists, sizeof own_lists, "%s/lists", stage.items);
    enum err err = copy_files(shipped, stage.items, ".yaml");
    if (!err)
        err = copy_files(lists, own_lists, ".tsv");
    if (!err) {
        copy_file(&second, "family-move.yaml");
        copy_file(&second, "shared.yaml");
        copy_file(&second, "appointment.yaml");
        copy_file(&second, "fine.yaml");
        err = second.err;
    }
    if (!err)
        err = make_calendar(own_lists);
    return err;
}

bool world_prepare(const char *build_folder)
{
    struct problems problems;
    char path[300];

    snprintf(stage.build, sizeof stage.build, "%s", build_folder);
    if (file_make_temporary(stage.folder, sizeof stage.folder))
        return false;
    snprintf(stage.terminal, sizeof stage.terminal, "%s/terminal",
             stage.folder);
    snprintf(stage.hub, sizeof stage.hub, "%s/hub", stage.folder);
    snprintf(stage.paper, sizeof stage.paper, "%s/paper", stage.folder);
    snprintf(stage.codes, sizeof stage.codes, "%s/codes", stage.folder);
    snprintf(path, sizeof path, "%s/share/locales", stage.build);
    if (i18n_open(path))
        return false;
    tell_screens();
    enum err err = make_items();
    problems_init(&problems);
    if (!err)
        err = pack_load(stage.items, &problems, &stage.pack);
    if (err && problems.text.len > 0)
        fputs(problems.text.text, stderr);
    problems_done(&problems);
    stage.hub_items = hub_items_open(stage.items, NULL);
    clock_pretend(STAGE_START_MS, STAGE_START_WALL_MS);
    if (!err)
        err = file_make_folder(stage.terminal, 0700);
    if (!err)
        err = make_keys();
    return !err;
}

const char *world_item(size_t at)
{
    return at < pack_count(stage.pack) && at < WORLD_ITEMS_MAX
               ? pack_item(stage.pack, at)->id
               : NULL;
}

void world_clean_up(void)
{
    enum err err = file_remove_tree(stage.folder);
    (void)err; /* /tmp is emptied by the system, too */
    hub_items_close(stage.hub_items);
    pack_free(stage.pack);
    i18n_close();
    clock_pretend_end();
    chance_seed_end();
}

/* ---- The hub ------------------------------------------------------------ */

/* What both keep beside their stores are files of the real disk: the mark that
 * the terminal began, and journals' keys.  Those of the world before go. */
void stage_forget(void)
{
    char path[KEPT_PATH_BYTES];

    kept_path(stage.terminal, KEPT_MARK, path);
    enum err err = file_remove(path);
    (void)err; /* the first world has none */
    err = kept_begin(stage.terminal);
    assert(!err);
    snprintf(path, sizeof path, "%s/journal", stage.hub);
    err = file_remove_tree(path);
    assert(!err || err == ERR_NOT_FOUND);
    err = file_remove_tree(stage.codes);
    assert(!err || err == ERR_NOT_FOUND);
}

/* At once, and as many pages as there are years. */
static enum err draw_certificate(void *owner, uint32_t job, const char *request,
                                 size_t len)
{
    static const char year[] = "\"table\"";
    struct world *world = owner;
    struct buf pdf;
    int pages = 0;

    buf_init(&pdf, 256 * 1024);
    buf_add_text(&pdf, "%PDF-1.4\n");
    for (const char *at = request; (at = strstr(at, year)); at++) {
        buf_add_text(&pdf, "/Type /Page\n");
        pages++;
    }
    buf_add_text(&pdf, "% ");
    buf_add(&pdf, request, len);
    buf_add_char(&pdf, '\n');
    hub_drawn(world->hub, job, pdf.text, pdf.len, pages);
    buf_done(&pdf);
    return ERR_OK;
}

/* What the hub's sender wrote last. */
void stage_read_phone(char code[8])
{
    static const char mark[] = "\"code\": \"";
    char path[160];
    char *text = NULL;
    size_t len;

    code[0] = '\0';
    for (int i = 1;; i++) {
        snprintf(path, sizeof path, "%s/%d.json", stage.codes, i);
        if (!file_exists(path))
            break;
        mem_free(text);
        text = NULL;
        enum err err = file_read(path, 4096, &text, &len);
        assert(!err);
    }
    const char *at = text ? strstr(text, mark) : NULL;
    if (at)
        snprintf(code, 7, "%s", at + strlen(mark));
    mem_free(text);
}

void stage_open_hub(struct world *world)
{
    /* As the demonstration's: everybody is somebody there. */
    struct hub_settings settings = hub_of_stage();
    const struct hub_drawer drawer = { draw_certificate, world };
    struct hub *hub = NULL;

    enum err err = hub_open(&settings, &hub);
    if (err) {
        world_fail(world, "the hub does not start again", err_name(err));
        return;
    }
    world->hub = hub;
    hub_set_drawer(hub, &drawer);
    hub_set_public_url(hub, "http://127.0.0.1:8");
    net_set_hub(world->net, hub);
}

const char *world_terminal_store(void)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/kiosk.sqlite", stage.terminal);
    return path;
}

const char *world_hub_store(void)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/hub.sqlite", stage.hub);
    return path;
}

const char *world_hub_folder(void)
{
    return stage.hub;
}
