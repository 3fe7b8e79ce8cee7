/* What kiosk weighs: at the attract page, after fifty walks through it, and
 * after a thousand sessions; what it has open then.
 *
 * PSS counts a page that three programs share as a third.  In the demo the hub
 * and this bench use some of the same libraries, so the whole resident size
 * stands beside it: what it would be if nobody shared anything. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/bench/figure.h"
#include "tests/tty/play.h"

#include <dirent.h>
#include <string.h>

/* The first hundred give every library what it keeps. */
enum {
    SESSIONS = 1000,
    SESSIONS_FIRST = 100,
    WALKS = 50,
    WALKS_FIRST = 10, /* after these every library has what it keeps */
    GROWTH_MAX_KIB = 256
};

static const double PSS_MAX_MIB = 10;

struct weight {
    long pss_kib, rss_kib, heap_kib;
    int open; /* descriptors, threads and children */
};

static int count_entries(pid_t pid, const char *what)
{
    char path[64];
    struct dirent *entry;
    int count = 0;

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder)))
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

static int count_children(pid_t pid)
{
    char path[64];
    int child, count = 0;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid,
             (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fscanf(file, "%d", &child) == 1)
        count++;
    if (file)
        fclose(file);
    return count;
}

static bool weigh(pid_t pid, struct weight *ret_weight)
{
    static const char *const names[] = { "Pss:", "Rss:", "Pss_Anon:" };
    char path[64], line[256];
    long *const values[] = { &ret_weight->pss_kib, &ret_weight->rss_kib,
                             &ret_weight->heap_kib };
    int found = 0;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        for (int i = 0; i < 3; i++)
            if (strncmp(line, names[i], strlen(names[i])) == 0) {
                *values[i] = strtol(line + strlen(names[i]), NULL, 10);
                found++;
            }
    if (file)
        fclose(file);
    ret_weight->open = count_entries(pid, "fd") + count_entries(pid, "task") +
                       count_children(pid);
    return found == 3;
}

static void walk(struct drive *drive, int count)
{
    char receipt[16];
    for (int i = 0; i < count; i++) {
        if (i % 2 == 0)
            play_permit(drive, HAND_KEYS, receipt, NULL);
        else
            play_hotline(drive, HAND_KEYS, receipt);
    }
}

static void print(const char *name, const struct weight *weight)
{
    char note[128];
    double mib = (double)weight->pss_kib / 1024;
    snprintf(note, sizeof note, "of it %.1f its own; resident %.1f",
             (double)weight->heap_kib / 1024, (double)weight->rss_kib / 1024);
    figure_print(name, mib, "MiB PSS", 0, "at most 10 MiB", mib <= PSS_MAX_MIB,
                 note);
}

/* Of the resident size: a PSS also moves when any other program that uses the
 * same libraries begins or ends. */
static void print_growth(const struct weight *first, const struct weight *tenth,
                         const struct weight *last)
{
    char note[128];
    long grown = last->rss_kib - tenth->rss_kib;
    snprintf(note, sizeof note, "walks %d to %d; the first %d: %ld KiB",
             (int)WALKS_FIRST, (int)WALKS, (int)WALKS_FIRST,
             tenth->rss_kib - first->rss_kib);
    figure_print("memory-growth", (double)grown, "KiB", 0, "flat (256 KiB)",
                 grown <= GROWTH_MAX_KIB, note);
}

/* One as most are: somebody looks, lays the card down, and goes. */
static void visit(struct drive *drive, int number)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.residence-permit" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "registered", DEED_PRESS, "option.yes" },
        { "card", "card", DEED_SIM, "card resident" },
        { "card", "card", DEED_SIM, "clock +1s" },
        { "take back", "card", DEED_SIM, "card lift" },
    };

    play(drive, HAND_KEYS, scenes, sizeof scenes / sizeof *scenes);
    if (number % 2) {
        assert_true(drive_sim(drive, "clock +121s"));
    } else {
        drive_press(drive, HAND_TOUCH, "footer.end");
        drive_wait(drive, "stop", NULL);
        drive_press(drive, HAND_KEYS, "end");
    }
    drive_wait(drive, "attract", NULL);
}

static void measure_sessions(struct drive *drive)
{
    struct weight first, last;
    char note[128];

    for (int i = 0; i < SESSIONS_FIRST; i++)
        visit(drive, i);
    (void)weigh(drive_pid(drive), &first);
    for (int i = SESSIONS_FIRST; i < SESSIONS; i++)
        visit(drive, i);
    (void)weigh(drive_pid(drive), &last);
    print("memory-1000-sessions", &last);
    long grown = last.rss_kib - first.rss_kib;
    snprintf(note, sizeof note, "sessions %d to %d", (int)SESSIONS_FIRST,
             (int)SESSIONS);
    figure_print("sessions-growth", (double)grown, "KiB", 0, "flat (256 KiB)",
                 grown <= GROWTH_MAX_KIB, note);
    snprintf(note, sizeof note, "descriptors, threads, children: %d",
             last.open);
    figure_print("sessions-open", last.open - first.open, "more", 0, "none",
                 last.open <= first.open, note);
}

/* The demonstration makes itself a staff PIN right after its start.  For a
 * fraction of a second that takes 32 MiB, which scrypt fills and then gives
 * back whole: weighed meanwhile, anything from 5 to 37 MiB would be read. */
static void await_pin(struct drive *drive)
{
    static const char f12[] = "\033[24~";

    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, f12, strlen(f12));
    drive_wait_element(drive, "simulate.pin");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "attract", NULL);
}

int main(void)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct weight first, tenth, last;
    struct drive *drive = drive_start(&options);

    /* The store and the hub have answered once this press is taken. */
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    await_pin(drive);
    if (!weigh(drive_pid(drive), &first)) {
        puts("memory-attract|-|MiB PSS|-|at most 10 MiB|skipped|"
             "only root may read a kiosk's memory map");
        return drive_end(drive);
    }
    print("memory-attract", &first);
    walk(drive, WALKS_FIRST);
    (void)weigh(drive_pid(drive), &tenth);
    walk(drive, WALKS - WALKS_FIRST);
    (void)weigh(drive_pid(drive), &last);
    print("memory-50-walks", &last);
    print_growth(&first, &tenth, &last);
    measure_sessions(drive);
    return drive_end(drive);
}
