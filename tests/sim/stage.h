/* What stands beside a world and is real: its folders, keys and pack, the hub
 * that is opened there, and the telephone to which that sends codes.  For the
 * files of the simulator. */
#pragma once

#include "kiosk/flow/item.h"
#include "tests/sim/world_state.h"

enum { STAGE_START_MS = 1000000 };
/* 2026-11-24 08:00:00 in China. */
#define STAGE_START_WALL_MS INT64_C(1795478400000)

struct sim_stage {
    char items[300];
    char folder[64], terminal[96], hub[96], paper[96], codes[96], build[256];
    struct pack *pack;           /* the terminal's */
    struct hub_items *hub_items; /* both are read once: nothing changes them,
                                    so a new process would read the same */
};
extern struct sim_stage stage;

/* What the world before left in real files goes. */
void stage_forget(void);
void stage_open_hub(struct world *world);
/* What came to the telephone last, or "". */
void stage_read_phone(char code[8]);
