/* A whole pretended world: one terminal, one hub, a network, disks, citizens,
 * on one clock and from one seed; and the checker.
 *
 * The terminal is the real one (app, screens, delivery, store, the simulated
 * devices) beside a pretended loop; the hub is the real hub_handle() on its own
 * disk.  Pretended are the terminal's glass, libcurl's place, kiosk-draw, and
 * SQLite's disk. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bug put in on purpose, that the checker must find. */
enum sabotage {
    SABOTAGE_NONE,
    SABOTAGE_LAX,     /* synchronous=NORMAL */
    SABOTAGE_NO_SYNC, /* syncs that do nothing */
    SABOTAGE_DOUBLED, /* a case that is sent twice as two */
    SABOTAGE_COUNT
};
const char *sabotage_name(enum sabotage sabotage);

struct world_settings {
    uint64_t seed;
    int sessions;
    enum sabotage sabotage;
    bool is_calm;      /* no crash, no fault: for the figure of comparison */
    bool crashes_each; /* a session that had no crash ends in one */
};

enum { WORLD_ITEMS_MAX = 64 };

struct world_counts {
    uint64_t sessions, sent, promised, delivered, pages, slips, booked, paid;
    uint64_t of_item[WORLD_ITEMS_MAX]; /* cases that are at the hub at the end;
                                          in the order of world_item() */
    uint64_t power_cuts, kills, hub_crashes, disk_faults, exchanges, troubles;
    int64_t simulated_ms;
};

enum { WORLD_FAULT_BYTES = 600 };

/* Once, before the first world: items, translations, keys. */
bool world_prepare(const char *build_folder);
void world_clean_up(void);
/* The ids of the items that are played; NULL past the last. */
const char *world_item(size_t at);

/* Runs it to its end; false, with what is wrong, when a promise was broken.
 * Counts are added to. */
bool world_play(const struct world_settings *settings, uint64_t *ret_hash,
                struct world_counts *counts, char fault[WORLD_FAULT_BYTES]);

/* B after A against B alone, with the same disk, time and chance: pages, slips
 * and packets must be the same to the byte. */
enum leak {
    LEAK_NONE,
    LEAK_NUMBER /* planted: B's number tells who was before */
};
bool world_pair(uint64_t seed, enum leak leak, struct world_counts *counts,
                char fault[WORLD_FAULT_BYTES]);
