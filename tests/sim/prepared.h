/* Who knows what they came for: most people answer as one of the item's own
 * tests does, so that long matters are sent, too, not only begun.  Their cards and
 * what they write stay their own. */
#pragma once

#include "tests/sim/citizen.h"

/* Does what the test does on this page; false: it says nothing of it, or they
 * came unprepared. */
bool prepared_acts(struct citizen *citizen, struct app *app);
