/* A pretended card reader, for the demo, for tests and as the template of a
 * real driver.  It takes the lines `card KIND key=value …`, `card unknown`,
 * `card two`, `card lift`, `reader unplug` and `reader plug`; its one setting
 * is "read_ms", how long a reading takes. */
#pragma once

#include "kiosk/device.h"

extern const struct driver card_sim_driver;
