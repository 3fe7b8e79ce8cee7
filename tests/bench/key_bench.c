/* From a key press to the page it leads to, while everything around hangs:
 *
 *  reader   a reading is asked for and nothing is ever laid down
 *  hub      a program that names the address of a socket which takes
 *           connections and never says a word; a heartbeat waits for its
 *           answer, later also a case
 *  printer  a kiosk-draw that reads its request and never answers, so that the
 *           print job never ends
 *
 * The first four fifths of the presses fall on the page that waits for a card,
 * the rest on the one that waits for the printer.  One press in five opens or
 * closes a page laid over it, the others move the focus.  The clock stops when
 * the report's line of that page has come; it is written after the terminal's
 * bytes, so the true time is a little shorter. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/bench/figure.h"
#include "tests/tty/play.h"

#include <arpa/inet.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PRESSES = 500,
    PRESSES_CARD = 400,
    PAGE_EACH = 5,
    TABS_FAST = 300,
    NEW_PAGE_MS = 270, /* presses within 250 ms of a new page are dropped */
    REST_MS = 10,      /* a person is slower; the program sleeps again */
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

static void press_many(struct drive *drive, const struct hung *hung,
                       double *times, int count)
{
    bool is_over = false;
    wait_ms(NEW_PAGE_MS);
    for (int i = 0; i < count; i++) {
        if (i % PAGE_EACH != 0 && (is_over || has_focus(hung))) {
            times[i] = press(drive, "\t", NULL);
            wait_ms(REST_MS);
            continue;
        }
        times[i] = is_over ? press(drive, "*", hung->screen)
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

static void print(double *times, double *opened, size_t opened_count)
{
    char note[160];
    double tail = figure_part(times, PRESSES, 0.99);
    snprintf(note, sizeof note,
             "median %.2f, most %.2f; page changes alone: median %.2f; %d "
             "presses",
             figure_median(times, PRESSES), times[PRESSES - 1],
             figure_median(opened, opened_count), (int)PRESSES);
    figure_print("key-to-paint-p99", tail, "ms", 0, "at most 5 ms",
                 tail <= TARGET_MS, note);
}

int main(void)
{
    static const struct hung card = { "card", "0" };
    static const struct hung printing = { "printing", "\033[24~" }; /* F12 */
    static double times[PRESSES], opened[PRESSES];
    size_t opened_count = 0;
    const char *build = getenv("KIOSK_BUILD");

    make_world(build ? build : "build");
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .program = files[FILE_KIOSK],
                                     .settings = files[FILE_SETTINGS] };
    struct drive *drive = drive_start(&options);
    walk_to_card(drive);
    measure_rate(drive);
    press_many(drive, &card, times, PRESSES_CARD);
    walk_to_printing(drive);
    press_many(drive, &printing, times + PRESSES_CARD, PRESSES - PRESSES_CARD);
    for (int i = 0; i < PRESSES; i += PAGE_EACH)
        opened[opened_count++] = times[i];
    print(times, opened, opened_count);
    int code = drive_end(drive);
    remove_world();
    return code;
}
