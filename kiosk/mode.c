#include "kiosk/mode.h"

const char *mode_name(enum mode mode)
{
    switch (mode) {
    case MODE_IN_SERVICE:
        return "service";
    case MODE_CLOSED:
        return "closed";
    case MODE_OUT_OF_SERVICE:
        return "out";
    }
    return "";
}

enum mode mode_of(const struct mode_inputs *inputs)
{
    if (inputs->is_resting || inputs->is_out)
        return MODE_OUT_OF_SERVICE;
    if (inputs->store && !inputs->is_starting)
        return MODE_OUT_OF_SERVICE;
    if (!inputs->is_open_hours)
        return MODE_CLOSED;
    return MODE_IN_SERVICE;
}
