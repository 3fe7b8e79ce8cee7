/* The real driver of card readers, through the unmodified libusb, against
 * readers that misbehave in every way at every step. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "devices/card/sdt.h"
#include "devices/limits.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/usb/bus.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 20000,
    DIVIDED_BY = 50,
    GENTLY_BY = 10,
    ENOUGH_COMMANDS = 30, /* a reader that is merely polled got so many */
    MAPPING_MOST = 64 * 1024 * 1024,
    HERE = 1 /* the place of the reader */
};

struct bench {
    struct loop *loop;
    struct device *reader;
    uint32_t job;
    int finished, retries;
    enum err err, why;
    struct card card;
    /* Who lays the card down again when told to, and the newest address. */
    const struct card *person;
    const char *address;
};

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    struct bench *bench = owner;

    (void)device;
    if (job != bench->job)
        return;
    bench->job = 0;
    bench->finished++;
    bench->err = err;
    if (card)
        bench->card = *card;
}

static void on_retry(void *owner, struct device *device, uint32_t job,
                     enum err why)
{
    struct bench *bench = owner;

    (void)device;
    (void)job;
    bench->retries++;
    bench->why = why;
}

static struct bench *current; /* what a test that fails leaves open */

static void init(struct bench *bench, const char *wiring)
{
    static const struct device_events events = { .on_finished = on_finished,
                                                 .on_retry = on_retry };

    *bench = (struct bench){ .loop = loop_new() };
    current = bench;
    bench->reader = device_new(bench->loop, &card_sdt_driver, &events, bench);
    if (wiring)
        device_set(bench->reader, "wiring", wiring);
    device_open(bench->reader);
}

static void done(struct bench *bench)
{
    current = NULL;
    device_free(bench->reader);
    loop_free(bench->loop);
}

/* ---- Waiting for what must come ---------------------------------------- */

static void turn(struct bench *bench, int64_t end_ms, const char *what)
{
    loop_turn(bench->loop, 5);
    if (clock_monotonic_ms() > end_ms)
        fail_msg("waited in vain: %s (%s)", what,
                 device_state_name(device_state_of(bench->reader)));
}

static void until_state(struct bench *bench, enum device_state state)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (device_state_of(bench->reader) != state)
        turn(bench, end_ms, device_state_name(state));
}

/* What a page does: asks for a card as soon as it can, and again when the
 * reader comes round. */
static void ask(struct bench *bench)
{
    struct device_job job = { .kind = JOB_READ_CARD };

    if (!bench->job && device_state_of(bench->reader) == DEVICE_READY)
        bench->job = device_start(bench->reader, &job);
}

/* Whoever is told that it did not work lays the card down again. */
static void until_card(struct bench *bench, const char *what)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    int told = bench->retries + bench->finished;

    bench->err = ERR_COUNT;
    while (bench->err != ERR_OK) {
        ask(bench);
        if (bench->retries + bench->finished != told && bench->person) {
            told = bench->retries + bench->finished;
            bus_tell("lift %d", HERE);
            bus_lay(HERE, bench->person, bench->address);
        }
        turn(bench, end_ms, what);
    }
}

/* Until the page changes, or the reader was asked so often that it will not. */
static void until_told(struct bench *bench, const char *what)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    int from = bus_commands(HERE);

    bench->finished = bench->retries = 0;
    ask(bench);
    while (!bench->finished && !bench->retries &&
           bus_commands(HERE) - from < ENOUGH_COMMANDS)
        turn(bench, end_ms, what);
}

static void lay(struct bench *bench, const struct card *person)
{
    bench->person = person;
    bus_lay(HERE, person, bench->address);
}

static void give_up(struct bench *bench)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    device_stop(bench->reader, bench->job);
    while (bench->job)
        turn(bench, end_ms, "the job's end");
}

static void is_person(const struct card *card, const struct card *person,
                      const char *what)
{
    for (const char *const *name = card_field_names; *name; name++)
        if (strcmp(card_field(card, *name), card_field(person, *name)) != 0)
            fail_msg("%s: %s is \"%s\"", what, *name, card_field(card, *name));
    assert_true(card->has_photo);
}

/* ---- Reading ----------------------------------------------------------- */

static const char *const wirings[] = { "four", "pair" };

static void test_every_kind(void **state)
{
    (void)state;
    for (size_t w = 0; w < 2; w++) {
        static struct bench bench;
        bus_tell("plug %d %s", HERE, wirings[w]);
        init(&bench, NULL);
        until_state(&bench, DEVICE_READY);
        for (int kind = 0; kind < CARD_KIND_COUNT; kind++) {
            lay(&bench, &bus_people[kind]);
            until_card(&bench, card_kind_name((enum card_kind)kind));
            is_person(&bench.card, &bus_people[kind], wirings[w]);
        }
        assert_int_equal(bench.retries, 0);
        done(&bench);
        assert_int_equal(bus_claims(HERE), 0);
        bus_tell("unplug %d", HERE);
    }
    assert_int_equal(secret_used_bytes(), 0);
}

static void test_newest_address(void **state)
{
    static struct bench bench;
    struct card moved = bus_people[CARD_RESIDENT];
    (void)state;

    snprintf(moved.address, sizeof moved.address, "河南省邓州市新路 9 号 二楼");
    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    bench.address = moved.address;
    lay(&bench, &bus_people[CARD_RESIDENT]);
    until_card(&bench, "an address");
    is_person(&bench.card, &moved, "the newest address");
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* A reader of four pipes that wants whole frames is no reader of ours, but one
 * that is told so by a setting is asked over one pair. */
static void test_wiring_by_setting(void **state)
{
    static struct bench bench;
    (void)state;

    bus_tell("plug %d pair", HERE);
    init(&bench, "four-pipes"); /* cannot be had from one pair */
    until_state(&bench, DEVICE_READY);
    done(&bench);
    bus_tell("plug %d four", HERE);
    init(&bench, "one-pair");
    until_state(&bench, DEVICE_BROKEN);
    done(&bench);
    bus_tell("unplug %d", HERE);
}

static void test_same_card_again(void **state)
{
    static struct bench bench;
    (void)state;

    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    lay(&bench, &bus_people[CARD_RESIDENT]);
    until_card(&bench, "first");
    /* It lies there still: a real reader does not find it. */
    until_told(&bench, "nothing");
    assert_int_equal(bench.finished + bench.retries, 0);
    bus_tell("lift %d", HERE);
    lay(&bench, &bus_people[CARD_RESIDENT]);
    until_card(&bench, "again");
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* The answer that was too late for one person is never the next one's. */
static void test_late_answer_of_another(void **state)
{
    (void)state;
    for (size_t w = 0; w < 2; w++) {
        static struct bench bench;
        bus_tell("plug %d %s", HERE, wirings[w]);
        init(&bench, NULL);
        until_state(&bench, DEVICE_READY);
        for (int late_ms = 5; late_ms < 400; late_ms += 30) {
            lay(&bench, &bus_people[CARD_HMT]);
            bus_tell("fault %d late text 1 %d", HERE, late_ms);
            int from = bus_commands(HERE);
            ask(&bench);
            while (bus_commands(HERE) < from + 3 && !bench.finished)
                loop_turn(bench.loop, 5);
            bench.finished = 0;
            give_up(&bench);
            bus_tell("lift %d", HERE);
            lay(&bench, &bus_people[CARD_RESIDENT]);
            until_card(&bench, "the second person");
            is_person(&bench.card, &bus_people[CARD_RESIDENT], "late");
            bench.finished = 0;
        }
        done(&bench);
        bus_tell("unplug %d", HERE);
    }
}

/* ---- The cross of faults ----------------------------------------------- */

static const char *const steps[] = { "find", "select", "text", "address" };
static const char *const faults[] = {
    "checksum", "long", "short",   "huge", "split", "merged", "garbage",
    "stall",    "late", "silence", "dead", "other", "torn",
};
/* All that the papers name, the codes of the host's own libraries, and two
 * that nobody knows. */
static const int statuses[] = {
    0x90, 0x9F, 0x91, 0x10, 0x11, 0x21, 0x23, 0x24, 0x31, 0x32, 0x33, 0x37,
    0x3F, 0x40, 0x41, 0x47, 0x60, 0x66, 0x80, 0x81, 0x01, 0x02, 0x00, 0xEE
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* One fault, once and for ever: once, the person's card is read all the same;
 * for ever, the page learns what is wrong; and when it is over the reader comes
 * round by itself. */
static void cross(struct bench *bench, const struct card *person,
                  const char *fault, const char *step, int number)
{
    char what[96];

    snprintf(what, sizeof what, "%s %s %#x", fault, step, (unsigned)number);
    bus_tell("lift %d", HERE);
    lay(bench, person);
    bus_tell("fault %d %s %s 1 %d", HERE, fault, step, number);
    until_card(bench, what);
    is_person(&bench->card, person, what);

    bus_tell("lift %d", HERE);
    lay(bench, person);
    bus_tell("fault %d %s %s -1 %d", HERE, fault, step, number);
    until_told(bench, what);
    bus_tell("fault %d none", HERE);
    give_up(bench);
    bus_tell("lift %d", HERE);
    lay(bench, person);
    until_card(bench, what);
    is_person(&bench->card, person, what);
    assert_in_range(bus_claims(HERE), 0, 1);
}

static void cross_kinds(struct bench *bench, const char *fault,
                        const char *step, int number)
{
    for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
        cross(bench, &bus_people[kind], fault, step, number);
}

static void cross_wiring(const char *wiring)
{
    static struct bench bench;

    bus_tell("spin %d", HERE);
    bus_tell("plug %d %s", HERE, wiring);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    for (size_t s = 0; s < COUNT_OF(steps); s++) {
        for (size_t f = 0; f < COUNT_OF(faults); f++)
            cross_kinds(&bench, faults[f], steps[s], 70);
        /* What a status means does not depend on the card: one kind each. */
        for (size_t c = 0; c < COUNT_OF(statuses); c++)
            cross(&bench, &bus_people[(c + s) % CARD_KIND_COUNT], "status",
                  steps[s], statuses[c]);
    }
    done(&bench);
    assert_int_equal(bus_claims(HERE), 0);
    bus_tell("unplug %d", HERE);
}

static void test_faults_four_pipes(void **state)
{
    (void)state;
    cross_wiring("four");
}

static void test_faults_one_pair(void **state)
{
    (void)state;
    if (mem_is_checked()) /* slow under sanitizers: four pipes alone */
        skip();
    cross_wiring("pair");
}

/* Whoever laid the card down again, as told, and was unlucky again, is told
 * again: the reader does not find a card that was not lifted. */
static void test_told_each_time(void **state)
{
    static const char *const unlucky[] = { "silence", "stall", "torn" };
    static struct bench bench;
    (void)state;

    bus_tell("spin %d", HERE);
    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    for (size_t i = 0; i < COUNT_OF(unlucky); i++)
        for (int times = 1; times <= 3; times++)
            for (size_t s = 1; s < COUNT_OF(steps); s++) {
                char what[64];
                snprintf(what, sizeof what, "%s %s %d", unlucky[i], steps[s],
                         times);
                bench.retries = 0;
                bus_tell("lift %d", HERE);
                lay(&bench, &bus_people[CARD_RESIDENT]);
                bus_tell("fault %d %s", HERE, what);
                until_card(&bench, what);
                is_person(&bench.card, &bus_people[CARD_RESIDENT], what);
            }
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* The plug is pulled, at each step and while it wakes, and is put in again. */
static void test_unplugged_at_each_step(void **state)
{
    static const char *const all[] = { "status", "find", "select", "text",
                                       "address" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(all) * 2; i++) {
        const char *step = all[i / 2];
        static struct bench bench;
        bus_tell("plug %d %s", HERE, wirings[i % 2]);
        bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
        bus_tell("fault %d unplug %s 1", HERE, step);
        init(&bench, NULL);
        if (i >= 2) {
            until_state(&bench, DEVICE_READY);
            ask(&bench);
            until_state(&bench, DEVICE_UNPLUGGED);
            assert_int_equal(bench.finished, 1);
            assert_int_equal(bench.err, ERR_NO_DEVICE);
        }
        until_state(&bench, DEVICE_UNPLUGGED);
        assert_int_equal(device_action_of(bench.reader), ACTION_CLEAR);
        bus_tell("plug %d %s", HERE, wirings[i % 2]);
        until_card(&bench, step);
        done(&bench);
        bus_tell("unplug %d", HERE);
    }
}

static void test_lifted_at_each_step(void **state)
{
    static struct bench bench;
    (void)state;

    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    for (size_t s = 1; s < COUNT_OF(steps); s++) {
        lay(&bench, &bus_people[CARD_RESIDENT]);
        bus_tell("fault %d lift %s 1", HERE, steps[s]);
        until_told(&bench, steps[s]);
        assert_int_equal(bench.retries, 1);
        assert_int_equal(bench.why, ERR_CARD_MOVED);
        lay(&bench, &bus_people[CARD_RESIDENT]);
        until_card(&bench, steps[s]);
    }
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* ---- Stopping and closing at any moment -------------------------------- */

static void test_stopped_at_any_moment(void **state)
{
    static struct bench bench;
    (void)state;

    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    for (int turns = 0; turns < 60; turns++) {
        lay(&bench, &bus_people[CARD_RESIDENT]);
        ask(&bench);
        for (int i = 0; i < turns && bench.job; i++)
            loop_turn(bench.loop, 1);
        give_up(&bench);
        lay(&bench, &bus_people[CARD_HMT]);
        until_card(&bench, "after a stop");
        is_person(&bench.card, &bus_people[CARD_HMT], "after a stop");
    }
    done(&bench);
    bus_tell("unplug %d", HERE);
}

static int count_descriptors(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void test_closed_at_any_moment(void **state)
{
    int before = 0;
    (void)state;

    bus_tell("plug %d four", HERE);
    for (int turns = 0; turns < 40; turns++) {
        static struct bench bench;
        bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
        init(&bench, NULL);
        for (int i = 0; i < turns; i++) {
            ask(&bench);
            loop_turn(bench.loop, 1);
        }
        done(&bench);
        assert_int_equal(bus_claims(HERE), 0);
        assert_int_equal(secret_used_bytes(), 0);
        if (turns == 5)
            before = count_descriptors();
    }
    assert_in_range(count_descriptors(), 1, before);
    bus_tell("unplug %d", HERE);
}

/* ---- What is no reader, and too many of them --------------------------- */

static void test_no_reader(void **state)
{
    static struct bench bench;
    (void)state;

    init(&bench, NULL);
    until_state(&bench, DEVICE_UNPLUGGED);
    bus_tell("plug %d none", HERE);
    until_state(&bench, DEVICE_BROKEN);
    assert_int_equal(device_why(bench.reader), ERR_DEVICE);
    bus_tell("unplug %d", HERE);
    until_state(&bench, DEVICE_UNPLUGGED);
    bus_tell("plug %d four 1234:5678", HERE); /* not ours */
    bus_tell("plug 2 pair 0316:5020");
    until_state(&bench, DEVICE_READY);
    done(&bench);
    assert_int_equal(bus_claims(2), 0);
    bus_tell("unplug %d", HERE);
    bus_tell("unplug 2");
}

/* It was never alive: called broken, and tried again until it is. */
static void test_silent_from_the_start(void **state)
{
    static struct bench bench;
    (void)state;

    bus_tell("plug %d four", HERE);
    bus_tell("fault %d silence status -1", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_BROKEN);
    assert_int_equal(device_action_of(bench.reader), ACTION_MAINTENANCE);
    bus_tell("fault %d none", HERE);
    until_state(&bench, DEVICE_READY);
    done(&bench);
    bus_tell("unplug %d", HERE);
}

static void test_ten_readers(void **state)
{
    static struct bench bench;
    (void)state;

    for (int place = 1; place <= 10; place++)
        bus_tell("plug %d %s", place, wirings[place % 2]);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    for (int place = 1; place <= 10; place++)
        bus_lay(place, &bus_people[CARD_RESIDENT], NULL);
    until_card(&bench, "one of ten");
    /* Nine go, among them the one that was used: the tenth takes over. */
    for (int place = 1; place <= 9; place++)
        bus_tell("unplug %d", place);
    bus_lay(10, &bus_people[CARD_HMT], NULL);
    until_card(&bench, "the tenth");
    is_person(&bench.card, &bus_people[CARD_HMT], "the tenth");
    done(&bench);
    bus_tell("unplug 10");
}

/* ---- Records that are strange ------------------------------------------ */

static void test_strange_records(void **state)
{
    uint8_t record[BUS_RECORD_BYTES];
    static struct bench bench;
    (void)state;

    bus_tell("plug %d pair", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);

    /* Half a character, and 0xFFFF where blanks should be. */
    bus_encode(&bus_people[CARD_RESIDENT], record);
    record[28] = 0x40;
    record[29] = 0xd8;
    memset(record + 158, 0xff, 30);
    bus_lay_record(HERE, record, sizeof record);
    until_card(&bench, "half a character");
    assert_non_null(strstr(bench.card.name, "〓"));
    assert_string_equal(bench.card.authority, "");

    /* A kind of card of tomorrow; a chip that is cut. */
    bus_encode(&bus_people[CARD_RESIDENT], record);
    record[248] = 'Z';
    bus_lay_record(HERE, record, sizeof record);
    until_told(&bench, "tomorrow's");
    assert_int_equal(bench.why, ERR_CARD_UNKNOWN);
    give_up(&bench);
    bus_lay_record(HERE, record, 200);
    until_told(&bench, "a cut record");
    assert_int_equal(bench.why, ERR_CARD_UNKNOWN);
    give_up(&bench);
    assert_int_equal(device_state_of(bench.reader), DEVICE_READY);
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* It is asked for until the other program lets go, and then works by itself. */
static void test_another_has_it(void **state)
{
    static struct bench bench;
    (void)state;

    bus_tell("busy %d 4", HERE);
    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_BROKEN);
    assert_int_equal(device_why(bench.reader), ERR_EXISTS);
    until_state(&bench, DEVICE_READY);
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* How often these bytes stand in what this process may write to, but for its
 * stacks; read through a buffer that is wiped, so as not to find itself. */
static int count_in_memory(const char *what)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    static char line[512], block[65536];
    size_t len = strlen(what);
    int count = 0;

    assert_true(maps && mem >= 0);
    while (fgets(line, sizeof line, maps)) {
        char *at = line;
        unsigned long from = strtoul(at, &at, 16);
        unsigned long to = strtoul(at + 1, &at, 16);
        bool is_ours = strncmp(at, " rw", 3) == 0 && !strstr(line, "[stack]");
        if (!is_ours || to - from > MAPPING_MOST) /* a sanitizer's own */
            continue;
        for (; from < to; from += sizeof block - len) {
            bool is_own = from <= (unsigned long)block + sizeof block &&
                          from + sizeof block >= (unsigned long)block;
            size_t size = to - from < sizeof block ? to - from : sizeof block;
            ssize_t got = is_own ? 0 : pread(mem, block, size, (off_t)from);
            for (ssize_t i = 0; i + (ssize_t)len <= got; i++)
                count += memcmp(block + i, what, len) == 0;
        }
    }
    mem_wipe(block, sizeof block);
    fclose(maps);
    close(mem);
    return count;
}

/* The text was read, the card lifted before its address was: the person has
 * gone, and nothing of the card is here, neither as text nor as it came. */
static void test_nothing_left(void **state)
{
    static struct bench bench;
    const struct card *who = &bus_people[CARD_FOREIGNER_2017];
    (void)state;

    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    int before = count_in_memory(who->number);
    lay(&bench, who);
    bus_tell("fault %d lift address 1", HERE);
    until_told(&bench, "lifted before the address");
    give_up(&bench); /* the session has ended */
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (count_in_memory(who->number) > before)
        turn(&bench, end_ms, "what was read to be wiped");
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* One that says it is well and never finds a card is not reset for ever in the
 * same breath. */
static void test_pauses_grow(void **state)
{
    static struct bench bench;
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS, broken_ms = 0;
    int64_t pause_ms = 0;
    (void)state;

    bus_tell("plug %d four", HERE);
    init(&bench, NULL);
    until_state(&bench, DEVICE_READY);
    lay(&bench, &bus_people[CARD_RESIDENT]);
    bus_tell("fault %d checksum find -1", HERE);
    for (int rounds = 0; rounds < 5; rounds++) {
        while (device_state_of(bench.reader) != DEVICE_BROKEN) {
            ask(&bench);
            turn(&bench, end_ms, "broken");
        }
        broken_ms = clock_monotonic_ms();
        until_state(&bench, DEVICE_READY);
        pause_ms = clock_monotonic_ms() - broken_ms;
    }
    /* The fifth is sixteen times the first. */
    assert_in_range(pause_ms, 8 * limit_ms(LIMIT_CARD_REVIVE), PATIENCE_MS);
    done(&bench);
    bus_tell("unplug %d", HERE);
}

/* No other test is to meet this one's driver at the same reader. */
static int close_current(void **state)
{
    (void)state;
    if (current)
        done(current);
    for (int place = 1; place <= 10; place++) {
        bus_tell("fault %d none", place);
        bus_tell("lift %d", place);
        bus_tell("unplug %d", place);
    }
    return 0;
}

/* Limits are as in life where nothing goes wrong; a tenth where it counts what
 * was told, which a limit that passes too soon would change; else a
 * fiftieth. */
static int plain(void **state)
{
    (void)state;
    limits_divide(1);
    return 0;
}

static int quick(void **state)
{
    (void)state;
    limits_divide(DIVIDED_BY);
    return 0;
}

static int gentle(void **state)
{
    (void)state;
    limits_divide(GENTLY_BY);
    return 0;
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, plain, close_current)
#define GENTLE(test)                                                           \
    cmocka_unit_test_setup_teardown(test, gentle, close_current)
#define QUICK(test) cmocka_unit_test_setup_teardown(test, quick, close_current)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        PLAIN(test_every_kind),
        PLAIN(test_newest_address),
        QUICK(test_wiring_by_setting),
        GENTLE(test_same_card_again),
        QUICK(test_late_answer_of_another),
        QUICK(test_faults_four_pipes),
        QUICK(test_faults_one_pair),
        QUICK(test_told_each_time),
        GENTLE(test_unplugged_at_each_step),
        GENTLE(test_lifted_at_each_step),
        QUICK(test_stopped_at_any_moment),
        QUICK(test_closed_at_any_moment),
        QUICK(test_no_reader),
        QUICK(test_silent_from_the_start),
        PLAIN(test_ten_readers),
        PLAIN(test_strange_records),
        GENTLE(test_another_has_it),
        QUICK(test_nothing_left),
        QUICK(test_pauses_grow),
    };
    const char *why = NULL;

    if (argc > 1) /* one of them: tests/devices/sdt_test 'test_faults*' */
        cmocka_set_test_filter(argv[1]);
    if (!bus_enter(argv, &why)) {
        print_message("skipped: %s\n", why);
        return 1;
    }
    return cmocka_run_group_tests_name("sdt", tests, NULL, NULL);
}
