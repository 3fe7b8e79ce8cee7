/* The driver of identity card readers with a SAM inside ("SDT" readers), on
 * USB in both wirings.
 *
 * Settings of the device: "place" pins the reader ("1-1.2"), "ids" names other
 * vendor:product pairs than the usual ("0400:c35a 0316:5020"), "wiring" is
 * auto, four-pipes or one-pair, "record" a file for every transfer. */
#pragma once

#include "kiosk/device.h"

extern const struct driver card_sdt_driver;
