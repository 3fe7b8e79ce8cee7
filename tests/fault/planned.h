/* A whole program with one failure that is planned while it runs, for tests of
 * what a person is told then. */
#pragma once

#include "tests/tty/drive.h"

/* Of cmocka: a folder of the test's own, and no failure planned. */
int planned_begin(void **state);
int planned_end(void **state);
/* Waits until its hub is reached. */
struct drive *planned_start(int rows, int cols);
const char *planned_folder(void); /* the program's state */

/* From now on this place fails so often (PLAN_FOR_EVER). */
void planned_fail(const char *place, int64_t times);
void planned_heal(void);
