#include "devices/card/frame.h"

#include "kiosk/base/mem.h"

#include <string.h>

enum { PREAMBLE_BYTES = 5, LENGTH_MIN = 4 };

static const uint8_t preamble[PREAMBLE_BYTES] = { 0xAA, 0xAA, 0xAA, 0x96,
                                                  0x69 };

static uint8_t check_of(const uint8_t *bytes, size_t len)
{
    uint8_t check = 0;
    for (size_t i = 0; i < len; i++)
        check ^= bytes[i];
    return check;
}

void frame_write(const struct frame_command *command,
                 uint8_t bytes[FRAME_COMMAND_BYTES])
{
    memcpy(bytes, preamble, sizeof preamble);
    bytes[5] = 0;
    bytes[6] = 3;
    bytes[7] = command->command;
    bytes[8] = command->parameter;
    bytes[9] = check_of(bytes + PREAMBLE_BYTES, 4);
}

void frame_stream_clear(struct frame_stream *stream)
{
    mem_wipe(stream, sizeof *stream);
}

static void drop_front(struct frame_stream *stream, size_t len)
{
    stream->len -= len;
    memmove(stream->bytes, stream->bytes + len, stream->len);
    mem_wipe(stream->bytes + stream->len, len);
}

static void drop_taken(struct frame_stream *stream)
{
    drop_front(stream, stream->taken);
    stream->taken = 0;
}

void frame_stream_add(struct frame_stream *stream, const uint8_t *bytes,
                      size_t len)
{
    drop_taken(stream);
    if (len > sizeof stream->bytes) {
        bytes += len - sizeof stream->bytes;
        len = sizeof stream->bytes;
    }
    size_t room = sizeof stream->bytes - stream->len;
    if (len > room)
        drop_front(stream, len - room);
    memcpy(stream->bytes + stream->len, bytes, len);
    stream->len += len;
}

/* What stands before the first preamble, or the beginning of one, goes. */
static void seek_preamble(struct frame_stream *stream)
{
    for (size_t at = 0; at < stream->len; at++) {
        size_t have = stream->len - at;
        if (have > PREAMBLE_BYTES)
            have = PREAMBLE_BYTES;
        if (memcmp(stream->bytes + at, preamble, have) == 0) {
            drop_front(stream, at);
            return;
        }
    }
    drop_front(stream, stream->len);
}

static size_t length_of(const struct frame_stream *stream)
{
    return (size_t)stream->bytes[5] << 8 | stream->bytes[6];
}

enum frame_found frame_next(struct frame_stream *stream,
                            struct frame_answer *ret_answer)
{
    drop_taken(stream);
    seek_preamble(stream);
    if (stream->len < FRAME_HEAD_BYTES)
        return FRAME_MORE;
    size_t length = length_of(stream);
    if (length < LENGTH_MIN || length > FRAME_LENGTH_MAX) {
        drop_front(stream, 1);
        return FRAME_BROKEN;
    }
    if (stream->len < FRAME_HEAD_BYTES + length)
        return FRAME_MORE;
    if (check_of(stream->bytes + PREAMBLE_BYTES, length + 2) != 0) {
        drop_front(stream, 1); /* a true one may begin inside */
        return FRAME_BROKEN;
    }
    const uint8_t *body = stream->bytes + FRAME_HEAD_BYTES;
    memcpy(ret_answer->status, body, sizeof ret_answer->status);
    ret_answer->data = body + sizeof ret_answer->status;
    ret_answer->len = length - LENGTH_MIN;
    stream->taken = FRAME_HEAD_BYTES + length;
    return FRAME_WHOLE;
}

size_t frame_lacks(const struct frame_stream *stream, bool *ret_is_head)
{
    size_t have = stream->len - stream->taken;

    *ret_is_head = stream->taken > 0 || have < FRAME_HEAD_BYTES;
    if (*ret_is_head)
        return FRAME_HEAD_BYTES - (have < FRAME_HEAD_BYTES ? have : 0);
    return FRAME_HEAD_BYTES + length_of(stream) - have;
}
