#include "kiosk/demo_acts.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/child.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"

enum { MAGIC = 0x61637473, ACTS_MAX = 32, WORD_BYTES = 64 };

/* Without a limit of time: by the clock that a line moves it would be over before
 * the program began. */
static const struct child_profile profile = {
    .name = "kiosk-hub case",
    .line_max_bytes = 4096,
};

struct act {
    char command[WORD_BYTES], name[WORD_BYTES], word[WORD_BYTES];
};

struct demo_acts {
    int magic;
    struct loop *loop;
    const char *hub_path, *state;
    struct child *child;       /* does the first of them; NULL: nothing to do */
    struct act acts[ACTS_MAX]; /* in the order in which they were told */
    size_t count;
};

static void begin(struct demo_acts *acts);

static void on_line(void *owner, const char *line, size_t len)
{
    (void)owner;
    (void)line;
    (void)len;
}

static void next(struct demo_acts *acts)
{
    child_free(acts->child);
    acts->child = NULL;
    acts->count--;
    memmove(&acts->acts[0], &acts->acts[1], acts->count * sizeof acts->acts[0]);
    begin(acts);
}

static void tell(enum err err, int status)
{
    event_record(EVENT_CHILD_ENDED, FIELD_CHILD, profile.name, FIELD_ERR,
                 err_name(err ? err : ERR_CHILD), FIELD_NUMBER, (int64_t)status,
                 FIELD_END);
}

static void on_end(void *owner, enum err err, int status)
{
    struct demo_acts *acts = owner;

    assert(acts->magic == MAGIC);
    if (err || status)
        tell(err, status);
    next(acts);
}

static void begin(struct demo_acts *acts)
{
    static const struct child_events events = { on_line, on_end };
    const struct act *act = &acts->acts[0];
    const char *argv[8] = { acts->hub_path, act->command, act->name };
    int count = 3;

    if (acts->count == 0)
        return;
    if (*act->word)
        argv[count++] = act->word;
    argv[count++] = "--state";
    argv[count] = acts->state;
    enum err err =
        child_run(acts->loop, &profile, argv, &events, acts, &acts->child);
    if (err) {
        tell(err, 0);
        next(acts);
    }
}

struct demo_acts *demo_acts_new(struct loop *loop, const char *hub_path,
                                const char *state)
{
    struct demo_acts *acts = mem_new(sizeof *acts);

    *acts = (struct demo_acts){
        .magic = MAGIC, .loop = loop, .hub_path = hub_path, .state = state
    };
    return acts;
}

void demo_acts_free(struct demo_acts *acts)
{
    if (!acts)
        return;
    assert(acts->magic == MAGIC);
    child_free(acts->child);
    acts->magic = 0;
    mem_free(acts);
}

enum err demo_acts_add(struct demo_acts *acts, const char *command,
                       const char *name, const char *word)
{
    struct act *act = &acts->acts[acts->count];

    assert(acts->magic == MAGIC);
    if (acts->count == ACTS_MAX || strlen(name) >= WORD_BYTES)
        return ERR_TOO_BIG;
    snprintf(act->command, sizeof act->command, "%s", command);
    snprintf(act->name, sizeof act->name, "%s", name);
    snprintf(act->word, sizeof act->word, "%s", word ? word : "");
    acts->count++;
    if (!acts->child)
        begin(acts);
    return ERR_OK;
}
