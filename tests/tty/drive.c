#include "tests/tty/drive_state.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kiosk/base/clock.h"

/* ---- Reading ----------------------------------------------------------- */

static void take_line(struct drive *drive, const char *line, size_t len)
{
    json_error_t error;
    json_t *json = json_loadb(line, len, 0, &error);

    if (!json)
        fail_msg("a line of the report is no JSON: %s", error.text);
    if (json_object_get(json, "sim")) {
        json_decref(drive->answer);
        drive->answer = json;
    } else {
        json_decref(drive->page);
        drive->page = json;
    }
}

static void take_lines(struct drive *drive)
{
    char *newline;
    while ((newline = memchr(drive->bytes, '\n', drive->len))) {
        size_t len = (size_t)(newline - drive->bytes);
        take_line(drive, drive->bytes, len);
        drive->len -= len + 1;
        memmove(drive->bytes, newline + 1, drive->len);
    }
    assert_true(drive->len < REPORT_MAX);
}

static void hear_letters(struct drive *drive, const char *bytes, size_t len)
{
    int points = letters_hear(&drive->letters, bytes, len);

    if (points && drive->points)
        drive_resize(drive, drive->first_rows * drive->points / points,
                     drive->first_cols * drive->points / points);
}

int drive_bells(const struct drive *drive)
{
    return drive->letters.bells;
}

static void read_terminal(struct drive *drive)
{
    char bytes[8192];
    ssize_t len = read(drive->terminal, bytes, sizeof bytes);
    if (len > 0) {
        vterm_input_write(drive->vterm, bytes, (size_t)len);
        hear_letters(drive, bytes, (size_t)len);
    } else if (len < 0 && errno == EIO)
        drive->has_ended = true;
}

static void read_report(struct drive *drive)
{
    ssize_t len =
        read(drive->report, drive->bytes + drive->len, REPORT_MAX - drive->len);
    if (len <= 0) {
        drive->has_ended = true;
        return;
    }
    buf_add(&drive->said, drive->bytes + drive->len, (size_t)len);
    assert_false(drive->said.is_cut);
    drive->len += (size_t)len;
    take_lines(drive);
}

/* Takes in what there is, waiting at most so long for the first of it. */
void drive_pump(struct drive *drive, int wait_ms)
{
    struct pollfd fds[2] = { { .fd = drive->terminal, .events = POLLIN },
                             { .fd = drive->report, .events = POLLIN } };
    if (poll(fds, 2, wait_ms) <= 0)
        return;
    if (fds[0].revents)
        read_terminal(drive);
    if (fds[1].revents)
        read_report(drive);
}

/* By itself, while a test expects more of it. */
static void fail_ended(struct drive *drive, const char *words)
{
    int64_t end = clock_monotonic_ms() + ENDS_MS;

    while (!drive_is_gone(drive) && clock_monotonic_ms() < end)
        (void)poll(NULL, 0, 10);
    drive_show(drive, "the program ended");
    if (drive->pid)
        fail_msg("the program closed its terminal or its report while waiting "
                 "for %s",
                 words);
    fail_msg("the program ended with %d while waiting for %s",
             drive_exit_code(drive), words);
}

/* Who writes a test may be impatient: KIOSK_TEST_WAIT_MS. */
static int64_t wait_ms(void)
{
    const char *text = getenv("KIOSK_TEST_WAIT_MS");
    return text ? strtoll(text, NULL, 10) : WAIT_MS;
}

void drive_wait_for(struct drive *drive,
                    bool (*holds)(struct drive *drive, const void *what),
                    const void *what, const char *words)
{
    int64_t end = clock_monotonic_ms() + wait_ms();

    while (!holds(drive, what)) {
        if (drive->has_ended)
            fail_ended(drive, words);
        if (clock_monotonic_ms() > end) {
            drive_show(drive, "waited too long");
            fail_msg("waited in vain for %s", words);
        }
        drive_pump(drive, 200);
    }
}

size_t drive_mark(const struct drive *drive)
{
    return drive->said.len;
}

bool drive_said(const struct drive *drive, size_t mark, const char *words)
{
    return strstr(drive->said.text + mark, words);
}

const char *drive_reported(const struct drive *drive, size_t mark)
{
    return drive->said.text + mark;
}

void drive_forget(struct drive *drive)
{
    buf_clear(&drive->said);
}

/* ---- What is on the page ----------------------------------------------- */

json_t *drive_page(const struct drive *drive)
{
    return drive->page;
}

static const char *member(const struct drive *drive, const char *name)
{
    const char *text = json_string_value(json_object_get(drive->page, name));
    return text ? text : "";
}

const char *drive_screen(const struct drive *drive)
{
    return member(drive, "screen");
}

const char *drive_step(const struct drive *drive)
{
    return member(drive, "step");
}

json_t *drive_element(const struct drive *drive, const char *id)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(drive->page, "elements"), i, element)
    {
        const char *own = json_string_value(json_object_get(element, "id"));
        if (own && strcmp(own, id) == 0)
            return element;
    }
    return NULL;
}

const char *drive_text(const struct drive *drive, const char *id)
{
    const char *text =
        json_string_value(json_object_get(drive_element(drive, id), "text"));
    return text ? text : "";
}

const char *drive_value(const struct drive *drive, const char *id)
{
    const char *text =
        json_string_value(json_object_get(drive_element(drive, id), "value"));
    return text ? text : "";
}

struct place {
    const char *screen, *step;
};

static bool is_place(struct drive *drive, const void *what)
{
    const struct place *place = what;
    if (!drive->page || strcmp(drive_screen(drive), place->screen) != 0)
        return false;
    return !place->step || strcmp(drive_step(drive), place->step) == 0;
}

void drive_wait(struct drive *drive, const char *screen, const char *step)
{
    char words[128];
    struct place place = { screen, step };
    snprintf(words, sizeof words, "the page %s %s", screen, step ? step : "");
    drive_wait_for(drive, is_place, &place, words);
}

static bool has_element(struct drive *drive, const void *id)
{
    return drive->page && drive_element(drive, id);
}

static bool has_no_element(struct drive *drive, const void *id)
{
    return drive->page && !drive_element(drive, id);
}

void drive_wait_element(struct drive *drive, const char *id)
{
    drive_wait_for(drive, has_element, id, id);
}

void drive_wait_gone(struct drive *drive, const char *id)
{
    drive_wait_for(drive, has_no_element, id, id);
}

static bool call(struct drive *drive, const void *what)
{
    bool (*const *holds)(struct drive *) = what;
    return drive->page && (*holds)(drive);
}

void drive_wait_until(struct drive *drive, bool (*holds)(struct drive *drive),
                      const char *what)
{
    drive_wait_for(drive, call, &holds, what);
}

bool drive_comes(struct drive *drive, bool (*holds)(struct drive *drive),
                 int within_ms)
{
    int64_t end = clock_monotonic_ms() + within_ms;

    while (!holds(drive)) {
        if (drive->has_ended || clock_monotonic_ms() > end)
            return false;
        drive_pump(drive, 20);
    }
    return true;
}

/* ---- Acting ------------------------------------------------------------ */

void drive_bytes(struct drive *drive, const void *bytes, size_t len)
{
    const char *at = bytes;
    if (drive->type) {
        drive->type(drive->type_owner, bytes, len);
        return;
    }
    while (len > 0) {
        /* The terminal's buffer is small: read on while writing. */
        struct pollfd fd = { .fd = drive->terminal, .events = POLLOUT };
        drive_pump(drive, 0);
        if (poll(&fd, 1, 100) <= 0)
            continue;
        ssize_t done = write(drive->terminal, at, len < 512 ? len : 512);
        if (done <= 0)
            fail_msg("the terminal takes no more bytes");
        at += done;
        len -= (size_t)done;
    }
}

/* Asked by poll(), which first hands over what is still under way inside the
 * terminal; the count of unread bytes (FIONREAD) knows nothing of that. */
static bool is_read(struct drive *drive, const void *what)
{
    int fd = open(drive->slave, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct pollfd unread = { .fd = fd, .events = POLLIN };

    (void)what;
    drive_pump(drive, 1);
    assert_true(fd >= 0);
    int count = poll(&unread, 1, 0);
    close(fd);
    return count == 0;
}

void drive_swallowed(struct drive *drive)
{
    drive_wait_for(drive, is_read, NULL, "the program to read");
}

static bool was_answered(struct drive *drive, const void *what)
{
    (void)what;
    return drive->answer;
}

bool drive_sim(struct drive *drive, const char *line)
{
    json_decref(drive->answer);
    drive->answer = NULL;
    assert_int_equal(write(drive->pipe, line, strlen(line)),
                     (ssize_t)strlen(line));
    assert_int_equal(write(drive->pipe, "\n", 1), 1);
    drive_wait_for(drive, was_answered, NULL, line);
    bool is_ok = json_is_true(json_object_get(drive->answer, "ok"));
    if (is_ok && strncmp(line, "clock +", 7) == 0)
        drive->moved_s += strtoll(line + 7, NULL, 10);
    return is_ok;
}

int64_t drive_moved_s(const struct drive *drive)
{
    return drive->moved_s;
}

static bool has_terminals_rows(struct drive *drive, const void *what)
{
    (void)what;
    return json_integer_value(json_object_get(drive->page, "rows")) ==
           drive->rows;
}

/* Letters may be changing for this page: that is another page to the hand. */
static void settle(struct drive *drive)
{
    json_int_t rows = json_integer_value(json_object_get(drive->page, "rows"));

    assert_true(drive_sim(drive, "clock +1s"));
    if (!drive->points || rows == drive->rows)
        return;
    drive_wait_for(drive, has_terminals_rows, NULL, "the letters");
    assert_true(drive_sim(drive, "clock +1s"));
}

void drive_press_twice(struct drive *drive, bool is_twice)
{
    drive->is_twice = is_twice;
}

/* One press, which the test may want to be two. */
static void press_bytes(struct drive *drive, const char *bytes)
{
    char both[2 * PRESS_BYTES];

    snprintf(both, sizeof both, "%s%s", bytes, drive->is_twice ? bytes : "");
    drive_bytes(drive, both, strlen(both));
}

static bool touch(struct drive *drive, json_t *element)
{
    int row, col, rows, cols;
    char bytes[PRESS_BYTES];

    if (json_unpack(json_object_get(element, "at"), "[i, i, i, i]", &row, &col,
                    &rows, &cols))
        return false;
    row += rows / 2;
    col += cols / 2;
    snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", col, row, col,
             row);
    press_bytes(drive, bytes);
    return true;
}

static const char *focus_of(const struct drive *drive)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(drive->page, "elements"), i, element)
    {
        if (json_is_true(json_object_get(element, "focus")))
            return json_string_value(json_object_get(element, "id"));
    }
    return "";
}

static bool has_moved(struct drive *drive, const void *before)
{
    return strcmp(focus_of(drive), before) != 0;
}

/* Tab by Tab until the focus stands on it, then Enter.  A repaint for another
 * reason does not count: the focus itself must have moved. */
static void walk_to(struct drive *drive, const char *id)
{
    for (int i = 0; i < 200; i++) {
        char before[128];
        snprintf(before, sizeof before, "%s", focus_of(drive));
        drive_bytes(drive, "\t", 1);
        drive_wait_for(drive, has_moved, before, "the focus");
        if (strcmp(focus_of(drive), id) == 0) {
            press_bytes(drive, "\r");
            return;
        }
    }
    drive_show(drive, "Tab never reached it");
    fail_msg("Tab never reached %s", id);
}

static void press_element(struct drive *drive, enum drive_hand hand,
                          const char *id)
{
    json_t *element = drive_element(drive, id);
    const char *key = json_string_value(json_object_get(element, "key"));
    char bytes[8];

    switch (hand) {
    case HAND_KEYS:
        if (!key) {
            drive_show(drive, "no key");
            fail_msg("%s has no key", id);
        }
        /* The page, and the key with it, may be another while we write. */
        snprintf(bytes, sizeof bytes, "%s", key);
        press_bytes(drive, bytes);
        return;
    case HAND_TOUCH:
        if (!touch(drive, element)) {
            drive_show(drive, "cannot be touched");
            fail_msg("%s stands nowhere", id);
        }
        return;
    case HAND_KEYBOARD:
        /* Where any key goes on, Tab would, too. */
        if (strcmp(id, "attract.begin") == 0 || strcmp(id, "idle.warn") == 0)
            press_bytes(drive, "\r");
        else
            walk_to(drive, id);
        return;
    }
}

static bool is_another(struct drive *drive, const void *before)
{
    return drive->page != before;
}

static bool has_turned(struct drive *drive, const void *before)
{
    return strcmp(drive_text(drive, "footer.go"), before) != 0;
}

static bool has_turns_left(const struct drive *drive)
{
    return strchr(drive_text(drive, "footer.go"), '/') != NULL;
}

/* The last thing of the page's body. */
static void note_end(struct drive *drive)
{
    size_t i;
    json_t *element;

    drive->turned_page =
        json_integer_value(json_object_get(drive->page, "page"));
    json_array_foreach(json_object_get(drive->page, "elements"), i, element)
    {
        const char *id = json_string_value(json_object_get(element, "id"));
        if (id && strncmp(id, "footer.", 7) != 0)
            snprintf(drive->turned_at, sizeof drive->turned_at, "%s", id);
    }
}

bool drive_turns(struct drive *drive, enum drive_hand hand)
{
    char before[128];

    if (!has_turns_left(drive))
        return false;
    settle(drive);
    note_end(drive);
    snprintf(before, sizeof before, "%s", drive_text(drive, "footer.go"));
    press_element(drive, hand == HAND_KEYBOARD ? HAND_KEYS : hand, "footer.go");
    drive_wait_for(drive, has_turned, before, "the next turn");
    return true;
}

bool drive_turns_to(struct drive *drive, enum drive_hand hand, const char *id)
{
    bool is_go = strcmp(id, "footer.go") == 0;

    for (int turn = 0; turn < 40; turn++) {
        if (drive_element(drive, id) && !(is_go && has_turns_left(drive)))
            return true;
        if (!drive_turns(drive, hand))
            break;
    }
    return false;
}

static void turn_to(struct drive *drive, enum drive_hand hand, const char *id)
{
    if (drive_turns_to(drive, hand, id) || drive_goes_to_item(drive, hand, id))
        return;
    drive_show(drive, "not on this page");
    fail_msg("%s stands on no turn of this page", id);
}

void drive_press(struct drive *drive, enum drive_hand hand, const char *id)
{
    turn_to(drive, hand, id);
    settle(drive);
    press_element(drive, hand, id);
}

void drive_see(struct drive *drive, const char *id)
{
    turn_to(drive, HAND_KEYS, id);
}

static void type_by_touch(struct drive *drive, const char *text)
{
    char id[32];
    bool is_twice = drive->is_twice;

    drive->is_twice = false; /* two digits are two */
    for (; *text; text++) {
        snprintf(id, sizeof id, "keys.%c", *text);
        json_t *element = drive_element(drive, id);
        assert_non_null(element);
        json_t *before = json_incref(drive->page);
        assert_true(touch(drive, element));
        drive_wait_for(drive, is_another, before, "the digit");
        json_decref(before);
    }
    drive->is_twice = is_twice;
}

void drive_type(struct drive *drive, enum drive_hand hand, const char *text)
{
    settle(drive);
    if (hand == HAND_TOUCH && drive_element(drive, "keys.1")) {
        type_by_touch(drive, text);
        press_element(drive, HAND_TOUCH, "footer.go");
        return;
    }
    drive_bytes(drive, text, strlen(text));
    press_bytes(drive, "\r");
}

void drive_resize(struct drive *drive, int rows, int cols)
{
    struct winsize size = { .ws_row = (unsigned short)rows,
                            .ws_col = (unsigned short)cols };
    drive->rows = rows;
    drive->cols = cols;
    vterm_set_size(drive->vterm, rows, cols);
    assert_int_equal(ioctl(drive->terminal, TIOCSWINSZ, &size), 0);
}
