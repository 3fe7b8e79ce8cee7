#include "kiosk/hub/replay.h"

#include <string.h>

#include "kiosk/base/mem.h"

/* 4,096 rows of four: a hall's machines make some hundred requests in the ten
 * minutes a request can be valid. */
enum { ROWS = 4096, PLACES = 4 };

struct seen {
    unsigned char id[REPLAY_ID_BYTES];
    int64_t until_ms; /* 0: a free place */
};

struct replay {
    struct seen rows[ROWS][PLACES];
};

struct replay *replay_new(void)
{
    return mem_new(sizeof(struct replay));
}

void replay_free(struct replay *replay)
{
    mem_free(replay);
}

bool replay_was_seen(struct replay *replay,
                     const unsigned char id[REPLAY_ID_BYTES], int64_t now_ms,
                     int64_t until_ms)
{
    /* Ids are random, so any of their bits choose the row evenly. */
    struct seen *row = replay->rows[(id[0] << 8 | id[1]) % ROWS];
    struct seen *oldest = &row[0];

    for (int i = 0; i < PLACES; i++) {
        if (row[i].until_ms >= now_ms &&
            memcmp(row[i].id, id, REPLAY_ID_BYTES) == 0)
            return true;
        if (row[i].until_ms < oldest->until_ms)
            oldest = &row[i];
    }
    memcpy(oldest->id, id, REPLAY_ID_BYTES);
    oldest->until_ms = until_ms;
    return false;
}
