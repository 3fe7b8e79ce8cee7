/* How fast the simulator is: whole sessions a second on one core, and crashes
 * (power cuts, killed processes, crashes of the hub) gone through a second.  In
 * processor time, so that what else runs on the machine does not count: except
 * that a core shared with others is a slower one.  So the note tells the best
 * of the worlds, and how many signatures this core checks a second meanwhile
 * (each exchange makes one and checks one): only both together can be compared
 * with those of another machine, or another day. */
#include "tests/bench/figure.h"

#include "kiosk/base/file.h"
#include "kiosk/crypto/crypto.h"
#include "tests/sim/dice.h"
#include "tests/sim/world.h"

enum { WORLDS = 12, SESSIONS = 50, SESSIONS_LEAST = 200, CHECKS = 500 };

/* Signatures that this core checks in a second, now. */
static double check_signatures(void)
{
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    struct key *key = NULL;
    char path[64 + sizeof "/key"], folder[64];
    double speed = 0;

    if (file_make_temporary(folder, sizeof folder))
        return 0;
    snprintf(path, sizeof path, "%s/key", folder);
    if (!key_open(path, KEY_SIGN, true, &key) &&
        !key_sign(key, folder, sizeof folder, signature)) {
        double start_s = figure_processor_s();
        for (int i = 0; i < CHECKS; i++)
            if (sign_check(key_public(key), folder, sizeof folder, signature))
                return 0;
        speed = CHECKS / (figure_processor_s() - start_s);
    }
    key_close(key);
    enum err err = file_remove_tree(folder);
    return err ? 0 : speed;
}

int main(void)
{
    const char *build = getenv("KIOSK_BUILD");
    struct world_counts counts = { 0 };
    struct dice dice = { 1 };
    double signatures = check_signatures(), best = 0;
    char fault[WORLD_FAULT_BYTES] = "", note[200];

    if (!world_prepare(build ? build : "build"))
        return 1;
    double start_s = figure_processor_s();
    for (int i = 0; i < WORLDS; i++) {
        double world_s = figure_processor_s();
        double before = (double)counts.sessions;
        struct world_settings settings = { .seed = dice_next(&dice),
                                           .sessions = SESSIONS };
        uint64_t hash = 0;
        if (!world_play(&settings, &hash, &counts, fault)) {
            fprintf(stderr, "sim_bench: %s\n", fault);
            return 1;
        }
        world_s = figure_processor_s() - world_s;
        double speed = ((double)counts.sessions - before) / world_s;
        best = speed > best ? speed : best;
    }
    double seconds = figure_processor_s() - start_s;
    double crashes =
        (double)(counts.power_cuts + counts.kills + counts.hub_crashes);
    double speed = (double)counts.sessions / seconds;
    snprintf(note, sizeof note,
             "best world %.0f; %.0f pages and %.0f exchanges each second; this "
             "core checks %.0f signatures",
             best, (double)counts.pages / seconds,
             (double)counts.exchanges / seconds, signatures);
    figure_print("sim-sessions", speed, "1/s", 0, "at least 200 a core",
                 speed >= SESSIONS_LEAST, note);
    figure_print("sim-crashes", crashes / seconds, "1/s", 0, "", 0,
                 "power cuts, kills, crashes of the hub");
    world_clean_up();
    return 0;
}
