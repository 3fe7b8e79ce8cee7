#include "tests/tty/hall_run.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

enum {
    DEAF_MS = 300,    /* a new page takes no press for 250 ms */
    AGAIN_MS = 20000, /* a press that did nothing by then is given again */
    ROWS = 32,
    COLS = 100,
    WAIT_MS = 60000,
    PAINTED_MAX = 64 * 1024
};

struct hall_run {
    pid_t pid;
    int terminal;
    char slave[64];
    bool has_ended;
    VTerm *vterm;
    VTermScreen *screen;
    struct buf painted;
};

static void open_vterm(struct hall_run *run)
{
    run->vterm = vterm_new(ROWS, COLS);
    vterm_set_utf8(run->vterm, 1);
    run->screen = vterm_obtain_screen(run->vterm);
    vterm_screen_enable_altscreen(run->screen, 1);
    vterm_screen_reset(run->screen, 1);
}

static void child(const char *const *argv, const char *notify)
{
    setenv("TERM", "xterm-256color", 1);
    if (notify)
        setenv("NOTIFY_SOCKET", notify, 1);
    setenv("WATCHDOG_USEC", "1000000", 1);
    execv(argv[0], (char **)(uintptr_t)argv);
    _exit(127);
}

struct hall_run *hall_run_start(const char *const *argv, const char *notify)
{
    struct hall_run *run = mem_new(sizeof *run);
    struct winsize size = { .ws_row = ROWS, .ws_col = COLS };

    buf_init(&run->painted, PAINTED_MAX);
    open_vterm(run);
    run->pid = forkpty(&run->terminal, run->slave, NULL, &size);
    assert_true(run->pid >= 0);
    if (run->pid == 0)
        child(argv, notify);
    fcntl(run->terminal, F_SETFD, FD_CLOEXEC);
    return run;
}

pid_t hall_run_pid(const struct hall_run *run)
{
    return run->pid;
}

static void pump(struct hall_run *run, int wait_ms)
{
    struct pollfd fd = { .fd = run->terminal, .events = POLLIN };
    char bytes[8192];

    if (run->has_ended || poll(&fd, 1, wait_ms) <= 0)
        return;
    ssize_t len = read(run->terminal, bytes, sizeof bytes);
    if (len > 0)
        vterm_input_write(run->vterm, bytes, (size_t)len);
    else
        run->has_ended = true;
}

static void add_cell(struct buf *out, const VTermScreenCell *cell)
{
    char bytes[4];

    if (cell->chars[0] == (uint32_t)-1)
        return; /* the right half of a wide character */
    buf_add(out, bytes,
            text_encode(cell->chars[0] ? cell->chars[0] : ' ', bytes));
}

const char *hall_run_painted(struct hall_run *run)
{
    buf_clear(&run->painted);
    for (int row = 0; row < ROWS; row++) {
        for (int col = 0; col < COLS; col++) {
            VTermScreenCell cell;
            VTermPos at = { row, col };
            if (vterm_screen_get_cell(run->screen, at, &cell))
                add_cell(&run->painted, &cell);
        }
        buf_add_char(&run->painted, '\n');
    }
    assert_false(run->painted.is_cut);
    return run->painted.text;
}

bool hall_run_shows(struct hall_run *run, const char *words)
{
    pump(run, 0);
    return strstr(hall_run_painted(run), words);
}

static void give_up(struct hall_run *run, const char *words)
{
    const char *line = hall_run_painted(run);
    while (*line) {
        int len = (int)strcspn(line, "\n");
        print_message("|%.*s|\n", len, line);
        line += len + 1;
    }
    fail_msg("%s: never on the screen%s", words,
             run->has_ended ? "; the program ended" : "");
}

void hall_run_sees(struct hall_run *run, const char *words)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;

    while (!hall_run_shows(run, words)) {
        if (run->has_ended || clock_monotonic_ms() > end_ms)
            give_up(run, words);
        pump(run, 200);
    }
}

void hall_run_type(struct hall_run *run, const char *bytes)
{
    assert_int_equal(write(run->terminal, bytes, strlen(bytes)),
                     (ssize_t)strlen(bytes));
}

void hall_run_swallowed(struct hall_run *run)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;
    int fd = open(run->slave, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct pollfd unread = { .fd = fd, .events = POLLIN };

    assert_true(fd >= 0);
    /* poll() and not FIONREAD: drive.c says why. */
    while (poll(&unread, 1, 0) != 0) {
        pump(run, 1);
        assert_true(clock_monotonic_ms() < end_ms);
    }
    close(fd);
}

int hall_run_end(struct hall_run *run, int number)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;
    int status = 0;

    if (number)
        kill(run->pid, number);
    while (waitpid(run->pid, &status, WNOHANG) != run->pid) {
        assert_true(clock_monotonic_ms() < end_ms);
        if (run->has_ended)
            (void)poll(NULL, 0, 1);
        pump(run, 20);
    }
    close(run->terminal);
    vterm_free(run->vterm);
    buf_done(&run->painted);
    mem_free(run);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool comes(struct hall_run *run, const char *words, int within_ms)
{
    int64_t end_ms = clock_monotonic_ms() + within_ms;

    while (!hall_run_shows(run, words)) {
        if (run->has_ended || clock_monotonic_ms() > end_ms)
            return false;
        pump(run, 20);
    }
    return true;
}

void hall_run_press_until(struct hall_run *run, const char *key,
                          const char *words)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;

    if (hall_run_shows(run, words))
        return;
    do {
        if (run->has_ended || clock_monotonic_ms() > end_ms)
            give_up(run, words);
        if (comes(run, words, DEAF_MS))
            return;
        hall_run_type(run, key);
    } while (!comes(run, words, AGAIN_MS));
}
