/* `kiosk pack` and `kiosk activate` beside a terminal that runs: another item
 * title on the home page without a restart, after a restart without any YAML,
 * and each refusal in its own words. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "kiosk/delivered.h"
#include "tests/tty/drive.h"
#include "tests/tty/many_items.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 128 * 1024 };

static char folder[WORLD_PATH], items[WORLD_PATH], state[WORLD_PATH];
static char settings[WORLD_PATH], kiosk[WORLD_PATH], file[WORLD_PATH];
static char share[WORLD_PATH];
static struct world_said said;

static void write_settings(const char *more)
{
    char text[4 * WORLD_PATH];

    snprintf(text, sizeof text, "state_folder: %s\n%s", state, more);
    world_write(settings, text, 0600);
}

static int begin(void **unused)
{
    (void)unused;
    world_folder(folder);
    world_state(folder);
    world_program(kiosk, "kiosk");
    world_join(state, folder, "state");
    world_join(items, folder, "items");
    world_join(share, folder, "share");
    world_join(file, folder, "new.pack");
    world_join(settings, folder, "settings.yaml");
    const char *const copy[] = { "/bin/cp", "-r", "screens/items", items,
                                 NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    four_items_keep(items);
    write_settings("");
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    world_remove(folder);
    return 0;
}

/* The hotline's title becomes another one. */
static void rename_item(const char *from, const char *to)
{
    static char changed[TEXT_BYTES];
    char path[WORLD_PATH];

    world_join(path, items, "hotline-12345.yaml");
    char *text = world_read(path, &(size_t){ 0 });
    assert_non_null(text);
    const char *at = strstr(text, from);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
    mem_free(text);
    world_write(path, changed, 0600);
}

static void run(const char *const *words)
{
    const char *argv[10] = { kiosk };

    for (size_t i = 0; i < 8 && words[i]; i++)
        argv[i + 1] = words[i];
    world_run(argv, &said);
}

static void compile(const char *version)
{
    run((const char *[]){ "pack", items, file, "--version", version, NULL });
    if (said.code)
        fail_msg("kiosk pack: %.400s", said.err);
}

static int activate(void)
{
    run((const char *[]){ "activate", file, "--settings", settings, NULL });
    return said.code;
}

static void to_home(struct drive *drive)
{
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
}

static struct drive *start(void)
{
    const struct drive_options options = {
        .rows = 32, .cols = 100, .folder = state, .settings = settings
    };
    return drive_start(&options);
}

static void check_title(struct drive *drive, const char *title)
{
    assert_string_equal(drive_text(drive, "item.hotline-12345"), title);
}

static void test_another_title(void **unused)
{
    (void)unused;
    struct drive *drive = start();
    to_home(drive);
    rename_item("{zh_CN: 反映问题", "{zh_CN: 有事请讲");
    compile("1");
    assert_non_null(strstr(said.out, "pack 1, 4 items, "));
    assert_int_equal(activate(), 0);
    assert_non_null(strstr(said.err, "when nobody is at the terminal"));
    assert_true(drive_sim(drive, "clock +61s"));
    check_title(drive, "反映问题 12345"); /* somebody is here */
    drive_press(drive, HAND_TOUCH, "footer.end");
    to_home(drive);
    check_title(drive, "有事请讲 12345");
    assert_int_equal(drive_end(drive), 0);

    /* Without any YAML to fall back on. */
    world_remove(items);
    char real[WORLD_PATH], more[2 * WORLD_PATH], path[WORLD_PATH];
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    world_join(path, share, "items");
    world_remove(path);
    snprintf(more, sizeof more, "share_folder: %s\n", share);
    write_settings(more);
    drive = start();
    to_home(drive);
    check_title(drive, "有事请讲 12345");
    assert_int_equal(drive_end(drive), 0);
}

static void test_refused(void **unused)
{
    (void)unused;
    compile("3");
    assert_int_equal(activate(), 0);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "this pack is not activated, the old one "
                                     "stays. Its version is not above"));
    assert_non_null(strstr(said.err, "Its version is 3, the last one's 3. To "
                                     "go back, compile the old items as "
                                     "version 4."));
    run((const char *[]){ "pack", items, file, "--version", "4", "--division",
                          "411381", NULL });
    assert_int_equal(said.code, 0);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "compiled with --division 411381"));
    world_write(file, "no pack", 0600);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "It is no pack."));
    world_remove(file);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "Its file is not there."));
    world_remove(state);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "there is no such state folder"));
}

/* What does not pass the check is not compiled. */
static void test_unchecked(void **unused)
{
    char path[WORLD_PATH];

    (void)unused;
    rename_item("screen: guide", "screen: guides");
    run((const char *[]){ "pack", items, file, "--version", "1", NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "did you mean \"guide\""));
    assert_null(world_read(file, &(size_t){ 0 }));
    rename_item("screen: guides", "screen: guide");
    world_join(path, items, "overlays");
    const char *const make[] = { "/bin/mkdir", "-p", path, NULL };
    world_run(make, &said);
    run((const char *[]){ "pack", items, file, "--version", "1", NULL });
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "--division CODE says whose"));
}

/* ---- The items delivered ------------------------------------------------- */

/* share/ of its own, with the items of `items`. */
static void make_share(void)
{
    char real[WORLD_PATH], more[2 * WORLD_PATH], path[WORLD_PATH];

    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    world_join(path, share, "items");
    world_remove(path);
    const char *const move[] = { "/bin/cp", "-r", items, path, NULL };
    world_run(move, &said);
    assert_int_equal(said.code, 0);
    snprintf(more, sizeof more, "share_folder: %s\n", share);
    write_settings(more);
    memcpy(items, path, sizeof items);
}

static char *read_proof(void)
{
    char path[WORLD_PATH];
    size_t len = 0;

    world_join(path, items, "items.proof");
    char *proof = world_read(path, &len);
    assert_non_null(proof);
    assert_int_equal(len, 130);
    return proof;
}

static void deliver_items(void)
{
    run((const char *[]){ "deliver", items, NULL });
    assert_int_equal(said.code, 0);
    assert_string_equal(said.out, "1 pack written\n");
}

static void shows_title(const char *title)
{
    struct drive *drive = start();

    to_home(drive);
    check_title(drive, title);
    assert_int_equal(drive_end(drive), 0);
}

/* A pack with another title that claims to be of these files is shown: no YAML
 * was read.  Once a file is another, it is not. */
static void test_delivered(void **unused)
{
    char path[WORLD_PATH];

    (void)unused;
    make_share();
    deliver_items();
    char *ours = read_proof();
    rename_item("{zh_CN: 反映问题", "{zh_CN: 有事请讲");
    deliver_items();
    char *other = read_proof();
    assert_memory_not_equal(ours, other, 64);
    memcpy(other, ours, 64);
    world_join(path, items, "items.proof");
    world_write(path, other, 0600);
    mem_free(ours);
    mem_free(other);
    shows_title("有事请讲 12345"); /* read, for the proof is not of these */
    rename_item("{zh_CN: 有事请讲", "{zh_CN: 反映问题");
    shows_title("有事请讲 12345"); /* planted */
    rename_item("{zh_CN: 反映问题", "{zh_CN: 请您留言");
    shows_title("请您留言 12345");
}

static bool is_compiled(void)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    assert_int_equal(delivered_open(items, "", &problems, &pack), ERR_OK);
    problems_done(&problems);
    bool is_it = *pack_about(pack)->hash != '\0';
    pack_free(pack);
    return is_it;
}

/* What kiosk compiled is nothing to another program, such as this test, though
 * it would read the same files. */
static void test_delivered_by_another_build(void **unused)
{
    struct problems problems;
    size_t count = 0;

    (void)unused;
    deliver_items();
    assert_false(is_compiled());
    problems_init(&problems);
    assert_int_equal(delivered_compile(items, &problems, &count), ERR_OK);
    problems_done(&problems);
    assert_true(is_compiled());
}

static void test_delivered_with_a_mistake(void **unused)
{
    char path[WORLD_PATH];

    (void)unused;
    make_share();
    deliver_items();
    rename_item("screen: guide", "screen: guides");
    run((const char *[]){ "deliver", items, NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "did you mean \"guide\""));
    run((const char *[]){ "--settings", settings, NULL });
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "did you mean \"guide\""));
    world_join(path, folder, "nowhere");
    run((const char *[]){ "deliver", path, NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "a folder of items is expected"));
    run((const char *[]){ "deliver", NULL });
    assert_int_equal(said.code, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_another_title),
        TEST(test_refused),
        TEST(test_unchecked),
        TEST(test_delivered),
        TEST(test_delivered_by_another_build),
        TEST(test_delivered_with_a_mistake),
    };

    return cmocka_run_group_tests_name("packs", tests, NULL, NULL);
}
