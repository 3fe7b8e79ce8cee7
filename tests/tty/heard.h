/* What somebody who cannot see is told: the lines of --report, element by
 * element in their order.  Everything that one needs to know stands there in
 * words; a failure here fails the test that asked. */
#pragma once

#include "tests/tty/drive.h"

/* Every line that was reported since the mark (drive_mark()): a page begins
 * with its title, an error stands before all that can be done about it; each
 * element has its own id and words, each choice a key or what takes its place,
 * no key means two things, one element has the focus, no sentence has a gap
 * that was not filled, and English pages are in English. */
void heard_check(struct drive *drive, size_t mark);
