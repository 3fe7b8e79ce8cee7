#include "devices/limits.h"

#include <assert.h>

/* No source gives an official limit for the readers; these are at least twice
 * what the public programs wait (500 ms for a command, 2 s for a reading). */
static const int limits[LIMIT_COUNT] = {
    [LIMIT_CARD_STATUS] = 500,   [LIMIT_CARD_FIND] = 500,
    [LIMIT_CARD_SELECT] = 1500,  [LIMIT_CARD_READ] = 2000,
    [LIMIT_CARD_ADDRESS] = 1000, [LIMIT_CARD_QUIET] = 20,
    [LIMIT_CARD_BROKEN] = 100,   [LIMIT_CARD_STUCK] = 2000,
    [LIMIT_CARD_POLL] = 300,     [LIMIT_CARD_CHECK] = 30000,
    [LIMIT_CARD_REVIVE] = 2000,  [LIMIT_CARD_REVIVE_MOST] = 60000,
};

static int divided_by = 1;

int limit_ms(enum limit limit)
{
    assert(limit >= 0 && limit < LIMIT_COUNT);
    int ms = limits[limit] / divided_by;
    return ms > 0 ? ms : 1;
}

void limits_divide(int by)
{
    assert(by > 0);
    divided_by = by;
}
