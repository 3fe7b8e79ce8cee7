/* The four items in large print, by ten keys alone, as by somebody who has never
 * seen it: right to the slip; and nothing of them is in the machine's memory
 * afterwards. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/left/look.h"
#include "tests/tty/heard.h"
#include "tests/tty/letters.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <string.h>

enum { NORMAL = 32, LARGE = 32 * 20 / 28, LARGER = 32 * 20 / 40 };

/* Of who plays (play.c); their name is too common to be looked for. */
static const struct mark marks[] = {
    { "number", PERSON_NUMBER },
    { "phone", "13800001111" },
    { "phone in groups", "138 0000 1111" },
};

static size_t found(struct drive *drive, char where[LOOK_WHERE_BYTES])
{
    struct look look;
    struct search *search = search_new(marks, sizeof marks / sizeof *marks);

    look_begin(&look, search);
    look.except = "kiosk-hub";
    look_process(&look, drive_pid(drive));
    memcpy(where, look.where, LOOK_WHERE_BYTES);
    search_free(search);
    return look.count;
}

static bool may_look(struct drive *drive)
{
    return !mem_is_checked() && look_may_read(drive_pid(drive));
}

static void nothing_is_left(struct drive *drive)
{
    char where[LOOK_WHERE_BYTES];

    drive_wait(drive, "attract", NULL);
    letters_wait_rows(drive, NORMAL);
    assert_true(drive_sim(drive, "clock +0s"));
    if (may_look(drive) && found(drive, where))
        fail_msg("left in memory: %s", where);
}

/* That the same search finds them while they are there. */
static void much_is_there(struct drive *drive)
{
    char where[LOOK_WHERE_BYTES];

    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_true(!may_look(drive) || found(drive, where));
}

static void walk(int rows, const char *settings)
{
    struct drive_options options = {
        .rows = NORMAL, .cols = 100, .letters = 20, .settings = settings
    };
    struct drive *drive = drive_start(&options);
    char receipt[16], second[16], code[8], number[40];

    letters_wait(drive, NORMAL);
    play_in_large_print(rows);
    play_permit(drive, HAND_KEYS, receipt, code);
    nothing_is_left(drive);
    play_hotline(drive, HAND_KEYS, second);
    nothing_is_left(drive);
    play_proof(drive, HAND_KEYS, number);
    nothing_is_left(drive);
    play_progress(drive, HAND_KEYS, receipt);
    nothing_is_left(drive);
    play_progress_typed(drive, HAND_KEYS, receipt, code);
    nothing_is_left(drive);
    heard_check(drive, 0);
    play_in_large_print(0);
    much_is_there(drive);
    assert_int_equal(drive_end(drive), 0);
}

static char folder[WORLD_PATH], english[WORLD_PATH];

static int write_settings(void **state)
{
    (void)state;
    world_folder(folder);
    world_join(english, folder, "english.yaml");
    world_write(english, "language: en\n", 0600);
    return 0;
}

static int remove_settings(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static void test_large(void **state)
{
    (void)state;
    walk(LARGE, NULL);
}

static void test_larger_en(void **state)
{
    (void)state;
    walk(LARGER, english);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_larger_en),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    else if (mem_is_checked()) /* slow under sanitizers: the harder one */
        cmocka_set_test_filter("test_larger_en");
    return cmocka_run_group_tests_name("large print", tests, write_settings,
                                       remove_settings);
}
