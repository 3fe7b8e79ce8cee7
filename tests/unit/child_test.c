/* Children, and what only a child of the test can show: sandboxes, and bugs
 * that abort.  The test starts itself with a word as its argument for those. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/sandbox.h"
#include "kiosk/base/task.h"

enum { TURNS_MAX = 1500, TURN_MS = 20, WRITTEN_BYTES = 90000 };

struct helper {
    struct loop *loop;
    struct child *child;
    struct buf lines; /* each ended by '|' */
    int ended_count;
    enum err err;
    int status;
    bool frees_at_line;
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct helper *helper = owner;
    assert_int_equal(helper->ended_count, 0);
    assert_int_equal(strlen(line), len);
    if (helper->frees_at_line)
        child_free(helper->child);
    buf_add(&helper->lines, line, len);
    buf_add_char(&helper->lines, '|');
}

static void on_end(void *owner, enum err err, int status)
{
    struct helper *helper = owner;
    helper->ended_count++;
    helper->err = err;
    helper->status = status;
}

static const struct child_events events = { on_line, on_end };
static const struct child_profile plain = { .name = "test",
                                            .line_max_bytes = 4096 };

static int set_up(void **state)
{
    static struct helper helper;
    memset(&helper, 0, sizeof helper);
    helper.loop = loop_new();
    buf_init(&helper.lines, 1024 * 1024);
    *state = &helper;
    return 0;
}

static int tear_down(void **state)
{
    struct helper *helper = *state;
    if (!helper->frees_at_line)
        child_free(helper->child);
    buf_done(&helper->lines);
    loop_free(helper->loop);
    return 0;
}

static void run(struct helper *helper, const struct child_profile *profile,
                const char *const *argv)
{
    assert_int_equal(
        child_run(helper->loop, profile, argv, &events, helper, &helper->child),
        ERR_OK);
    assert_int_equal(helper->ended_count, 0);
}

static void run_shell(struct helper *helper, const char *script)
{
    const char *const argv[] = { "/bin/sh", "-c", script, NULL };
    run(helper, &plain, argv);
}

static void wait_for_end(struct helper *helper)
{
    for (int i = 0; i < TURNS_MAX && !helper->ended_count; i++)
        loop_turn(helper->loop, TURN_MS);
    assert_int_equal(helper->ended_count, 1);
}

static void wait_for_bytes(struct helper *helper, size_t len)
{
    for (int i = 0; i < TURNS_MAX && helper->lines.len < len; i++)
        loop_turn(helper->loop, TURN_MS);
    assert_true(helper->lines.len >= len);
}

static void lines_go_there_and_back(void **state)
{
    struct helper *helper = *state;
    const char *const argv[] = { "/bin/cat", NULL };
    run(helper, &plain, argv);
    assert_true(child_pid(helper->child) > 0);
    child_send(helper->child, "{\"a\":1}", 7);
    child_send(helper->child, "", 0);
    child_send(helper->child, "third", 5);
    wait_for_bytes(helper, 15);
    assert_string_equal(helper->lines.text, "{\"a\":1}||third|");
    child_close_input(helper->child);
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_OK);
    assert_int_equal(helper->status, 0);
    child_kill(helper->child);
    assert_int_equal(helper->ended_count, 1);
}

/* More than the socket holds, both ways, with the end of input behind it. */
static void much_is_queued(void **state)
{
    enum { LINES = 400, LEN = 2000 };
    struct helper *helper = *state;
    const char *const argv[] = { "/bin/cat", NULL };
    char line[LEN];
    run(helper, &plain, argv);
    for (int i = 0; i < LINES; i++) {
        memset(line, 'a' + i % 26, sizeof line);
        child_send(helper->child, line, sizeof line);
    }
    child_close_input(helper->child);
    wait_for_end(helper);
    assert_int_equal(helper->lines.len, LINES * (LEN + 1));
    for (int i = 0; i < LINES; i++) {
        assert_int_equal(helper->lines.text[i * (LEN + 1)], 'a' + i % 26);
        assert_int_equal(helper->lines.text[(i + 1) * (LEN + 1) - 1], '|');
    }
}

static void the_last_lines_come_before_the_end(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "seq 1 2000; printf unfinished; exit 3");
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_OK);
    assert_int_equal(helper->status, 3);
    assert_string_equal(helper->lines.text + helper->lines.len -
                            strlen("1999|2000|"),
                        "1999|2000|");
}

static void a_grandchild_does_not_hold_the_end(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "sleep 1000 & echo $!");
    wait_for_end(helper);
    assert_int_equal(helper->status, 0);
    int grandchild = (int)strtol(helper->lines.text, NULL, 10);
    assert_true(grandchild > 1);
    assert_int_equal(kill(grandchild, SIGKILL), 0);
}

static void a_signal_shows_in_the_status(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "kill -TERM $$");
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_OK);
    assert_int_equal(helper->status, 128 + SIGTERM);
}

static void a_missing_program_is_an_error(void **state)
{
    struct helper *helper = *state;
    const char *const argv[] = { "/nonexistent/kiosk-draw", NULL };
    struct child *child = NULL;
    assert_int_equal(
        child_run(helper->loop, &plain, argv, &events, helper, &child),
        ERR_CHILD);
    assert_null(child);
    assert_int_equal(loop_open_count(helper->loop), 0);
    loop_turn(helper->loop, 0);
    assert_int_equal(helper->ended_count, 0);
}

static void a_long_line_ends_the_child(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "echo good; head -c 4096 /dev/zero | tr '\\0' x; echo;"
                      "head -c 4097 /dev/zero | tr '\\0' y; cat");
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_TOO_BIG);
    assert_int_equal(helper->lines.len, 5 + 4097);
}

static void a_long_last_line_is_told_too(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "head -c 5000 /dev/zero | tr '\\0' y; echo");
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_TOO_BIG);
    assert_int_equal(helper->lines.len, 0);
}

static void who_does_not_read_is_killed(void **state)
{
    struct helper *helper = *state;
    static char line[1024 * 1024];
    memset(line, 'x', sizeof line);
    run_shell(helper, "exec sleep 1000");
    for (int i = 0; i < 17; i++)
        child_send(helper->child, line, sizeof line);
    child_kill(helper->child); /* a second reason, which is not told */
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_TOO_BIG);
    assert_int_equal(helper->status, 128 + SIGKILL);
}

static void who_closes_its_ends_is_waited_for(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "read go; exec <&- >&-; exit 4");
    for (int i = 0; i < 100; i++)
        child_send(helper->child, "nobody reads this", 17);
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_OK);
    assert_int_equal(helper->status, 4);
}

static void time_is_limited(void **state)
{
    struct helper *helper = *state;
    const char *const argv[] = { "/bin/cat", NULL };
    struct child_profile limited = plain;
    limited.run_max_ms = 3600 * 1000;
    run(helper, &limited, argv);
    child_send(helper->child, "x", 1);
    wait_for_bytes(helper, 2);
    clock_shift(3600 * 1000);
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_TIMEOUT);
    assert_int_equal(helper->status, 128 + SIGKILL);
}

static void memory_is_limited(void **state)
{
    struct helper *helper = *state;
    const char *const argv[] = { "/bin/sh", "-c",
                                 "read go; ulimit -v; ulimit -c", NULL };
    struct child_profile limited = plain;
    limited.memory_max_bytes = 512 * 1024 * 1024;
    run(helper, &limited, argv);
    child_send(helper->child, "go", 2);
    wait_for_end(helper);
    assert_string_equal(helper->lines.text,
                        mem_is_checked() ? "unlimited|0|" : "524288|0|");
}

static void the_environment_is_nearly_empty(void **state)
{
    struct helper *helper = *state;
    const char *const argv[] = { "/usr/bin/env", NULL };
    run(helper, &plain, argv);
    wait_for_end(helper);
    assert_string_equal(
        helper->lines.text,
        "PATH=/usr/local/bin:/usr/bin:/bin|LANG=C.UTF-8|TZ=UTC|");
}

static void our_descriptors_stay_ours(void **state)
{
    struct helper *helper = *state;
    char script[100];
    int fd = dup(STDERR_FILENO); /* without O_CLOEXEC */
    assert_true(fd > 2);
    snprintf(script, sizeof script,
             "test -e /proc/$$/fd/%d && echo leaks || echo closed", fd);
    run_shell(helper, script);
    wait_for_end(helper);
    close(fd);
    assert_string_equal(helper->lines.text, "closed|");
}

static void killing_tells_so(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "echo up; exec sleep 1000");
    wait_for_bytes(helper, 3);
    child_kill(helper->child);
    child_kill(helper->child);
    assert_int_equal(helper->ended_count, 0);
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_CANCELLED);
    assert_int_equal(helper->status, 128 + SIGKILL);
}

/* loop_free in the tear-down waits until it is buried. */
static void freeing_is_silent(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "echo up; exec sleep 1000");
    wait_for_bytes(helper, 3);
    int pid = child_pid(helper->child);
    child_free(helper->child);
    helper->child = NULL;
    assert_int_equal(loop_open_count(helper->loop), 0);
    for (int i = 0; i < TURNS_MAX && kill(pid, 0) == 0; i++)
        loop_turn(helper->loop, TURN_MS);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_int_equal(helper->ended_count, 0);
}

/* It reads the end of its input, cleans up and ends; nobody is told. */
static void one_that_is_left_ends_by_itself(void **state)
{
    struct helper *helper = *state;
    run_shell(helper, "echo up; read -r line; exit 0");
    wait_for_bytes(helper, 3);
    int pid = child_pid(helper->child);
    child_leave(helper->child);
    helper->child = NULL;
    assert_int_equal(loop_open_count(helper->loop), 0);
    for (int i = 0; i < TURNS_MAX && kill(pid, 0) == 0; i++)
        loop_turn(helper->loop, TURN_MS);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(helper->ended_count, 0);
}

static void freeing_inside_a_line_is_fine(void **state)
{
    struct helper *helper = *state;
    helper->frees_at_line = true;
    run_shell(helper, "echo one; echo two; exec sleep 1000");
    wait_for_bytes(helper, 4);
    loop_turn(helper->loop, 0);
    assert_string_equal(helper->lines.text, "one|");
    assert_int_equal(loop_open_count(helper->loop), 0);
}

/* What follows runs in the children. */

static void print_limit(int resource)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) == 0)
        printf(limit.rlim_cur == RLIM_INFINITY ? "none\n" : "%llu\n",
               (unsigned long long)limit.rlim_cur);
}

/* Each of them 1 where it is forbidden. */
static void print_company(void)
{
    char path[] = "/bin/true";
    char *const argv[] = { path, NULL };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    printf("%d", fd < 0 && errno == EPERM);
    printf("%d", kill(getppid(), 0) < 0 && errno == EPERM);
    printf("%d", ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 && errno == EPERM);
    (void)execv(argv[0], argv);
    printf("%d\n", errno == EPERM);
}

static enum sandbox_profile find_sandbox(const char *name)
{
    if (strcmp(name, "draw") == 0)
        return SANDBOX_DRAW;
    if (strcmp(name, "ime") == 0)
        return SANDBOX_IME;
    return strcmp(name, "print") == 0 ? SANDBOX_PRINT : SANDBOX_TERMINAL;
}

static int in_sandbox(enum sandbox_profile profile)
{
    if (sandbox_enter(profile))
        return 1;
    printf("%d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    printf("%d\n", mem_is_checked() ? 0 : prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    print_limit(RLIMIT_CORE);
    bool is_alone = profile == SANDBOX_DRAW || profile == SANDBOX_IME;
    if (is_alone || profile == SANDBOX_PRINT) {
        print_limit(RLIMIT_FSIZE);
        print_limit(RLIMIT_NOFILE);
        print_limit(RLIMIT_CPU);
        if (!mem_is_checked())
            print_limit(RLIMIT_AS);
        FILE *file = tmpfile();
        int is_written = file && fputs("x", file) >= 0 && fflush(file) == 0;
        puts(is_written ? "written" : "not written");
        if (is_alone && !mem_is_checked())
            print_company();
    }
    return fflush(stdout);
}

static void on_nothing(void *owner)
{
    (void)owner;
}

static enum task_next resume_at_once(struct task *task)
{
    task_resume(task, task->turn, ERR_OK);
    return TASK_WAIT;
}

static int write_much(void)
{
    static char lines[WRITTEN_BYTES];
    memset(lines, 'x', sizeof lines);
    for (size_t i = 999; i < sizeof lines; i += 1000)
        lines[i] = '\n';
    return write(STDOUT_FILENO, lines, sizeof lines) != sizeof lines;
}

static int make_bug(const char *bug)
{
    static const struct step_of_task step = { .name = "bad",
                                              .run = resume_at_once };
    struct loop *loop = loop_new_pretend();
    if (strcmp(bug, "open-timer") == 0) {
        (void)timer_new(loop, "forgotten", on_nothing, NULL);
        loop_free(loop);
    } else if (strcmp(bug, "answer-inside") == 0) {
        struct task task;
        task_init(&task, loop, "bad", &step, 1);
        task_start(&task, NULL, NULL);
    } else if (strcmp(bug, "event-field") == 0) {
        event_record(EVENT_STOPPED, FIELD_CASE, "x", FIELD_END);
    } else if (strcmp(bug, "free-twice") == 0) {
        void *secret = secret_new(5);
        secret_free(secret);
        secret_free(secret);
    } else if (strcmp(bug, "past-arena") == 0) {
        char *secret = secret_new(SECRET_ARENA_BYTES - 16);
        *(volatile char *)(secret + SECRET_ARENA_BYTES - 16) = 1;
    }
    return 0;
}

static void start_self(struct helper *helper, const char *what, const char *how)
{
    char self[4096] = { 0 };
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    const char *const argv[] = { self, what, how, NULL };
    run(helper, &plain, argv);
}

static void run_self(struct helper *helper, const char *what, const char *how)
{
    start_self(helper, what, how);
    wait_for_end(helper);
    assert_int_equal(helper->err, ERR_OK);
}

static void a_bug_aborts(struct helper *helper, const char *bug)
{
    run_self(helper, "bug", bug);
    assert_int_equal(helper->status, 128 + SIGABRT);
}

static void an_open_timer_aborts_at_the_end(void **state)
{
    a_bug_aborts(*state, "open-timer");
}

static void an_answer_inside_its_step_aborts(void **state)
{
    a_bug_aborts(*state, "answer-inside");
}

static void a_field_that_is_not_allowed_aborts(void **state)
{
    a_bug_aborts(*state, "event-field");
}

static void freeing_a_secret_twice_aborts(void **state)
{
    a_bug_aborts(*state, "free-twice");
}

static void a_guard_page_ends_the_arena(void **state)
{
    struct helper *helper = *state;
    run_self(helper, "bug", "past-arena");
    assert_int_not_equal(helper->status, 0);
}

/* It is dead before the loop turns even once, and has left more than one turn
 * reads. */
static void what_a_dead_child_wrote_is_read(void **state)
{
    struct helper *helper = *state;
    siginfo_t info;
    start_self(helper, "write", "");
    assert_int_equal(
        waitid(P_PID, (id_t)child_pid(helper->child), &info, WEXITED | WNOWAIT),
        0);
    wait_for_end(helper);
    assert_int_equal(helper->lines.len, WRITTEN_BYTES);
    assert_int_equal(helper->status, 0);
}

static void the_terminal_gives_up_rights(void **state)
{
    struct helper *helper = *state;
    run_self(helper, "sandbox", "terminal");
    assert_string_equal(helper->lines.text, "1|0|0|");
    assert_int_equal(helper->status, 0);
}

static void the_drawer_gives_up_more(void **state)
{
    struct helper *helper = *state;
    run_self(helper, "sandbox", "draw");
    assert_string_equal(helper->lines.text,
                        mem_is_checked()
                            ? "1|0|0|0|64|20|not written|"
                            : "1|0|0|0|64|20|1073741824|not written|1111|");
    assert_int_equal(helper->status, 0);
}

static void the_input_method_gives_up_more(void **state)
{
    struct helper *helper = *state;
    run_self(helper, "sandbox", "ime");
    assert_string_equal(helper->lines.text,
                        mem_is_checked()
                            ? "1|0|0|0|64|60|not written|"
                            : "1|0|0|0|64|60|536870912|not written|1111|");
    assert_int_equal(helper->status, 0);
}

static void the_spooler_gives_up_more(void **state)
{
    struct helper *helper = *state;
    run_self(helper, "sandbox", "print");
    assert_string_equal(helper->lines.text,
                        mem_is_checked()
                            ? "1|0|0|0|32|30|not written|"
                            : "1|0|0|0|32|30|536870912|not written|");
    assert_int_equal(helper->status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_go_there_and_back),
        TEST(much_is_queued),
        TEST(the_last_lines_come_before_the_end),
        TEST(a_grandchild_does_not_hold_the_end),
        TEST(a_signal_shows_in_the_status),
        TEST(a_missing_program_is_an_error),
        TEST(a_long_line_ends_the_child),
        TEST(a_long_last_line_is_told_too),
        TEST(who_does_not_read_is_killed),
        TEST(who_closes_its_ends_is_waited_for),
        TEST(time_is_limited),
        TEST(memory_is_limited),
        TEST(the_environment_is_nearly_empty),
        TEST(our_descriptors_stay_ours),
        TEST(killing_tells_so),
        TEST(freeing_is_silent),
        TEST(one_that_is_left_ends_by_itself),
        TEST(freeing_inside_a_line_is_fine),
        TEST(an_open_timer_aborts_at_the_end),
        TEST(an_answer_inside_its_step_aborts),
        TEST(a_field_that_is_not_allowed_aborts),
        TEST(freeing_a_secret_twice_aborts),
        TEST(a_guard_page_ends_the_arena),
        TEST(what_a_dead_child_wrote_is_read),
        TEST(the_terminal_gives_up_rights),
        TEST(the_drawer_gives_up_more),
        TEST(the_input_method_gives_up_more),
        TEST(the_spooler_gives_up_more),
    };
    if (argc == 3 && strcmp(argv[1], "bug") == 0)
        return make_bug(argv[2]);
    if (argc == 3 && strcmp(argv[1], "write") == 0)
        return write_much();
    if (argc == 3 && strcmp(argv[1], "sandbox") == 0)
        return in_sandbox(find_sandbox(argv[2]));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
