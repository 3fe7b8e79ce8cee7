/* Stands in for the helper kiosk-draw beside a pretended loop: a slip's "PDF"
 * is one page that holds the request itself, so that what was printed can be
 * compared and searched.  Now and then it dies, or says nothing at all.
 * The other helper, kiosk-ime, has its own stand-in (speller.h) behind it. */
#pragma once

#include "kiosk/base/loop.h"
#include "tests/sim/dice.h"

struct drawer;

struct drawer *drawer_new(struct loop *loop, struct dice *dice,
                          void (*on_slip)(void *owner, const char *request,
                                          size_t len),
                          void *owner);
void drawer_free(struct drawer *drawer);
void drawer_set_trouble(struct drawer *drawer, unsigned percent);
