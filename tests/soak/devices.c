/* Cards read and slips printed, for as long as you like, by the real drivers:
 * a reader on the pretended bus, the real cupsd with its printer, kiosk-draw
 * and kiosk-print.  Faults are sprinkled in.  At the end memory, descriptors
 * and children are what they were after the first cycles, or it fails.
 *
 *     devices CYCLES [SEED]     (root, as cupsd's laboratory wants it) */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "devices/card/sdt.h"
#include "devices/limits.h"
#include "devices/printer/cups.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/printing.h"
#include "tests/devices/lab.h"
#include "tests/tty/world.h"
#include "tests/usb/bus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 60000,
    WARM = 50, /* cycles after which nothing may grow any more */
    DIVIDED_BY = 10,
    GROWTH_KIB = 1024,
    HERE = 1
};

static int cycles;
static unsigned long seed;

struct soak {
    struct loop *loop;
    struct lab *lab;
    struct device *reader, *printer;
    struct printing *printing;
    uint32_t card_job;
    int told; /* that a card could not be read */
    bool has_card, has_printed;
    enum err print_err;
    int read, printed, faults, failed_prints;
};

static struct soak soak;
static char last_fault[64];

static unsigned chance(unsigned below)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(seed >> 33) % below;
}

/* ---- Answers ----------------------------------------------------------- */

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    (void)owner;
    if (device_class_of(device) == DEVICE_PRINTER) {
        printing_on_finished(soak.printing, job, err);
        return;
    }
    if (job != soak.card_job)
        return;
    soak.card_job = 0;
    soak.has_card = !err && card;
    soak.told += err != ERR_OK;
}

static void on_retry(void *owner, struct device *device, uint32_t job,
                     enum err why)
{
    (void)owner, (void)device, (void)job, (void)why;
    soak.told++;
}

static void on_print_end(void *owner, enum err err, enum print_state state)
{
    (void)owner, (void)state;
    soak.has_printed = true;
    soak.print_err = err;
}

static const struct device_events device_events = { .on_finished = on_finished,
                                                    .on_retry = on_retry };

static void turn(int64_t end_ms, const char *what)
{
    loop_turn(soak.loop, 20);
    if (clock_monotonic_ms() > end_ms)
        fail_msg("cycle %d: waited in vain for %s: reader %s, job %u, told "
                 "%d, %d commands; printer %s; the last fault: %s",
                 soak.read, what,
                 device_state_name(device_state_of(soak.reader)),
                 (unsigned)soak.card_job, soak.told, bus_commands(HERE),
                 device_state_name(device_state_of(soak.printer)), last_fault);
}

/* ---- One cycle --------------------------------------------------------- */

static void sprinkle_reader(void)
{
    static const char *const faults[] = { "checksum", "garbage", "stall",
                                          "silence",  "dead",    "torn",
                                          "lift",     "unplug",  "late" };
    static const char *const steps[] = { "find", "select", "text", "address" };

    if (chance(4) != 0)
        return;
    const char *fault = faults[chance(9)], *step = steps[chance(4)];
    /* A card that is gone before it was found is nothing to tell about. */
    if (strcmp(fault, "lift") == 0 && strcmp(step, "find") == 0)
        return;
    soak.faults++;
    snprintf(last_fault, sizeof last_fault, "fault %d %s %s 1 50", HERE, fault,
             step);
    bus_tell("%s", last_fault);
}

static void read_card(void)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    const struct card *person = &bus_people[chance(CARD_KIND_COUNT)];
    struct device_job job = { .kind = JOB_READ_CARD };
    enum device_state was = DEVICE_READY;
    int told = soak.told;

    soak.has_card = false;
    bus_tell("lift %d", HERE);
    bus_lay(HERE, person, NULL);
    sprinkle_reader();
    while (!soak.has_card) {
        enum device_state state = device_state_of(soak.reader);
        if (!soak.card_job && state == DEVICE_READY)
            soak.card_job = device_start(soak.reader, &job);
        if (state == DEVICE_UNPLUGGED && was != state)
            bus_tell("plug %d %s", HERE, chance(2) ? "four" : "pair");
        was = state;
        if (told != soak.told) {
            told = soak.told;
            bus_tell("lift %d", HERE);
            bus_lay(HERE, person, NULL);
        }
        turn(end_ms, "a card");
    }
    soak.read++;
}

static void await_printer(void)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (device_state_of(soak.printer) != DEVICE_READY)
        turn(end_ms, "the printer");
}

/* In one of ten the paper runs out and the person leaves; then staff come. */
static void print_slip(void)
{
    static const char slip[] =
        "{\"draw\":1,\"paper\":\"80mm\",\"slip\":{\"title\":\"收件回执\","
        "\"blocks\":[{\"kind\":\"fact\",\"label\":\"回执号\",\"value\":"
        "\"3100 6327 0014\",\"large\":true},{\"kind\":\"qr\",\"payload\":"
        "\"https://example.cn/p/0123456789abcdef\",\"text\":\"扫码\"}]}}";
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    bool runs_out = chance(10) == 0;

    await_printer();
    soak.has_printed = false;
    if (runs_out) {
        soak.faults++;
        lab_paper(0);
    }
    printing_start(soak.printing, soak.printer, slip, sizeof slip - 1);
    while (!soak.has_printed &&
           !(runs_out && device_state_of(soak.printer) == DEVICE_BLOCKED))
        turn(end_ms, "a slip");
    if (!soak.has_printed)
        printing_stop(soak.printing);
    soak.printed += soak.has_printed && !soak.print_err;
    soak.failed_prints += soak.has_printed && soak.print_err;
    if (runs_out)
        lab_paper(500);
}

/* ---- What must stay as it is ------------------------------------------- */

struct size {
    long memory_kib;
    int descriptors, children;
};

static int count_entries(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static int count_children(void)
{
    char path[64], text[4096] = "";
    int count = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file && !fgets(text, sizeof text, file))
        *text = '\0';
    if (file)
        fclose(file);
    for (const char *at = text; *at; at++)
        count += *at == ' ';
    return count;
}

static struct size weigh(void)
{
    struct size size = { .descriptors = count_entries("/proc/self/fd"),
                         .children = count_children() };
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file && fscanf(file, "%ld %ld", &pages, &resident) == 2)
        size.memory_kib = resident * (sysconf(_SC_PAGESIZE) / 1024);
    if (file)
        fclose(file);
    return size;
}

static void say(const char *when, const struct size *size)
{
    print_message("%s: %d cards, %d slips (%d failed), %d faults; memory %ld "
                  "KiB, %d descriptors, %d children\n",
                  when, soak.read, soak.printed, soak.failed_prints,
                  soak.faults, size->memory_kib, size->descriptors,
                  size->children);
}

static void test_soak(void **state)
{
    struct size warm = { 0 };
    (void)state;

    for (int i = 1; i <= cycles; i++) {
        read_card();
        print_slip();
        if (i == WARM || (i % 200 == 0 && i < cycles)) {
            await_printer();
            struct size size = weigh();
            if (i == WARM)
                warm = size;
            say(i == WARM ? "warm" : "on", &size);
        }
    }
    await_printer();
    struct size end = weigh();
    say("end", &end);
    if (cycles <= WARM)
        return;
    assert_in_range(end.memory_kib, 1, warm.memory_kib + GROWTH_KIB);
    assert_in_range(end.descriptors, 1, warm.descriptors + 1);
    assert_in_range(end.children, 1, warm.children + 1);
    assert_in_range(soak.failed_prints, 0, cycles / 100);
}

static struct device *open_device(const struct driver *driver)
{
    return device_new(soak.loop, driver, &device_events, NULL);
}

static int set_up(void **state)
{
    static const struct printing_events events = { .on_end = on_print_end };
    static char draw[WORLD_PATH], print[WORLD_PATH];
    (void)state;

    limits_divide(DIVIDED_BY);
    world_program(draw, "kiosk-draw");
    world_program(print, "kiosk-print");
    soak.loop = loop_new();
    soak.lab = lab_new(soak.loop);
    lab_paper(500);
    bus_tell("plug %d four", HERE);
    soak.printing = printing_new(soak.loop, draw, &events, NULL);
    soak.reader = open_device(&card_sdt_driver);
    soak.printer = open_device(&printer_cups_driver);
    device_set(soak.printer, "print_path", print);
    device_set(soak.printer, "queue", LAB_QUEUE);
    device_set(soak.printer, "server", LAB_SERVER);
    device_set(soak.printer, "mark", "kiosk-0001");
    device_set(soak.printer, "paper", "80mm");
    device_set(soak.printer, "watch_ms", "500");
    device_set(soak.printer, "trouble_ms", "200");
    device_open(soak.reader);
    device_open(soak.printer);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    printing_free(soak.printing);
    device_free(soak.reader);
    device_free(soak.printer);
    lab_free(soak.lab);
    loop_free(soak.loop);
    assert_int_equal(secret_used_bytes(), 0);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_soak, set_up, tear_down),
    };
    const char *why = NULL;

    cycles = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
    seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    if (cycles < 1) {
        fprintf(stderr, "devices CYCLES [SEED]\n");
        return 2;
    }
    /* First the laboratory, then, in it, below the emulator. */
    if (!getenv("BUS_CONTROL"))
        why = lab_enter();
    if (why || !bus_enter(argv, &why)) {
        fprintf(stderr, "soak: %s\n", why);
        return 1;
    }
    return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
