/* From the settings to a device: which driver it has, and what that is told.
 * The terminal and the technician's probe equip themselves alike. */
#pragma once

#include "kiosk/device.h"
#include "kiosk/settings.h"

/* Not yet open, so that more can be set; NULL: the settings name no driver of
 * this class. */
struct device *equip(struct loop *loop, const struct settings *settings,
                     enum device_class class,
                     const struct device_events *events, void *owner);
/* Whether that would make one. */
bool equip_has(const struct settings *settings, enum device_class class);
/* The same with a driver of the caller's choice. */
struct device *equip_with(struct loop *loop, const struct settings *settings,
                          const struct driver *driver,
                          const struct device_events *events, void *owner);
