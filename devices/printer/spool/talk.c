#include "devices/printer/spool/talk.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* How long may be cleaned up when the input has ended: a server that does not
 * answer then must not keep this program for ever. */
enum { LEAVE_S = 8, CHUNK_BYTES = 16 * 1024 };

static volatile sig_atomic_t was_told_to_end;

static void on_terminate(int number)
{
    (void)number;
    was_told_to_end = 1;
    (void)alarm(LEAVE_S); /* CUPS may hold us in a call for a minute */
}

void talk_init(struct talk *talk, int in, int out)
{
    struct sigaction terminate = { .sa_handler = on_terminate };

    (void)sigaction(SIGTERM, &terminate, NULL);
    *talk = (struct talk){ .in = in, .out = out };
    buf_init(&talk->lines, SPOOL_REQUEST_BYTES + CHUNK_BYTES);
}

void talk_done(struct talk *talk)
{
    buf_done(&talk->lines);
}

static void end(struct talk *talk)
{
    if (!talk->has_ended)
        (void)alarm(LEAVE_S);
    talk->has_ended = true;
}

/* False once the time is over. */
static bool read_more(struct talk *talk, int wait_ms)
{
    struct pollfd input = { .fd = talk->in, .events = POLLIN };
    char bytes[CHUNK_BYTES];
    ssize_t got;
    int ready = poll(&input, 1, wait_ms);

    if (was_told_to_end) {
        end(talk);
        return true;
    }
    if (ready == 0)
        return false;
    if (ready < 0)
        return errno == EINTR;
    got = read(talk->in, bytes, sizeof(bytes));
    if (got > 0)
        buf_add(&talk->lines, bytes, (size_t)got);
    else if (got == 0 || errno != EINTR)
        end(talk);
    mem_wipe(bytes, sizeof(bytes));
    if (talk->lines.is_cut)
        end(talk); /* no request of the driver's is so long */
    return true;
}

static bool take_line(struct talk *talk, const char **ret_line, size_t *ret_len)
{
    const char *newline = memchr(talk->lines.text, '\n', talk->lines.len);

    if (!newline)
        return false;
    *ret_line = talk->lines.text;
    *ret_len = (size_t)(newline - talk->lines.text);
    talk->used = *ret_len + 1;
    return true;
}

enum said talk_wait(struct talk *talk, int wait_ms, const char **ret_line,
                    size_t *ret_len)
{
    int64_t until = clock_monotonic_ms() + wait_ms;
    int64_t left = wait_ms;

    if (talk->used)
        buf_remove_front(&talk->lines, talk->used);
    talk->used = 0;
    for (;;) {
        if (take_line(talk, ret_line, ret_len))
            return SAID_LINE;
        if (talk->has_ended)
            return SAID_END;
        if (!read_more(talk, (int)left))
            return SAID_NOTHING;
        if (wait_ms >= 0) {
            left = until - clock_monotonic_ms();
            left = left > 0 ? left : 0;
        }
    }
}

/* After the first line the only one that may come is a cancel. */
bool talk_may_go_on(struct talk *talk, int wait_ms)
{
    struct spool_request request;
    const char *line;
    size_t len;

    switch (talk_wait(talk, wait_ms, &line, &len)) {
    case SAID_NOTHING:
        return !talk->is_cancelled;
    case SAID_END:
        return false;
    case SAID_LINE:
        break;
    }
    if (!spool_read_request(line, len, &request)) {
        talk->is_cancelled |= request.order == SPOOL_CANCEL;
        spool_request_done(&request);
    }
    return !talk->is_cancelled;
}

void talk_answer(struct talk *talk, const struct spool_answer *answer)
{
    struct buf line;
    size_t sent = 0;

    buf_init(&line, SPOOL_ANSWER_BYTES);
    spool_write_answer(answer, &line);
    buf_add_char(&line, '\n');
    while (sent < line.len) {
        ssize_t put = write(talk->out, line.text + sent, line.len - sent);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            break;
        sent += (size_t)put;
    }
    buf_done(&line);
}
