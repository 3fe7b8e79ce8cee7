/* Whether the machine takes people now: decided by one pure function. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>

enum mode { MODE_IN_SERVICE, MODE_CLOSED, MODE_OUT_OF_SERVICE };

struct mode_inputs {
    bool is_open_hours;
    enum err store;   /* why cases cannot be taken, or ERR_OK */
    bool is_starting; /* the store's answer has not come yet */
    bool is_out;      /* staff took it out of service: kiosk/staff.h */
    bool is_resting;  /* after several crashes in a row: kiosk/unclean.h */
};

/* "service", "closed", "out": what the hub is told. */
const char *mode_name(enum mode mode);

/* Starting counts as in service: a case begun now is stored seconds later. */
enum mode mode_of(const struct mode_inputs *inputs);
