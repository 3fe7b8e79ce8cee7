/* The stream of a card reader's bytes, in pieces of any size.
 *
 * The input is a run of pieces: one byte that says how long (0: sixty-four),
 * then so many bytes as come over the pipe.  What frame_next finds is compared
 * with a second way that knows the whole: each frame that is handed out stands
 * in the input, with its preamble, its length and a checksum that is right; and
 * a frame of ours at the very end, after enough silence of zeros, is always
 * found. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "devices/card/frame.h"
#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"

enum { PIECE = 64, SEEN_MAX = 1024 * 1024 };

static const unsigned char preamble[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69 };
/* "selected": 90 and eight zeros. */
static const unsigned char last[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x0C,
                                      0,    0,    0x90, 0,    0,    0,    0,
                                      0,    0,    0,    0,    0x9C };

static bool holds(const struct buf *seen, const unsigned char *bytes,
                  size_t len)
{
    for (size_t i = 0; i + len <= seen->len; i++)
        if (memcmp(seen->text + i, bytes, len) == 0)
            return true;
    return false;
}

static void stands_in(const struct buf *seen, const struct frame_answer *answer)
{
    size_t length = answer->len + 4;
    const unsigned char *frame = answer->data - 10;
    unsigned char check = 0;

    assert(memcmp(frame, preamble, sizeof preamble) == 0);
    assert(((size_t)frame[5] << 8 | frame[6]) == length);
    for (size_t i = 5; i < 7 + length; i++)
        check ^= frame[i];
    assert(check == 0);
    assert(memcmp(answer->status, frame + 7, 3) == 0);
    assert(holds(seen, frame, 7 + length));
}

/* Everything that is whole by now; returns how many, and whether the last one
 * was ours. */
static void take_all(struct frame_stream *stream, const struct buf *seen,
                     bool *ret_is_last)
{
    struct frame_answer answer;
    enum frame_found found;
    size_t rounds = 0;

    while ((found = frame_next(stream, &answer)) != FRAME_MORE) {
        assert(++rounds <= FRAME_STREAM_BYTES); /* it comes to an end */
        if (found == FRAME_BROKEN)
            continue;
        stands_in(seen, &answer);
        *ret_is_last = answer.len == 8 && answer.status[2] == 0x90;
    }
    bool is_head;
    size_t lacks = frame_lacks(stream, &is_head);
    assert(lacks > 0 && lacks <= FRAME_HEAD_BYTES + FRAME_LENGTH_MAX);
    assert(!is_head || lacks <= FRAME_HEAD_BYTES);
}

static void add(struct frame_stream *stream, struct buf *seen,
                const unsigned char *bytes, size_t len)
{
    buf_add(seen, bytes, len);
    frame_stream_add(stream, bytes, len);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
    static const unsigned char zeros[FRAME_LENGTH_MAX + FRAME_HEAD_BYTES];
    struct frame_stream *stream = secret_new(sizeof *stream);
    struct buf seen;
    bool is_last = false;

    buf_init(&seen, SEEN_MAX);
    while (len > 0) {
        size_t piece = *bytes % (PIECE + 1) ? *bytes % (PIECE + 1) : PIECE;
        bytes++, len--;
        if (piece > len)
            piece = len;
        add(stream, &seen, bytes, piece);
        take_all(stream, &seen, &is_last);
        bytes += piece, len -= piece;
    }
    add(stream, &seen, zeros, sizeof zeros);
    take_all(stream, &seen, &is_last);
    is_last = false;
    add(stream, &seen, last, sizeof last);
    take_all(stream, &seen, &is_last);
    assert(is_last);
    frame_stream_clear(stream);
    for (size_t i = 0; i < sizeof stream->bytes; i++)
        assert(stream->bytes[i] == 0);
    secret_free(stream);
    buf_done(&seen);
    assert(secret_used_bytes() == 0);
    return 0;
}
