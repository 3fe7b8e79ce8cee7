/* How a test plans one failure in a whole program, and reads which places were
 * passed: a file that both map.  Shared by fault_test.c and by main.c, which is
 * kiosk as built and nothing else. */
#pragma once

#include <stdint.h>

#define PLAN_VARIABLE "KIOSK_FAULT_PLAN" /* the file's path */

enum { PLAN_NAME_BYTES = 32, PLAN_PLACES_MAX = 64, PLAN_FOR_EVER = -1 };

struct plan_place {
    char name[PLAN_NAME_BYTES];
    int64_t calls;
};

struct plan {
    /* The test's: */
    char name[PLAN_NAME_BYTES]; /* the place that shall fail; "": none */
    int64_t after;              /* that many calls still go well */
    int64_t times;              /* then so many fail, or PLAN_FOR_EVER */
    /* The program's: */
    struct plan_place places[PLAN_PLACES_MAX];
    int64_t failed;
};
