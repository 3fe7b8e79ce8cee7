/* What the commands of the command line stand on and do alike: where the
 * program is, what its environment said, how a wrong word is told, settings
 * and shared data.  main.c has the table of them; each command has a file of
 * its own. */
#pragma once

#include "kiosk/base/event.h"
#include "kiosk/settings.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    EXIT_USAGE = 2, /* of main: what was asked for cannot be meant */
    PROGRAM_PATH_BYTES = 512,
    SHARE_PATH_BYTES = PROGRAM_PATH_BYTES + 24
};

/* This program as it was started.  The environment is empty by now, so that no
 * library obeys a variable of a stranger's: what counts of it stands here. */
struct program {
    char folder[PROGRAM_PATH_BYTES]; /* of this program and its helpers */
    char draw[PROGRAM_PATH_BYTES + 16];
    char print[PROGRAM_PATH_BYTES + 16];
    char hub[PROGRAM_PATH_BYTES + 16];
    char ime[PROGRAM_PATH_BYTES + 16];
    char term[64];
    int font_size; /* of the terminal's letters, as the session tells; or 0 */
    char notify_address[112]; /* no longer name fits a socket's address */
    int64_t watchdog_ms;
    bool may_write_events; /* standard error is nobody's page */
};

/* argv[0] is the command's word (without one: the program's name).  Returns
 * main's exit code. */
typedef int (*command_fn)(int argc, char **argv, const struct program *program);

/* Says what is wrong with the words given; about: which, or "".  Returns
 * EXIT_USAGE. */
int command_complain(const char *what, const char *about);
/* A whole number from 1 to most, or 0. */
int command_parse_count(const char *text, int most);

/* Defaults, then the file, unless it is NULL.  On failure its mistakes have been
 * told.  Returns an exit code; settings_done is due in any case. */
int command_read_settings(const char *file, struct settings *settings);
/* Where items and translations are: a setting (settings may be NULL), share/
 * beside the program (as built), or where the installation puts them. */
void command_find_share(const struct program *program,
                        const struct settings *settings,
                        char ret_share[SHARE_PATH_BYTES]);
/* False, and told: there are no translations to read. */
bool command_open_words(const char *share);
/* Items may name the screens of this program as their steps. */
void command_tell_screens(void);
/* A sink of events: those that may be written go to standard error, which
 * systemd keeps.  owner: a struct program. */
void command_write_event(void *owner, const struct event_record_of *event);
