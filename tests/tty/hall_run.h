/* A hall's terminal, "kiosk --settings FILE" and not the demonstration, in a
 * pseudo-terminal: it has no report and takes no simulator's lines, so a test
 * reads the painted screen. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct hall_run;

/* argv[0] is its path; notify: the socket it shall tell, or NULL. */
struct hall_run *hall_run_start(const char *const *argv, const char *notify);
pid_t hall_run_pid(const struct hall_run *run);
/* Waits until these words stand on the screen (one generous bound). */
void hall_run_sees(struct hall_run *run, const char *words);
bool hall_run_shows(struct hall_run *run, const char *words);
/* The lines that stand there; until the next call. */
const char *hall_run_painted(struct hall_run *run);
void hall_run_type(struct hall_run *run, const char *bytes);
/* One press on the page that stands there, once it takes one, and waits for
 * the words of the next.  A second press would be meant for that next page,
 * however slowly it comes, so it is given only after a long while. */
void hall_run_press_until(struct hall_run *run, const char *key,
                          const char *words);
/* Waits until the program has read what was typed and answered it, as far as
 * it does: its side of the terminal is empty. */
void hall_run_swallowed(struct hall_run *run);
/* Sends the signal (0: none), waits for the end; the exit code, or 128 and the
 * signal that ended it. */
int hall_run_end(struct hall_run *run, int number);
