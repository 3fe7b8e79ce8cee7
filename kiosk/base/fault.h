/* Planned failure, for tests only: FAULT("outbox.put") is false in life; a test
 * names a place and how often it shall fail.  Places are listed by grep. */
#pragma once

#include <stdbool.h>

#define FAULT(name) fault_is_due(name)

bool fault_is_due(const char *name);
/* times: how many of the next calls fail; -1: for ever; 0: never again. */
void fault_plan(const char *name, int times);

/* Asked instead of the plans at every place and from every thread; NULL: the
 * plans again.  For tests that count the calls of a place, or let one of them
 * fail that is far away (tests/fault). */
void fault_set_judge(bool (*judge)(const char *name));
