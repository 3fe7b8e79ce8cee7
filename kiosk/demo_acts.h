/* The demonstration's office and its test cashier: what they are told to do with a
 * case or a payment they do by `kiosk-hub`, one thing after the other, however the
 * clock is moved meanwhile. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"

struct demo_acts;

/* The paths must live longer.  state: the hub's folder. */
struct demo_acts *demo_acts_new(struct loop *loop, const char *hub_path,
                                const char *state);
/* What was not done yet is not done any more.  NULL: nothing. */
void demo_acts_free(struct demo_acts *acts);
/* "case ID accepted", "pay TOKEN": the command, its name, and a word or NULL.
 * ERR_TOO_BIG: too many wait. */
MUST_CHECK enum err demo_acts_add(struct demo_acts *acts, const char *command,
                                  const char *name, const char *word);
