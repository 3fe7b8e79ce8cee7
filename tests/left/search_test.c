/* The searcher finds what it must, in each form and wherever a process keeps
 * it: a canary test that finds nothing is worth as much as this. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"
#include "tests/left/look.h"
#include "tests/tty/world.h"

#include <fcntl.h>
#include <iconv.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not the canary's: the two tests may run at the same time. */
static const struct mark marks[] = {
    { "words", "阿耨多罗三藐三菩" },
    { "digits", "84930275619" },
};
enum { MARKS = sizeof marks / sizeof *marks, ROOM = 4096, ODD = 7 };

static size_t convert(const char *to, const char *text, char *out)
{
    char *from_at = (char *)text, *to_at = out;
    size_t len = strlen(text), left = ROOM;
    iconv_t how = iconv_open(to, "UTF-8");

    assert_true(how != (iconv_t)-1);
    assert_int_equal(iconv(how, &from_at, &len, &to_at, &left), 0);
    iconv_close(how);
    return ROOM - left;
}

/* As ncurses itself keeps it: each character's cell by setcchar(). */
static size_t into_cells(const char *text, char *out)
{
    wchar_t units[64];
    cchar_t *cell = (cchar_t *)(void *)out;
    size_t count = convert("WCHAR_T", text, (char *)units) / sizeof *units;

    for (size_t i = 0; i < count; i++) {
        wchar_t one[2] = { units[i], L'\0' };
        for (int col = 0; col < (units[i] > 0x7f ? 2 : 1); col++)
            assert_int_equal(setcchar(cell++, one, A_BOLD, 3, NULL), OK);
    }
    return (size_t)((char *)cell - out);
}

static size_t into_base64(const char *text, size_t before, char *out)
{
    struct buf all;
    char bytes[128] = "%$";

    memcpy(bytes + before, text, strlen(text));
    buf_init(&all, ROOM);
    buf_add_base64(&all, bytes, before + strlen(text));
    memcpy(out, all.text, all.len);
    size_t len = all.len;
    buf_done(&all);
    return len;
}

static size_t plant(enum form form, size_t variant, const char *text, char *out)
{
    static const char *const charsets[FORM_COUNT] = {
        [FORM_UTF8] = "UTF-8",
        [FORM_UTF16] = "UTF-16LE",
        [FORM_UTF32] = "UTF-32LE",
        [FORM_GB18030] = "GB18030",
    };
    if (form == FORM_CELLS)
        return into_cells(text, out);
    if (form == FORM_BASE64)
        return into_base64(text, variant, out);
    return convert(charsets[form], text, out);
}

struct found {
    const struct mark *mark;
    size_t of_form[FORM_COUNT];
};

static void on_found(void *owner, const struct mark *mark, enum form form,
                     size_t at)
{
    struct found *found = owner;
    (void)at;
    if (mark == found->mark)
        found->of_form[form]++;
}

/* Both halves, in this form and (but for ASCII in GB18030) no other. */
static void finds(const struct search *search, const struct mark *mark,
                  enum form form, size_t variant)
{
    _Alignas(16) char bytes[3 * ROOM];
    struct found found = { .mark = mark };
    bool is_ascii = mark->text[0] < 0x7f && mark->text[0] > 0;
    enum form as = form == FORM_GB18030 && is_ascii ? FORM_UTF8 : form;

    memset(bytes, 'x', sizeof bytes);
    (void)plant(form, variant, mark->text, bytes + ROOM);
    search_bytes(search, bytes, sizeof bytes, on_found, &found);
    /* A character that is two cells wide stands in both. */
    size_t each = form == FORM_CELLS && !is_ascii ? 4 : 2;
    for (int i = 0; i < FORM_COUNT; i++)
        if (found.of_form[i] != (i == (int)as ? each : 0))
            fail_msg("%s in %s, variant %zu: %zu found as %s", mark->name,
                     form_name(form), variant, found.of_form[i],
                     form_name((enum form)i));
}

static void test_each_form(void **state)
{
    struct search *search = search_new(marks, MARKS);

    (void)state;
    for (size_t i = 0; i < MARKS; i++) {
        for (int form = 0; form < FORM_COUNT; form++)
            finds(search, &marks[i], (enum form)form, 0);
        finds(search, &marks[i], FORM_BASE64, 1);
        finds(search, &marks[i], FORM_BASE64, 2);
    }
    search_free(search);
}

/* At an odd place, at the very end, and half of one only. */
static void test_halves_and_places(void **state)
{
    struct search *search = search_new(marks, MARKS);
    _Alignas(16) char bytes[ROOM];
    const char *text = marks[0].text;
    size_t half = strlen(text) / 2;
    struct found found = { .mark = &marks[0] };

    (void)state;
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes + ODD, text, half);
    memcpy(bytes + sizeof bytes - half, text + half, half);
    search_bytes(search, bytes, sizeof bytes, on_found, &found);
    assert_int_equal(found.of_form[FORM_UTF8], 2);
    /* One byte less of each half is none. */
    found = (struct found){ .mark = &marks[0] };
    bytes[ODD] = 'x';
    search_bytes(search, bytes, sizeof bytes - 1, on_found, &found);
    assert_int_equal(found.of_form[FORM_UTF8], 0);
    search_free(search);
}

/* ---- In a real process ------------------------------------------------- */

enum hideout {
    IN_NOTHING,
    IN_HEAP,
    IN_FREED_HEAP,
    IN_STACK,
    IN_MAPPING,
    IN_DELETED_FILE,
    IN_CHILD,
    HIDEOUT_COUNT
};

/* glibc's own, which keeps what it held: free() of ours does not. */
extern void __libc_free(void *memory);

enum { SECRET_CHARS = 24 };

/* Made where it is hidden, so that it stands nowhere else: neither among this
 * program's constants nor in what a child has of it by birth. */
static void write_secret(char *to)
{
    for (int i = 0; i < SECRET_CHARS; i++)
        to[i] = (char)('a' + (i * 7 + 3) % 26);
}

static void hide_in_deleted_file(const char *folder)
{
    char path[WORLD_PATH];

    world_join(path, folder, "spool");
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    char *file = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (ftruncate(fd, ROOM) || file == MAP_FAILED)
        _exit(1);
    write_secret(file);
    if (munmap(file, ROOM) || unlink(path))
        _exit(1);
}

static void hide_in_heap(bool is_freed)
{
    char *text = malloc(ROOM), *behind = malloc(ROOM);

    if (!text || !behind)
        _exit(1);
    write_secret(text + ROOM / 2);
    if (is_freed) /* what stands behind it keeps the heap as long as it is */
        __libc_free(text);
}

static void hide_in_mapping(void)
{
    char *text = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (text == MAP_FAILED)
        _exit(1);
    write_secret(text);
}

static void hide(enum hideout where, const char *folder, int told)
{
    char on_stack[64] = "";
    pid_t child = 1;

    if (where == IN_CHILD)
        child = fork();
    if (where == IN_STACK)
        write_secret(on_stack);
    if (where == IN_HEAP || where == IN_FREED_HEAP)
        hide_in_heap(where == IN_FREED_HEAP);
    if (where == IN_MAPPING || child == 0)
        hide_in_mapping();
    if (where == IN_DELETED_FILE)
        hide_in_deleted_file(folder);
    if ((where != IN_CHILD || child == 0) && write(told, "!", 1) != 1)
        _exit(1);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    pause();
    fputs(on_stack, stderr); /* never */
    _exit(0);
}

static size_t count_in(enum hideout where, const char *folder)
{
    char text[SECRET_CHARS + 1] = "";
    const struct mark mark = { "secret", text };
    struct look look;
    int told[2];

    assert_int_equal(pipe(told), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        hide(where, folder, told[1]);
    assert_int_equal(read(told[0], text, 1), 1);
    write_secret(text);
    struct search *search = search_new(&mark, 1);
    look_begin(&look, search);
    look_process(&look, pid);
    search_free(search);
    memset(text, 0, sizeof text);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(told[0]);
    close(told[1]);
    return look.count;
}

static void test_each_hideout(void **state)
{
    char folder[WORLD_PATH];
    (void)state;

    if (mem_is_checked() || !look_may_read(getppid())) {
        print_message("skipped: only root may read another process's memory, "
                      "and a sanitizer keeps its own\n");
        skip();
    }
    world_folder(folder);
    for (int where = 0; where < HIDEOUT_COUNT; where++) {
        size_t count = count_in((enum hideout)where, folder);
        if (count != (where == IN_NOTHING ? 0 : 2))
            fail_msg("%zu found in hideout %d", count, where);
    }
    world_remove(folder);
}

static void test_files_and_names(void **state)
{
    static const char *const except[] = { "/mine", NULL };
    struct search *search = search_new(marks, MARKS);
    char folder[WORLD_PATH], path[WORLD_PATH], mine[WORLD_PATH];
    struct look look;
    (void)state;

    world_folder(folder);
    world_join(mine, folder, "mine");
    world_write(mine, marks[0].text, 0600);
    look_begin(&look, search);
    look_folder(&look, folder, except);
    assert_int_equal(look.count, 0);
    world_join(path, folder, marks[1].text);
    world_write(path, marks[0].text, 0600);
    look_folder(&look, folder, except);
    assert_int_equal(look.count, 4); /* two halves in each */
    assert_non_null(strstr(look.where, "words in UTF-8 at"));
    assert_non_null(strstr(look.where, "digits in UTF-8 at name of"));
    world_remove(folder);
    search_free(search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_form),
        cmocka_unit_test(test_halves_and_places),
        cmocka_unit_test(test_each_hideout),
        cmocka_unit_test(test_files_and_names),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
