/* The only door to libusb: one thread makes every call of it.
 *
 * Why a thread: libusb's descriptors cannot all be watched by the loop (a
 * device node may be a regular file to epoll), and a stuck bus must not stall
 * the screen.  Everything here returns at once; callbacks come on the loop's
 * thread.
 *
 * A struct usb looks for one device, by its ids and perhaps its place, claims
 * its interface, and is told when it is unplugged and when it is back.  At most
 * one operation runs at a time, each ending in exactly one on_done; bytes are
 * kept in secret memory and erased when the next operation begins. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"
#include "kiosk/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    USB_BYTES_MAX = 4096, /* one transfer, either way */
    USB_PIPES = 2,
};

/* A device and its bulk or interrupt pipes, at most two a direction. */
struct usb_place {
    struct device_place where;
    int out_count, in_count;
    int packet_bytes; /* the largest of its pipes in */
};

struct usb;

struct usb_events {
    /* ERR_OK: claimed, operations may begin.  Otherwise why there is none:
     * ERR_NO_DEVICE nothing with these ids; ERR_FORBIDDEN no right to open it;
     * ERR_EXISTS another program has it; ERR_DEVICE no pipes as a reader has
     * them.  An operation under way ends first. */
    void (*on_state)(void *owner, enum err err, const struct usb_place *place);
    /* bytes: what was read, also before a time-out; valid during the call. */
    void (*on_done)(void *owner, enum err err, const uint8_t *bytes,
                    size_t len);
};

/* ids end with vendor 0; they and place ("" for any) must live until
 * usb_close().  on_state follows in any case. */
struct usb *usb_open(struct loop *loop, const struct usb_id *ids,
                     const char *place, const struct usb_events *events,
                     void *owner);
/* Ends what runs, without a callback; waits until the thread has let go. */
void usb_close(struct usb *usb);

bool usb_is_busy(const struct usb *usb);
/* Pipes are numbered from 0 in the order of the descriptors. */
void usb_write(struct usb *usb, int pipe, const void *bytes, size_t len,
               int timeout_ms);
/* Up to len bytes; ends with the first short packet. */
void usb_read(struct usb *usb, int pipe, size_t len, int timeout_ms);
/* Port reset; the device may come back as a new one. */
void usb_reset(struct usb *usb);
/* The operation that runs, if any, ends with ERR_CANCELLED. */
void usb_cancel(struct usb *usb);
/* Looks again for a device that could not be had. */
void usb_look_again(struct usb *usb);

/* Everything plugged in that has one of these ids, for the technician; done is
 * called once, on the loop's thread. */
void usb_list(struct loop *loop, const struct usb_id *ids,
              void (*done)(void *owner, const struct device_place *places,
                           size_t count),
              void *owner);
