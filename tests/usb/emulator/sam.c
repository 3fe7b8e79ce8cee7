/* What a reader answers: the SAM protocol, and every way to get it wrong. */
#include "tests/usb/emulator/emulator.h"

#include <string.h>

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

void push_packets(struct reader *reader, int pipe, const uint8_t *bytes,
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
    g_rec_mutex_lock(&lock);
    if (late->reader->is_plugged && late->reader->resets == late->resets)
        push_answer(late->reader, late->bytes, PACKET);
    g_rec_mutex_unlock(&lock);
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
    if (reader->replay) {
        replay_answer(reader, body);
        return;
    }
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

void take_command(struct reader *reader, const uint8_t *bytes, size_t len)
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
