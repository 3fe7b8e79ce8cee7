#include "devices/card/link.h"

#include "devices/limits.h"
#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <string.h>

enum {
    DRAIN_READS_MAX = 64,
    RESEND_CHECK = 0x10, /* the reader: your checksum is wrong */
    RESEND_LENGTH = 0x11 /* … your length */
};

enum phase { IDLE, HEAD_OUT, BODY_OUT, READING, DRAINING, RESETTING };

struct link {
    struct usb *usb;
    link_answer_fn on_answer;
    void *owner;
    struct frame_stream *stream; /* secret memory: a card's data */
    const char *record;
    bool has_four_pipes;
    size_t packet_bytes; /* reads are whole packets, or more would overflow */

    enum phase phase;
    struct link_question question;
    int64_t end_ms;
    int pipe; /* that is read */
    int drain_reads;
    bool was_resent, was_broken;
};

struct link *link_new(struct usb *usb, link_answer_fn on_answer, void *owner)
{
    struct link *link = mem_new(sizeof *link);

    *link = (struct link){
        .usb = usb,
        .on_answer = on_answer,
        .owner = owner,
        .stream = secret_new(sizeof *link->stream),
    };
    assert(link->stream); /* at start there is room */
    return link;
}

void link_free(struct link *link)
{
    if (!link)
        return;
    secret_free(link->stream);
    mem_free(link);
}

void link_use(struct link *link, bool has_four_pipes, int packet_bytes)
{
    link->has_four_pipes = has_four_pipes;
    link->packet_bytes = (size_t)packet_bytes;
    frame_stream_clear(link->stream);
}

bool link_is_busy(const struct link *link)
{
    return link->phase != IDLE;
}

void link_record(struct link *link, const char *path)
{
    link->record = path;
}

/* {"pipe":"out 0","bytes":"aaaaaa96690003"} */
static void note(const struct link *link, const char *way, int pipe,
                 const uint8_t *bytes, size_t len)
{
    struct buf line;

    if (!link->record)
        return;
    buf_init(&line, 2 * USB_BYTES_MAX + 64);
    buf_add_format(&line, "{\"pipe\":\"%s %d\",\"bytes\":\"", way, pipe);
    buf_add_hex(&line, bytes, len);
    buf_add_text(&line, "\"}\n");
    enum err err = file_append(link->record, line.text, line.len);
    (void)err; /* the technician sees a short file */
    buf_done(&line);
}

/* ---- Asking ------------------------------------------------------------ */

static int time_left(const struct link *link)
{
    int64_t left = link->end_ms - clock_monotonic_ms();
    return left > 0 ? (int)left : 0;
}

static void write_out(struct link *link, int pipe, const uint8_t *bytes,
                      size_t len)
{
    note(link, "out", pipe, bytes, len);
    usb_write(link->usb, pipe, bytes, len, time_left(link));
}

static void send_question(struct link *link)
{
    uint8_t bytes[FRAME_COMMAND_BYTES];

    frame_write(&link->question.command, bytes);
    link->end_ms = clock_monotonic_ms() + link->question.limit_ms;
    link->phase = HEAD_OUT;
    write_out(link, 0, bytes,
              link->has_four_pipes ? FRAME_HEAD_BYTES : sizeof bytes);
}

static void send_body(struct link *link)
{
    uint8_t bytes[FRAME_COMMAND_BYTES];

    frame_write(&link->question.command, bytes);
    link->phase = BODY_OUT;
    write_out(link, 1, bytes + FRAME_HEAD_BYTES,
              sizeof bytes - FRAME_HEAD_BYTES);
}

void link_ask(struct link *link, const struct link_question *question)
{
    assert(link->phase == IDLE);
    frame_stream_clear(link->stream); /* late answers are nobody's */
    link->question = *question;
    link->was_resent = false;
    link->was_broken = false;
    send_question(link);
}

static void end(struct link *link, enum err err,
                const struct frame_answer *answer)
{
    link->phase = IDLE;
    link->on_answer(link->owner, err, answer);
    if (link->phase == IDLE)
        frame_stream_clear(link->stream);
}

/* ---- Reading ----------------------------------------------------------- */

static size_t whole_packets(const struct link *link, size_t len)
{
    size_t packets = (len + link->packet_bytes - 1) / link->packet_bytes;
    size_t bytes = (packets > 0 ? packets : 1) * link->packet_bytes;
    return bytes < USB_BYTES_MAX ? bytes : USB_BYTES_MAX;
}

static void read_on(struct link *link)
{
    bool is_head;
    size_t lacks = frame_lacks(link->stream, &is_head);

    link->phase = READING;
    link->pipe = link->has_four_pipes && !is_head ? 1 : 0;
    usb_read(link->usb, link->pipe, whole_packets(link, lacks),
             time_left(link));
}

/* A frame that is broken is not repeated by itself: no need to wait long. */
static void note_broken(struct link *link)
{
    int64_t soon_ms = clock_monotonic_ms() + limit_ms(LIMIT_CARD_BROKEN);
    link->was_broken = true;
    if (link->end_ms > soon_ms)
        link->end_ms = soon_ms;
}

static bool is_misunderstood(const struct frame_answer *answer)
{
    uint8_t status = answer->status[2];
    return status == RESEND_CHECK || status == RESEND_LENGTH;
}

/* True when that was the end, or a new beginning. */
static bool take_frames(struct link *link)
{
    struct frame_answer answer;

    for (;;) {
        enum frame_found found = frame_next(link->stream, &answer);
        if (found == FRAME_MORE)
            return false;
        if (found == FRAME_BROKEN) {
            note_broken(link);
            continue;
        }
        if (!link->question.fits(&answer))
            continue;
        if (is_misunderstood(&answer) && !link->was_resent) {
            link->was_resent = true;
            send_question(link);
        } else {
            end(link, ERR_OK, &answer);
        }
        return true;
    }
}

static void on_read(struct link *link, enum err err, const uint8_t *bytes,
                    size_t len)
{
    note(link, "in", link->pipe, bytes, len);
    frame_stream_add(link->stream, bytes, len);
    if ((!err || err == ERR_TIMEOUT) && take_frames(link))
        return;
    if (err && err != ERR_TIMEOUT)
        end(link, err, NULL);
    else if (time_left(link) == 0)
        end(link, link->was_broken ? ERR_DEVICE : ERR_TIMEOUT, NULL);
    else
        read_on(link);
}

/* ---- Draining and resetting -------------------------------------------- */

static void drain_pipe(struct link *link, int pipe)
{
    link->pipe = pipe;
    usb_read(link->usb, pipe, USB_BYTES_MAX, limit_ms(LIMIT_CARD_QUIET));
}

void link_drain(struct link *link)
{
    assert(link->phase == IDLE);
    link->phase = DRAINING;
    link->drain_reads = 0;
    frame_stream_clear(link->stream);
    drain_pipe(link, 0);
}

/* A pipe that stalled has been cleared by then: look again. */
static void on_drained(struct link *link, enum err err)
{
    bool is_empty = err == ERR_TIMEOUT;

    if (err == ERR_NO_DEVICE || err == ERR_CANCELLED)
        end(link, err, NULL);
    else if (++link->drain_reads > DRAIN_READS_MAX)
        end(link, ERR_DEVICE, NULL);
    else if (!is_empty)
        drain_pipe(link, link->pipe);
    else if (link->pipe == 0 && link->has_four_pipes)
        drain_pipe(link, 1);
    else
        end(link, ERR_OK, NULL);
}

static bool fits_any(const struct frame_answer *answer)
{
    (void)answer;
    return true;
}

void link_await_late(struct link *link, int within_ms)
{
    assert(link->phase == IDLE);
    frame_stream_clear(link->stream);
    link->question = (struct link_question){ .fits = fits_any };
    link->was_resent = true;
    link->was_broken = false;
    link->end_ms = clock_monotonic_ms() + within_ms;
    read_on(link);
}

void link_reset(struct link *link)
{
    assert(link->phase == IDLE);
    link->phase = RESETTING;
    usb_reset(link->usb);
}

void link_on_done(struct link *link, enum err err, const uint8_t *bytes,
                  size_t len)
{
    switch (link->phase) {
    case HEAD_OUT:
        if (err)
            end(link, err, NULL);
        else if (link->has_four_pipes)
            send_body(link);
        else
            read_on(link);
        return;
    case BODY_OUT:
        if (err)
            end(link, err, NULL);
        else
            read_on(link);
        return;
    case READING:
        on_read(link, err, bytes, len);
        return;
    case DRAINING:
        on_drained(link, err);
        return;
    case RESETTING:
        end(link, err, NULL);
        return;
    case IDLE:
        assert(!"an answer without a question");
        return;
    }
}
