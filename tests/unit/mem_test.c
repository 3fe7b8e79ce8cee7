/* What was given back holds nothing, whoever gave it; nor does the stack below
 * a call of mem_wipe_stack(). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kiosk/base/mem.h"

/* The compiler would not let this test look where it must not. */
static void (*volatile give_back)(void *memory) = free;
static void *(*volatile resize)(void *memory, size_t size) = realloc;
static void *(*volatile resize_array)(void *memory, size_t count,
                                      size_t size) = reallocarray;

/* How many of these bytes still stand there; read through a number, for what
 * was given back may not be looked at by its pointer. */
static size_t still_there(uintptr_t address, size_t from, size_t to)
{
    const volatile unsigned char *bytes =
        (const volatile unsigned char *)address;
    size_t count = 0;

    for (size_t i = from; i < to; i++)
        count += bytes[i] == 0xa7;
    return count;
}

static uintptr_t filled(size_t size)
{
    unsigned char *bytes = malloc(size);

    assert_non_null(bytes);
    memset(bytes, 0xa7, size);
    return (uintptr_t)bytes;
}

/* glibc puts two pointers of its own at the beginning of what is free. */
enum { OF_GLIBC = 32, BLOCK = 2000, HUGE_BLOCK = 40000, LEAVINGS = 64 * 1024 };

static bool is_out_of_the_way(void)
{
    if (!mem_is_checked())
        return false;
    print_message("skipped: free() is the sanitizer's\n");
    return true;
}

static void freed_memory_is_zero(void **state)
{
    (void)state;
    if (is_out_of_the_way())
        skip();
    uintptr_t gone = filled(BLOCK), behind = filled(BLOCK);
    errno = EPROTO;
    give_back((void *)gone);
    give_back(NULL);
    assert_int_equal(errno, EPROTO);
    assert_int_equal(still_there(gone, OF_GLIBC, BLOCK), 0);
    assert_int_equal(still_there(behind, 0, BLOCK), BLOCK);
    give_back((void *)behind);
}

/* Grown: the old place holds nothing and the new one all; shrunk: the rest is
 * gone; NULL and nothing are as the standard has them. */
static void resized_memory_leaves_nothing(void **state)
{
    (void)state;
    if (is_out_of_the_way())
        skip();
    uintptr_t old = filled(BLOCK), behind = filled(BLOCK);
    uintptr_t grown = (uintptr_t)resize((void *)old, HUGE_BLOCK);
    assert_true(grown != old);
    assert_int_equal(still_there(grown, 0, BLOCK), BLOCK);
    assert_int_equal(still_there(old, OF_GLIBC, BLOCK), 0);
    memset((void *)grown, 0xa7, HUGE_BLOCK);
    uintptr_t shrunk = (uintptr_t)resize((void *)grown, BLOCK);
    assert_int_equal(still_there(shrunk, 0, BLOCK), BLOCK);
    assert_int_equal(still_there(grown, BLOCK, HUGE_BLOCK), 0);
    void *emptied = resize_array((void *)shrunk, SIZE_MAX / 4, 8);
    assert_null(emptied);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(still_there(shrunk, 0, BLOCK), BLOCK);
    give_back((void *)shrunk);
    give_back((void *)behind);
    void *fresh = resize(NULL, 10);
    assert_non_null(fresh);
    give_back(fresh);
}

/* A library's own: jansson frees by the same door. */
static void what_a_library_frees_is_zero(void **state)
{
    (void)state;
    if (is_out_of_the_way())
        skip();
    char text[BLOCK + 1] = "";
    memset(text, 0xa7 & 0x7f, BLOCK);
    json_t *json = json_string(text);
    uintptr_t kept = (uintptr_t)json_string_value(json);
    assert_int_equal(*(const char *)kept, text[0]);
    json_decref(json);
    const volatile char *bytes = (const volatile char *)kept;
    for (size_t i = OF_GLIBC; i < BLOCK; i++)
        assert_int_equal(bytes[i], 0);
}

/* A function's leavings, as far below as a library goes. */
__attribute__((noinline)) static void leave_on_stack(uintptr_t *ret_left)
{
    volatile unsigned char leavings[LEAVINGS];
    for (size_t i = 0; i < sizeof leavings; i++)
        leavings[i] = 0xa7;
    *ret_left = (uintptr_t)&leavings[0];
}

static void used_stack_is_wiped(void **state)
{
    (void)state;
    if (is_out_of_the_way())
        skip();
    uintptr_t left = 0;
    leave_on_stack(&left);
    assert_true(still_there(left, 0, LEAVINGS / 2) > 0);
    mem_wipe_stack();
    assert_int_equal(still_there(left, 0, LEAVINGS / 2), 0);
}

/* What a thread of libuv's keeps for good after its one job. */
static void wiped_stack_weighs_nothing(void **state)
{
    (void)state;
    if (is_out_of_the_way())
        skip();
    uintptr_t left = 0, page = (uintptr_t)sysconf(_SC_PAGESIZE);
    unsigned char is_resident = 0;
    leave_on_stack(&left);
    void *lowest = (void *)(left / page * page);
    assert_int_equal(mincore(lowest, page, &is_resident), 0);
    assert_int_equal(is_resident & 1, 1);
    mem_wipe_stack();
    assert_int_equal(mincore(lowest, page, &is_resident), 0);
    assert_int_equal(is_resident & 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(freed_memory_is_zero),
        cmocka_unit_test(resized_memory_leaves_nothing),
        cmocka_unit_test(what_a_library_frees_is_zero),
        cmocka_unit_test(used_stack_is_wiped),
        cmocka_unit_test(wiped_stack_weighs_nothing),
    };
    return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
