/* A hall's terminal with both real drivers open: how long until its first page
 * stands, against a menu of dialog's, and what it weighs once reader and
 * printer are ready and after a card was read.
 *
 * The reader is on the pretended bus, the printer behind a real cupsd in
 * namespaces of their own (root), so both drivers do here what they do in a
 * hall.  The bus adds a library of its own to the process weighed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/bench/figure.h"
#include "tests/bench/first_page.h"
#include "tests/devices/lab.h"
#include "tests/tty/hall_run.h"
#include "tests/tty/world.h"
#include "tests/usb/bus.h"

#include "kiosk/base/clock.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    ROUNDS = 15,
    TRIES = 5 /* see end() of first_page.c */,
    HERE = 1,
    PATIENCE_MS = 10000,
    LOOK_MS = 300
};

static const double PSS_MAX_MIB = 10;

static char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];

static void make_world(void)
{
    char text[2 * WORLD_PATH];

    world_folder(folder);
    world_state(folder);
    world_program(program, "kiosk");
    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text,
             "state_folder: \"%s/state\"\ncard_driver: card/sdt\n"
             "printer_driver: printer/cups\nprinter_queue: " LAB_QUEUE "\n"
             "printer_server: " LAB_SERVER "\n"
             "hub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             folder);
    world_write(settings, text, 0600);
}

/* ---- The first page ------------------------------------------------------ */

static int measure_first_page(void)
{
    static double hall[ROUNDS], dialog[ROUNDS];
    static char option[] = "--settings";
    static const char *const words[] = { "Touch the screen or press", "12345",
                                         NULL };
    char *argv[] = { program, option, settings, NULL };
    char note[160];

    for (int round = -1; round < ROUNDS; round++) {
        double ms = -1;
        for (int tries = 0; ms < 0 && tries < TRIES; tries++)
            ms = first_page_ms(argv, words);
        double reference_ms = first_page_dialog_ms();
        if (ms < 0 || reference_ms < 0) {
            fprintf(stderr, "hall_bench: %s did not paint its page\n",
                    ms < 0 ? "kiosk" : "dialog");
            return 1;
        }
        if (round >= 0) {
            hall[round] = ms;
            dialog[round] = reference_ms;
        }
    }
    double middle = figure_median(hall, ROUNDS);
    double reference = figure_median(dialog, ROUNDS);
    snprintf(note, sizeof note,
             "real reader and printer drivers; least %.1f; dialog --menu %.1f",
             hall[0], reference);
    figure_print("first-page-hall", middle, "ms", middle / reference,
                 "at most 4 x dialog", middle / reference <= 4, note);
    return 0;
}

/* ---- The weight ---------------------------------------------------------- */

static bool is_kib(const char *line, const char *name, long *ret_kib)
{
    size_t len = strlen(name);

    if (strncmp(line, name, len) != 0)
        return false;
    *ret_kib = strtol(line + len, NULL, 10);
    return true;
}

static void print_weight(const char *name, pid_t pid)
{
    char path[64], line[256], note[128];
    long pss_kib = 0, own_kib = 0, bus_kib = 0;

    snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
    FILE *file = fopen(path, "r");
    bool is_bus = false;
    while (file && fgets(line, sizeof line, file)) {
        long kib = 0;
        if (strstr(line, "/") && strchr(line, '-'))
            is_bus = strstr(line, "umockdev") != NULL;
        if (is_kib(line, "Pss:", &kib)) {
            pss_kib += kib;
            bus_kib += is_bus ? kib : 0;
        }
        if (is_kib(line, "Private_Dirty:", &kib))
            own_kib += kib;
    }
    if (file)
        fclose(file);
    double mib = (double)pss_kib / 1024;
    snprintf(note, sizeof note, "%.1f its own; %ld KiB are the pretended bus's",
             (double)own_kib / 1024, bus_kib);
    figure_print(name, mib, "MiB PSS", 0, "at most 10 MiB",
                 mib > 0 && mib <= PSS_MAX_MIB, note);
}

static bool press_until(struct hall_run *run, const char *key,
                        const char *words)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!hall_run_shows(run, words)) {
        if (clock_monotonic_ms() > end_ms)
            return false;
        hall_run_type(run, key);
        int64_t look_ms = clock_monotonic_ms() + LOOK_MS;
        while (!hall_run_shows(run, words) && clock_monotonic_ms() < look_ms)
            (void)poll(NULL, 0, 10);
    }
    return true;
}

/* NULL: it hung, as first_page.c tells. */
static struct hall_run *start_to_card(void)
{
    const char *argv[] = { program, "--settings", settings, NULL };
    struct hall_run *run = hall_run_start(argv, NULL);

    if (press_until(run, "5", "您要办什么事") &&
        press_until(run, "3", "再带材料到派出所") &&
        press_until(run, "1", "开始办理") && press_until(run, "#", "满半年") &&
        press_until(run, "1", "请把身份证平放在读卡区"))
        return run;
    fprintf(stderr, "hall_bench: this is no card page:\n%s\n",
            hall_run_painted(run));
    pid_t hung = world_child(hall_run_pid(run), "kiosk");
    if (hung > 0)
        kill(hung, SIGKILL);
    (void)hall_run_end(run, SIGKILL);
    return NULL;
}

static int measure_weight(void)
{
    struct hall_run *run = NULL;

    for (int tries = 0; !run && tries < TRIES; tries++)
        run = start_to_card();
    if (!run)
        return 1;
    /* By now both have been asked more than once. */
    print_weight("memory-hall", hall_run_pid(run));
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, "已经读好");
    print_weight("memory-hall-card", hall_run_pid(run));
    return hall_run_end(run, SIGTERM);
}

/* -------------------------------------------------------------------------- */

static void say_skipped(const char *why)
{
    printf("first-page-hall|-|ms|-|at most 4 x dialog|skipped|%s\n", why);
    printf("memory-hall|-|MiB PSS|-|at most 10 MiB|skipped|%s\n", why);
}

int main(int argc, char **argv)
{
    const char *why = NULL;
    (void)argc;

    /* First the laboratory, then, in it, below the emulator. */
    if (!getenv("BUS_CONTROL"))
        why = lab_enter();
    if (why || !bus_enter(argv, &why)) {
        say_skipped(why);
        return 0;
    }
    if (access(FIRST_PAGE_DIALOG, X_OK) != 0) {
        say_skipped("dialog is not installed");
        return 0;
    }
    struct loop *loop = loop_new();
    struct lab *lab = lab_new(loop);
    lab_paper(10);
    bus_tell("plug %d four", HERE);
    make_world();
    int code = measure_first_page();
    if (!code)
        code = measure_weight();
    world_remove(folder);
    lab_free(lab);
    loop_free(loop);
    return code;
}
