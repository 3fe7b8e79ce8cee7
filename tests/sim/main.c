/* The simulator: sim SEED SESSIONS [PAIRS].  Worlds of 50 sessions each, from
 * one seed; one hash of all that was seen, sent, printed and kept. */
#include "tests/sim/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/figure.h"
#include "tests/sim/dice.h"

enum { WORLD_SESSIONS = 50 };

static void print(const struct world_counts *counts, uint64_t hash,
                  double seconds)
{
    printf("%" PRIu64 " sessions, %" PRIu64 " pages, %" PRIu64
           " cases sent, %" PRIu64 " promised, %" PRIu64 " of them delivered "
           "at once, %" PRIu64 " slips, %" PRIu64
           " places in time booked, %" PRIu64 " payments made\n",
           counts->sessions, counts->pages, counts->sent, counts->promised,
           counts->delivered, counts->slips, counts->booked, counts->paid);
    printf("%" PRIu64 " power cuts, %" PRIu64 " kills, %" PRIu64
           " crashes of the hub, %" PRIu64 " faults of the disk, %" PRIu64
           " exchanges (%" PRIu64 " went wrong)\n",
           counts->power_cuts, counts->kills, counts->hub_crashes,
           counts->disk_faults, counts->exchanges, counts->troubles);
    printf("%.1f days in %.1f s of one core: %.0f sessions/s; hash %016" PRIx64
           "\n",
           (double)counts->simulated_ms / 86400000, seconds,
           (double)counts->sessions / seconds, hash);
}

static void print_items(const struct world_counts *counts)
{
    printf("at the hub:");
    for (size_t i = 0; world_item(i); i++)
        printf("%s %s %" PRIu64, i > 0 ? "," : "", world_item(i),
               counts->of_item[i]);
    printf("\n");
}

static bool run_worlds(uint64_t seed, uint64_t sessions, enum sabotage sabotage,
                       bool is_calm)
{
    struct world_counts counts = { 0 };
    struct dice dice = { seed };
    char fault[WORLD_FAULT_BYTES] = "";
    uint64_t all = 0;
    double start_s = figure_processor_s();

    for (uint64_t done = 0; done < sessions; done += WORLD_SESSIONS) {
        uint64_t left = sessions - done, hash = 0;
        struct world_settings settings = {
            .seed = dice_next(&dice),
            .sessions = left < WORLD_SESSIONS ? (int)left : WORLD_SESSIONS,
            .sabotage = sabotage,
            .is_calm = is_calm,
        };
        bool is_good = world_play(&settings, &hash, &counts, fault);
        all = (all ^ hash) * UINT64_C(0x100000001b3);
        if (!is_good) {
            printf("BROKEN in the world of seed %" PRIu64
                   " (sim --world %" PRIu64 "): %s\n",
                   settings.seed, settings.seed, fault);
            return false;
        }
    }
    print(&counts, all, figure_processor_s() - start_s);
    print_items(&counts);
    return true;
}

/* The seed that was told: that world alone. */
static bool run_world(uint64_t seed, int sessions)
{
    struct world_counts counts = { 0 };
    char fault[WORLD_FAULT_BYTES] = "";
    uint64_t hash = 0;
    struct world_settings settings = { .seed = seed, .sessions = sessions };
    bool is_good = world_play(&settings, &hash, &counts, fault);

    print(&counts, hash, 1);
    if (!is_good)
        printf("BROKEN: %s\n", fault);
    return is_good;
}

static bool run_pairs(uint64_t seed, uint64_t pairs)
{
    struct world_counts counts = { 0 };
    struct dice dice = { seed };
    char fault[WORLD_FAULT_BYTES] = "";

    for (uint64_t i = 0; i < pairs; i++) {
        uint64_t one = dice_next(&dice);
        if (!world_pair(one, LEAK_NONE, &counts, fault)) {
            printf("BROKEN in the pair of seed %" PRIu64 ": %s\n", one, fault);
            return false;
        }
    }
    printf("%" PRIu64 " pairs: nobody's session shows who was there before\n",
           pairs);
    return true;
}

static int usage(void)
{
    fputs("sim SEED SESSIONS [PAIRS]\n"
          "sim --world SEED [SESSIONS]   one world, by the seed that was told\n"
          "sim --sabotage lax|no-sync|doubled SEED SESSIONS   must find it\n"
          "sim --calm SEED SESSIONS\n",
          stderr);
    return 2;
}

static uint64_t number(char **argv, int argc, int at, uint64_t without)
{
    return at < argc ? strtoull(argv[at], NULL, 10) : without;
}

static int run(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--world") == 0)
        return !run_world(number(argv, argc, 2, 0),
                          (int)number(argv, argc, 3, WORLD_SESSIONS));
    if (argc > 3 && strcmp(argv[1], "--calm") == 0)
        return !run_worlds(number(argv, argc, 2, 0), number(argv, argc, 3, 0),
                           SABOTAGE_NONE, true);
    if (argc > 4 && strcmp(argv[1], "--sabotage") == 0) {
        for (int i = 1; i < SABOTAGE_COUNT; i++)
            if (strcmp(sabotage_name((enum sabotage)i), argv[2]) == 0)
                return !run_worlds(number(argv, argc, 3, 0),
                                   number(argv, argc, 4, 0), (enum sabotage)i,
                                   false);
        return usage();
    }
    if (argc < 3 || argv[1][0] == '-')
        return usage();
    bool is_good = run_worlds(number(argv, argc, 1, 1),
                              number(argv, argc, 2, 0), SABOTAGE_NONE, false);
    uint64_t pairs = number(argv, argc, 3, 0);
    if (is_good && pairs > 0)
        is_good = run_pairs(number(argv, argc, 1, 1), pairs);
    return !is_good;
}

int main(int argc, char **argv)
{
    const char *build = getenv("KIOSK_BUILD");

    if (!world_prepare(build ? build : "build")) {
        fputs("sim: its folder could not be made, or build/share is not "
              "there\n",
              stderr);
        return 2;
    }
    int code = run(argc, argv);
    world_clean_up();
    return code;
}
