/* Stands in for the helper kiosk-ime beside a pretended loop: offers a few
 * characters whatever is asked, by the same rules as the real one.  Now and then
 * it dies, says nothing at all, or says what is no answer. */
#pragma once

#include "kiosk/base/child.h"
#include "kiosk/base/loop.h"
#include "tests/sim/dice.h"

struct speller;

struct speller *speller_new(struct loop *loop, struct dice *dice);
void speller_free(struct speller *speller);
void speller_set_trouble(struct speller *speller, unsigned percent);

/* Of a child of this name; false: the child is somebody else's. */
bool speller_start(struct speller *speller, struct child *child,
                   const char *name);
bool speller_line(struct speller *speller, struct child *child,
                  const char *line, size_t len);
bool speller_gone(struct speller *speller, struct child *child);
