/* How a code reaches a person's telephone.  An integrator replaces sender.c by
 * what speaks to the operator's gateway; it takes a code and answers at once.
 *
 * The one here is for the demonstration and for tests: it writes
 * FOLDER/N.json, N counting from 1, {"to": "138****5678", "code": "123456"}. */
#pragma once

#include "kiosk/base/err.h"

struct sender;

/* Makes the folder (0700); goes on counting after what stands there. */
MUST_CHECK enum err sender_open(const char *folder, struct sender **ret_sender);
void sender_close(struct sender *sender);
/* ERR_OK: it is on its way. */
MUST_CHECK enum err sender_send(struct sender *sender, const char *phone,
                                const char *code);
