/* Every driver of the program.  A new one is added here, nowhere else. */
#include "kiosk/device.h"

#include "devices/card/sdt.h"
#include "devices/card/sim.h"
#include "devices/printer/cups.h"
#include "devices/printer/sim.h"

#include <stddef.h>

const struct driver *const driver_table[] = {
    &card_sdt_driver,
    &card_sim_driver,
    &printer_cups_driver,
    &printer_sim_driver,
    NULL,
};
