/* Frames of the SAM protocol, by which identity card readers speak; bytes in,
 * frames out, nothing else: no devices, no time.
 *
 *   to the reader:  AA AA AA 96 69 | length | command, parameter, data | check
 *   from it:        AA AA AA 96 69 | length | three status bytes, data | check
 *
 * length: two bytes, big-endian, of all that follows it.  check: the exclusive
 * or of everything from the length up to it.  (GA/T 467, as the public drivers
 * and papers agree on it.)
 *
 * A frame_stream takes what comes in any pieces, finds frames in garbage, and
 * never trusts a length.  It holds a citizen's data: keep it in secret memory
 * and frame_stream_clear() it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_HEAD_BYTES = 7, /* preamble and length */
    FRAME_COMMAND_BYTES = 10,
    /* Text, photo and fingerprints make 2,314; nothing longer is a frame. */
    FRAME_LENGTH_MAX = 2400,
    FRAME_STREAM_BYTES = 2 * (FRAME_HEAD_BYTES + FRAME_LENGTH_MAX),
};

/* A command without data, as all of ours are. */
struct frame_command {
    uint8_t command, parameter;
};
void frame_write(const struct frame_command *command,
                 uint8_t bytes[FRAME_COMMAND_BYTES]);

struct frame_answer {
    uint8_t status[3];   /* the card's two, then the SAM's own */
    const uint8_t *data; /* in the stream, until its next call */
    size_t len;
};

enum frame_found {
    FRAME_MORE,  /* no whole frame yet */
    FRAME_WHOLE, /* one, which frame_next() has handed out */
    FRAME_BROKEN /* what looked like one was none; more may follow */
};

struct frame_stream {
    uint8_t bytes[FRAME_STREAM_BYTES];
    size_t len;
    size_t taken; /* of them, by the answer handed out last */
};

void frame_stream_clear(struct frame_stream *stream); /* zeroes */
/* What does not fit any more pushes out what is oldest. */
void frame_stream_add(struct frame_stream *stream, const uint8_t *bytes,
                      size_t len);
enum frame_found frame_next(struct frame_stream *stream,
                            struct frame_answer *ret_answer);
/* After FRAME_MORE: how many bytes the frame that has begun still lacks, as far
 * as is known; ret_is_head says that its length is not known yet. */
size_t frame_lacks(const struct frame_stream *stream, bool *ret_is_head);
