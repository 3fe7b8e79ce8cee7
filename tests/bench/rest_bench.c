/* How often kiosk wakes up while nobody is there: voluntary context switches
 * of all its threads at the attract page, with the simulated devices and its
 * hub at hand.  A thread that waits and is woken has switched once; what the
 * kernel takes away from it and gives back is not counted. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/bench/figure.h"
#include "tests/tty/drive.h"

#include <dirent.h>
#include <poll.h>
#include <string.h>

enum { SETTLE_MS = 3000, WATCH_MS = 30000 };

static long switches_of(pid_t pid, const char *thread)
{
    static const char name[] = "voluntary_ctxt_switches:";
    char path[128], line[256];
    long count = 0;

    snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", (int)pid, thread);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, sizeof name - 1) == 0)
            count = strtol(line + sizeof name - 1, NULL, 10);
    if (file)
        fclose(file);
    return count;
}

static long count_switches(pid_t pid, int *ret_threads)
{
    char path[64];
    struct dirent *entry;
    long count = 0;

    *ret_threads = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        count += switches_of(pid, entry->d_name);
        ++*ret_threads;
    }
    if (folder)
        closedir(folder);
    return count;
}

/* What it paints and reports in this time waits in their buffers. */
static void wait_ms(int ms)
{
    (void)poll(NULL, 0, ms);
}

int main(void)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    int threads;
    char note[96];

    wait_ms(SETTLE_MS);
    double begin_ms = figure_now_ms();
    long before = count_switches(drive_pid(drive), &threads);
    wait_ms(WATCH_MS);
    long woken = count_switches(drive_pid(drive), &threads) - before;
    double seconds = (figure_now_ms() - begin_ms) / 1000;
    double rate = (double)woken / seconds;

    snprintf(note, sizeof note, "%ld in %.0f s, %d threads", woken, seconds,
             threads);
    figure_print("wake-ups", rate, "/s", 0, "at most 2 a second", rate <= 2,
                 note);
    return drive_end(drive);
}
