/* From a key press to the page it leads to, while everything around hangs:
 *
 *  reader   a reading is asked for and nothing is ever laid down
 *  hub      a program that names the address of a socket which takes
 *           connections and never says a word; a heartbeat waits for its
 *           answer, later also a case
 *  printer  a kiosk-draw that reads its request and never answers, so that the
 *           print job never ends
 *
 * Of each round the first four fifths of the presses fall on the page that waits
 * for a card, the rest on the one that waits for the printer.  One press in ten
 * opens or closes a page laid over it, the others move the focus.  The clock
 * stops when the report's line of that page has come; it is written after the
 * terminal's bytes, so the true time is a little shorter.
 *
 * After each press a byte goes through a program that does nothing but send it
 * back: what the machine itself costs at that moment. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/bench/figure.h"
#include "tests/tty/play.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum {
    ROUNDS = 3,
    PRESSES_CARD = 400, /* a round */
    PRESSES_PRINTING = 100,
    PRESSES = PRESSES_CARD + PRESSES_PRINTING,
    PAGE_EACH = 10,
    TABS_FAST = 300,
    NEW_PAGE_MS = 270, /* presses within 250 ms of a new page are dropped */
    REST_MS = 5,       /* a person is slower; the program sleeps again */
    PATH_BYTES = 512
};

static const double TARGET_MS = 5;

/* ---- The hung world ---------------------------------------------------- */

enum { FILE_KIOSK, FILE_HUB, FILE_DRAW, FILE_SETTINGS, FILE_COUNT };

/* What is made in the folder, and removed at the end. */
static char folder[PATH_BYTES];
static char files[FILE_COUNT][PATH_BYTES + 32];

static int listen_and_stay_silent(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static void write_file(int at, const char *name, mode_t mode, const char *text)
{
    snprintf(files[at], sizeof files[at], "%s/%s", folder, name);
    FILE *file = fopen(files[at], "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(files[at], mode), 0);
}

/* The same kiosk in a folder whose helpers are ours. */
static void make_world(const char *build)
{
    char text[2 * PATH_BYTES], program[PATH_BYTES + 32], share[PATH_MAX];

    assert_non_null(realpath(build, share));
    snprintf(folder, sizeof folder, "%.400s/hung-XXXXXX", share);
    assert_non_null(mkdtemp(folder));
    snprintf(program, sizeof program, "%.400s/kiosk", share);
    snprintf(files[FILE_KIOSK], sizeof files[FILE_KIOSK], "%s/kiosk", folder);
    assert_int_equal(link(program, files[FILE_KIOSK]), 0);
    snprintf(text, sizeof text,
             "#!/bin/sh\n"
             "echo '{\"terminals\":\"http://127.0.0.1:%d\",\"public\":"
             "\"http://127.0.0.1:1\",\"office_key\":"
             "\"CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}'\n"
             "while read -r line; do :; done\n",
             listen_and_stay_silent());
    write_file(FILE_HUB, "kiosk-hub", 0755, text);
    write_file(FILE_DRAW, "kiosk-draw", 0755,
               "#!/bin/sh\nwhile read -r line; do :; done\n");
    snprintf(text, sizeof text,
             "share_folder: \"%.400s/share\"\nhub_answer_s: 120\n"
             "send_wait_s: 1\nidle_s: 900\n",
             share);
    write_file(FILE_SETTINGS, "settings.yaml", 0644, text);
}

static void remove_world(void)
{
    for (int i = 0; i < FILE_COUNT; i++)
        (void)unlink(files[i]);
    (void)rmdir(folder);
}

/* ---- The echo ---------------------------------------------------------- */

static int echo_terminal;

static void echo(void)
{
    struct termios mode;
    char byte;
    (void)tcgetattr(STDIN_FILENO, &mode);
    cfmakeraw(&mode);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    do { /* the first says that it is ready */
        if (write(STDOUT_FILENO, "!", 1) != 1)
            break;
    } while (read(STDIN_FILENO, &byte, 1) == 1);
    _exit(0);
}

static double press_echo(void)
{
    char byte = '\t';
    double begin_ms = figure_now_ms();
    assert_int_equal(write(echo_terminal, &byte, 1), 1);
    assert_int_equal(read(echo_terminal, &byte, 1), 1);
    return figure_now_ms() - begin_ms;
}

/* It ends when our side of its terminal is closed. */
static void start_echo(void)
{
    char byte;
    pid_t pid = forkpty(&echo_terminal, NULL, NULL, NULL);
    assert_true(pid >= 0);
    if (pid == 0)
        echo();
    (void)fcntl(echo_terminal, F_SETFD, FD_CLOEXEC);
    assert_int_equal(read(echo_terminal, &byte, 1), 1);
}

/* ---- One press --------------------------------------------------------- */

/* What the page is waited for; the predicates have no other way to know. */
static struct {
    const char *screen; /* the page that shall come, or NULL: the focus moves */
    char focus[128];
    double end_ms;
} awaited;

static const char *focus_of(const struct drive *drive)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        if (json_is_true(json_object_get(element, "focus")))
            return json_string_value(json_object_get(element, "id"));
    }
    return "";
}

static bool is_there(struct drive *drive)
{
    bool is = awaited.screen ? strcmp(drive_screen(drive), awaited.screen) == 0
                             : strcmp(focus_of(drive), awaited.focus) != 0;
    if (is)
        awaited.end_ms = figure_now_ms();
    return is;
}

/* screen: where the key leads, NULL: only the focus moves. */
static double press(struct drive *drive, const char *key, const char *screen)
{
    awaited.screen = screen;
    snprintf(awaited.focus, sizeof awaited.focus, "%s", focus_of(drive));
    double begin_ms = figure_now_ms();
    drive_bytes(drive, key, strlen(key));
    drive_wait_until(drive, is_there, "the page that the key leads to");
    return awaited.end_ms - begin_ms;
}

/* Nothing is read meanwhile; there is nothing to read. */
static void wait_ms(int ms)
{
    (void)poll(NULL, 0, ms);
}

/* The page that hangs, and the key that lays another over it. */
struct hung {
    const char *screen, *open_key;
};

/* The page that waits for the printer has no focus to move. */
static bool has_focus(const struct hung *hung)
{
    return hung->open_key[0] != '\033';
}

struct row {
    double times[PRESSES], echoes[PRESSES];
};

static void press_many(struct drive *drive, const struct hung *hung,
                       struct row *row, int from, int to)
{
    bool is_over = false;
    wait_ms(NEW_PAGE_MS);
    for (int i = from; i < to; i++) {
        row->echoes[i] = press_echo();
        if (i % PAGE_EACH != 0 && (is_over || has_focus(hung))) {
            row->times[i] = press(drive, "\t", NULL);
            wait_ms(REST_MS);
            continue;
        }
        row->times[i] = is_over ? press(drive, "*", hung->screen)
                                : press(drive, hung->open_key, "help");
        is_over = !is_over;
        drive_check_painted(drive);
        wait_ms(NEW_PAGE_MS);
    }
    if (is_over)
        (void)press(drive, "*", hung->screen);
}

/* ---- The walk between -------------------------------------------------- */

static void walk_to_card(struct drive *drive)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.residence-permit" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "registered", DEED_PRESS, "option.yes" },
        { "card", "card", DEED_WAIT, NULL },
    };
    play(drive, HAND_KEYS, scenes, sizeof scenes / sizeof *scenes);
}

static void walk_to_printing(struct drive *drive)
{
    static const struct scene scenes[] = {
        { "card", "card", DEED_SIM,
          "card resident name=测试人 number=411303199003070017 "
          "valid_to=long-term" },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_PRESS, "footer.go" },
        { "choice", "county", DEED_PRESS, "option.411303" },
        { "choice", "township", DEED_PRESS, "option.411303005" },
        { "field", "street", DEED_PRESS, "footer.go" },
        { "ways", NULL, DEED_PRESS, "way" },
        { "choice", "ground", DEED_PRESS, "option.work" },
        { "choice", "home_proof", DEED_PRESS, "option.lease" },
        { "choice", "ground_proof", DEED_PRESS, "option.contract" },
        { "field", "phone", DEED_TYPE, "13800001111" },
    };
    static const struct scene rest[] = {
        { "field", "phone", DEED_PRESS, "footer.go" },
        { "review", "review", DEED_PRESS, "footer.go" },
        { "review", "declare", DEED_PRESS, "footer.go" },
        { "result", NULL, DEED_PRESS, "footer.go" },
        { "printing", NULL, DEED_WAIT, NULL },
    };
    play(drive, HAND_KEYS, scenes, sizeof scenes / sizeof *scenes);
    drive_wait_element(drive, "confirm.value");
    play(drive, HAND_KEYS, rest, sizeof rest / sizeof *rest);
}

/* ---- The figures ------------------------------------------------------- */

/* How many pages a second can be painted, reported and read back. */
static void measure_rate(struct drive *drive)
{
    wait_ms(NEW_PAGE_MS);
    double begin_ms = figure_now_ms();
    for (int i = 0; i < TABS_FAST; i++)
        (void)press(drive, "\t", NULL);
    double seconds = (figure_now_ms() - begin_ms) / 1000;
    figure_print("pages-painted", TABS_FAST / seconds, "/s", 0, "", 1,
                 "Tab after Tab, each waited for");
}

/* The middle one of the rounds' tails. */
static void print(struct row rows[ROUNDS])
{
    double tails[ROUNDS], echoes[ROUNDS], middles[ROUNDS];
    char note[160];

    for (int i = 0; i < ROUNDS; i++) {
        tails[i] = figure_part(rows[i].times, PRESSES, 0.99);
        echoes[i] = figure_part(rows[i].echoes, PRESSES, 0.99);
        middles[i] = figure_median(rows[i].times, PRESSES);
    }
    double tail = figure_median(tails, ROUNDS);
    double reference = figure_median(echoes, ROUNDS);
    snprintf(note, sizeof note,
             "least %.2f; median press %.2f; a mere echo %.2f; %d rounds of %d",
             tails[0], figure_median(middles, ROUNDS), reference, (int)ROUNDS,
             (int)PRESSES);
    figure_print("key-to-paint-p99", tail, "ms", tail / reference,
                 "at most 5 ms", tail <= TARGET_MS, note);
}

int main(void)
{
    static const struct hung card = { "card", "0" };
    static const struct hung printing = { "printing", "\033[24~" }; /* F12 */
    static struct row rows[ROUNDS];
    const char *build = getenv("KIOSK_BUILD");

    start_echo();
    make_world(build ? build : "build");
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .program = files[FILE_KIOSK],
                                     .settings = files[FILE_SETTINGS] };
    struct drive *drive = drive_start(&options);
    walk_to_card(drive);
    measure_rate(drive);
    for (int i = 0; i < ROUNDS; i++)
        press_many(drive, &card, &rows[i], 0, PRESSES_CARD);
    walk_to_printing(drive);
    for (int i = 0; i < ROUNDS; i++)
        press_many(drive, &printing, &rows[i], PRESSES_CARD, PRESSES);
    print(rows);
    int code = drive_end(drive);
    remove_world();
    close(echo_terminal);
    return code;
}
