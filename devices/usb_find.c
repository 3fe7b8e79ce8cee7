#include "devices/usb_find.h"

#include <stdio.h>
#include <string.h>

enum {
    PORTS_MAX = 7,
    ANY_CLASS = -1,
    PACKET_MASK = 0x7ff /* above it are transactions per microframe */
};

static bool has_id(const struct libusb_device_descriptor *is,
                   const struct usb_id *ids)
{
    for (; ids->vendor; ids++)
        if (is->idVendor == ids->vendor && is->idProduct == ids->product)
            return true;
    return false;
}

/* "1-1.2": bus 1, port 1 of it, port 2 of the hub there. */
static void write_path(libusb_device *device, char *path, size_t size)
{
    uint8_t ports[PORTS_MAX];
    int count = libusb_get_port_numbers(device, ports, PORTS_MAX);
    size_t len =
        (size_t)snprintf(path, size, "%d", libusb_get_bus_number(device));

    for (int i = 0; i < count && len < size; i++)
        len += (size_t)snprintf(path + len, size - len, "%c%d",
                                i == 0 ? '-' : '.', ports[i]);
}

/* ---- Pipes ------------------------------------------------------------- */

struct pipes {
    uint8_t out[USB_PIPES], in[USB_PIPES];
    int out_count, in_count;
    int packet_bytes; /* the largest coming in */
    bool is_interrupt;
};

/* Kept in the order of their addresses. */
static void add_pipe(uint8_t *pipes, int *count, uint8_t address)
{
    if (*count == USB_PIPES)
        return;
    int at = (*count)++;
    while (at > 0 && pipes[at - 1] > address) {
        pipes[at] = pipes[at - 1];
        at--;
    }
    pipes[at] = address;
}

static void collect_pipes(const struct libusb_interface_descriptor *setting,
                          int type, struct pipes *pipes)
{
    *pipes = (struct pipes){ .is_interrupt =
                                 type == LIBUSB_TRANSFER_TYPE_INTERRUPT };
    for (int i = 0; i < setting->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *end = &setting->endpoint[i];
        if ((end->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != type)
            continue;
        int packet_bytes = end->wMaxPacketSize & PACKET_MASK;
        if (end->bEndpointAddress & LIBUSB_ENDPOINT_IN) {
            add_pipe(pipes->in, &pipes->in_count, end->bEndpointAddress);
            if (pipes->packet_bytes < packet_bytes)
                pipes->packet_bytes = packet_bytes;
        } else
            add_pipe(pipes->out, &pipes->out_count, end->bEndpointAddress);
    }
}

static bool has_both(const struct libusb_interface_descriptor *setting,
                     struct pipes *pipes)
{
    collect_pipes(setting, LIBUSB_TRANSFER_TYPE_BULK, pipes);
    if (pipes->out_count == 0 || pipes->in_count == 0)
        collect_pipes(setting, LIBUSB_TRANSFER_TYPE_INTERRUPT, pipes);
    return pipes->out_count > 0 && pipes->in_count > 0 &&
           pipes->packet_bytes > 0;
}

/* The first interface of that class with pipes in both directions, or -1. */
static int find_interface(const struct libusb_config_descriptor *config,
                          int class, struct pipes *pipes)
{
    for (int i = 0; i < config->bNumInterfaces; i++) {
        if (config->interface[i].num_altsetting == 0)
            continue;
        const struct libusb_interface_descriptor *setting =
            config->interface[i].altsetting;
        if (class != ANY_CLASS && setting->bInterfaceClass != class)
            continue;
        if (has_both(setting, pipes))
            return setting->bInterfaceNumber;
    }
    return -1;
}

/* A reader calls its interface vendor-specific, if it is well made. */
static int find_pipes(libusb_device *device, struct pipes *pipes)
{
    struct libusb_config_descriptor *config;

    if (libusb_get_active_config_descriptor(device, &config))
        return -1;
    int interface = find_interface(config, LIBUSB_CLASS_VENDOR_SPEC, pipes);
    if (interface < 0)
        interface = find_interface(config, ANY_CLASS, pipes);
    libusb_free_config_descriptor(config);
    return interface;
}

/* ---- Devices ----------------------------------------------------------- */

static bool describe(libusb_device *device, const struct usb_id *ids,
                     struct device_place *place)
{
    struct libusb_device_descriptor is;

    if (libusb_get_device_descriptor(device, &is) || !has_id(&is, ids))
        return false;
    *place = (struct device_place){ .id = { is.idVendor, is.idProduct } };
    write_path(device, place->path, sizeof place->path);
    return true;
}

static enum err err_of_open(int code)
{
    switch (code) {
    case LIBUSB_SUCCESS:
        return ERR_OK;
    case LIBUSB_ERROR_ACCESS:
        return ERR_FORBIDDEN;
    case LIBUSB_ERROR_BUSY:
        return ERR_EXISTS;
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
        return ERR_NO_DEVICE;
    default:
        return ERR_DEVICE;
    }
}

static enum err claim(libusb_device *device, struct usb_claimed *claimed)
{
    struct pipes pipes = { .out_count = 0 };

    claimed->interface = find_pipes(device, &pipes);
    if (claimed->interface < 0)
        return ERR_DEVICE;
    int code = libusb_open(device, &claimed->handle);
    if (code)
        return err_of_open(code);
    /* Where the system knows no detaching there is nothing to detach. */
    (void)libusb_set_auto_detach_kernel_driver(claimed->handle, 1);
    code = libusb_claim_interface(claimed->handle, claimed->interface);
    if (code) {
        libusb_close(claimed->handle);
        return err_of_open(code);
    }
    claimed->device = device;
    memcpy(claimed->out, pipes.out, sizeof pipes.out);
    memcpy(claimed->in, pipes.in, sizeof pipes.in);
    claimed->is_interrupt = pipes.is_interrupt;
    claimed->place.out_count = pipes.out_count;
    claimed->place.in_count = pipes.in_count;
    claimed->place.packet_bytes = pipes.packet_bytes;
    return ERR_OK;
}

enum err usb_find(libusb_context *context, const struct usb_id *ids,
                  const char *place, struct usb_claimed *ret_claimed)
{
    libusb_device **devices;
    enum err err = ERR_NO_DEVICE;

    ssize_t count = libusb_get_device_list(context, &devices);
    if (count < 0)
        return ERR_DEVICE;
    for (ssize_t i = 0; err && i < count; i++) {
        struct usb_claimed claimed = { .handle = NULL };
        if (!describe(devices[i], ids, &claimed.place.where) ||
            (*place && strcmp(place, claimed.place.where.path) != 0))
            continue;
        err = claim(devices[i], &claimed);
        if (!err)
            *ret_claimed = claimed;
    }
    libusb_free_device_list(devices, 1);
    return err;
}

void usb_release(struct usb_claimed *claimed)
{
    if (!claimed->handle)
        return;
    (void)libusb_release_interface(claimed->handle, claimed->interface);
    libusb_close(claimed->handle);
    *claimed = (struct usb_claimed){ .handle = NULL };
}

size_t usb_find_all(libusb_context *context, const struct usb_id *ids,
                    struct device_place *places, size_t max)
{
    libusb_device **devices;
    size_t found = 0;

    ssize_t count = libusb_get_device_list(context, &devices);
    for (ssize_t i = 0; i < count && found < max; i++)
        if (describe(devices[i], ids, &places[found]))
            found++;
    if (count >= 0)
        libusb_free_device_list(devices, 1);
    return found;
}
