/* Ends of the program without an orderly stop (a crash, a kill, the watchdog,
 * a power cut), so that a hall's terminal which keeps crashing shows a page
 * instead of starting for ever.
 *
 * While the program runs, a file of its own stands in the state folder and
 * holds the times of such ends; an orderly stop removes it.  So a program that
 * finds it knows that the last run ended otherwise. */
#pragma once

#include "kiosk/base/err.h"

#include <stdint.h>

enum {
    UNCLEAN_WINDOW_MS = 5 * 60 * 1000,
    UNCLEAN_MOST = 3, /* so many within the window: out of service */
    UNCLEAN_REST_MS = 15 * 60 * 1000
};

/* At start.  How many unclean ends lie within the window, the last run's
 * included; also told when the file cannot be written (ERR_IO and the like),
 * where this run's end will go unnoticed. */
MUST_CHECK enum err unclean_begin(const char *state_folder, int *ret_count);

/* At an orderly stop: all is forgotten. */
void unclean_end(const char *state_folder);
