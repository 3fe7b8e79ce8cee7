/* Every planned failure, once and for ever, on the way through every item of
 * the pack: each ends in a page or in the program's end, after which the same
 * state opens again; and no page ever lied.
 *
 * Items and places are found, not listed: an item is walked as a citizen walks
 * it (path.h), and a first walk without failure counts how often each FAULT
 * place is passed.  `make test` lets each place fail for ever from its middle
 * call on, in one item each, then tries a sample; both are drawn by KIOSK_SEED.
 * `make fault` (KIOSK_FAULT=all) takes each call of each place in each item, and
 * where a place is passed more than EACH_MOST times (or KIOSK_FAULT_EACH), that
 * many, evenly spread.  KIOSK_FAULT=vfs takes places that begin so,
 * KIOSK_FAULT=ITEM one item, and KIOSK_FAULT=ITEM:PLACE:CALL:TIMES one failure
 * again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/fault/path.h"
#include "tests/fault/plan.h"
#include "tests/fault/robot.h"
#include "tests/tty/kept.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SAMPLE_MS = 8000,
    EACH_MOST = 40,
    ABORTED = 128 + SIGABRT,
    ITEMS_MAX = 64
};

static struct pack *pack;
static struct plan *plan;
static char folder[WORLD_PATH], state_folder[WORLD_PATH], errors[WORLD_PATH];
static char kiosk[WORLD_PATH], faulty[WORLD_PATH];

/* How often each place is passed on the way through an item. */
static struct plan_place passed[ITEMS_MAX][PLAN_PLACES_MAX];
static struct path *paths[ITEMS_MAX]; /* NULL: not gone */

struct job {
    size_t item;
    const char *place;
    int64_t after, times;
};

static int tried, pages, ends, failures;

/* ---- Ways through the items ------------------------------------------------ */

/* What the demonstration's offices have on record follows from this file of the
 * hub: with the same one they have the same, and the ways are as they were. */
static char *people_key;
static size_t people_key_len;

static void find_path(struct drive *drive, size_t item)
{
    paths[item] = mem_new(sizeof *paths[item]);
    path_find(drive, pack_item(pack, item), paths[item]);
}

/* Of the one item, or of all. */
static void find_paths(const char *only)
{
    const struct drive_options options = { .rows = 32,
                                           .cols = 100,
                                           .folder = state_folder };
    struct drive *drive = drive_start(&options);
    char path[WORLD_PATH];

    person_awaits_hub(drive);
    for (size_t i = 0; i < pack_count(pack); i++)
        if (!only || strcmp(pack_item(pack, i)->id, only) == 0)
            find_path(drive, i);
    assert_int_equal(drive_end(drive), 0);
    world_join(path, state_folder, "hub/people.key");
    people_key = world_read(path, &people_key_len);
    assert_non_null(people_key);
}

static void keep_people(void)
{
    char path[WORLD_PATH];

    world_join(path, state_folder, "hub");
    assert_int_equal(mkdir(state_folder, 0700), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    world_join(path, state_folder, "hub/people.key");
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, people_key, people_key_len),
                     (ssize_t)people_key_len);
    close(fd);
}

/* ---- One job ---------------------------------------------------------------- */

static bool has_all_arrived(void *owner)
{
    const struct kept *waiting = owner;

    for (size_t i = 0; i < waiting->count; i++)
        if (!kept_has_arrived(state_folder, waiting->ids[i]))
            return false;
    return true;
}

/* A slip that says delivered, of a case that is not. */
static bool slip_says_delivered(void)
{
    static struct world_said said;
    char path[WORLD_PATH];

    world_join(path, state_folder, "paper/1.pdf");
    if (!file_exists(path) || access("/usr/bin/pdftotext", X_OK))
        return false;
    const char *const argv[] = { "/usr/bin/pdftotext", path, "-", NULL };
    world_run(argv, &said);
    return strstr(said.out, "收件回执") != NULL;
}

/* NULL: nothing is wrong with what was told.  Cases stand in one of both, or
 * (the answer was not noted here yet) in both. */
static const char *find_lie(const struct robot_run *run,
                            const struct kept *waiting,
                            const struct kept *arrived)
{
    size_t cases = arrived->count;

    for (size_t i = 0; i < waiting->count; i++)
        cases += !kept_holds(arrived, waiting->ids[i]);
    if (cases > 1)
        return "there are two cases";
    if (run->said_safe && cases != 1)
        return "called safe, and lost";
    if (run->said_delivered && arrived->count != 1)
        return "called delivered, and not at the hub";
    if (run->said_not_stored && cases != 0 && !run->said_safe)
        return "called not stored, and kept";
    if (slip_says_delivered() && arrived->count != 1)
        return "a slip says delivered, and it is not at the hub";
    return NULL;
}

static const char *find_bad_end(const struct robot_run *run)
{
    if (run->end == ROBOT_STUCK)
        return "stood still";
    if (run->end == ROBOT_ENDED && run->code != ABORTED &&
        (run->code == 0 || run->code > 127))
        return "ended in no order";
    if (run->end != ROBOT_ENDED && run->code != 0 && run->code != ABORTED)
        return "could not be ended";
    return NULL;
}

static const char *const ends_text[] = { "done", "page", "ended", "stuck" };

/* The same state, without failures: in service, and nothing waits for ever. */
static const char *start_again(void)
{
    static struct kept waiting, arrived, left;
    struct robot_order order = { .program = kiosk,
                                 .state_folder = state_folder,
                                 .errors = errors,
                                 .is_enough = has_all_arrived,
                                 .owner = &waiting };
    struct robot_run run;

    kept_read_outbox(state_folder, &waiting);
    kept_read_hub(state_folder, &arrived);
    size_t expected = arrived.count;
    for (size_t i = 0; i < waiting.count; i++)
        expected += !kept_holds(&arrived, waiting.ids[i]);
    robot_walk(&order, &run);
    if (run.end != ROBOT_DONE || run.code != 0) {
        print_message("fault: after a restart %s at %s, code %d\n",
                      ends_text[run.end], run.page, run.code);
        return "does not serve after a restart";
    }
    kept_read_hub(state_folder, &left);
    return left.count == expected ? NULL : "lost or doubled by a restart";
}

static void begin(const struct job *job)
{
    if (file_exists(state_folder))
        world_remove(state_folder);
    (void)unlink(errors);
    keep_people();
    memset(plan, 0, sizeof *plan);
    if (!job->place)
        return;
    snprintf(plan->name, sizeof plan->name, "%s", job->place);
    plan->after = job->after;
    plan->times = job->times;
}

static void walk(const struct job *job, struct robot_run *run)
{
    struct robot_order order = { .program = faulty,
                                 .state_folder = state_folder,
                                 .errors = errors,
                                 .item = pack_item(pack, job->item),
                                 .path = paths[job->item] };

    begin(job);
    robot_walk(&order, run);
}

static const char *try(const struct job *job, struct robot_run *run)
{
    static struct kept waiting, arrived;

    walk(job, run);
    const char *wrong = find_bad_end(run);
    kept_read_outbox(state_folder, &waiting);
    kept_read_hub(state_folder, &arrived);
    if (!wrong)
        wrong = find_lie(run, &waiting, &arrived);
    if (!wrong)
        wrong = start_again();
    return wrong;
}

static void do_job(const struct job *job)
{
    struct robot_run run;
    int64_t begin_ms = clock_monotonic_ms();

    const char *wrong = try(job, &run);
    tried++;
    pages += run.end == ROBOT_DONE || run.end == ROBOT_PAGE;
    ends += run.end == ROBOT_ENDED;
    failures += wrong != NULL;
    if (wrong || getenv("KIOSK_FAULT"))
        print_message(
            "fault: %lld ms %s:%s:%lld:%lld %s at %s, code %d%s%s%s%s%s\n",
            (long long)(clock_monotonic_ms() - begin_ms),
            pack_item(pack, job->item)->id, job->place, (long long)job->after,
            (long long)job->times, ends_text[run.end], run.page, run.code,
            run.said_safe ? ", safe" : "",
            run.said_delivered ? ", delivered" : "",
            run.said_not_stored ? ", not stored" : "", wrong ? ": WRONG: " : "",
            wrong ? wrong : "");
}

/* ---- Which jobs -------------------------------------------------------------- */

/* No failure, but a moment that another thread may take. */
static const char *const moments[] = { "loop.preempted", NULL };

static void forget_moments(struct plan_place *places)
{
    for (int at = 0; at < PLAN_PLACES_MAX; at++)
        for (size_t i = 0; moments[i]; i++)
            if (strcmp(places[at].name, moments[i]) == 0)
                places[at].calls = 0;
}

/* Without a failure: the whole way, and what is sent is delivered.  Whoever
 * asks how it stands has nothing under way here, and is told so. */
static bool is_whole(const struct item *item, const struct robot_run *run)
{
    bool sends = false, looks = false;

    for (size_t i = 0; i < item->step_count; i++) {
        sends = sends || strcmp(item->steps[i].screen, "send") == 0;
        looks = looks || strcmp(item->steps[i].screen, "cases") == 0;
    }
    if (looks)
        return run->end == ROBOT_PAGE;
    return run->end == ROBOT_DONE && (run->said_delivered || !sends);
}

static void count_places(size_t item)
{
    const struct job job = { .item = item };
    struct robot_run run;

    walk(&job, &run);
    if (!is_whole(pack_item(pack, item), &run))
        fail_msg("%s without failure: no way through at %s",
                 pack_item(pack, item)->id, run.page);
    memcpy(passed[item], plan->places, sizeof passed[item]);
    forget_moments(passed[item]);
}

static void do_all_of(size_t item, const struct plan_place *place)
{
    const char *given = getenv("KIOSK_FAULT_EACH");
    int64_t most = given ? strtoll(given, NULL, 10) : EACH_MOST;
    int64_t step = (place->calls + most - 1) / (most > 0 ? most : 1);

    for (int64_t after = 0; after < place->calls; after += step) {
        const struct job once = { item, place->name, after, 1 };
        const struct job ever = { item, place->name, after, PLAN_FOR_EVER };
        do_job(&once);
        do_job(&ever);
    }
}

static size_t some_item(void)
{
    return chance_below((uint32_t)pack_count(pack));
}

static void do_all_of_item(size_t item, const char *beginning)
{
    for (int at = 0; at < PLAN_PLACES_MAX; at++)
        if (passed[item][at].calls > 0 &&
            strncmp(passed[item][at].name, beginning, strlen(beginning)) == 0)
            do_all_of(item, &passed[item][at]);
}

/* Of places whose names begin so. */
static void do_all(const char *beginning)
{
    for (size_t item = 0; item < pack_count(pack); item++)
        do_all_of_item(item, beginning);
}

struct places {
    const char *names[PLAN_PLACES_MAX];
    size_t count;
};

static bool is_among(const struct places *places, const char *name)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->names[i], name) == 0)
            return true;
    return false;
}

/* One that is not among them fails, from its middle call on; false: there is
 * none on the way through this item. */
static bool do_middle(size_t item, struct places *places)
{
    for (int at = 0; at < PLAN_PLACES_MAX; at++) {
        const struct plan_place *place = &passed[item][at];
        const struct job job = { item, place->name, place->calls / 2,
                                 PLAN_FOR_EVER };
        if (place->calls == 0 || is_among(places, place->name))
            continue;
        places->names[places->count++] = place->name;
        do_job(&job);
        return true;
    }
    return false;
}

/* Each place once; the items take turns. */
static void do_middles(void)
{
    struct places places = { .count = 0 };
    size_t count = pack_count(pack), item = some_item(), idle = 0;

    while (idle < count && places.count < PLAN_PLACES_MAX) {
        idle = do_middle(item, &places) ? 0 : idle + 1;
        item = (item + 1) % count;
    }
}

/* Every place as likely, whether passed once or ten thousand times. */
static void do_sample(void)
{
    const char *given = getenv("KIOSK_SEED");
    unsigned long seed = given ? strtoul(given, NULL, 10) : 1;

    chance_seed(seed);
    print_message("fault: a sample by seed %lu\n", seed);
    do_middles();
    int64_t end_ms = clock_monotonic_ms() + SAMPLE_MS;
    while (clock_monotonic_ms() < end_ms) {
        struct job job = { .item = some_item() };
        const struct plan_place *place =
            &passed[job.item][chance_below(PLAN_PLACES_MAX)];
        if (place->calls == 0)
            continue;
        job.place = place->name;
        job.after = chance_below((uint32_t)place->calls);
        job.times = chance_below(2) ? 1 : PLAN_FOR_EVER;
        do_job(&job);
    }
    chance_seed_end();
}

/* "ITEM:PLACE:CALL:TIMES", as it is printed. */
static void do_one(const char *text)
{
    char words[256], *parts[4] = { words };
    int count = 1;

    snprintf(words, sizeof words, "%s", text);
    for (char *at = words; *at && count < 4; at++) {
        if (*at != ':')
            continue;
        *at = '\0';
        parts[count++] = at + 1;
    }
    if (count != 4)
        fail_msg("KIOSK_FAULT is all, the beginning of a place, or "
                 "ITEM:PLACE:CALL:TIMES");
    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct job job = { i, parts[1], strtoll(parts[2], NULL, 10),
                                 strtoll(parts[3], NULL, 10) };
        if (strcmp(pack_item(pack, i)->id, parts[0]) == 0)
            do_job(&job);
    }
}

static void show_places(size_t item)
{
    for (int at = 0; at < PLAN_PLACES_MAX; at++)
        if (passed[item][at].calls > 0)
            print_message("fault: %s passes %s %lld times\n",
                          pack_item(pack, item)->id, passed[item][at].name,
                          (long long)passed[item][at].calls);
}

/* Those that were asked for, with their ways. */
static void count_all(const char *only)
{
    for (size_t i = 0; i < pack_count(pack); i++) {
        if (!paths[i])
            continue;
        count_places(i);
        if (only || getenv("KIOSK_FAULT"))
            show_places(i);
    }
}

/* The item whose name it begins with, or NULL. */
static const char *item_in(const char *wanted)
{
    for (size_t i = 0; wanted && i < pack_count(pack); i++) {
        const char *id = pack_item(pack, i)->id;
        size_t len = strlen(id);
        if (strncmp(wanted, id, len) == 0 && strchr(":", wanted[len]))
            return id;
    }
    return NULL;
}

static void test_faults(void **state)
{
    const char *wanted = getenv("KIOSK_FAULT");
    const char *only = item_in(wanted);
    (void)state;

    assert_in_range(pack_count(pack), 1, ITEMS_MAX);
    find_paths(only);
    count_all(only);
    if (!wanted)
        do_sample();
    else if (strchr(wanted, ':'))
        do_one(wanted);
    else
        do_all(only || strcmp(wanted, "all") == 0 ? "" : wanted);
    print_message("fault: %d tried, %d ended in a page, %d in the program's "
                  "end, %d wrong\n",
                  tried, pages, ends, failures);
    assert_int_equal(failures, 0);
}

/* ------------------------------------------------------------------------------ */

static int set_up(void **state)
{
    struct problems problems;
    char path[WORLD_PATH];
    (void)state;

    /* The pipe of a program that has ended. */
    sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    world_folder(folder);
    world_join(state_folder, folder, "state");
    world_join(errors, folder, "errors");
    world_join(path, folder, "plan");
    world_program(kiosk, "kiosk");
    world_program(faulty, "kiosk-fault");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, sizeof *plan), 0);
    plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(plan != MAP_FAILED);
    close(fd);
    setenv(PLAN_VARIABLE, path, 1);
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    munmap(plan, sizeof *plan);
    for (size_t i = 0; i < ITEMS_MAX; i++)
        mem_free(paths[i]);
    mem_free(people_key);
    pack_free(pack);
    world_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_faults) };
    return cmocka_run_group_tests_name("fault", tests, set_up, tear_down);
}
