/* Whether a case stands whole at the hub: every answer of the test by which it
 * was made (own_tests.h), opened with the office's key, and nothing more. */
#pragma once

#include "tests/tty/own_tests.h"

/* The hub of the demo in this state folder has ended.  receipt: twelve digits.
 * A failure fails the test that asked. */
void own_case_check(const char *state_folder, const char *receipt,
                    const struct own_test *test);
