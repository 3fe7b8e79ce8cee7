#include "tests/fault/planned.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/fault/plan.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct plan *plan;
static char folder[WORLD_PATH], kept_folder[WORLD_PATH], program[WORLD_PATH];

int planned_begin(void **state)
{
    char path[WORLD_PATH];

    (void)state;
    world_folder(folder);
    world_join(kept_folder, folder, "state");
    world_join(path, folder, "plan");
    world_program(program, "kiosk-fault");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, sizeof *plan), 0);
    plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(plan != MAP_FAILED);
    close(fd);
    return setenv(PLAN_VARIABLE, path, 1);
}

int planned_end(void **state)
{
    (void)state;
    munmap(plan, sizeof *plan);
    world_remove(folder);
    return 0;
}

struct drive *planned_start(int rows, int cols)
{
    struct drive_options options = {
        .rows = rows, .cols = cols, .folder = kept_folder, .program = program
    };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

const char *planned_folder(void)
{
    return kept_folder;
}

static int64_t calls_of(const char *place)
{
    for (int i = 0; i < PLAN_PLACES_MAX; i++)
        if (strncmp(plan->places[i].name, place, PLAN_NAME_BYTES - 1) == 0)
            return plan->places[i].calls;
    return 0;
}

void planned_fail(const char *place, int64_t times)
{
    plan->after = calls_of(place);
    plan->times = times;
    snprintf(plan->name, sizeof plan->name, "%s", place);
}

void planned_heal(void)
{
    plan->name[0] = '\0';
}
