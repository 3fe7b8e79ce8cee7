/* How fast the simulator is: whole sessions a second on one core, and crashes
 * (power cuts, killed processes, crashes of the hub) gone through a second.  In
 * processor time, so that what else runs on the machine does not count. */
#include "tests/bench/figure.h"
#include "tests/sim/dice.h"
#include "tests/sim/world.h"

enum { WORLDS = 12, SESSIONS = 50, SESSIONS_LEAST = 200 };

int main(void)
{
    const char *build = getenv("KIOSK_BUILD");
    struct world_counts counts = { 0 };
    struct dice dice = { 1 };
    char fault[WORLD_FAULT_BYTES] = "", note[160];

    if (!world_prepare(build ? build : "build"))
        return 1;
    double start_s = figure_processor_s();
    for (int i = 0; i < WORLDS; i++) {
        struct world_settings settings = { .seed = dice_next(&dice),
                                           .sessions = SESSIONS };
        uint64_t hash = 0;
        if (!world_play(&settings, &hash, &counts, fault)) {
            fprintf(stderr, "sim_bench: %s\n", fault);
            return 1;
        }
    }
    double seconds = figure_processor_s() - start_s;
    double crashes =
        (double)(counts.power_cuts + counts.kills + counts.hub_crashes);
    double speed = (double)counts.sessions / seconds;
    snprintf(note, sizeof note, "%.0f pages and %.0f exchanges each second",
             (double)counts.pages / seconds,
             (double)counts.exchanges / seconds);
    figure_print("sim-sessions", speed, "1/s", 0, "at least 200 a core",
                 speed >= SESSIONS_LEAST, note);
    figure_print("sim-crashes", crashes / seconds, "1/s", 0, "", 0,
                 "power cuts, kills, crashes of the hub");
    world_clean_up();
    return 0;
}
