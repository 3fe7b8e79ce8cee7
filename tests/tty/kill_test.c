/* kill -9 at each system call that writes, between "send" and the note that the
 * office has it, then a restart of the same state: the case is at the hub once
 * if any page said so, else once or not at all, and never twice.
 *
 * The first run counts the calls, about forty; then each is killed at in a run
 * of its own.  Should they be many (more than EACH_MOST), `make test` draws
 * SAMPLE of them by a seed (KIOSK_SEED) from all parts of the way, and `make
 * kill` (KIOSK_KILL=all) takes every one.  All runs go on in one state folder,
 * so each of them also starts from what the one before left. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/kept.h"
#include "tests/tty/person.h"
#include "tests/tty/trace.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EACH_MOST = 60, SAMPLE = 40, PATIENCE_MS = 60000 };

static struct kept known; /* of the runs before */
static char folder[WORLD_PATH], state_folder[WORLD_PATH];

/* ---- One run --------------------------------------------------------------- */

static struct drive *start(const char *program)
{
    struct drive_options options = {
        .rows = 32, .cols = 100, .folder = state_folder, .program = program
    };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void to_review(struct drive *drive)
{
    person_to_description(drive);
    drive_type(drive, HAND_KEYBOARD, "夜里施工，噪声很大。");
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_KEYS, "option.anonymous");
    drive_wait(drive, "review", "review");
    drive_see(drive, "footer.go");
    while (strchr(drive_text(drive, "footer.go"), '/')) {
        char before[128];
        snprintf(before, sizeof before, "%s", drive_text(drive, "footer.go"));
        assert_true(drive_sim(drive, "clock +1s"));
        drive_bytes(drive, "#", 1);
        drive_swallowed(drive);
        assert_true(drive_sim(drive, "clock +1s"));
        assert_string_not_equal(before, drive_text(drive, "footer.go"));
    }
    assert_true(drive_sim(drive, "clock +1s"));
}

/* Whether a row of the journal, as it stands in the file, says of a new case
 * that the office has it: then nothing of this case is left to be written. */
static bool is_noted_in_file(void)
{
    static const char word[] = "CASE_DELIVERED{\"case\":\"";
    char path[WORLD_PATH], id[CASE_ID_HEX] = "";
    size_t len = 0, before = sizeof word - 1, whole = before + CASE_ID_HEX - 1;
    bool is_new = false;

    world_join(path, state_folder, "kiosk.sqlite");
    char *bytes = world_read(path, &len);
    for (size_t i = 0; bytes && !is_new && i + whole <= len; i++) {
        if (memcmp(bytes + i, word, before) != 0)
            continue;
        memcpy(id, bytes + i + before, CASE_ID_HEX - 1);
        is_new = !kept_holds(&known, id);
    }
    mem_free(bytes);
    return is_new;
}

struct said {
    bool safe, delivered;
};

/* Everything that any page of this run told the person. */
static struct said what_was_said(const struct drive *drive, size_t from)
{
    return (struct said){
        .safe = drive_said(drive, from, "已存本机") ||
                drive_said(drive, from, "已经存好"),
        .delivered = drive_said(drive, from, "已送达"),
    };
}

static size_t mark; /* of what is said after "send" */

static bool is_done(struct drive *drive)
{
    return what_was_said(drive, mark).delivered && is_noted_in_file();
}

/* "Send" is pressed; true: killed before the office's yes was noted here. */
static bool send(struct trace *trace, struct drive *drive, int kill_at,
                 struct said *said)
{
    mark = drive_mark(drive);
    trace_arm(trace, drive_pid(drive), kill_at);
    drive_bytes(drive, "#", 1);
    bool is_whole = drive_comes(drive, is_done, PATIENCE_MS);
    *said = what_was_said(drive, mark);
    if (!is_whole && !trace_has_killed(trace))
        fail_msg("neither killed nor delivered");
    return trace_has_killed(trace);
}

/* Until nothing waits any more; the same program, not traced. */
static void deliver(const struct kept *waiting)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    struct drive *drive = start(NULL);

    for (size_t i = 0; i < waiting->count; i++) {
        while (!kept_has_arrived(state_folder, waiting->ids[i])) {
            if (clock_monotonic_ms() > end_ms)
                fail_msg("%s never arrived", waiting->ids[i]);
            assert_true(drive_sim(drive, "clock +1s"));
        }
    }
    assert_int_equal(drive_end(drive), 0);
}

/* How many cases are here or there that were not before the run. */
static size_t count_new(const struct kept *waiting, const struct kept *arrived)
{
    size_t count = 0;

    for (size_t i = 0; i < arrived->count; i++)
        count += !kept_holds(&known, arrived->ids[i]);
    for (size_t i = 0; i < waiting->count; i++)
        count += !kept_holds(&known, waiting->ids[i]) &&
                 !kept_holds(arrived, waiting->ids[i]);
    return count;
}

static void check(const struct said *said, int kill_at, const char *call)
{
    static struct kept waiting, arrived, after, left;

    kept_read_outbox(state_folder, &waiting);
    kept_read_hub(state_folder, &arrived);
    size_t fresh = count_new(&waiting, &arrived);
    if (fresh > 1 || ((said->safe || said->delivered) && fresh != 1))
        fail_msg("killed at call %d (%s): %zu cases%s%s", kill_at, call, fresh,
                 said->safe ? ", called safe" : "",
                 said->delivered ? ", called delivered" : "");
    if (said->delivered && arrived.count != known.count + 1)
        fail_msg("killed at call %d (%s): called delivered, not at the hub",
                 kill_at, call);
    deliver(&waiting);
    kept_read_hub(state_folder, &after);
    kept_read_outbox(state_folder, &left);
    if (after.count != known.count + fresh || left.count > 1)
        fail_msg("killed at call %d (%s): after the restart %zu at the hub, "
                 "%zu expected, %zu wait",
                 kill_at, call, after.count, known.count + fresh, left.count);
    known = after;
}

/* The number of calls where it was not killed. */
static int run(int kill_at)
{
    struct trace *trace = trace_new();
    struct said said;

    struct drive *drive = start(trace_program(trace));
    to_review(drive);
    bool was_killed = send(trace, drive, kill_at, &said);
    int count = trace_count(trace);
    if (kill_at == 0)
        assert_true(said.delivered);
    trace_end(trace, drive_pid(drive));
    drive_kill(drive);
    check(&said, kill_at, was_killed ? trace_call(trace) : "none");
    print_message("kill: at call %d %s: %s\n", kill_at,
                  was_killed ? trace_call(trace) : "(it ended before)",
                  said.delivered ? "called delivered"
                  : said.safe    ? "called safe"
                                 : "nothing was said");
    trace_free(trace);
    return count;
}

/* ---- The tests -------------------------------------------------------------- */

static int make_world(void **state)
{
    (void)state;
    world_folder(folder);
    world_join(state_folder, folder, "state");
    known.count = 0;
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static bool wants_all(void)
{
    const char *wanted = getenv("KIOSK_KILL");
    return wanted && strcmp(wanted, "all") == 0;
}

/* One of each fortieth part of the way; of each twentieth under sanitizers,
 * which are slow. */
static void run_sample(int calls)
{
    const char *given = getenv("KIOSK_SEED");
    unsigned long seed = given ? strtoul(given, NULL, 10) : 1;
    int sample = mem_is_checked() ? SAMPLE / 2 : SAMPLE;

    chance_seed(seed);
    print_message("kill: %d calls, a sample of %d by seed %lu\n", calls, sample,
                  seed);
    for (int i = 0; i < sample; i++) {
        int first = calls * i / sample, next = calls * (i + 1) / sample;
        run(1 + first + (int)chance_below((uint32_t)(next - first)));
    }
    chance_seed_end();
}

static void test_killed_at_each_write(void **state)
{
    (void)state;
    int calls = run(0);
    assert_in_range(calls, 20, 10000);
    if (calls > EACH_MOST && !wants_all()) {
        run_sample(calls);
        return;
    }
    print_message("kill: %d calls, each once\n", calls);
    for (int at = 1; at <= calls; at++)
        run(at);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_at_each_write, make_world,
                                        remove_world),
    };
    trace_run_if_asked(argc, argv);
    return cmocka_run_group_tests_name("kill", tests, NULL, NULL);
}
