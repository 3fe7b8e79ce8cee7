#include "kiosk/demo.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/demo_acts.h"

#include <jansson.h>

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MAGIC = 0x64656d6f,
    LINE_MAX_BYTES = 8192,
    LINE_WAIT_MS = 300, /* a line without a newline is one after this */
    HUB_AGAIN_MS = 500, /* a hub that ended is started again after this */
    CLOCK_LEAP_S = 10,
    CLOCK_LEAPS = 60,
    CLOCK_MOST_S = 10 * 366 * 86400,
    COUNT_DIGITS_MAX = 9 /* fewer than any number of a person's has */
};

#define BLANKS " \t"

static const struct child_profile hub_profile = {
    .name = "kiosk-hub",
    .line_max_bytes = 4096,
};

struct demo {
    int magic;
    struct loop *loop;
    struct app *app;
    struct report *report;
    struct child *hub;
    struct demo_acts *acts;
    struct timer *again;
    struct timer *silence; /* ends a line that has no newline */
    char folder[DEMO_PATH_BYTES];
    char paper[DEMO_PATH_BYTES];
    char hub_path[DEMO_PATH_BYTES];
    char hub_folder[DEMO_PATH_BYTES + 8];
    char *items;
    struct watch *watch;
    struct buf line;
    int fd, lock;
    bool is_own_folder;
    bool is_stopping;
};

/* ---- The hub ----------------------------------------------------------- */

static void on_hub_line(void *owner, const char *line, size_t len)
{
    struct demo *demo = owner;
    const char *terminals = NULL, *public_url = NULL, *office = NULL;

    assert(demo->magic == MAGIC);
    json_t *json = json_loadb(line, len, 0, NULL);
    if (json_unpack(json, "{s:s, s:s, s:s}", "terminals", &terminals, "public",
                    &public_url, "office_key", &office) == 0) {
        enum err err = app_set_office(demo->app, terminals, office, public_url);
        if (err)
            event_record(EVENT_CHILD_ENDED, FIELD_CHILD, hub_profile.name,
                         FIELD_ERR, err_name(err), FIELD_END);
    }
    json_decref(json);
}

static void start_hub(void *owner);

static void on_hub_end(void *owner, enum err err, int status)
{
    struct demo *demo = owner;
    assert(demo->magic == MAGIC);
    event_record(EVENT_CHILD_ENDED, FIELD_CHILD, hub_profile.name, FIELD_ERR,
                 err_name(err ? err : ERR_CHILD), FIELD_NUMBER, (int64_t)status,
                 FIELD_END);
    if (!demo->is_stopping)
        timer_start(demo->again, HUB_AGAIN_MS);
}

static void start_hub(void *owner)
{
    static const struct child_events events = { on_hub_line, on_hub_end };
    struct demo *demo = owner;
    char codes[DEMO_PATH_BYTES + 8];
    static const char loopback[] = "127.0.0.1:0";
    /* It finds kiosk-draw beside itself. */
    const char *argv[] = { demo->hub_path, "--demo",      "--follow-clock",
                           "--until-eof",  "--state",     demo->hub_folder,
                           "--codes",      codes,         "--items",
                           demo->items,    "--terminals", loopback,
                           "--public",     loopback,      NULL };

    assert(demo->magic == MAGIC);
    child_free(demo->hub);
    demo->hub = NULL;
    snprintf(codes, sizeof codes, "%s/codes", demo->folder);
    enum err err =
        child_run(demo->loop, &hub_profile, argv, &events, demo, &demo->hub);
    if (err)
        on_hub_end(demo, err, 0);
}

/* ---- Lines ------------------------------------------------------------- */

/* "clock +90s": the clocks go on, and what is due by then happens. */
static enum err move_clock(struct demo *demo, const char *line)
{
    int64_t seconds = 0;
    const char *at = line + strlen("clock +");

    if (strncmp(line, "clock +", strlen("clock +")) != 0 || *at == 's')
        return ERR_BAD_INPUT;
    for (; *at >= '0' && *at <= '9' && seconds < CLOCK_MOST_S; at++)
        seconds = seconds * 10 + (*at - '0');
    if (strcmp(at, "s") != 0 || seconds > CLOCK_MOST_S)
        return ERR_BAD_INPUT;
    /* In leaps of ten seconds at first, so that what follows from what (the
     * idle page, then the end) comes in its order; the rest in one. */
    for (int i = 0; i < CLOCK_LEAPS && seconds > CLOCK_LEAP_S; i++) {
        clock_shift(CLOCK_LEAP_S * 1000);
        loop_fire_due(demo->loop);
        app_settle(demo->app);
        seconds -= CLOCK_LEAP_S;
    }
    clock_shift(seconds * 1000);
    loop_fire_due(demo->loop);
    app_touch(demo->app);
    return ERR_OK;
}

/* "case accepted" and so on: the office says so of the case sent last. */
static enum err act_on_case(struct demo *demo, const char *state)
{
    static const char *const states[] = { "accepted", "correct", "finished",
                                          "withdrawn" };

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i], state) == 0 && *app_last_case(demo->app))
            return demo_acts_add(demo->acts, "case", app_last_case(demo->app),
                                 state);
    return ERR_BAD_INPUT;
}

/* "cashier pay": somebody pays the payment that was asked for last. */
static enum err act_on_payment(struct demo *demo)
{
    if (!*app_last_payment(demo->app))
        return ERR_BAD_INPUT;
    return demo_acts_add(demo->acts, "pay", app_last_payment(demo->app), NULL);
}

static enum err take(void *owner, const char *line)
{
    struct demo *demo = owner;
    assert(demo->magic == MAGIC);
    if (strcmp(line, "network down") == 0 || strcmp(line, "network up") == 0) {
        app_set_network(demo->app, strcmp(line, "network up") == 0);
        return ERR_OK;
    }
    if (strncmp(line, "clock ", 6) == 0)
        return move_clock(demo, line);
    if (strncmp(line, "case ", 5) == 0)
        return act_on_case(demo, line + 5);
    if (strcmp(line, "cashier pay") == 0)
        return act_on_payment(demo);
    if (strcmp(line, "quit") == 0) {
        loop_stop(demo->loop);
        return ERR_OK;
    }
    return app_pretend_device(demo->app, line);
}

/* What a person's number, telephone or name never is. */
static bool is_known_word(const char *word, size_t len)
{
    static const char *const known[] = { "card",
                                         "resident",
                                         "hmt",
                                         "foreigner-2017",
                                         "foreigner-2023",
                                         "unknown",
                                         "two",
                                         "lift",
                                         "reader",
                                         "unplug",
                                         "plug",
                                         "paper",
                                         "out",
                                         "in",
                                         "cover",
                                         "open",
                                         "closed",
                                         "printer",
                                         "die",
                                         "wait",
                                         "mute",
                                         "network",
                                         "down",
                                         "up",
                                         "clock",
                                         "case",
                                         "accepted",
                                         "correct",
                                         "finished",
                                         "withdrawn",
                                         "cashier",
                                         "pay",
                                         "quit" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == len && strncmp(known[i], word, len) == 0)
            return true;
    return false;
}

/* "+90s", "2": a few digits, with what may stand around them. */
static bool is_count(const char *word, size_t len)
{
    size_t sign = word[0] == '+', unit = len > 0 && word[len - 1] == 's';
    size_t digits = len - sign - unit;

    return digits > 0 && digits <= COUNT_DIGITS_MAX && sign + unit < len &&
           strspn(word + sign, "0123456789") >= digits;
}

/* The line as it is said again: words that are known, up to the first that is
 * not, so that nothing of a person gets into the report. */
static void without_values(const char *line, struct buf *words)
{
    for (line += strspn(line, BLANKS); *line; line += strspn(line, BLANKS)) {
        size_t len = strcspn(line, BLANKS);
        if (!is_known_word(line, len) && !is_count(line, len))
            return;
        if (words->len > 0)
            buf_add_char(words, ' ');
        buf_add(words, line, len);
        line += len;
    }
}

static void take_line(struct demo *demo, char *line)
{
    struct buf words;

    line += strspn(line, BLANKS);
    size_t len = strlen(line);
    while (len > 0 && strchr(BLANKS, line[len - 1]))
        line[--len] = '\0';
    if (len == 0)
        return; /* nothing was said */
    enum err err = take(demo, line);
    buf_init(&words, 128);
    without_values(line, &words);
    if (demo->report)
        report_sim(demo->report, words.text, err);
    buf_done(&words);
}

static void take_lines(struct demo *demo)
{
    char *newline;
    while ((newline = memchr(demo->line.text, '\n', demo->line.len))) {
        size_t len = (size_t)(newline - demo->line.text);
        *newline = '\0';
        if (len > 0 && demo->line.text[len - 1] == '\r')
            demo->line.text[len - 1] = '\0';
        take_line(demo, demo->line.text);
        buf_remove_front(&demo->line, len + 1);
    }
    if (demo->line.is_cut)
        buf_clear(&demo->line); /* a line without end is nobody's */
}

static void on_pipe(void *owner, int events)
{
    struct demo *demo = owner;
    char bytes[2048];

    (void)events;
    assert(demo->magic == MAGIC);
    ssize_t len = read(demo->fd, bytes, sizeof bytes);
    if (len <= 0)
        return;
    buf_add(&demo->line, bytes, (size_t)len);
    mem_wipe(bytes, sizeof bytes);
    timer_stop(demo->silence); /* a line may move the clock */
    take_lines(demo);
    if (demo->line.len > 0)
        timer_start(demo->silence, LINE_WAIT_MS);
}

/* Who forgot the newline has said all the same what was meant; it must not
 * become the beginning of the next one's line. */
static void on_silence(void *owner)
{
    struct demo *demo = owner;

    assert(demo->magic == MAGIC);
    if (demo->line.len == 0)
        return;
    take_line(demo, demo->line.text);
    buf_clear(&demo->line);
}

/* ---- Opening and closing ----------------------------------------------- */

static enum err make_folders(struct demo *demo, const char *folder)
{
    enum err err = ERR_OK;

    demo->is_own_folder = !folder;
    if (folder)
        snprintf(demo->folder, sizeof demo->folder, "%s", folder);
    else
        err = file_make_temporary(demo->folder, sizeof demo->folder);
    if (err)
        return err;
    size_t len = strlen(demo->folder);
    if (len + 16 > sizeof demo->paper)
        return ERR_TOO_BIG;
    /* Whose state this is, its pipe is, too. */
    char lock[DEMO_PATH_BYTES + 16];
    snprintf(lock, sizeof lock, "%s/kiosk.lock", demo->folder);
    err = file_make_folder(demo->folder, 0700);
    if (err) /* ERR_EXISTS is for another kiosk's */
        return err == ERR_EXISTS ? ERR_NOT_FOUND : err;
    err = file_lock_soon(lock, &demo->lock);
    if (err)
        return err;
    memcpy(demo->paper, demo->folder, len);
    memcpy(demo->paper + len, "/paper", sizeof "/paper");
    return file_make_folder(demo->paper, 0700);
}

enum err demo_new(struct loop *loop, const char *folder, const char *hub_path,
                  const char *items, struct report *report,
                  struct demo **ret_demo)
{
    struct demo *demo = mem_new(sizeof *demo);
    char pipe[DEMO_PATH_BYTES + 8];

    demo->magic = MAGIC;
    demo->loop = loop;
    demo->report = report;
    demo->fd = demo->lock = -1;
    buf_init(&demo->line, LINE_MAX_BYTES);
    snprintf(demo->hub_path, sizeof demo->hub_path, "%s", hub_path);
    demo->items = mem_copy_text(items);
    enum err err = make_folders(demo, folder);
    if (!err) {
        snprintf(pipe, sizeof pipe, "%s/sim", demo->folder);
        err = file_open_fifo(pipe, &demo->fd);
    }
    if (err) {
        demo_free(demo);
        return err;
    }
    snprintf(demo->hub_folder, sizeof demo->hub_folder, "%s/hub", demo->folder);
    demo->acts = demo_acts_new(loop, demo->hub_path, demo->hub_folder);
    demo->again = timer_new(loop, "demo hub", start_hub, demo);
    demo->silence = timer_new(loop, "sim silence", on_silence, demo);
    *ret_demo = demo;
    return ERR_OK;
}

const char *demo_folder(const struct demo *demo)
{
    return demo->folder;
}

const char *demo_paper_folder(const struct demo *demo)
{
    return demo->paper;
}

static void replace(char **setting, const char *value)
{
    mem_free(*setting);
    *setting = mem_copy_text(value);
}

void demo_settings(const struct demo *demo, struct settings *settings)
{
    replace(&settings->state_folder, demo->folder);
    replace(&settings->card_driver, "card/sim");
    replace(&settings->printer_driver, "printer/sim");
    replace(&settings->a4_driver, "printer/sim");
    replace(&settings->hub_url, "");
    replace(&settings->hub_office_key, "");
    replace(&settings->hub_public_url, "");
}

void demo_start(struct demo *demo, struct app *app)
{
    demo->app = app;
    app_on_pretend(app, take, demo);
    app_make_demo_pin(app);
    demo->watch = watch_new(demo->loop, "sim", demo->fd, on_pipe, demo);
    watch_set(demo->watch, LOOP_READ);
    timer_start(demo->again, 0); /* after the first page */
}

void demo_stop(struct demo *demo)
{
    if (!demo)
        return;
    demo->is_stopping = true;
    watch_free(demo->watch);
    demo->watch = NULL;
    timer_free(demo->again);
    demo->again = NULL;
    timer_free(demo->silence);
    demo->silence = NULL;
    child_free(demo->hub);
    demo_acts_free(demo->acts);
    demo->acts = NULL;
    demo->hub = NULL;
}

void demo_free(struct demo *demo)
{
    if (!demo)
        return;
    demo_stop(demo);
    if (demo->fd >= 0) {
        char pipe[DEMO_PATH_BYTES + 8];
        close(demo->fd);
        snprintf(pipe, sizeof pipe, "%s/sim", demo->folder);
        enum err gone = file_remove(pipe);
        (void)gone;
    }
    if (demo->is_own_folder && demo->folder[0]) {
        enum err err = file_remove_tree(demo->folder);
        (void)err; /* /tmp is emptied by the system, too */
    }
    file_unlock(demo->lock);
    buf_done(&demo->line);
    mem_free(demo->items);
    mem_free(demo);
}
