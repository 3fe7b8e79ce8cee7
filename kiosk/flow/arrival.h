/* What has come about once a case has arrived at the office (送达).  Most are to
 * be accepted first (受理), and only then do the office's days run; with some the
 * place in time is booked, and what was paid for at once (an immediate matter,
 * 即办件) is settled: the hub had said so before the case was made.
 *
 * Said before it is sent, on the result page, on the slip and on the phone. */
#pragma once

#include "kiosk/flow/walk.h"

struct arrival {
    const char *name; /* the phone's page for it: kiosk/hub/pages.h */
    /* msgids; with {unit} the first two */
    const char *before, *result, *slip, *receipt;
};

/* By the answers; NULL: they are not known, and only what every case of this
 * item comes to is said.  Never NULL. */
const struct arrival *arrival_of(const struct item *item,
                                 const struct answers *answers);
