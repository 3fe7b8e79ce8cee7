/* "kiosk probe": what is plugged in and how it is, for a technician.
 *
 * One JSON object a line for each device found; with --read-card one more for
 * the card that was read.  Personal data goes to standard output and, if asked
 * for, into the file of --record, nowhere else. */
#pragma once

#include "kiosk/command_line.h"

enum {
    PROBE_DONE = 0,
    PROBE_USAGE = 2,
    PROBE_TIME_OVER = 3, /* no card, perhaps no reader either */
    PROBE_FAILED = 4     /* there is a device, and it does not work */
};

struct probe_options {
    bool reads_card;
    int seconds;            /* that a card is waited for */
    const char *record;     /* file for the reader's transfers, or NULL */
    const char *print_path; /* the program kiosk-print */
};

/* Returns the exit code. */
int probe_run(const struct settings *settings,
              const struct probe_options *options);
/* kiosk/probe_command.c: the words after "probe". */
int probe_command(int argc, char **argv, const struct program *program);
