/* The printer behind one queue of CUPS, by the child kiosk-print.
 *
 * Settings: "print_path" (the program), "queue", "server" (a socket's path or a
 * host; fallback: CUPS's socket), "mark" (the name of our jobs), "paper".  For
 * tests: "limit_ms", how long the child may be silent; "watch_ms" and
 * "trouble_ms", how often the queue is looked at when it is well and when it
 * is not. */
#pragma once

#include "kiosk/device.h"

extern const struct driver printer_cups_driver;
