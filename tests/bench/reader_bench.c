/* What the driver of card readers adds to what the reader itself takes: a whole
 * reading (find, select, text, newest address) by card/sdt, against the same
 * transfers by the plainest loop over libusb, turn and turn about on the same
 * pretended bus. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "devices/card/frame.h"
#include "devices/card/sdt.h"
#include "kiosk/base/mem.h"
#include "tests/bench/figure.h"
#include "tests/usb/bus.h"

#include <libusb.h>

#include <string.h>

enum { ROUNDS = 60, LIMIT_MS = 2000, DRIVEN = 1, BARE = 2, TARGET_MS = 5 };

static const struct frame_command commands[] = {
    { 0x20, 0x01 }, { 0x20, 0x02 }, { 0x30, 0x01 }, { 0x30, 0x03 }
};

/* ---- The plainest way -------------------------------------------------- */

static void transfer(libusb_device_handle *handle, int end, uint8_t *bytes,
                     int len, int *ret_len)
{
    assert_int_equal(libusb_bulk_transfer(handle, (unsigned char)end, bytes,
                                          len, ret_len, LIMIT_MS),
                     0);
}

static void ask_bare(libusb_device_handle *handle,
                     const struct frame_command *command)
{
    uint8_t out[FRAME_COMMAND_BYTES], in[FRAME_LENGTH_MAX + 64];
    int len;

    frame_write(command, out);
    transfer(handle, 0x02, out, 7, &len);
    transfer(handle, 0x06, out + 7, 3, &len);
    transfer(handle, 0x81, in, 64, &len);
    int rest = in[5] << 8 | in[6];
    transfer(handle, 0x85, in, (rest + 63) / 64 * 64, &len);
    assert_int_equal(len, rest);
}

static double read_bare(libusb_device_handle *handle)
{
    bus_tell("lift %d", BARE);
    bus_lay(BARE, &bus_people[CARD_RESIDENT], NULL);
    double from_ms = figure_now_ms();
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        ask_bare(handle, &commands[i]);
    return figure_now_ms() - from_ms;
}

static libusb_device_handle *open_bare(libusb_context *context)
{
    libusb_device **devices;
    libusb_device_handle *handle = NULL;
    uint8_t port;

    ssize_t count = libusb_get_device_list(context, &devices);
    for (ssize_t i = 0; i < count && !handle; i++)
        if (libusb_get_port_numbers(devices[i], &port, 1) == 1 && port == BARE)
            (void)libusb_open(devices[i], &handle);
    libusb_free_device_list(devices, 1);
    assert_non_null(handle);
    assert_int_equal(libusb_claim_interface(handle, 0), 0);
    return handle;
}

/* ---- The driver -------------------------------------------------------- */

static bool has_ended;

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    (void)owner, (void)device, (void)job, (void)card;
    assert_int_equal(err, ERR_OK);
    has_ended = true;
}

static double read_driven(struct loop *loop, struct device *reader)
{
    struct device_job job = { .kind = JOB_READ_CARD };

    bus_tell("lift %d", DRIVEN);
    bus_lay(DRIVEN, &bus_people[CARD_RESIDENT], NULL);
    has_ended = false;
    double from_ms = figure_now_ms();
    assert_int_not_equal(device_start(reader, &job), 0);
    while (!has_ended)
        loop_turn(loop, 100);
    return figure_now_ms() - from_ms;
}

static void measure(void)
{
    static const struct device_events events = { .on_finished = on_finished };
    static double driven[ROUNDS], bare[ROUNDS];
    libusb_context *context;
    struct loop *loop = loop_new();

    bus_tell("spin 1");
    bus_tell("plug %d four", DRIVEN);
    bus_tell("plug %d four", BARE);
    assert_int_equal(libusb_init(&context), 0);
    libusb_device_handle *handle = open_bare(context);
    struct device *reader = device_new(loop, &card_sdt_driver, &events, NULL);
    device_set(reader, "place", "1-1");
    device_open(reader);
    while (device_state_of(reader) != DEVICE_READY)
        loop_turn(loop, 100);
    for (int i = 0; i < ROUNDS; i++) {
        driven[i] = read_driven(loop, reader);
        bare[i] = read_bare(handle);
    }
    double with_ms = figure_median(driven, ROUNDS);
    double without_ms = figure_median(bare, ROUNDS);
    figure_print("card-read-added", with_ms - without_ms, "ms",
                 with_ms / without_ms, "< 5 ms",
                 with_ms - without_ms < TARGET_MS,
                 "median, against the same transfers by a bare loop");
    figure_print("card-read", with_ms, "ms", 0, "", 1,
                 "four commands, sixteen transfers, on the pretended bus");
    device_free(reader);
    loop_free(loop);
    libusb_close(handle);
    libusb_exit(context);
}

int main(int argc, char **argv)
{
    const char *why = NULL;

    (void)argc;
    if (!bus_enter(argv, &why)) {
        fprintf(stderr, "reader: %s\n", why);
        return 1;
    }
    measure();
    return 0;
}
