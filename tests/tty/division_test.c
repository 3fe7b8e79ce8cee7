/* Where a terminal is decides what it offers: an item that is not done in its
 * county says so on its tile, and a county's overlay lies over the city's item.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/drive.h"
#include "tests/tty/many_items.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], share[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    char path[WORLD_PATH];
    static struct world_said said;

    (void)state;
    world_folder(folder);
    four_items_make(folder, share);
    world_join(settings, folder, "settings.yaml");
    world_join(path, share, "items/overlays/411381");
    const char *const make[] = { "/bin/mkdir", "-p", path, NULL };
    world_run(make, &said);
    world_join(path, share, "items/overlays/411381/hotline-12345.yaml");
    world_write(path,
                "over: hotline-12345\n"
                "steps:\n"
                "  - id: kind\n"
                "    ask: {zh_CN: 邓州的您要做什么？, en: What in Dengzhou?}\n",
                0600);
    world_join(path, share, "items/overlays/411381/si-insured-proof.yaml");
    world_write(path, "over: si-insured-proof\ndivisions: ['411302']\n", 0600);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static struct drive *start(const char *division)
{
    char text[2 * WORLD_PATH];

    snprintf(text, sizeof text, "share_folder: %s\ndivision: \"%s\"\n", share,
             division);
    world_write(settings, text, 0600);
    const struct drive_options options = { .rows = 32,
                                           .cols = 100,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    return drive;
}

static bool is_offered(struct drive *drive, const char *id)
{
    return json_object_get(drive_element(drive, id), "key") != NULL;
}

static void to_kind(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "item.hotline-12345");
    drive_wait(drive, "guide", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "kind");
}

static void test_county(void **state)
{
    (void)state;
    struct drive *drive = start("411381");
    assert_false(is_offered(drive, "item.si-insured-proof"));
    drive_wait_painted(drive, "这件事不在本区县办理");
    assert_true(is_offered(drive, "item.hotline-12345"));
    to_kind(drive);
    assert_string_equal(drive_text(drive, "ask"), "邓州的您要做什么？");
    assert_int_equal(drive_end(drive), 0);
}

static void test_another_county(void **state)
{
    (void)state;
    struct drive *drive = start("411303");
    assert_true(is_offered(drive, "item.si-insured-proof"));
    to_kind(drive);
    assert_string_equal(drive_text(drive, "ask"), "您要做什么？");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_county),
        cmocka_unit_test(test_another_county),
    };
    return cmocka_run_group_tests_name("division", tests, make_world,
                                       remove_world);
}
