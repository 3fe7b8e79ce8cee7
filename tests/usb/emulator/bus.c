/* The bus: the ioctls of usbfs that libusb makes, answered for each reader. */
#include "tests/usb/emulator/emulator.h"

#include <linux/usbdevice_fs.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static int next_number = 2; /* of the next device node */

/* ---- The bus ----------------------------------------------------------- */

static int pipe_of(const struct reader *reader, int end)
{
    (void)reader;
    return end == 0x81 || end == 0x02 ? 0 : 1;
}

static void set_int(UMockdevIoctlData *urb, size_t offset, int value)
{
    umockdev_ioctl_data_update(urb, offset, (guint8 *)&value, sizeof value);
}

static void finish(struct reader *reader, UMockdevIoctlData *urb, int status,
                   int actual)
{
    set_int(urb, G_STRUCT_OFFSET(struct usbdevfs_urb, status), status);
    set_int(urb, G_STRUCT_OFFSET(struct usbdevfs_urb, actual_length), actual);
    g_queue_push_tail(&reader->done, urb);
}

static void reap(struct reader *reader, UMockdevIoctlClient *client)
{
    UMockdevIoctlData *urb = g_queue_pop_head(&reader->done);
    UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
    UMockdevIoctlData *pointer =
        umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);

    umockdev_ioctl_data_set_ptr(pointer, 0, urb);
    umockdev_ioctl_client_complete(client, 0, 0);
    umockdev_ioctl_data_unref(pointer);
    umockdev_ioctl_data_unref(urb);
}

static void release_reaper(struct reader *reader)
{
    UMockdevIoctlClient *client = reader->reaper;

    if (!client)
        return;
    reader->reaper = NULL;
    if (reader->hold)
        g_source_remove(reader->hold);
    reader->hold = 0;
    if (!g_queue_is_empty(&reader->done))
        reap(reader, client);
    else
        umockdev_ioctl_client_complete(client, -1,
                                       reader->is_plugged ? EAGAIN : ENODEV);
    g_object_unref(client);
}

static gboolean on_held(gpointer owner)
{
    struct reader *reader = owner;
    g_rec_mutex_lock(&lock);
    if (g_source_is_destroyed(g_main_current_source())) {
        g_rec_mutex_unlock(&lock); /* another let the reaper go meanwhile */
        return G_SOURCE_REMOVE;
    }
    reader->hold = 0;
    release_reaper(reader);
    g_rec_mutex_unlock(&lock);
    return G_SOURCE_REMOVE;
}

/* One read takes packets up to the first short one, or until it is full. */
static void fill(struct reader *reader, struct urb *read)
{
    struct usbdevfs_urb *urb = (struct usbdevfs_urb *)(void *)read->data->data;
    GQueue *packets = &reader->packets[pipe_of(reader, read->end)];
    UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(
        read->data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer),
        (gsize)urb->buffer_length, NULL);
    int actual = 0;
    bool is_short = false;

    while (!is_short && !g_queue_is_empty(packets)) {
        GByteArray *packet = g_queue_peek_head(packets);
        if (actual + (int)packet->len > urb->buffer_length)
            break;
        g_queue_pop_head(packets);
        if (packet->len > 0)
            umockdev_ioctl_data_update(buffer, (gsize)actual, packet->data,
                                       (gint)packet->len);
        actual += (int)packet->len;
        is_short = packet->len < PACKET;
        g_byte_array_unref(packet);
    }
    umockdev_ioctl_data_unref(buffer);
    finish(reader, read->data, 0, actual);
}

void give(struct reader *reader)
{
    GQueue still = G_QUEUE_INIT;
    struct urb *read;

    while ((read = g_queue_pop_head(&reader->waiting))) {
        if (reader->is_stalled) {
            reader->is_stalled = false;
            finish(reader, read->data, -EPIPE, 0);
        } else if (!g_queue_is_empty(
                       &reader->packets[pipe_of(reader, read->end)])) {
            fill(reader, read);
        } else {
            g_queue_push_tail(&still, read);
            continue;
        }
        g_free(read);
    }
    while ((read = g_queue_pop_head(&still)))
        g_queue_push_tail(&reader->waiting, read);
    if (!g_queue_is_empty(&reader->done))
        release_reaper(reader);
}

static void submit(struct reader *reader, UMockdevIoctlClient *client)
{
    UMockdevIoctlData *urb =
        umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0,
                                    sizeof(struct usbdevfs_urb), NULL);
    struct usbdevfs_urb *is = (struct usbdevfs_urb *)(void *)urb->data;
    int end = is->endpoint, len = is->buffer_length;
    UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(
        urb, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gsize)len, NULL);

    umockdev_ioctl_client_complete(client, 0, 0);
    if (end & 0x80) {
        struct urb *read = g_new0(struct urb, 1);
        *read = (struct urb){ urb, end };
        g_queue_push_tail(&reader->waiting, read);
    } else {
        finish(reader, urb, 0, len);
        take_command(reader, buffer->data, (size_t)len);
    }
    if (buffer)
        umockdev_ioctl_data_unref(buffer);
    give(reader);
}

static void discard(struct reader *reader, UMockdevIoctlClient *client)
{
    gulong address =
        *(gulong *)(void *)umockdev_ioctl_client_get_arg(client)->data;

    for (GList *at = reader->waiting.head; at; at = at->next) {
        struct urb *read = at->data;
        if (read->data->client_addr != address)
            continue;
        g_queue_delete_link(&reader->waiting, at);
        umockdev_ioctl_client_complete(client, 0, 0);
        finish(reader, read->data, -ENOENT, 0);
        g_free(read);
        release_reaper(reader);
        return;
    }
    umockdev_ioctl_client_complete(client, -1, EINVAL);
}

static void capabilities(UMockdevIoctlClient *client)
{
    guint32 can = USBDEVFS_CAP_BULK_CONTINUATION |
                  USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                  USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(
        umockdev_ioctl_client_get_arg(client), 0, sizeof can, NULL);
    umockdev_ioctl_data_update(data, 0, (guint8 *)&can, sizeof can);
    umockdev_ioctl_data_unref(data);
    umockdev_ioctl_client_complete(client, 0, 0);
}

static void reset(struct reader *reader)
{
    for (int i = 0; i < PIPES; i++)
        while (!g_queue_is_empty(&reader->packets[i]))
            g_byte_array_unref(g_queue_pop_head(&reader->packets[i]));
    reader->is_dead = reader->is_stalled = reader->is_selected = false;
    g_byte_array_set_size(reader->command, 0);
    reader->resets++;
}

static void claim(struct reader *reader, UMockdevIoctlClient *client)
{
    if (reader->busy_times > 0) {
        reader->busy_times--;
        umockdev_ioctl_client_complete(client, -1, EBUSY);
        return;
    }
    reader->opens++;
    umockdev_ioctl_client_complete(client, 0, 0);
}

static gboolean serve(UMockdevIoctlClient *client, struct reader *reader)
{
    gulong request = umockdev_ioctl_client_get_request(client);
    bool is_node =
        strcmp(umockdev_ioctl_client_get_devnode(client), reader->node) == 0;
    bool is_gone = !reader->is_plugged || !is_node;

    if (request == USBDEVFS_REAPURBNDELAY || request == USBDEVFS_REAPURB) {
        if (!g_queue_is_empty(&reader->done) && is_node) {
            reap(reader, client);
        } else if (is_gone) {
            umockdev_ioctl_client_complete(client, -1, ENODEV);
        } else {
            reader->reaper = g_object_ref(client);
            if (hold_ms == 0)
                release_reaper(reader);
            else
                reader->hold = g_timeout_add((guint)hold_ms, on_held, reader);
        }
        return TRUE;
    }
    if (is_gone) {
        umockdev_ioctl_client_complete(client, -1, ENODEV);
        return TRUE;
    }
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        capabilities(client);
        return TRUE;
    case USBDEVFS_RESET:
        reset(reader);
        umockdev_ioctl_client_complete(client, 0, 0);
        return TRUE;
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM:
        claim(reader, client);
        return TRUE;
    case USBDEVFS_RELEASEINTERFACE:
        reader->opens--;
        umockdev_ioctl_client_complete(client, 0, 0);
        return TRUE;
    case USBDEVFS_CLEAR_HALT:
    case USBDEVFS_SETINTERFACE:
        umockdev_ioctl_client_complete(client, 0, 0);
        return TRUE;
    case USBDEVFS_GETDRIVER:
    case USBDEVFS_IOCTL:
        umockdev_ioctl_client_complete(client, -1, ENODATA);
        return TRUE;
    case USBDEVFS_SUBMITURB:
        submit(reader, client);
        return TRUE;
    case USBDEVFS_DISCARDURB:
        discard(reader, client);
        return TRUE;
    default:
        return FALSE;
    }
}

static gboolean on_ioctl(UMockdevIoctlBase *handler,
                         UMockdevIoctlClient *client, struct reader *reader)
{
    (void)handler;
    g_rec_mutex_lock(&lock);
    gboolean is_served = serve(client, reader);
    g_rec_mutex_unlock(&lock);
    return is_served;
}

/* ---- Plugging ---------------------------------------------------------- */

static void add_end(GString *hex, int address)
{
    g_string_append_printf(hex, "0705%02x02400000", address);
}

/* By hand: full speed, vendor class; a guess, as no dump of a real one is
 * public. */
static char *descriptors(enum wiring wiring, const char *id)
{
    static const int ends[] = { 0x02, 0x81, 0x06, 0x85 };
    int count = wiring == WIRING_FOUR ? 4 : wiring == WIRING_PAIR ? 2 : 0;
    GString *hex = g_string_new(NULL);

    /* 0400:c35a, its bytes little-endian */
    g_string_append_printf(hex,
                           "1201100100000040%.2s%.2s%.2s%.2s63000000"
                           "0001",
                           id + 2, id, id + 7, id + 5);
    g_string_append_printf(hex, "0902%02x0001010080fa", 18 + 7 * count);
    g_string_append_printf(hex, "09040000%02xff000000", count);
    for (int i = 0; i < count; i++)
        add_end(hex, ends[i]);
    return g_string_free(hex, FALSE);
}

void plug(struct reader *reader, enum wiring wiring, const char *id)
{
    char *hex = descriptors(wiring, id);

    g_free(reader->node);
    g_free(reader->sys);
    reader->number = next_number++;
    reader->node = g_strdup_printf("/dev/bus/usb/001/%03d", reader->number);
    reader->sys = g_strdup_printf("/sys/devices/usb1/1-%d", reader->place);
    reader->wiring = wiring;
    reader->is_plugged = true;
    reader->opens = 0;
    reader->was_read = false;
    reset(reader);
    umockdev_testbed_attach_ioctl(bed, reader->node, reader->handler, NULL);
    char *text = g_strdup_printf(
        "P: /devices/usb1/1-%d\nN: bus/usb/001/%03d\n"
        "E: SUBSYSTEM=usb\nE: DRIVER=usb\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
        "E: DEVNAME=/dev/bus/usb/001/%03d\nE: DEVTYPE=usb_device\n"
        "A: busnum=1\\n\nA: devnum=%d\\n\nA: bConfigurationValue=1\\n\n"
        "A: speed=12\\n\nH: descriptors=%s\n",
        reader->place, reader->number, reader->number, reader->number,
        reader->number, hex);
    GError *error = NULL;
    if (!umockdev_testbed_add_from_string(bed, text, &error)) {
        fprintf(stderr, "emulator: %s\n", error ? error->message : "?");
        exit(70);
    }
    g_free(text);
    g_free(hex);
}

void unplug(struct reader *reader)
{
    struct urb *read;

    if (!reader->is_plugged)
        return;
    reader->is_plugged = false;
    while ((read = g_queue_pop_head(&reader->waiting))) {
        finish(reader, read->data, -ENODEV, 0);
        g_free(read);
    }
    umockdev_testbed_uevent(bed, reader->sys, "remove");
    umockdev_testbed_remove_device(bed, reader->sys);
    release_reaper(reader);
}

static void add_hub(void)
{
    umockdev_testbed_add_from_string(
        bed,
        "P: /devices/usb1\nN: bus/usb/001/001\n"
        "E: SUBSYSTEM=usb\nE: DRIVER=usb\nE: BUSNUM=001\nE: DEVNUM=001\n"
        "E: DEVNAME=/dev/bus/usb/001/001\nE: DEVTYPE=usb_device\n"
        "A: busnum=1\\n\nA: devnum=1\\n\nA: bConfigurationValue=1\\n\n"
        "A: speed=480\\n\n"
        "H: descriptors=12010002090001406b1d020002060302010109021900010100"
        "e0000904000001090000000705810304000c\n",
        NULL);
}

void bus_init(void)
{
    add_hub();
    for (int i = 1; i <= PLACES; i++) {
        struct reader *reader = &readers[i];
        reader->place = i;
        reader->handler = umockdev_ioctl_base_new();
        g_object_connect(reader->handler, "signal-after::handle-ioctl",
                         on_ioctl, reader, NULL);
        reader->command = g_byte_array_new();
        for (int p = 0; p < PIPES; p++)
            g_queue_init(&reader->packets[p]);
        g_queue_init(&reader->waiting);
        g_queue_init(&reader->done);
    }
}
