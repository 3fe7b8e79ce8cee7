/* Rights, given up in one call, before anything from outside is read.
 * What a profile takes away stands in one table in sandbox.c. */
#pragma once

#include "kiosk/base/err.h"

enum sandbox_profile {
    SANDBOX_TERMINAL, /* kiosk: no core dumps, no new privileges, not
                         traceable by others of the same user */
    SANDBOX_HUB,      /* the same, for kiosk-hub */
    SANDBOX_DRAW,     /* kiosk-draw: also no new files, no sockets, no other
                         program, no more than small limits */
    SANDBOX_PRINT,    /* kiosk-print: writes no file; outlives its parent for
                         as long as it takes to cancel its job */
    SANDBOX_IME, /* kiosk-ime: as kiosk-draw; a session may write for long */
    SANDBOX_COUNT
};

MUST_CHECK enum err sandbox_enter(enum sandbox_profile profile);
