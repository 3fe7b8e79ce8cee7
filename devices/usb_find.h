/* For usb.c alone: which device is meant, and its pipes.  Called on the USB
 * thread. */
#pragma once

#include "devices/usb.h"

#include <libusb.h>

/* A claimed device. */
struct usb_claimed {
    libusb_device *device; /* held by the handle */
    libusb_device_handle *handle;
    int interface;
    uint8_t out[USB_PIPES], in[USB_PIPES];
    bool is_interrupt; /* the kind of transfers its pipes take */
    struct usb_place place;
};

/* Claims the first device that fits; see usb_events.on_state for what hinders.
 * *ret_claimed is untouched then. */
MUST_CHECK enum err usb_find(libusb_context *context, const struct usb_id *ids,
                             const char *place,
                             struct usb_claimed *ret_claimed);
void usb_release(struct usb_claimed *claimed);
/* Fills at most max places; returns how many. */
size_t usb_find_all(libusb_context *context, const struct usb_id *ids,
                    struct device_place *places, size_t max);
