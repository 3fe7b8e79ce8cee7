/* A number typed by ten keys: the field, its pad and the footer's keys. */
#pragma once

#include "kiosk/screen.h"

struct digits {
    const char *id, *label, *initial;
    size_t count;       /* of a whole number: how many are missing is said; 0:
                           it is not known before */
    size_t most;        /* that can be typed; 0: count */
    const char *groups; /* "684": how it is read; NULL: in one piece */
    bool may_leave;     /* empty, it goes on */
    char more_key;      /* beside the digits: 'X', '.'; '\0': none */
};

/* What was typed by now. */
const char *digits_describe(const struct screen *screen, struct view *view,
                            const struct digits *digits);
