#include "kiosk/mode.h"

enum mode mode_of(const struct mode_inputs *inputs)
{
    if (inputs->is_resting)
        return MODE_OUT_OF_SERVICE;
    if (inputs->store && !inputs->is_starting)
        return MODE_OUT_OF_SERVICE;
    if (!inputs->is_open_hours)
        return MODE_CLOSED;
    return MODE_IN_SERVICE;
}
