/* The program's clock, as who walks needs it: the next noon, when every office is
 * open, and the hub found again behind each leap. */
#include "tests/tty/own_walk.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"

#include <stdio.h>
#include <string.h>

int64_t own_walk_now_ms(const struct drive *drive)
{
    return clock_wall_ms() + drive_moved_s(drive) * 1000;
}

void own_walk_pass_s(struct drive *drive, int64_t seconds)
{
    char line[48];

    snprintf(line, sizeof line, "clock +%llds", (long long)seconds);
    assert_true(drive_sim(drive, line));
}

/* As it reads while nothing is amiss: that this is a demonstration. */
static char calm[256];

static bool is_connected(struct drive *drive)
{
    return strcmp(drive_screen(drive), "attract") == 0 &&
           strcmp(drive_text(drive, "header.trouble"), calm) == 0;
}

/* An answer that a clock leaps over is taken for silence; it is asked again. */
void own_walk_await_hub(struct drive *drive)
{
    enum { TRIES_MOST = 2000 };

    drive_swallowed(drive);
    for (int i = 0; !is_connected(drive); i++) {
        if (i == TRIES_MOST) {
            drive_show(drive, "it does not mend");
            fail_msg("the hub was not found again");
        }
        own_walk_pass_s(drive, 1);
    }
}

int64_t own_walk_noon(struct drive *drive)
{
    enum { HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * HOUR_MS };
    struct clock_fields now = clock_split(own_walk_now_ms(drive));
    int64_t noon_ms =
        clock_of_date(now.year, now.month, now.day) + 12 * HOUR_MS;

    snprintf(calm, sizeof calm, "%s", drive_text(drive, "header.trouble"));
    if (noon_ms < own_walk_now_ms(drive))
        noon_ms += DAY_MS;
    own_walk_pass_s(drive, (noon_ms - own_walk_now_ms(drive)) / 1000 + 1);
    own_walk_await_hub(drive);
    return noon_ms;
}
