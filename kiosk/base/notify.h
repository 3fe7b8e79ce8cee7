/* The only door to the service manager: tells systemd that the program is
 * ready, alive and about to stop, in datagrams to the socket that it names
 * (sd_notify(3), without its library).
 *
 * "Alive" is said at the end of a turn of the loop, at most once a tenth of
 * the watchdog's time; a timer makes sure that a turn comes often enough.  So
 * whatever keeps a turn from ending keeps the word from being said. */
#pragma once

#include "kiosk/base/loop.h"

#include <stdint.h>

struct notify;

/* address: NOTIFY_SOCKET, a path or, with an @ before it, an abstract name;
 * NULL or empty: nobody listens, and every call does nothing.  watchdog_ms: 0
 * where nobody watches.  It takes the loop's beat until notify_free. */
struct notify *notify_new(struct loop *loop, const char *address,
                          int64_t watchdog_ms);
void notify_free(struct notify *notify);

void notify_ready(struct notify *notify);
void notify_stopping(struct notify *notify);
