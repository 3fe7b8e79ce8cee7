#include "kiosk/paper/answer.h"

#include "kiosk/base/mem.h"
#include "kiosk/paper/draw.h"
#include "kiosk/paper/slip.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum err read_and_draw(const char *json, size_t len, struct slip *slip,
                              struct buf *pdf, int *ret_pages, struct buf *why)
{
    enum err err = slip_read(json, len, slip, why);

    if (!err)
        err = draw_slip(slip, pdf, ret_pages, why);
    return err;
}

enum err answer_draw(const char *json, size_t len, struct buf *pdf,
                     struct buf *why)
{
    struct slip slip;
    int pages;
    enum err err = read_and_draw(json, len, &slip, pdf, &pages, why);

    slip_done(&slip);
    return err;
}

/* why holds words and names of ours only, but quotes keys. */
static void add_error(struct buf *answer, const struct buf *why)
{
    buf_add_text(answer, "\"error\":\"");
    for (size_t i = 0; i < why->len; i++) {
        if (why->text[i] == '"' || why->text[i] == '\\')
            buf_add_char(answer, '\\');
        buf_add_char(answer, why->text[i]);
    }
    buf_add_text(answer, "\"}");
}

void answer_line(const char *line, size_t len, struct buf *answer)
{
    struct buf pdf, why;
    struct slip slip;
    int pages = 0;
    enum err err;

    buf_init(&pdf, DRAW_PDF_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    err = read_and_draw(line, len, &slip, &pdf, &pages, &why);
    buf_add_format(answer, "{\"draw\":%lld,", (long long)slip.number);
    if (err) {
        add_error(answer, &why);
    } else {
        buf_add_format(answer, "\"pages\":%d,\"pdf\":\"", pages);
        buf_add_base64(answer, pdf.text, pdf.len);
        buf_add_text(answer, "\"}");
    }
    slip_done(&slip);
    buf_done(&why);
    buf_done(&pdf);
}

static enum err write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ERR_IO;
        bytes += done;
        len -= (size_t)done;
    }
    return ERR_OK;
}

static enum err send_answer(int out, const char *line, size_t len)
{
    struct buf answer;
    enum err err;

    buf_init(&answer, ANSWER_BYTES);
    answer_line(line, len, &answer);
    buf_add_char(&answer, '\n');
    err = write_all(out, answer.text, answer.len);
    buf_done(&answer);
    return err;
}

/* Answers each whole line that stands in the buffer.  A line that outgrows it
 * is answered once, as what fits: too long; the rest of it is skipped. */
static enum err answer_lines(struct buf *lines, bool *is_skipping, int out)
{
    enum err err = ERR_OK;

    while (!err) {
        const char *end = memchr(lines->text, '\n', lines->len);
        size_t len = end ? (size_t)(end - lines->text) : lines->len;

        if (!end && lines->len <= SLIP_LINE_BYTES)
            return ERR_OK;
        if (!*is_skipping && len > 0)
            err = send_answer(out, lines->text, len);
        *is_skipping = !end;
        buf_remove_front(lines, end ? len + 1 : len);
    }
    return err;
}

enum err answer_serve(int in, int out)
{
    char bytes[16 * 1024];
    bool is_skipping = false;
    struct buf lines;
    enum err err = ERR_OK;

    buf_init(&lines, SLIP_LINE_BYTES + sizeof(bytes) + 1);
    while (!err) {
        ssize_t count = read(in, bytes, sizeof(bytes));

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        buf_add(&lines, bytes, (size_t)count);
        err = answer_lines(&lines, &is_skipping, out);
    }
    mem_wipe(bytes, sizeof(bytes));
    buf_done(&lines);
    return err;
}
