/* What is told of a folder in which somebody writes: by real files.  The kernel
 * has noted each deed when its call returns, so nothing is waited for. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/saved.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS = 4, TOLD_BYTES = 1024 };

static char folder[64], told[TOLD_BYTES];
static struct loop *loop;
static struct saved *saved;

static void on_saved(void *owner, const char *name)
{
    size_t len = strlen(told);

    assert_ptr_equal(owner, told);
    snprintf(told + len, sizeof told - len, "%s;", *name ? name : "?");
}

static int set_up(void **state)
{
    (void)state;
    told[0] = '\0';
    loop = loop_new();
    return file_make_temporary(folder, sizeof folder) ||
           saved_new(loop, on_saved, told, &saved) || saved_add(saved, folder);
}

static int tear_down(void **state)
{
    (void)state;
    saved_free(saved);
    assert_int_equal(loop_open_count(loop), 0);
    loop_free(loop);
    return file_remove_tree(folder) != ERR_OK;
}

static const char *in(const char *name)
{
    static char paths[2][256];
    static int at;

    at = !at;
    snprintf(paths[at], sizeof paths[at], "%s/%s", folder, name);
    return paths[at];
}

static FILE *begin(const char *name)
{
    FILE *file = fopen(in(name), "a");

    assert_non_null(file);
    fputs("text", file);
    fflush(file);
    return file;
}

static void save(const char *name)
{
    assert_int_equal(fclose(begin(name)), 0);
}

/* What was told since the last time. */
static void is_told(const char *names)
{
    for (int i = 0; i < TURNS; i++)
        loop_turn(loop, 0);
    assert_string_equal(told, names);
    told[0] = '\0';
}

static void test_files(void **state)
{
    (void)state;
    is_told("");
    FILE *file = begin("half");
    is_told(""); /* it is there, and not written yet */
    assert_int_equal(fclose(file), 0);
    is_told("half;");
    save("new");
    is_told("new;");
    assert_int_equal(rename(in("new"), in("half")), 0);
    is_told("new;half;");
    assert_int_equal(unlink(in("half")), 0);
    is_told("half;");
}

static void test_folders_in_it(void **state)
{
    (void)state;
    assert_int_equal(saved_add(saved, in("lists")), ERR_NOT_FOUND);
    assert_int_equal(mkdir(in("lists"), 0700), 0);
    is_told("lists;");
    save("lists/a");
    is_told("");
    assert_int_equal(saved_add(saved, in("lists")), ERR_OK);
    assert_int_equal(saved_add(saved, in("lists")), ERR_OK);
    save("lists/a");
    is_told("a;"); /* once */
    save("file");
    assert_int_equal(saved_add(saved, in("file")), ERR_NOT_FOUND);
}

/* Moved away: what happens there is not told; it can be added again. */
static void test_folder_goes(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in("lists"), 0700), 0);
    assert_int_equal(saved_add(saved, in("lists")), ERR_OK);
    assert_int_equal(rename(in("lists"), in("away")), 0);
    is_told("lists;lists;away;?;");
    save("away/a");
    is_told("");
    assert_int_equal(rename(in("away"), in("lists")), 0);
    assert_int_equal(saved_add(saved, in("lists")), ERR_OK);
    is_told("away;lists;");
    save("lists/a");
    assert_int_equal(unlink(in("lists/a")), 0);
    is_told("a;a;");
    assert_int_equal(rmdir(in("lists")), 0);
    is_told("?;lists;");
}

#define WITH_FOLDER(test)                                                      \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(test_files),
        WITH_FOLDER(test_folders_in_it),
        WITH_FOLDER(test_folder_goes),
    };
    return cmocka_run_group_tests_name("saved", tests, NULL, NULL);
}
