/* From the start of the process to the first byte after which the whole page
 * stood on a terminal: kiosk's attract page against a menu of dialog's, turn
 * and turn about.
 *
 * Each piece that the program writes is kept with the time at which it came.
 * When nothing has come for a while, the screen that all of it makes is the
 * whole page; then the pieces are painted again, one after another, to find
 * the one with which that screen first stood.  So nothing but reading happens
 * while the clock runs, and both programs are measured alike. */
#include "tests/bench/figure.h"

#include "kiosk/base/mem.h"

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
    ROUNDS = 25,
    ENTRIES = 48,
    PIECES_MAX = 4096,
    BYTES_MAX = 256 * 1024,
    CELLS = ROWS * COLS,
    QUIET_MS = 80, /* longer than any pause in the middle of a page */
    START_MAX_MS = 10000
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

static void read_page(int terminal, double start_ms)
{
    struct pollfd fd = { .fd = terminal, .events = POLLIN };
    record.len = 0;
    record.count = 0;
    while (poll(&fd, 1, record.count ? QUIET_MS : START_MAX_MS) > 0)
        if (!read_piece(terminal, start_ms))
            return;
}

/* Reads on, so that what it writes at its end does not hold it up. */
static void end(pid_t pid, int terminal)
{
    char bytes[4096];
    kill(pid, SIGTERM);
    while (read(terminal, bytes, sizeof bytes) > 0)
        ;
    close(terminal);
    waitpid(pid, NULL, 0);
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

/* The time of the piece with which the last screen first stood. */
static double find_whole(const char *const *words)
{
    static uint32_t whole[CELLS], now[CELLS];
    VTermScreen *screen;
    VTerm *vterm = open_screen(&screen);
    double found = -1;

    vterm_input_write(vterm, record.bytes, record.len);
    look(screen, whole);
    vterm_free(vterm);
    for (; *words; words++)
        if (!shows(whole, *words))
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

static double measure(char *const *argv, const char *const *words)
{
    int terminal = -1;
    double start_ms = figure_now_ms();
    pid_t pid = start(argv, &terminal);
    if (pid < 0)
        return -1;
    read_page(terminal, start_ms);
    end(pid, terminal);
    return find_whole(words);
}

/* ---- The two ----------------------------------------------------------- */

/* Its state folder is made new and thrown away each time. */
static double measure_kiosk(const char *build)
{
    /* One of the items' titles, and the last line: letters on which every
     * language of the page agrees. */
    static const char *const words[] = { "Touch the screen or press", "12345",
                                         "F12", "Ctrl-C", NULL };
    char program[512];
    char demo[] = "--demo";
    char *argv[] = { program, demo, NULL };
    snprintf(program, sizeof program, "%s/kiosk", build);
    return measure(argv, words);
}

static double measure_dialog(void)
{
    static const char *const words[] = { "<Cancel>", "entry 0", NULL };
    static char tags[ENTRIES][8], names[ENTRIES][16];
    static char program[] = "/usr/bin/dialog", menu[] = "--menu";
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
    return measure(argv, words);
}

static int print(double kiosk[ROUNDS], double dialog[ROUNDS])
{
    char note[160];
    double middle = figure_median(kiosk, ROUNDS);
    double reference = figure_median(dialog, ROUNDS);
    double ratio = middle / reference;

    snprintf(note, sizeof note,
             "least %.1f; dialog --menu %.1f, least %.1f; %d rounds", kiosk[0],
             reference, dialog[0], (int)ROUNDS);
    figure_print("first-page", middle, "ms", ratio, "at most 4 x dialog",
                 ratio <= 4, note);
    return 0;
}

int main(void)
{
    static double kiosk[ROUNDS], dialog[ROUNDS];
    const char *build = getenv("KIOSK_BUILD");

    if (access("/usr/bin/dialog", X_OK) != 0) {
        puts("first-page|-|ms|-|-|skipped|dialog is not installed");
        return 0;
    }
    /* The first of each reads the programs from the disk. */
    for (int round = -1; round < ROUNDS; round++) {
        double ms = measure_kiosk(build ? build : "build");
        double reference_ms = measure_dialog();
        if (ms < 0 || reference_ms < 0) {
            fprintf(stderr, "start_bench: %s did not paint its page\n",
                    ms < 0 ? "kiosk" : "dialog");
            return 1;
        }
        if (round >= 0) {
            kiosk[round] = ms;
            dialog[round] = reference_ms;
        }
    }
    return print(kiosk, dialog);
}
