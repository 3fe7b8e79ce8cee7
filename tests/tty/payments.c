#include "tests/tty/payments.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/world.h"

#include <string.h>

void payments_say(struct drive *drive, const char *words)
{
    char program[WORLD_PATH], hub[WORLD_PATH];
    static struct world_said said;

    world_program(program, "kiosk-hub");
    world_join(hub, drive_folder(drive), "hub");
    const char *const list[] = { program, "payments", "--state", hub, NULL };
    for (int i = 0; i < 4000; i++) { /* it is written anew within a second */
        world_run(list, &said);
        if (strstr(said.out, words))
            return;
        assert_true(drive_sim(drive, "clock +1s"));
    }
    fail_msg("%s: %s", words, said.out);
}
