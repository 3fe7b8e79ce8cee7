#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

static char folder[64];

/* A path in the test's folder; valid until the second call after this. */
static const char *in(const char *name)
{
    static char paths[2][256];
    static int at;
    at = !at;
    snprintf(paths[at], sizeof paths[at], "%s/%s", folder, name);
    return paths[at];
}

static int set_up(void **state)
{
    (void)state;
    return file_make_temporary(folder, sizeof folder) != ERR_OK;
}

static int tear_down(void **state)
{
    (void)state;
    fault_plan("file.replace", 0);
    fault_plan("file.append", 0);
    return file_remove_tree(folder) != ERR_OK;
}

static void put(const char *name, const char *text)
{
    assert_int_equal(file_replace(in(name), text, strlen(text), 0600), ERR_OK);
}

static void assert_holds(const char *name, const char *text)
{
    char *read = NULL;
    size_t len = 0;
    assert_int_equal(file_read(in(name), 100000, &read, &len), ERR_OK);
    assert_int_equal(len, strlen(text));
    assert_string_equal(read, text);
    mem_free(read);
}

static int mode_of(const char *path)
{
    struct stat at;
    return stat(path, &at) ? -1 : (int)(at.st_mode & 07777);
}

static void reading_has_a_maximum(void **state)
{
    (void)state;
    char *text = (char *)"untouched";
    size_t len = 99;
    put("five", "12345");
    assert_int_equal(file_read(in("five"), 4, &text, &len), ERR_TOO_BIG);
    assert_int_equal(file_read(in("five"), 0, &text, &len), ERR_TOO_BIG);
    assert_int_equal(file_read(in("none"), 4, &text, &len), ERR_NOT_FOUND);
    assert_int_equal(file_read(in("five/x"), 4, &text, &len), ERR_NOT_FOUND);
    assert_int_equal(file_read(folder, 4, &text, &len), ERR_IO);
    assert_string_equal(text, "untouched");
    assert_int_equal(len, 99);
    assert_int_equal(file_read(in("five"), 5, &text, &len), ERR_OK);
    assert_int_equal(len, 5);
    assert_string_equal(text, "12345");
    mem_free(text);
    put("empty", "");
    assert_int_equal(file_read(in("empty"), 0, &text, &len), ERR_OK);
    assert_string_equal(text, "");
    mem_free(text);
}

static void large_files_are_read_whole(void **state)
{
    enum { LEN = 1000003 };
    (void)state;
    char *bytes = mem_new(LEN);
    for (int i = 0; i < LEN; i++)
        bytes[i] = (char)(i * 7);
    assert_int_equal(file_replace(in("large"), bytes, LEN, 0600), ERR_OK);
    char *text = NULL;
    size_t len = 0;
    assert_int_equal(file_read(in("large"), LEN, &text, &len), ERR_OK);
    assert_int_equal(len, LEN);
    assert_memory_equal(text, bytes, LEN);
    mem_free(text);
    assert_int_equal(file_read(in("large"), LEN - 1, &text, &len), ERR_TOO_BIG);
    mem_free(bytes);
    /* A file whose size says nothing. */
    assert_int_equal(file_read("/proc/self/maps", 10000000, &text, &len),
                     ERR_OK);
    assert_true(len > 1000);
    mem_free(text);
}

static void replacing_is_whole_or_nothing(void **state)
{
    (void)state;
    put("file", "old");
    /* What a power cut left. */
    put("file.new", "half");
    put("file", "new text");
    assert_holds("file", "new text");
    assert_false(file_exists(in("file.new")));
    assert_int_equal(file_replace(in("file"), "x", 1, 0640), ERR_OK);
    assert_int_equal(mode_of(in("file")), 0640);
    fault_plan("file.replace", 1);
    assert_int_equal(file_replace(in("file"), "y", 1, 0600), ERR_DISK_FULL);
    assert_holds("file", "x");
    assert_int_equal(file_replace(in("no/file"), "y", 1, 0600), ERR_NOT_FOUND);
    /* A link is replaced, not written through. */
    assert_int_equal(symlink(in("file"), in("link")), 0);
    put("link", "own");
    assert_holds("link", "own");
    assert_holds("file", "x");
}

static void limit_file_size(rlim_t size_bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size_bytes < limit.rlim_max ? size_bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A limit of 10 bytes: the kernel takes a part of what is written, as a disk
 * that fills up does. */
static void what_does_not_fit_leaves_nothing(void **state)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    (void)state;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
    put("file", "12345678");
    limit_file_size(10);
    enum err appended = file_append(in("file"), "abcde", 5);
    enum err replaced = file_replace(in("file"), "12345678abcde", 13, 0600);
    limit_file_size(RLIM_INFINITY);
    assert_int_equal(appended, ERR_DISK_FULL);
    assert_int_equal(replaced, ERR_DISK_FULL);
    assert_holds("file", "12345678");
    assert_false(file_exists(in("file.new")));
}

static void a_full_disk_can_be_planned(void **state)
{
    (void)state;
    fault_plan("file.append", 1);
    assert_int_equal(file_append(in("file"), "x", 1), ERR_DISK_FULL);
    assert_false(file_exists(in("file")));
}

static void appending_adds_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(file_append(in("log"), "one\n", 4), ERR_OK);
    assert_int_equal(file_append(in("log"), "two\n", 4), ERR_OK);
    assert_holds("log", "one\ntwo\n");
    assert_int_equal(mode_of(in("log")), 0600);
    assert_int_equal(file_append(folder, "x", 1), ERR_IO);
    assert_int_equal(symlink(in("log"), in("link")), 0);
    assert_int_equal(file_append(in("link"), "x", 1), ERR_IO);
}

static void folders_are_made_with_parents(void **state)
{
    (void)state;
    assert_int_equal(file_make_folder(in("a/b/c"), 0700), ERR_OK);
    assert_int_equal(file_make_folder(in("a/b/c"), 0700), ERR_OK);
    assert_int_equal(file_make_folder(in("a/b/d/"), 0700), ERR_OK);
    assert_true(file_is_folder(in("a/b/d")));
    assert_int_equal(mode_of(in("a/b")), 0700);
    put("file", "");
    assert_false(file_is_folder(in("file")));
    assert_true(file_exists(in("file")));
    assert_int_equal(file_make_folder(in("file"), 0700), ERR_EXISTS);
    assert_int_equal(file_make_folder(in("file/x"), 0700), ERR_EXISTS);
    assert_int_equal(mode_of(folder), 0700);
    char small[8];
    assert_int_equal(file_make_temporary(small, sizeof small), ERR_TOO_BIG);
}

static void removing_never_follows_links(void **state)
{
    (void)state;
    assert_int_equal(file_make_folder(in("keep"), 0700), ERR_OK);
    put("keep/file", "kept");
    assert_int_equal(file_make_folder(in("tree/b"), 0700), ERR_OK);
    put("tree/b/file", "");
    assert_int_equal(symlink(in("keep"), in("tree/b/link")), 0);
    assert_int_equal(symlink(in("keep"), in("link")), 0);
    assert_int_equal(file_remove_tree(in("tree")), ERR_OK);
    assert_false(file_exists(in("tree")));
    assert_int_equal(file_remove_tree(in("link")), ERR_OK);
    assert_holds("keep/file", "kept");
    assert_int_equal(file_remove_tree(in("tree")), ERR_NOT_FOUND);
    assert_int_equal(file_remove(in("keep/file")), ERR_OK);
    assert_int_equal(file_remove(in("keep/file")), ERR_NOT_FOUND);
}

static void on_name(void *owner, const char *name)
{
    struct buf *names = owner;
    buf_add_format(names, "%s|", name);
}

static void lists_are_sorted(void **state)
{
    (void)state;
    struct buf names;
    buf_init(&names, 1000);
    put("b.yaml", "");
    put("a.yaml", "");
    put("ab.yaml", "");
    put("yaml", "");
    put(".hidden.yaml", "");
    put("c.yaml.new", "");
    assert_int_equal(file_list(folder, ".yaml", on_name, &names), ERR_OK);
    assert_string_equal(names.text, "a.yaml|ab.yaml|b.yaml|");
    buf_clear(&names);
    assert_int_equal(file_list(folder, ".none", on_name, &names), ERR_OK);
    assert_string_equal(names.text, "");
    assert_int_equal(file_list(in("none"), "", on_name, &names), ERR_NOT_FOUND);
    buf_done(&names);
}

static void a_fifo_never_ends(void **state)
{
    (void)state;
    int fd = -1;
    char text[8];
    assert_int_equal(file_open_fifo(in("sim"), &fd), ERR_OK);
    assert_int_equal(mode_of(in("sim")), 0600);
    assert_int_equal(read(fd, text, sizeof text), -1);
    /* A writer comes and goes; the reader sees no end of file. */
    int writer = open(in("sim"), O_WRONLY | O_NONBLOCK);
    assert_true(writer >= 0);
    assert_int_equal(write(writer, "go", 2), 2);
    close(writer);
    assert_int_equal(read(fd, text, sizeof text), 2);
    assert_int_equal(read(fd, text, sizeof text), -1);
    close(fd);
    /* One that a crash left is made anew; another file is not touched. */
    assert_int_equal(file_open_fifo(in("sim"), &fd), ERR_OK);
    char *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read(in("sim"), 10, &bytes, &len), ERR_IO);
    close(fd);
    put("file", "x");
    assert_int_equal(file_open_fifo(in("file"), &fd), ERR_EXISTS);
}

static void only_one_holds_a_lock(void **state)
{
    (void)state;
    int first = -1, second = -1;
    assert_int_equal(file_lock(in("lock"), &first), ERR_OK);
    assert_int_equal(file_lock(in("lock"), &second), ERR_EXISTS);
    assert_int_equal(second, -1);
    close(first);
    assert_int_equal(file_lock(in("lock"), &second), ERR_OK);
    close(second);
}

/* Whoever held it was killed while it started a helper, which has not become
 * its program yet. */
static void a_lock_is_waited_for(void **state)
{
    (void)state;
    int dying = -1, again = -1, tell[2];
    char byte;
    assert_int_equal(file_lock(in("lock"), &dying), ERR_OK);
    assert_int_equal(pipe(tell), 0);
    pid_t helper = fork();
    assert_true(helper >= 0);
    if (helper == 0) {
        close(tell[1]);
        _exit((int)read(tell[0], &byte, 1)); /* until that end is closed */
    }
    close(dying);
    assert_int_equal(file_lock_soon(in("lock"), &again), ERR_EXISTS);
    close(tell[1]);
    assert_int_equal(file_lock_soon(in("lock"), &again), ERR_OK);
    close(again);
    close(tell[0]);
    assert_int_equal(waitpid(helper, NULL, 0), helper);
}

static void maps_show_the_bytes(void **state)
{
    (void)state;
    const void *bytes = NULL;
    size_t len = 99;
    put("file", "mapped");
    put("empty", "");
    assert_int_equal(file_map(in("none"), &bytes, &len), ERR_NOT_FOUND);
    assert_int_equal(len, 99);
    assert_int_equal(file_map(in("file"), &bytes, &len), ERR_OK);
    assert_int_equal(len, 6);
    assert_memory_equal(bytes, "mapped", 6);
    file_unmap(bytes, len);
    assert_int_equal(file_map(in("empty"), &bytes, &len), ERR_OK);
    assert_int_equal(len, 0);
    assert_non_null(bytes);
    file_unmap(bytes, len);
    file_unmap(NULL, 0);
}

static void places_are_known(void **state)
{
    (void)state;
    char path[4096], small[3] = "..";
    uint64_t left = 0;
    assert_int_equal(file_program_folder(path, sizeof path), ERR_OK);
    assert_int_equal(path[0], '/');
    assert_true(file_is_folder(path));
    assert_int_equal(file_program_folder(small, sizeof small), ERR_TOO_BIG);
    assert_string_equal(small, "..");
    assert_int_equal(file_free_bytes(folder, &left), ERR_OK);
    assert_true(left > 0);
    assert_int_equal(file_free_bytes(in("none"), &left), ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reading_has_a_maximum),
        TEST(large_files_are_read_whole),
        TEST(replacing_is_whole_or_nothing),
        TEST(what_does_not_fit_leaves_nothing),
        TEST(a_full_disk_can_be_planned),
        TEST(appending_adds_at_the_end),
        TEST(folders_are_made_with_parents),
        TEST(removing_never_follows_links),
        TEST(lists_are_sorted),
        TEST(a_fifo_never_ends),
        TEST(only_one_holds_a_lock),
        TEST(a_lock_is_waited_for),
        TEST(maps_show_the_bytes),
        TEST(places_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
