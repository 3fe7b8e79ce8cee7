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

static void set_printer(struct device *device, const struct settings *settings,
                        const char *queue, const char *paper)
{
    char mark[32];

    snprintf(mark, sizeof mark, "kiosk-%s", settings->terminal);
    device_set(device, "mark", mark);
    device_set(device, "queue", queue);
    device_set(device, "server", settings->printer_server);
    device_set(device, "paper", paper);
}

static struct device *equip_as(struct loop *loop,
                               const struct settings *settings,
                               enum device_class class,
                               const struct driver *driver,
                               const struct device_events *events, void *owner)
{
    struct device *device = device_new(loop, driver, events, owner);

    switch (class) {
    case DEVICE_CARD:
        set_card(device, settings);
        break;
    case DEVICE_PRINTER:
        set_printer(device, settings, settings->printer_queue, settings->paper);
        break;
    case DEVICE_A4:
        set_printer(device, settings, settings->a4_queue, "A4");
        break;
    case DEVICE_CLASS_COUNT:
        break;
    }
    return device;
}

struct device *equip_with(struct loop *loop, const struct settings *settings,
                          const struct driver *driver,
                          const struct device_events *events, void *owner)
{
    return equip_as(loop, settings, driver->class, driver, events, owner);
}

static const char *driver_name(const struct settings *settings,
                               enum device_class class)
{
    switch (class) {
    case DEVICE_CARD:
        return settings->card_driver;
    case DEVICE_PRINTER:
        return settings->printer_driver;
    case DEVICE_A4:
        return settings->a4_driver;
    case DEVICE_CLASS_COUNT:
        break;
    }
    return "";
}

/* NULL: the settings name none of this class. */
static const struct driver *find_for(const struct settings *settings,
                                     enum device_class class)
{
    const struct driver *driver = find_driver(driver_name(settings, class));
    enum device_class wanted = class == DEVICE_A4 ? DEVICE_PRINTER : class;

    return driver && driver->class == wanted ? driver : NULL;
}

bool equip_has(const struct settings *settings, enum device_class class)
{
    return find_for(settings, class) != NULL;
}

struct device *equip(struct loop *loop, const struct settings *settings,
                     enum device_class class,
                     const struct device_events *events, void *owner)
{
    const struct driver *driver = find_for(settings, class);

    return driver ? equip_as(loop, settings, class, driver, events, owner)
                  : NULL;
}
