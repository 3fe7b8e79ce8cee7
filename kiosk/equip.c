#include "kiosk/equip.h"

#include <stdio.h>
#include <string.h>

static const struct driver *find_driver(const char *name)
{
    for (const struct driver *const *driver = driver_table; *driver; driver++)
        if (strcmp((*driver)->name, name) == 0)
            return *driver;
    return NULL;
}

/* Drivers take what they know. */
static void set_card(struct device *device, const struct settings *settings)
{
    device_set(device, "place", settings->card_place);
    device_set(device, "ids", settings->card_ids);
    device_set(device, "wiring", settings->card_wiring);
}

static void set_printer(struct device *device, const struct settings *settings)
{
    char mark[32];

    snprintf(mark, sizeof mark, "kiosk-%s", settings->terminal);
    device_set(device, "mark", mark);
    device_set(device, "queue", settings->printer_queue);
    device_set(device, "server", settings->printer_server);
    device_set(device, "paper", settings->paper);
}

struct device *equip_with(struct loop *loop, const struct settings *settings,
                          const struct driver *driver,
                          const struct device_events *events, void *owner)
{
    struct device *device = device_new(loop, driver, events, owner);

    switch (driver->class) {
    case DEVICE_CARD:
        set_card(device, settings);
        break;
    case DEVICE_PRINTER:
        set_printer(device, settings);
        break;
    case DEVICE_CLASS_COUNT:
        break;
    }
    return device;
}

struct device *equip(struct loop *loop, const struct settings *settings,
                     enum device_class class,
                     const struct device_events *events, void *owner)
{
    const struct driver *driver =
        find_driver(class == DEVICE_CARD ? settings->card_driver
                                         : settings->printer_driver);

    if (!driver || driver->class != class)
        return NULL;
    return equip_with(loop, settings, driver, events, owner);
}
