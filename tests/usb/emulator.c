/* A bus with identity card readers that behave, or misbehave, as they are
 * told, behind the unmodified libusb of any program.
 *
 *     emulator [--control FD] [--keep FD] [--plug "four 1"]… -- PROGRAM …
 *
 * Runs PROGRAM with umockdev's preload library and ends as it ends.  Lines on
 * FD are answered by one line each (see controls[] below); --keep FD is left
 * open for PROGRAM.  The readers speak the SAM protocol in either wiring; the
 * card on one is given by the bytes in its chip. */
#include <glib-unix.h>
#include <glib.h>
#include <umockdev.h>

#include <linux/usbdevice_fs.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PLACES = 12, /* ports of the one hub */
    PACKET = 64,
    TEXT_BYTES = 256,
    PHOTO_BYTES = 1024,
    ADDRESS_BYTES = 70,
    HOLD_MS = 1, /* a reap that finds nothing waits so long: see README */
    PIPES = 2
};

enum wiring { WIRING_FOUR, WIRING_PAIR, WIRING_NONE };

enum step {
    STEP_STATUS,
    STEP_FIND,
    STEP_SELECT,
    STEP_TEXT,
    STEP_ADDRESS,
    STEPS
};
static const char *const step_names[STEPS] = { "status", "find", "select",
                                               "text", "address" };

enum fault {
    FAULT_NONE,
    FAULT_CHECKSUM, /* the answer's checksum is wrong */
    FAULT_LONG,     /* its length says more than comes */
    FAULT_SHORT,    /* its length says less */
    FAULT_HUGE,     /* its length is 0xFFFF */
    FAULT_SPLIT,    /* it comes in packets of a few bytes */
    FAULT_MERGED,   /* another answer comes in front, in the same packet */
    FAULT_GARBAGE,  /* bytes in front of the preamble */
    FAULT_STALL,    /* the pipe stalls */
    FAULT_LATE,     /* it comes when nobody waits any more */
    FAULT_SILENCE,  /* it never comes */
    FAULT_DEAD,     /* nothing comes until the port is reset */
    FAULT_OTHER,    /* the answer to another question comes instead */
    FAULT_UNPLUG,   /* the plug is pulled instead of an answer */
    FAULT_STATUS,   /* a status instead of an answer */
    FAULT_LIFT,     /* the card is lifted */
    FAULT_TORN,     /* half of it comes */
    FAULTS
};
static const char *const fault_names[FAULTS] = {
    "none",   "checksum", "long",   "short", "huge",    "split",
    "merged", "garbage",  "stall",  "late",  "silence", "dead",
    "other",  "unplug",   "status", "lift",  "torn",
};

struct urb {
    UMockdevIoctlData *data;
    int end;
};

struct reader {
    int place;
    enum wiring wiring;
    bool is_plugged;
    int number; /* of its device node */
    UMockdevIoctlBase *handler;
    char *node, *sys;

    bool has_card, is_selected, was_read;
    uint8_t text[TEXT_BYTES], photo[PHOTO_BYTES], address[ADDRESS_BYTES];
    size_t text_len;
    bool has_address;

    enum fault fault;
    enum step fault_step;
    int fault_times; /* -1: for ever */
    int fault_status;
    int late_ms;
    int delay_ms; /* what the reader itself takes for the text */

    GByteArray *command;   /* what came so far */
    GQueue packets[PIPES]; /* of GByteArray: to be read */
    bool is_stalled;
    bool is_dead;
    GQueue waiting; /* of struct urb: reads without an answer yet */
    GQueue done;    /* of UMockdevIoctlData: to be reaped */
    UMockdevIoctlClient *reaper; /* held until there is something */
    guint hold;
    GByteArray *last; /* the answer before */
    int commands, opens, resets;
};

static struct reader readers[PLACES + 1];
static UMockdevTestbed *bed;
static GMainLoop *main_loop;
static int next_number = 2, exit_code, hold_ms = HOLD_MS;
static int control_fd = -1;

static void unplug(struct reader *reader);

/* ---- Answers ----------------------------------------------------------- */

static uint8_t check_of(const uint8_t *bytes, size_t len)
{
    uint8_t check = 0;
    for (size_t i = 0; i < len; i++)
        check ^= bytes[i];
    return check;
}

static GByteArray *frame(uint8_t status, const uint8_t *data, size_t len)
{
    uint8_t head[10] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69 };
    size_t length = len + 4;

    head[5] = (uint8_t)(length >> 8);
    head[6] = (uint8_t)length;
    head[9] = status;
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, data, (guint)len);
    uint8_t check = check_of(bytes->data + 5, bytes->len - 5);
    g_byte_array_append(bytes, &check, 1);
    return bytes;
}

static GByteArray *answer_text(struct reader *reader)
{
    uint8_t data[4 + TEXT_BYTES + PHOTO_BYTES] = { 0, 0, 4, 0 };

    if (!reader->has_card || !reader->is_selected)
        return frame(0x41, NULL, 0);
    reader->was_read = true;
    data[0] = (uint8_t)(reader->text_len >> 8);
    data[1] = (uint8_t)reader->text_len;
    memcpy(data + 4, reader->text, reader->text_len);
    memcpy(data + 4 + reader->text_len, reader->photo, PHOTO_BYTES);
    return frame(0x90, data, 4 + reader->text_len + PHOTO_BYTES);
}

static GByteArray *answer(struct reader *reader, enum step step)
{
    static const uint8_t zeros[8];

    switch (step) {
    case STEP_FIND:
        reader->is_selected = false;
        if (!reader->has_card || reader->was_read)
            return frame(0x80, NULL, 0);
        return frame(0x9F, zeros, 4);
    case STEP_SELECT:
        reader->is_selected = reader->has_card;
        return reader->has_card ? frame(0x90, zeros, 8) : frame(0x81, NULL, 0);
    case STEP_TEXT:
        return answer_text(reader);
    case STEP_ADDRESS:
        if (!reader->has_card)
            return frame(0x41, NULL, 0);
        return reader->has_address ? frame(0x90, reader->address, ADDRESS_BYTES)
                                   : frame(0x91, NULL, 0);
    case STEP_STATUS:
    case STEPS:
        break;
    }
    return frame(0x90, NULL, 0);
}

/* ---- Packets ----------------------------------------------------------- */

static void give(struct reader *reader);

static void push_packets(struct reader *reader, int pipe, const uint8_t *bytes,
                         size_t len, size_t packet)
{
    bool is_full = true;
    for (size_t at = 0; at < len; at += packet) {
        size_t part = len - at < packet ? len - at : packet;
        GByteArray *one = g_byte_array_new();
        g_byte_array_append(one, bytes + at, (guint)part);
        g_queue_push_tail(&reader->packets[pipe], one);
        is_full = part == PACKET;
    }
    if (len > 0 && is_full) /* a short one must end it */
        g_queue_push_tail(&reader->packets[pipe], g_byte_array_new());
}

static void push_answer(struct reader *reader, const GByteArray *bytes,
                        size_t packet)
{
    size_t head = bytes->len < 7 ? bytes->len : 7;
    if (reader->wiring == WIRING_PAIR) {
        push_packets(reader, 0, bytes->data, bytes->len, packet);
    } else {
        push_packets(reader, 0, bytes->data, head, packet);
        push_packets(reader, 1, bytes->data + head, bytes->len - head, packet);
    }
    give(reader);
}

struct late {
    struct reader *reader;
    GByteArray *bytes;
    int resets; /* a reset reader has forgotten what it had to say */
};

static gboolean come_late(gpointer owner)
{
    struct late *late = owner;
    if (late->reader->is_plugged && late->reader->resets == late->resets)
        push_answer(late->reader, late->bytes, PACKET);
    g_byte_array_unref(late->bytes);
    g_free(late);
    return G_SOURCE_REMOVE;
}

static void push_late(struct reader *reader, GByteArray *bytes, int after_ms)
{
    struct late *late = g_new0(struct late, 1);
    *late = (struct late){ reader, g_byte_array_ref(bytes), reader->resets };
    g_timeout_add((guint)after_ms, come_late, late);
}

static void prepend(GByteArray *bytes, const uint8_t *in_front, size_t len)
{
    g_byte_array_prepend(bytes, in_front, (guint)len);
}

static GByteArray *other_answer(struct reader *reader, enum step step)
{
    static const uint8_t zeros[8];
    (void)reader;
    return step == STEP_SELECT ? frame(0x9F, zeros, 4) : frame(0x90, zeros, 8);
}

/* In four pipes bytes in front come over the first, before the head. */
static void push_merged(struct reader *reader, const GByteArray *bytes)
{
    GByteArray *before = other_answer(reader, STEP_SELECT);

    if (reader->wiring == WIRING_PAIR) {
        g_byte_array_append(before, bytes->data, bytes->len);
        push_answer(reader, before, PACKET);
    } else {
        push_answer(reader, before, PACKET);
        push_answer(reader, bytes, PACKET);
    }
    g_byte_array_unref(before);
}

static void push_faulty(struct reader *reader, enum step step,
                        GByteArray *bytes)
{
    static const uint8_t garbage[] = { 0x00, 0xAA, 0xAA, 0xFF, 0xAA,
                                       0x69, 0x42, 0xAA, 0xAA };
    GByteArray *other;

    switch (reader->fault) {
    case FAULT_CHECKSUM:
        bytes->data[bytes->len - 1] ^= 0x5A;
        break;
    case FAULT_LONG:
        bytes->data[6] = (uint8_t)(bytes->data[6] + 9);
        break;
    case FAULT_SHORT:
        bytes->data[6]--;
        break;
    case FAULT_HUGE:
        bytes->data[5] = bytes->data[6] = 0xFF;
        break;
    case FAULT_SPLIT:
        push_answer(reader, bytes, 3);
        return;
    case FAULT_MERGED:
        push_merged(reader, bytes);
        return;
    case FAULT_GARBAGE:
        if (reader->wiring == WIRING_PAIR)
            prepend(bytes, garbage, sizeof garbage);
        else
            push_packets(reader, 0, garbage, sizeof garbage, PACKET);
        break;
    case FAULT_STALL:
        reader->is_stalled = true;
        give(reader);
        return;
    case FAULT_LATE:
        push_late(reader, bytes, reader->late_ms);
        return;
    case FAULT_DEAD:
        reader->is_dead = true;
        return;
    case FAULT_SILENCE:
        return;
    case FAULT_OTHER:
        other = other_answer(reader, step);
        push_answer(reader, other, PACKET);
        g_byte_array_unref(other);
        return;
    case FAULT_UNPLUG:
        unplug(reader);
        return;
    case FAULT_STATUS:
        other = frame((uint8_t)reader->fault_status, NULL, 0);
        push_answer(reader, other, PACKET);
        g_byte_array_unref(other);
        return;
    case FAULT_TORN:
        g_byte_array_set_size(bytes, bytes->len / 2 + 1);
        break;
    case FAULT_LIFT:
    case FAULT_NONE:
    case FAULTS:
        break;
    }
    push_answer(reader, bytes, PACKET);
}

static bool step_of(const uint8_t *command, enum step *ret_step)
{
    static const struct {
        uint8_t command, parameter;
        enum step step;
    } steps[] = {
        { 0x11, 0xFF, STEP_STATUS },  { 0x20, 0x01, STEP_FIND },
        { 0x20, 0x02, STEP_SELECT },  { 0x30, 0x01, STEP_TEXT },
        { 0x30, 0x03, STEP_ADDRESS },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (command[0] == steps[i].command &&
            command[1] == steps[i].parameter) {
            *ret_step = steps[i].step;
            return true;
        }
    }
    return false;
}

static void obey(struct reader *reader, const uint8_t *body)
{
    enum step step;

    reader->commands++;
    if (reader->is_dead)
        return;
    if (!step_of(body, &step)) {
        GByteArray *bytes = frame(0x21, NULL, 0);
        push_answer(reader, bytes, PACKET);
        g_byte_array_unref(bytes);
        return;
    }
    bool is_faulty = reader->fault != FAULT_NONE &&
                     step == reader->fault_step && reader->fault_times != 0;
    if (is_faulty && reader->fault == FAULT_LIFT) {
        reader->has_card = false;
        reader->was_read = false;
    }
    GByteArray *bytes = answer(reader, step);
    if (is_faulty) {
        if (reader->fault_times > 0)
            reader->fault_times--;
        push_faulty(reader, step, bytes);
    } else if (reader->delay_ms && step == STEP_TEXT) {
        push_late(reader, bytes, reader->delay_ms);
    } else {
        push_answer(reader, bytes, PACKET);
    }
    g_byte_array_unref(bytes);
}

static void take_command(struct reader *reader, const uint8_t *bytes,
                         size_t len)
{
    static const uint8_t preamble[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3 };
    GByteArray *command = reader->command;

    g_byte_array_append(command, bytes, (guint)len);
    if (command->len < 10)
        return;
    GByteArray *whole = reader->command;
    reader->command = g_byte_array_new();
    if (memcmp(whole->data, preamble, sizeof preamble) == 0 &&
        check_of(whole->data + 5, 5) == 0) {
        obey(reader, whole->data + 7);
    } else {
        GByteArray *wrong = frame(0x10, NULL, 0);
        push_answer(reader, wrong, PACKET);
        g_byte_array_unref(wrong);
    }
    g_byte_array_unref(whole);
}

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
    reader->hold = 0;
    release_reaper(reader);
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

static void give(struct reader *reader)
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

static gboolean on_ioctl(UMockdevIoctlBase *handler,
                         UMockdevIoctlClient *client, struct reader *reader)
{
    gulong request = umockdev_ioctl_client_get_request(client);
    bool is_node =
        strcmp(umockdev_ioctl_client_get_devnode(client), reader->node) == 0;
    bool is_gone = !reader->is_plugged || !is_node;

    (void)handler;
    if (request == USBDEVFS_REAPURBNDELAY || request == USBDEVFS_REAPURB) {
        if (!g_queue_is_empty(&reader->done) && is_node) {
            reap(reader, client);
        } else if (is_gone) {
            umockdev_ioctl_client_complete(client, -1, ENODEV);
        } else {
            reader->reaper = g_object_ref(client);
            reader->hold = g_timeout_add((guint)hold_ms, on_held, reader);
            if (hold_ms == 0)
                release_reaper(reader);
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
        reader->opens++;
        umockdev_ioctl_client_complete(client, 0, 0);
        return TRUE;
    case USBDEVFS_RELEASEINTERFACE:
        reader->opens--;
        umockdev_ioctl_client_complete(client, 0, 0);
        return TRUE;
    case USBDEVFS_CLEAR_HALT:
    case USBDEVFS_SETINTERFACE:
        umockdev_ioctl_client_complete(client, 0, 0);
        return TRUE;
    case USBDEVFS_DISCONNECT_CLAIM:
        reader->opens++;
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

static void plug(struct reader *reader, enum wiring wiring, const char *id)
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

static void unplug(struct reader *reader)
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

/* ---- Control ----------------------------------------------------------- */

static size_t from_hex(const char *hex, uint8_t *bytes, size_t max)
{
    size_t len = 0;
    unsigned value;
    for (; len < max && hex[0] && hex[1]; hex += 2, len++) {
        char pair[3] = { hex[0], hex[1], 0 };
        value = (unsigned)strtoul(pair, NULL, 16);
        bytes[len] = (uint8_t)value;
    }
    return len;
}

static struct reader *reader_at(const char *word)
{
    int place = word ? atoi(word) : 0;
    return place > 0 && place <= PLACES ? &readers[place] : NULL;
}

static int index_of(const char *word, const char *const *names, int count)
{
    for (int i = 0; word && i < count; i++)
        if (strcmp(word, names[i]) == 0)
            return i;
    return -1;
}

/* plug PLACE four|pair|none [ID] */
static bool control_plug(struct reader *reader, char **words)
{
    static const char *const names[] = { "four", "pair", "none" };
    int wiring = index_of(words[0], names, 3);
    if (wiring < 0)
        return false;
    unplug(reader);
    plug(reader, (enum wiring)wiring, words[1] ? words[1] : "0400:c35a");
    return true;
}

static bool control_unplug(struct reader *reader, char **words)
{
    (void)words;
    unplug(reader);
    return true;
}

/* card PLACE TEXT PHOTO ADDRESS: hexadecimal; - for none */
static bool control_card(struct reader *reader, char **words)
{
    if (!words[0] || !words[1] || !words[2])
        return false;
    memset(reader->text, 0, sizeof reader->text);
    memset(reader->photo, 0, sizeof reader->photo);
    memset(reader->address, 0, sizeof reader->address);
    reader->text_len = from_hex(words[0], reader->text, TEXT_BYTES);
    if (*words[1] != '-')
        memset(reader->photo, 0x57, sizeof reader->photo);
    reader->has_address = *words[2] != '-';
    if (reader->has_address)
        from_hex(words[2], reader->address, ADDRESS_BYTES);
    reader->has_card = true;
    reader->was_read = reader->is_selected = false;
    return true;
}

static bool control_lift(struct reader *reader, char **words)
{
    (void)words;
    reader->has_card = reader->was_read = reader->is_selected = false;
    return true;
}

/* fault PLACE NAME STEP TIMES [STATUS, or milliseconds when late] */
static bool control_fault(struct reader *reader, char **words)
{
    int fault = index_of(words[0], fault_names, FAULTS);
    int step = fault > 0 ? index_of(words[1], step_names, STEPS) : 0;

    if (fault < 0 || step < 0)
        return false;
    reader->fault = (enum fault)fault;
    reader->fault_step = (enum step)step;
    reader->fault_times = fault && words[2] ? atoi(words[2]) : -1;
    int number =
        fault && words[2] && words[3] ? (int)strtol(words[3], NULL, 0) : 0;
    reader->fault_status = number;
    reader->late_ms = number;
    if (!fault)
        reader->is_dead = false;
    return true;
}

/* takes PLACE MS: what the reader itself needs for the text */
static bool control_takes(struct reader *reader, char **words)
{
    if (!words[0])
        return false;
    reader->delay_ms = atoi(words[0]);
    return true;
}

/* spin PLACE: reaps are answered at once, for benches */
static bool control_spin(struct reader *reader, char **words)
{
    (void)reader;
    (void)words;
    hold_ms = 0;
    return true;
}

static bool control_count(struct reader *reader, char **words)
{
    (void)reader;
    (void)words;
    return true;
}

static const struct control {
    const char *name;
    bool (*take)(struct reader *reader, char **words);
} controls[] = {
    { "plug", control_plug },   { "unplug", control_unplug },
    { "card", control_card },   { "lift", control_lift },
    { "fault", control_fault }, { "takes", control_takes },
    { "spin", control_spin },   { "count", control_count },
};

static bool obey_line(char *line, struct reader **ret_reader)
{
    char *words[12] = { NULL };
    int count = 0;

    for (char *word = strtok(line, " \n"); word && count < 11;
         word = strtok(NULL, " \n"))
        words[count++] = word;
    struct reader *reader = reader_at(words[1]);
    *ret_reader = reader;
    if (!reader)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(controls); i++)
        if (strcmp(words[0], controls[i].name) == 0)
            return controls[i].take(reader, words + 2);
    return false;
}

static void answer_line(char *line)
{
    struct reader *reader = NULL;
    bool is_ok = obey_line(line, &reader);
    char *text = g_strdup_printf("%s %d %d\n", is_ok ? "ok" : "wrong",
                                 reader ? reader->commands : 0,
                                 reader ? reader->opens : 0);
    if (control_fd >= 0 && write(control_fd, text, strlen(text)) < 0)
        exit_code = 70;
    g_free(text);
}

static gboolean on_control(gint fd, GIOCondition condition, gpointer owner)
{
    static GString *pending;
    char bytes[4096];
    char *newline;

    (void)condition;
    (void)owner;
    if (!pending)
        pending = g_string_new(NULL);
    ssize_t len = read(fd, bytes, sizeof bytes);
    if (len <= 0)
        return G_SOURCE_REMOVE;
    g_string_append_len(pending, bytes, len);
    while ((newline = strchr(pending->str, '\n'))) {
        char *line = g_strndup(pending->str, (gsize)(newline - pending->str));
        g_string_erase(pending, 0, newline - pending->str + 1);
        answer_line(line);
        g_free(line);
    }
    return G_SOURCE_CONTINUE;
}

/* ---- Running ----------------------------------------------------------- */

static void on_end(GPid pid, gint status, gpointer owner)
{
    (void)pid;
    (void)owner;
    if (!exit_code)
        exit_code =
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    g_main_loop_quit(main_loop);
}

static void run_program(char **argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (control_fd >= 0)
            close(control_fd);
        execv(argv[0], argv);
        fprintf(stderr, "emulator: %s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    g_child_watch_add(pid, on_end, NULL);
}

static void init_readers(void)
{
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

/* The library tells of plugs by what it sees itself in the pretended /sys. */
static void preload(char **argv)
{
    if (getenv("LD_PRELOAD"))
        return;
    setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    execv("/proc/self/exe", argv);
    exit(70);
}

int main(int argc, char **argv)
{
    int at = 1;

    preload(argv);
    bed = umockdev_testbed_new();
    main_loop = g_main_loop_new(NULL, FALSE);
    init_readers();
    add_hub();
    for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
        if (at + 1 >= argc)
            return 64;
        if (strcmp(argv[at], "--control") == 0)
            control_fd = atoi(argv[++at]);
        else if (strcmp(argv[at], "--keep") == 0)
            (void)fcntl(atoi(argv[++at]), F_SETFD, 0);
        else if (strcmp(argv[at], "--do") == 0)
            answer_line(argv[++at]);
        else
            return 64;
    }
    if (at + 1 >= argc)
        return 64;
    if (control_fd >= 0)
        g_unix_fd_add(control_fd, G_IO_IN | G_IO_HUP, on_control, NULL);
    run_program(argv + at + 1);
    g_main_loop_run(main_loop);
    g_object_unref(bed);
    return exit_code;
}
