/* A printer's laboratory: the real cupsd prints to the real ippeveprinter, in
 * namespaces of the test's own, so that nothing of the machine is touched and
 * all of it ends with the test.  The printer's inside is tests/devices/mechanic.
 *
 * Everything lies in /run/lab, a memory file system that nobody else sees. */
#pragma once

#include "kiosk/base/loop.h"

#include <stdbool.h>
#include <stddef.h>

#define LAB_SERVER "/run/cups/cups.sock"
#define LAB_QUEUE  "slips"
#define LAB_PAPER  "/run/lab/paper"

/* To be called first in main(): forks into the namespaces, and returns only
 * there; the parent waits and leaves with the same status.  Where that cannot
 * be, returns why not. */
const char *lab_enter(void);

struct lab;

/* dbus, avahi, the printer with paper, cupsd with one queue. */
struct lab *lab_new(struct loop *loop);
void lab_free(struct lab *lab);

/* The whole folder is new: nothing of an earlier test. */
void lab_start_cups(struct lab *lab);
int lab_cups_pid(const struct lab *lab);
/* As when it crashes: systemd then asks its children to end. */
void lab_kill_cups(struct lab *lab);

/* What hands do at the printer. */
void lab_paper(int pages);
void lab_cover(bool is_open);
/* By the printer's own web page: the tray as it says it is. */
void lab_tray(bool has_paper);

/* lpadmin, cupsdisable … with the lab's server; waits for its end. */
void lab_admin(struct lab *lab, const char *const *arguments);

/* Runs a program, at most 20 s; its output into path unless NULL. */
int lab_run(struct lab *lab, const char *const *argv, const char *path);
