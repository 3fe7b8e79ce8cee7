/* A corpus as a test: every file of it through its target, in whatever build
 * this is.  A target asserts, so a finding ends the program; the last name
 * printed is then the file to look at. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/fuzz/fuzz.h"

enum { FILE_BYTES_MAX = 1024 * 1024, PATH_BYTES = 512 };

static char folder[PATH_BYTES / 2];
static size_t files;

/* Copied to its own size, so that the sanitizers see a byte too many. */
static void replay(const char *text, size_t len)
{
    char *exact = mem_new(len);

    if (len)
        memcpy(exact, text, len);
    assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)exact, len), 0);
    mem_free(exact);
}

static void on_file(void *owner, const char *name)
{
    char path[PATH_BYTES], *text;
    size_t len;

    (void)owner;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    fprintf(stderr, "replaying %s\n", path);
    assert_int_equal(file_read(path, FILE_BYTES_MAX, &text, &len), ERR_OK);
    replay(text, len);
    mem_free(text);
    files++;
}

static void test_corpus(void **state)
{
    (void)state;
    assert_int_equal(file_list(folder, "", on_file, NULL), ERR_OK);
    if (files == 0)
        fail_msg("%s is empty: `make fuzz` and tests/fuzz/README.md fill it",
                 folder);
}

static void test_nothing_at_all(void **state)
{
    (void)state;
    replay("", 0);
}

/* The program is called NAME_test, its corpus is NAME. */
static void set_folder(const char *program)
{
    const char *slash = strrchr(program, '/');
    const char *name = slash ? slash + 1 : program;

    (void)snprintf(folder, sizeof folder, "tests/fuzz/corpus/%.*s",
                   (int)(strlen(name) - strlen("_test")), name);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_at_all),
        cmocka_unit_test(test_corpus),
    };

    if (argc != 1 || strlen(argv[0]) <= strlen("_test"))
        return 2;
    set_folder(argv[0]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
