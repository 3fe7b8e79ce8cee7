/* The simulator in make test: sessions with a crash in each, the checker that
 * must find bugs put in on purpose, one seed that gives one hash, and pairs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/sim/dice.h"
#include "tests/sim/world.h"

#include <stdlib.h>

enum {
    SESSIONS = 600,
    MATTERS_LEAST = 5,
    WORLD_SESSIONS = 50,
    WORLDS_MOST = 200,
    PAIRS = 25,
    BETWEEN = 2
};

static int prepare(void **state)
{
    const char *build = getenv("KIOSK_BUILD");
    (void)state;
    return world_prepare(build ? build : "build") ? 0 : -1;
}

static int clean_up(void **state)
{
    (void)state;
    world_clean_up();
    return 0;
}

static uint64_t play(uint64_t seed, enum sabotage sabotage, char *fault,
                     struct world_counts *counts)
{
    struct world_settings settings = { .seed = seed,
                                       .sessions = WORLD_SESSIONS,
                                       .sabotage = sabotage,
                                       .crashes_each = true };
    uint64_t hash = 0;

    (void)world_play(&settings, &hash, counts, fault);
    return hash;
}

static size_t matters_sent(const struct world_counts *counts)
{
    size_t count = 0;

    for (size_t i = 0; world_item(i); i++)
        count += counts->of_item[i] > 0;
    return count;
}

static void test_nothing_lost(void **state)
{
    struct world_counts counts = { 0 };
    struct dice dice = { 20261126 };
    char fault[WORLD_FAULT_BYTES] = "";
    (void)state;

    for (int done = 0; done < SESSIONS; done += WORLD_SESSIONS) {
        (void)play(dice_next(&dice), SABOTAGE_NONE, fault, &counts);
        assert_string_equal(fault, "");
    }
    assert_int_equal(counts.sessions, (uint64_t)SESSIONS);
    assert_true(counts.power_cuts + counts.kills >= (uint64_t)SESSIONS);
    /* It looked at something. */
    assert_true(counts.promised > (uint64_t)SESSIONS / 40);
    assert_true(counts.booked + counts.paid > 0);
    assert_true(matters_sent(&counts) >= MATTERS_LEAST);
    assert_true(counts.hub_crashes > 0 && counts.disk_faults > 0 &&
                counts.troubles > 0 && counts.slips > 0);
}

static void test_one_seed_one_hash(void **state)
{
    struct world_counts counts = { 0 };
    char fault[WORLD_FAULT_BYTES] = "";
    (void)state;

    uint64_t once = play(4, SABOTAGE_NONE, fault, &counts);
    uint64_t other = play(5, SABOTAGE_NONE, fault, &counts);
    assert_true(once != other);
    /* Whatever was played before. */
    for (uint64_t seed = 6; seed < 6 + BETWEEN; seed++)
        (void)play(seed, SABOTAGE_NONE, fault, &counts);
    uint64_t twice = play(4, SABOTAGE_NONE, fault, &counts);
    assert_true(once == twice);
}

/* seed: one with which it is found early. */
static void finds(enum sabotage sabotage, uint64_t seed)
{
    struct world_counts counts = { 0 };
    struct dice dice = { seed };
    char fault[WORLD_FAULT_BYTES] = "";

    for (int i = 0; i < WORLDS_MOST && !*fault; i++)
        (void)play(dice_next(&dice), sabotage, fault, &counts);
    print_message("%s: after %d sessions: %s\n", sabotage_name(sabotage),
                  (int)counts.sessions, fault);
    assert_string_not_equal(fault, "");
}

static void test_finds_lax_syncs(void **state)
{
    (void)state;
    finds(SABOTAGE_LAX, 43);
}

static void test_finds_skipped_syncs(void **state)
{
    (void)state;
    finds(SABOTAGE_NO_SYNC, 6);
}

static void test_finds_doubled_cases(void **state)
{
    (void)state;
    finds(SABOTAGE_DOUBLED, 6);
}

static void test_nobody_shows_who_was_before(void **state)
{
    struct world_counts counts = { 0 };
    struct dice dice = { 1 };
    char fault[WORLD_FAULT_BYTES] = "";
    bool is_found = false;
    (void)state;

    for (int i = 0; i < PAIRS; i++) {
        uint64_t seed = dice_next(&dice);
        assert_true(world_pair(seed, LEAK_NONE, &counts, fault));
        assert_string_equal(fault, "");
        is_found = is_found || !world_pair(seed, LEAK_NUMBER, &counts, fault);
        fault[0] = '\0';
    }
    assert_true(is_found); /* where it stands on a slip */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_lost),
        cmocka_unit_test(test_one_seed_one_hash),
        cmocka_unit_test(test_finds_lax_syncs),
        cmocka_unit_test(test_finds_skipped_syncs),
        cmocka_unit_test(test_finds_doubled_cases),
        cmocka_unit_test(test_nobody_shows_who_was_before),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("sim", tests, prepare, clean_up);
}
