/* The place in time that the hub holds for the person at the machine.  It is let
 * go when another is chosen, when its answer is no more, and when the session
 * ends in any way; once the case that needs it was sent, it is the hub's to
 * book.  A hub that cannot be told lets it go by itself, ten minutes after it
 * was taken. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/held.h"

#include <stdbool.h>
#include <stdint.h>

struct app;
struct screen;

/* The answer of the page: the hold that stood before is let go. */
MUST_CHECK enum err holding_take(struct screen *screen, const char *token,
                                 const char *value, int64_t until_ms);
/* It is held still, and is the answer of this page. */
bool holding_is(const struct screen *screen);
/* The time is over: nobody may rely on it any more. */
bool holding_is_over(const struct app *app);
/* What is not needed any more, told to the hub. */
void holding_let_go(struct app *app);

/* Before a page is opened: what is held for an answer that is gone is let go. */
void holding_settle(struct app *app);
/* Before the way goes on: an answer whose hold is over is no answer any more. */
void holding_drop_over(struct app *app);
/* The session's case is on its way into the store, or was surely not stored. */
void holding_note_sent(struct app *app, bool is_sent);

/* For session_on_wipe. */
void holding_wipe(void *owner);
void holding_tell(void *owner, struct held *held);
