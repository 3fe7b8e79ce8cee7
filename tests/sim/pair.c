/* Non-interference: what B sees, prints and sends after A is, to the byte, what
 * B sees, prints and sends on a terminal that has just started, with the same
 * disk, the same time and the same chance.  So nothing of A is left in the
 * program that could reach anybody. */
#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/sim/world_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    PART_BYTES = 160,
    TRACE_BYTES = 4 * 1024 * 1024,
    QUIET_MS = 40000,
    AGAIN_MS = 7200000
};

/* 2026-11-24 16:00:00 in China; monotonic, so that it is the same distance. */
#define B_WALL_MS INT64_C(1795507200000)
#define B_MS      INT64_C(29800000)

/* Who comes second, and what both runs must have in common. */
struct second {
    uint64_t seed;
    int64_t session, page; /* numbers that count up in one program */
};

static void pass(struct world *world, int64_t ms)
{
    int64_t end_ms = clock_monotonic_ms() + ms;

    while (!world->fault[0] && clock_monotonic_ms() < end_ms) {
        int64_t due_ms = loop_next_ms(world->loop);
        int64_t now_ms = clock_monotonic_ms();
        int64_t at_ms = due_ms < 0 || due_ms > end_ms ? end_ms : due_ms;
        if (at_ms > now_ms)
            clock_shift(at_ms - now_ms);
        world_turn(world);
    }
}

/* From here on all that B meets follows from B's seed and the disk. */
static void pin(struct world *world, const struct second *second)
{
    assert(clock_monotonic_ms() < B_MS);
    clock_pretend(B_MS, B_WALL_MS);
    chance_seed(second->seed);
    world->dice = (struct dice){ second->seed };
    pass(world, QUIET_MS);
    chance_seed(second->seed + 1);
    world->dice = (struct dice){ second->seed + 1 };
    world->app->session.number = second->session;
    world->app->page = second->page;
}

static void run_second(struct world *world, const struct second *second,
                       struct buf *trace)
{
    pin(world, second);
    world->trace = trace;
    world_session(world, second->seed + 2, 2);
    if (!world->fault[0])
        pass(world, QUIET_MS);
    world->trace = NULL;
}

static size_t line_end(const struct buf *trace, size_t from)
{
    const char *end = memchr(trace->text + from, '\n', trace->len - from);
    return end ? (size_t)(end - trace->text) : trace->len;
}

static int at_most(size_t len)
{
    return len < PART_BYTES ? (int)len : PART_BYTES;
}

/* The first line that is another, beside the one it should be. */
static void compare(struct world *world, const struct buf *after,
                    const struct buf *alone)
{
    char text[2 * PART_BYTES + 32];
    size_t at = 0, begin = 0;

    if (after->is_cut || alone->is_cut) {
        world_fail(world, "a session has more to tell than there is room", "");
        return;
    }
    while (at < after->len && at < alone->len &&
           after->text[at] == alone->text[at]) {
        if (after->text[at] == '\n')
            begin = at + 1;
        at++;
    }
    if (at == after->len && at == alone->len)
        return;
    if (at > begin + 60) /* only what is around it */
        begin = at - 60;
    snprintf(text, sizeof text, "\"%.*s\", alone \"%.*s\"",
             at_most(line_end(after, begin) - begin), after->text + begin,
             at_most(line_end(alone, begin) - begin), alone->text + begin);
    world_fail(world, "B's session shows that A was there", text);
}

static void run_pair(struct world *world, uint64_t seed, enum leak leak)
{
    struct buf after, alone;
    struct second second = { .seed = seed ^ UINT64_C(0x5eed) };

    buf_init(&after, TRACE_BYTES);
    buf_init(&alone, TRACE_BYTES);
    world->is_calm = true;
    world_start_terminal(world);
    world_session(world, seed, 1);
    bool is_good = !world->fault[0] && world_heal(world);
    /* What A did to paper, plug and cover is set right first: it is no secret,
     * and the journal notes it. */
    world_heal_devices(world);
    pass(world, QUIET_MS);
    second.session = world->app->session.number;
    second.page = world->app->page;
    struct disk_copy *disk = disk_copy(world->disk);
    struct disk_copy *hub_disk = disk_copy(world->hub_disk);
    if (is_good)
        run_second(world, &second, &after);
    world_stop_terminal(world);
    world_restart_hub(world, hub_disk);
    disk_put_back(world->disk, disk);
    if (is_good && !world->fault[0]) {
        clock_pretend(B_MS - AGAIN_MS, B_WALL_MS - AGAIN_MS);
        world_start_terminal(world);
        /* What a start notes is no part of it. */
        event_set_sink(NULL, NULL);
        pass(world, QUIET_MS);
        event_set_sink(app_record, world->app);
        second.session -= leak == LEAK_NUMBER;
        run_second(world, &second, &alone);
        if (!world->fault[0])
            compare(world, &after, &alone);
    }
    disk_copy_free(disk);
    disk_copy_free(hub_disk);
    buf_done(&after);
    buf_done(&alone);
}

bool world_pair(uint64_t seed, enum leak leak, struct world_counts *counts,
                char fault[WORLD_FAULT_BYTES])
{
    struct world *world = world_new(seed, counts);

    run_pair(world, seed, leak);
    snprintf(fault, WORLD_FAULT_BYTES, "%s", world->fault);
    bool is_good = !world->fault[0];
    world_free(world);
    return is_good;
}
