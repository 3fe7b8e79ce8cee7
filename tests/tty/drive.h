/* Drives the whole program as a person and a stranger's test would: keys and
 * touches into a pseudo-terminal, pages read from --report, devices and clock
 * through the named pipe, the painted screen read back through libvterm.
 * Nothing else: no hooks, no sleeping; every wait is for a line and has one
 * generous bound after which the test fails with the last page. */
#pragma once

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct drive;

struct drive_options {
    int rows, cols;
    const char *folder;  /* state folder; NULL: a new one, removed at the end */
    const char *program; /* NULL: build/kiosk */
    const char *settings; /* a settings file, or NULL */
    const char *preview;  /* an item's file: not the demo, but its preview */
    int letters;          /* points of the terminal's letters, which change as
                             letters.h says; 0: it cannot */
    const char *errors;   /* a file for standard error; NULL: one of its own */
    /* Where the program is shown by somebody else (an xterm): how bytes are
     * typed there.  Its screen cannot be read back then. */
    void (*type)(void *owner, const char *bytes, size_t len);
    void *type_owner;
};

struct drive *drive_start(const struct drive_options *options);
/* Says quit, waits for the end; returns the exit code. */
int drive_end(struct drive *drive);
/* Waits for a program that was told otherwise to end; returns its exit code. */
int drive_left(struct drive *drive);
/* Ends without a word (kill -9); the folder stays for the next start. */
void drive_kill(struct drive *drive);
const char *drive_folder(const struct drive *drive);
pid_t drive_pid(const struct drive *drive);

/* The file of standard error: what the program recorded. */
const char *drive_errors(const struct drive *drive);
/* Prints the page painted last and standard error, for a test that is about to fail. */
void drive_show(struct drive *drive, const char *why);

/* Everything the report has said since a mark, so that what must not stand
 * there can be looked for. */
size_t drive_mark(const struct drive *drive);
bool drive_said(const struct drive *drive, size_t mark, const char *words);
/* The same as lines; until the next call that reads. */
const char *drive_reported(const struct drive *drive, size_t mark);
/* Drops it, and with it every mark: for runs that are very long. */
void drive_forget(struct drive *drive);

/* The page painted last. */
json_t *drive_page(const struct drive *drive);
const char *drive_screen(const struct drive *drive);
const char *drive_step(const struct drive *drive);
/* An element of the page painted last, or NULL. */
json_t *drive_element(const struct drive *drive, const char *id);
const char *drive_text(const struct drive *drive, const char *id);
const char *drive_value(const struct drive *drive, const char *id);

/* Waits until screen (and step, unless NULL) is the page. */
void drive_wait(struct drive *drive, const char *screen, const char *step);
/* Waits until an element with this id stands on the page. */
void drive_wait_element(struct drive *drive, const char *id);
/* … until it is gone. */
void drive_wait_gone(struct drive *drive, const char *id);
void drive_wait_until(struct drive *drive, bool (*holds)(struct drive *drive),
                      const char *what);

/* Whether it comes to hold within so long: for what may rightly not. */
bool drive_comes(struct drive *drive, bool (*holds)(struct drive *drive),
                 int within_ms);

/* One line for the simulators, waits for its answer, and says if it was ok. */
bool drive_sim(struct drive *drive, const char *line);
/* By how much such lines have moved its clock. */
int64_t drive_moved_s(const struct drive *drive);

enum drive_hand { HAND_KEYS, HAND_TOUCH, HAND_KEYBOARD };

/* Presses an element, turning the page until it stands there.  An item
 * ("item.X") that the home page has behind its theme is gone to there first.
 * The 250 ms of a new page are waited for on the program's own clock ("clock
 * +1s"). */
void drive_press(struct drive *drive, enum drive_hand hand, const char *id);
/* From now on every press (what ends a field, what turns a page) is given
 * twice, both in one write: whatever else came later than that could rightly be
 * a press of its own, on a machine that is slow enough. */
void drive_press_twice(struct drive *drive, bool is_twice);
/* Turns the page (by ten keys) until the element stands there; to an item as
 * drive_press() does, without pressing it. */
void drive_see(struct drive *drive, const char *id);
/* Turns the page once; false: this is its last turn. */
bool drive_turns(struct drive *drive, enum drive_hand hand);
/* Turns until the element stands there, where it does; a page's own "go on"
 * stands on its last turn. */
bool drive_turns_to(struct drive *drive, enum drive_hand hand, const char *id);
/* Types into the page's field and ends it. */
void drive_type(struct drive *drive, enum drive_hand hand, const char *text);
/* Raw bytes into the terminal. */
void drive_bytes(struct drive *drive, const void *bytes, size_t len);
/* Waits until the program has read all bytes given to it; whatever is asked of
 * it afterwards comes after them. */
void drive_swallowed(struct drive *drive);
void drive_resize(struct drive *drive, int rows, int cols);

/* The painted screen as UTF-8 lines ("\n" after each); valid until the next
 * call.  Its last bytes may still be on their way when the report has told the
 * page, so a test waits for what is to stand there, or not any more. */
const char *drive_painted(struct drive *drive);
void drive_wait_painted(struct drive *drive, const char *words);
void drive_wait_unpainted(struct drive *drive, const char *words);
/* The beginning of each element's text stands on the painted screen. */
void drive_check_painted(struct drive *drive);

/* How often the bell rang so far. */
int drive_bells(const struct drive *drive);

/* Files in a folder of the state: how many end in suffix. */
size_t drive_count_files(const struct drive *drive, const char *folder,
                         const char *suffix);
