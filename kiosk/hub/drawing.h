/* kiosk-draw as the hub's drawer: one child a certificate, one at a time, under
 * limits; one that hangs, dies or answers rubbish costs that certificate only.
 */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/hub/hub.h"

struct drawing;

/* path: the program.  Becomes the hub's drawer. */
struct drawing *drawing_new(struct loop *loop, struct hub *hub,
                            const char *path);
/* Before the hub is closed.  Takes NULL. */
void drawing_free(struct drawing *drawing);
