/* Which machines may send, as small files in DIR: staff's commands write them
 * beside a running hub, which holds its database locked.
 *
 *   enrol/FINGERPRINT     may send; its text names the key that it replaces
 *   replaced/FINGERPRINT  its successor has spoken: it sends no more
 *   revoked/FINGERPRINT   staff withdrew it: neither it nor what it signed is
 *                         believed
 *
 * They are only ever added, so that a power cut between two leaves nothing half
 * done; what stands lower in this list counts. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>

enum enrolment {
    ENROLMENT_NONE,
    ENROLMENT_GOOD,
    ENROLMENT_REPLACED,
    ENROLMENT_REVOKED
};

bool enrolment_is_fingerprint(const char *text);
MUST_CHECK enum err enrolment_make_folders(const char *state);
enum enrolment enrolment_of(const char *state, const char *fingerprint);
/* replaces: NULL, or the key before it.  ERR_BAD_INPUT: not fingerprints, or
 * both the same; ERR_REFUSED: that key was revoked or replaced, which is not
 * taken back; ERR_CONFLICT: it is known as another one's successor, or
 * as that one's predecessor. */
MUST_CHECK enum err enrolment_add(const char *state, const char *fingerprint,
                                  const char *replaces);
/* Of any key, known here or not. */
MUST_CHECK enum err enrolment_revoke(const char *state,
                                     const char *fingerprint);
/* The machine has spoken with its new key: the one before ends. */
MUST_CHECK enum err enrolment_settle(const char *state,
                                     const char *fingerprint);

/* Whether the second is the key of the same machine, some replacements ago.
 * Whether that one was revoked is another question. */
bool enrolment_follows(const char *state, const char *fingerprint,
                       const char *before);
