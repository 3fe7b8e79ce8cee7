/* The demonstration: a hub of its own on loopback ports, simulated devices, a
 * state folder (thrown away at the end unless it was named), and a named pipe
 * DIR/sim that takes the simulators' lines:
 *
 *   card resident name=… number=…   card unknown   card two   card lift
 *   reader unplug   reader plug   paper out   paper in   cover open
 *   cover closed   printer die 2   network down   network up   clock +90s
 *   case accepted   case correct   case finished   case withdrawn   quit
 *
 * The last four are the office's, on the case that was sent last.  The hub's
 * clock moves with the terminal's.
 *
 * Each line taken is answered in the report.  It speaks to no other hub and no
 * other state. */
#pragma once

#include "kiosk/app.h"
#include "kiosk/base/loop.h"
#include "kiosk/settings.h"

struct demo;

enum { DEMO_PATH_BYTES = 512 };

/* Makes (or takes up again) the state folder and its pipe.  folder NULL: a new
 * one under /tmp.  items: the folder of items that the hub is to have. */
MUST_CHECK enum err demo_new(struct loop *loop, const char *folder,
                             const char *hub_path, const char *items,
                             struct report *report, struct demo **ret_demo);
const char *demo_folder(const struct demo *demo);
const char *demo_paper_folder(const struct demo *demo);
/* Changes what a demo needs otherwise: drivers, folders. */
void demo_settings(const struct demo *demo, struct settings *settings);
/* Starts the hub, begins to take lines. */
void demo_start(struct demo *demo, struct app *app);
/* Before the app goes: no more lines, no hub. */
void demo_stop(struct demo *demo);
/* Removes the folder when it was made for this run. */
void demo_free(struct demo *demo);
