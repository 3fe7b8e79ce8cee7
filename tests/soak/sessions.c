/* Ten thousand citizens at one kiosk, one after another, on a moved clock, with
 * faults sprinkled in: visit.h has what they do.  Every so often a line says
 * what the program weighs and holds; at the end that is what it was after the
 * first two hundred, nothing waits to be sent, and what was given a receipt is
 * at the hub once.
 *
 *     sessions SESSIONS [SEED]        (root, to weigh another program) */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_store.h"
#include "tests/soak/visit.h"
#include "tests/soak/weight.h"
#include "tests/tty/kept.h"
#include "tests/tty/letters.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 32,
    COLS = 100,
    LETTERS = 20, /* points */
    WARM = 200,   /* sessions after which nothing may grow any more */
    AWHILE = 300, /* sessions at the beginning, and at the end, compared */
    TOLD = 500,   /* sessions, and a line tells */
    STAFF = 25,   /* sessions, and the staff look in */
    GROWTH_KIB = 1024,
    CONNECTIONS = 2,
    STOPS_PERCENT = 10, /* of sessions, that something broken ended */
    PATIENCE = 600      /* seconds that the outbox has to become empty */
};

static int sessions;
static unsigned long seed;
static char folder[WORLD_PATH], state_folder[WORLD_PATH];
static struct visits visits;
static struct weight warm;
/* The most of its own memory in the while after it was warm, and in the last
 * one: a moment is no measure, for freed memory goes back now and then. */
static long most_warm_kib, most_end_kib;
static double begun_s;

static double now_s(void)
{
    return (double)clock_monotonic_ms() / 1000;
}

/* ---- What must stay as it is ------------------------------------------------ */

static void weigh(const char *when, struct weight *ret_weight)
{
    int waiting = visits_outbox(&visits, false);
    double each = (now_s() - begun_s) / (visits.sessions ? visits.sessions : 1);

    if (!weight_take(drive_pid(visits.drive), ret_weight))
        fail_msg("the program cannot be weighed: only root may");
    print_message("%s: %d sessions (%.0f ms each), %d cases, %d certificates, "
                  "%d stops; memory %ld KiB, its own %ld, %d descriptors, %d "
                  "threads, %d children, %ld secret bytes, %d in the outbox\n",
                  when, visits.sessions, each * 1000, visits.cases,
                  visits.certificates, visits.stops, ret_weight->pss_kib,
                  ret_weight->own_kib, ret_weight->descriptors,
                  ret_weight->threads, ret_weight->children,
                  ret_weight->secret_bytes, waiting);
}

static void weigh_most(long *most_kib)
{
    struct weight weight;

    if (!weight_take(drive_pid(visits.drive), &weight))
        fail_msg("the program cannot be weighed: only root may");
    if (weight.own_kib > *most_kib)
        *most_kib = weight.own_kib;
}

/* Its own memory: what it shares with others (the rest of the PSS) weighs less
 * whenever they begin and more when they end.  A connection to the hub is kept
 * for a while, so one more or less may be open at the moment. */
static void compare(const struct weight *end)
{
    print_message("its own memory: at most %ld KiB once warm, %ld KiB at the "
                  "end\n",
                  most_warm_kib, most_end_kib);
    assert_in_range(most_end_kib, 1, most_warm_kib + GROWTH_KIB);
    assert_in_range(end->descriptors, 1, warm.descriptors + CONNECTIONS);
    assert_in_range(end->threads, 1, warm.threads);
    assert_in_range(end->children, 1, warm.children);
    assert_int_equal(end->secret_bytes, warm.secret_bytes);
}

static void tell_what_was(void)
{
    for (size_t i = 0; i < pack_count(visits.pack); i++)
        print_message("  %6d %s\n", visits.of_item[i],
                      pack_item(visits.pack, i)->id);
    for (int i = 0; i < ENDING_COUNT; i++)
        print_message("  %6d %s\n", visits.of_ending[i],
                      visits_ending((enum ending)i));
    for (int i = 1; i < MISHAP_COUNT; i++)
        print_message("  %6d %s\n", visits.of_mishap[i],
                      visits_mishap((enum mishap)i));
    print_message("  %6d staff door\n", visits.staff);
}

/* ---- What was sent ------------------------------------------------------------ */

static void empty_outbox(void)
{
    int waiting = visits_outbox(&visits, false);

    for (int i = 0; waiting > 0 && i < PATIENCE; i += 10) {
        assert_true(drive_sim(visits.drive, "clock +10s"));
        waiting = visits_outbox(&visits, false);
    }
    assert_int_equal(waiting, 0);
}

static int64_t ask_number(struct store *store, const char *sql,
                          const char *about)
{
    struct sqlite3_stmt *row = store_prepare(store, sql);
    bool is_row = false;

    if (about)
        store_bind_text(row, 1, about);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    assert_true(is_row);
    int64_t number = store_column_int(row, 0);
    store_reset(row);
    return number;
}

/* Each receipt once, and nothing that nobody was told of. */
static void look_at_hub(void)
{
    static struct kept waiting;
    char path[WORLD_PATH];
    struct store *store = NULL;
    int64_t rows, bad_row;

    kept_read_outbox(state_folder, &waiting);
    assert_int_equal(waiting.count, 0);
    world_join(path, state_folder, "kiosk.sqlite");
    assert_int_equal(journal_verify(path, &rows, &bad_row), ERR_OK);
    assert_int_equal(bad_row, 0);
    print_message("the journal: %d rows, whole\n", (int)rows);
    world_join(path, state_folder, "hub/hub.sqlite");
    enum err err = ERR_EXISTS;
    for (int64_t end_ms = clock_monotonic_ms() + 60000;
         err == ERR_EXISTS && clock_monotonic_ms() < end_ms;)
        err = store_open_to_read(path, &hub_schema, &store);
    assert_int_equal(err, ERR_OK);
    for (int i = 0; i < visits.cases; i++)
        if (ask_number(store, "SELECT count(*) FROM cases WHERE receipt = ?1",
                       visits.receipts[i]) != 1)
            fail_msg("receipt %s is not at the hub once", visits.receipts[i]);
    /* A rating is sent as a case is, without a receipt. */
    assert_int_equal(ask_number(store,
                                "SELECT count(*) FROM cases"
                                " WHERE item != 'rating'",
                                NULL),
                     visits.cases);
    print_message("at the hub: each of %d cases once\n", visits.cases);
    store_close(store);
}

/* ---- The whole ---------------------------------------------------------------- */

static void start(void)
{
    struct drive_options options = {
        .rows = ROWS, .cols = COLS, .letters = LETTERS, .folder = state_folder
    };
    visits.drive = drive_start(&options);
    letters_wait(visits.drive, ROWS);
    person_awaits_hub(visits.drive);
    begun_s = now_s();
}

static void test_sessions(void **state)
{
    struct weight weight;
    (void)state;

    start();
    while (visits.sessions < sessions) {
        visits_play(&visits);
        if (visits.sessions % STAFF == 0)
            (void)visits_outbox(&visits, visits.sessions % TOLD != 0);
        if (visits.sessions >= WARM && visits.sessions <= WARM + AWHILE)
            weigh_most(&most_warm_kib);
        if (visits.sessions > sessions - AWHILE)
            weigh_most(&most_end_kib);
        if (visits.sessions == WARM)
            weigh("warm", &warm);
        else if (visits.sessions % TOLD == 0)
            weigh("on", &weight);
    }
    empty_outbox();
    weigh("end", &weight);
    tell_what_was();
    if (sessions > WARM)
        compare(&weight);
    assert_in_range(visits.stops, 0, 10 + sessions * STOPS_PERCENT / 100);
    assert_int_equal(drive_end(visits.drive), 0);
    visits.drive = NULL;
    look_at_hub();
}

static int set_up(void **state)
{
    struct problems problems;
    (void)state;

    visits.dice.state = seed;
    world_folder(folder);
    world_join(state_folder, folder, "state");
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &visits.pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

/* What failed is told by the seed and the session; the same comes again. */
static int tear_down(void **state)
{
    (void)state;
    if (visits.drive) {
        print_message("seed %lu, session %d: %s\n", seed, visits.sessions + 1,
                      visits_plan(&visits));
        drive_kill(visits.drive);
    }
    pack_free(visits.pack);
    mem_free(visits.receipts);
    world_remove(folder);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sessions, set_up, tear_down),
    };

    sessions = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
    seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    if (sessions < 1) {
        fprintf(stderr, "sessions SESSIONS [SEED]\n");
        return 2;
    }
    return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
