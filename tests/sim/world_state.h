/* What world.c (running), check.c (the checker) and pair.c (non-interference)
 * share. */
#pragma once

#include "kiosk/app_state.h"
#include "kiosk/hub/hub.h"
#include "tests/sim/citizen.h"
#include "tests/sim/disk.h"
#include "tests/sim/drawer.h"
#include "tests/sim/net.h"
#include "tests/sim/world.h"

/* A case that a citizen sent, and what it was told about it. */
struct record {
    char id[CASE_ID_HEX];
    unsigned citizen;
    bool is_safe, is_delivered, is_not_stored;
};

struct world {
    struct dice dice;
    struct loop *loop;
    struct disk *disk, *hub_disk;
    struct net *net;
    struct drawer *drawer;
    struct hub *hub; /* NULL: it is down */
    struct timer *hub_back;
    struct cashier *cashier;
    unsigned char office_key[CRYPTO_PUBLIC_BYTES];
    struct settings settings;
    struct app *app;
    unsigned seen_generation;
    struct citizen citizen;
    bool was_open;
    bool is_calm;
    enum sabotage sabotage;
    uint64_t sessions;
    int steps;
    struct record *records;
    size_t record_count, record_room;
    uint64_t hash;
    struct buf *trace; /* all that is seen, printed and sent, or NULL */
    struct world_counts *counts;
    char fault[WORLD_FAULT_BYTES];
};

struct world *world_new(uint64_t seed, struct world_counts *counts);
void world_free(struct world *world);
void world_start_terminal(struct world *world);
/* In order; its disk lives on. */
void world_stop_terminal(struct world *world);
/* Until nothing is left to be done at this moment, or the disk died. */
void world_turn(struct world *world);
/* All troubles end; what waits goes out.  False: it does not. */
bool world_heal(struct world *world);
/* The first fault is the one that is told. */
void world_fail(struct world *world, const char *what, const char *about);
/* Paper, plug, cover; the plate is empty. */
void world_heal_devices(struct world *world);
/* One citizen's session, to its end. */
void world_session(struct world *world, uint64_t seed, unsigned index);
/* It may have died over what it was asked or told. */
void world_look_at_hub(struct world *world);
void world_restart_hub(struct world *world, const struct disk_copy *copy);
void world_hash(struct world *world, const void *bytes, size_t len);

/* check.c: every promise, after world_heal(). */
void world_check(struct world *world);

/* Paths of the two databases. */
const char *world_terminal_store(void);
const char *world_hub_store(void);
const char *world_hub_folder(void);
