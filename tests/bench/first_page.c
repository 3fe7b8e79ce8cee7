#include "tests/bench/first_page.h"

#include "kiosk/base/mem.h"
#include "tests/bench/figure.h"
#include "tests/tty/world.h"

#include <vterm.h>

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ROWS = 32,
    COLS = 100,
    ENTRIES = 48,
    PIECES_MAX = 4096,
    BYTES_MAX = 256 * 1024,
    CELLS = ROWS * COLS,
    QUIET_MS = 80, /* longer than any pause in the middle of a page */
    START_MAX_MS = 10000,
    END_MAX_MS = 10000
};

/* What a program wrote, piece by piece. */
static struct {
    char bytes[BYTES_MAX];
    size_t len;
    size_t ends[PIECES_MAX];
    double times[PIECES_MAX];
    size_t count;
} record;

/* ---- Running ----------------------------------------------------------- */

static pid_t start(char *const *argv, int *ret_terminal)
{
    struct winsize size = { .ws_row = ROWS, .ws_col = COLS };
    pid_t pid = forkpty(ret_terminal, NULL, NULL, &size);
    if (pid != 0)
        return pid;
    setenv("TERM", "xterm-256color", 1);
    execv(argv[0], argv);
    _exit(127);
}

static bool read_piece(int terminal, double start_ms)
{
    ssize_t len =
        read(terminal, record.bytes + record.len, BYTES_MAX - record.len);
    if (len <= 0 || record.count == PIECES_MAX)
        return false;
    record.len += (size_t)len;
    record.ends[record.count] = record.len;
    record.times[record.count++] = figure_now_ms() - start_ms;
    return true;
}

/* Reads on, so that what it writes at its end does not hold it up.  One that
 * does not end by itself is killed: on the pretended bus a child may hang
 * before it is another program, on a lock that the bus's library held in
 * another thread when it was made. */
static bool end(pid_t pid, int terminal)
{
    struct pollfd fd = { .fd = terminal, .events = POLLIN };
    char bytes[4096];
    bool has_ended = true;

    kill(pid, SIGTERM);
    while (has_ended) {
        has_ended = poll(&fd, 1, END_MAX_MS) > 0;
        if (has_ended && read(terminal, bytes, sizeof bytes) <= 0)
            break;
    }
    if (!has_ended) {
        pid_t hung = world_child(pid, "kiosk");
        if (hung > 0)
            kill(hung, SIGKILL);
        kill(pid, SIGKILL);
    }
    close(terminal);
    waitpid(pid, NULL, 0);
    return has_ended;
}

/* ---- Looking ----------------------------------------------------------- */

static VTerm *open_screen(VTermScreen **ret_screen)
{
    VTerm *vterm = vterm_new(ROWS, COLS);
    vterm_set_utf8(vterm, 1);
    *ret_screen = vterm_obtain_screen(vterm);
    vterm_screen_enable_altscreen(*ret_screen, 1);
    vterm_screen_reset(*ret_screen, 1);
    return vterm;
}

static void look(VTermScreen *screen, uint32_t cells[CELLS])
{
    for (int at = 0; at < CELLS; at++) {
        VTermScreenCell cell;
        VTermPos pos = { at / COLS, at % COLS };
        memset(&cell, 0, sizeof cell);
        (void)vterm_screen_get_cell(screen, pos, &cell);
        cells[at] = cell.chars[0] ? cell.chars[0] : ' ';
    }
}

static bool shows(const uint32_t cells[CELLS], const char *ascii)
{
    size_t len = strlen(ascii);
    for (size_t at = 0; at + len <= CELLS; at++) {
        size_t same = 0;
        while (same < len && cells[at + same] == (unsigned char)ascii[same])
            same++;
        if (same == len)
            return true;
    }
    return false;
}

/* What stands on the screen by now; false: not all the words. */
static bool look_whole(const char *const *words, uint32_t whole[CELLS])
{
    VTermScreen *screen;
    VTerm *vterm = open_screen(&screen);
    bool shows_all = true;

    vterm_input_write(vterm, record.bytes, record.len);
    look(screen, whole);
    vterm_free(vterm);
    for (; *words; words++)
        shows_all = shows_all && shows(whole, *words);
    return shows_all;
}

/* A pause may be the machine's, which had something else to do in the middle of
 * a page: only one behind the words ends it. */
static void read_page(int terminal, double start_ms, const char *const *words,
                      bool (*has_done)(void))
{
    static uint32_t cells[CELLS];
    struct pollfd fd = { .fd = terminal, .events = POLLIN };
    record.len = 0;
    record.count = 0;
    while (figure_now_ms() < start_ms + START_MAX_MS) {
        int ready = poll(&fd, 1, QUIET_MS);
        if (ready > 0 && !read_piece(terminal, start_ms))
            return;
        if (ready == 0 && record.count && look_whole(words, cells) &&
            (!has_done || has_done()))
            return;
    }
}

/* The time of the piece with which the last screen first stood. */
static double find_whole(const char *const *words)
{
    static uint32_t whole[CELLS], now[CELLS];
    VTermScreen *screen;
    VTerm *vterm;
    double found = -1;

    if (!look_whole(words, whole))
        return -1;
    vterm = open_screen(&screen);
    for (size_t i = 0, begin = 0; i < record.count && found < 0; i++) {
        vterm_input_write(vterm, record.bytes + begin, record.ends[i] - begin);
        begin = record.ends[i];
        look(screen, now);
        if (memcmp(now, whole, sizeof whole) == 0)
            found = record.times[i];
    }
    vterm_free(vterm);
    return found;
}

double first_page_ms(char *const *argv, const char *const *words)
{
    return first_page_until_ms(argv, words, NULL);
}

double first_page_until_ms(char *const *argv, const char *const *words,
                           bool (*has_done)(void))
{
    int terminal = -1;
    double start_ms = figure_now_ms();
    pid_t pid = start(argv, &terminal);
    if (pid < 0)
        return -1;
    read_page(terminal, start_ms, words, has_done);
    if (!end(pid, terminal)) {
        fprintf(stderr, "%s: had to be killed at its end\n", argv[0]);
        return -1;
    }
    double found_ms = find_whole(words);
    if (found_ms < 0)
        fprintf(stderr, "%s: of its page only %zu bytes came\n", argv[0],
                record.len);
    return found_ms;
}

/* ---- The reference -------------------------------------------------------- */

double first_page_dialog_ms(void)
{
    static const char *const words[] = { "<Cancel>", "entry 0", NULL };
    static char tags[ENTRIES][16], names[ENTRIES][24];
    static char program[] = FIRST_PAGE_DIALOG, menu[] = "--menu";
    static char text[] = "What would you like to do?";
    static char rows[] = "30", cols[] = "90", entries[] = "48";
    char *argv[6 + 2 * ENTRIES + 1] = {
        program, menu, text, rows, cols, entries
    };
    for (int i = 0; i < ENTRIES; i++) {
        snprintf(tags[i], sizeof tags[i], "%d", i);
        snprintf(names[i], sizeof names[i], "entry %d", i);
        argv[6 + 2 * i] = tags[i];
        argv[7 + 2 * i] = names[i];
    }
    argv[6 + 2 * ENTRIES] = NULL;
    return first_page_ms(argv, words);
}
