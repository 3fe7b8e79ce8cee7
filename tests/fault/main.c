/* kiosk with planned failure, for fault_test.c; never installed.
 *
 * It is kiosk's own main (the Makefile compiles it under another name) with a
 * judge at every FAULT place, and with two libraries' doors to memory as places
 * of their own: sqlite.memory and jansson.memory. */
#include "tests/fault/plan.h"

#include "kiosk/base/fault.h"
#include "kiosk/report.h"

#include <jansson.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int kiosk_main(int argc, char **argv);

static struct plan *plan;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The place's own line; past the last one all share one. */
static struct plan_place *find_place(const char *name)
{
    int at = 0;

    while (at < PLAN_PLACES_MAX - 1 && *plan->places[at].name &&
           strncmp(plan->places[at].name, name, PLAN_NAME_BYTES - 1) != 0)
        at++;
    if (!*plan->places[at].name)
        snprintf(plan->places[at].name, PLAN_NAME_BYTES, "%s", name);
    return &plan->places[at];
}

static bool judge(const char *name)
{
    bool is_due = false;

    pthread_mutex_lock(&lock);
    int64_t call = find_place(name)->calls++;
    if (strcmp(name, plan->name) == 0)
        is_due = call >= plan->after && (plan->times == PLAN_FOR_EVER ||
                                         call < plan->after + plan->times);
    plan->failed += is_due;
    pthread_mutex_unlock(&lock);
    return is_due;
}

/* ---- Libraries' memory --------------------------------------------------- */

static sqlite3_mem_methods sqlite_memory, wrapped;

static void *sqlite_take(int size)
{
    return FAULT("sqlite.memory") ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_resize(void *old, int size)
{
    return FAULT("sqlite.memory") ? NULL : sqlite_memory.xRealloc(old, size);
}

/* The report is the test's own eye; what it takes is no place to fail. */
static bool is_reporting;

static void *jansson_take(size_t size)
{
    return !is_reporting && FAULT("jansson.memory") ? NULL : malloc(size);
}

static int wrap_memory(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK)
        return -1;
    wrapped = sqlite_memory;
    wrapped.xMalloc = sqlite_take;
    wrapped.xRealloc = sqlite_resize;
    json_set_alloc_funcs(jansson_take, free);
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &wrapped) == SQLITE_OK ? 0 : -1;
}

/* The linker leads both calls through here (--wrap). */
void __real_report_painted(struct report *report,
                           const struct report_page *page, const struct ui *ui);
void __wrap_report_painted(struct report *report,
                           const struct report_page *page, const struct ui *ui);
void __real_report_sim(struct report *report, const char *words, enum err err);
void __wrap_report_sim(struct report *report, const char *words, enum err err);

void __wrap_report_painted(struct report *report,
                           const struct report_page *page, const struct ui *ui)
{
    is_reporting = true;
    __real_report_painted(report, page, ui);
    is_reporting = false;
}

void __wrap_report_sim(struct report *report, const char *words, enum err err)
{
    is_reporting = true;
    __real_report_sim(report, words, err);
    is_reporting = false;
}

int main(int argc, char **argv)
{
    const char *path = getenv(PLAN_VARIABLE);
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

    if (fd < 0)
        return 125;
    plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (plan == MAP_FAILED || wrap_memory())
        return 125;
    fault_set_judge(judge);
    return kiosk_main(argc, argv);
}
