#include "kiosk/draw_file.h"

#include "kiosk/base/child.h"
#include "kiosk/base/err.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 6 * 1024 * 1024 };

struct drawing {
    const char *path;
    bool has_answer, has_ended;
    enum err err;
};

static enum err write_pdf(const char *path, const char *text)
{
    size_t room = strlen(text) / 4 * 3 + 3, len = 0;
    unsigned char *pdf = mem_new(room);
    enum err err = base64_decode(text, strlen(text), pdf, room, &len);

    if (!err)
        err = file_replace(path, pdf, len, 0644);
    mem_free(pdf);
    return err;
}

static void on_drawn(void *owner, const char *line, size_t len)
{
    struct drawing *drawing = owner;
    json_t *answer = json_loadb(line, len, 0, NULL);
    const char *pdf = json_string_value(json_object_get(answer, "pdf"));
    const char *error = json_string_value(json_object_get(answer, "error"));

    drawing->has_answer = true;
    drawing->err = pdf ? write_pdf(drawing->path, pdf) : ERR_CHILD;
    if (!pdf)
        fprintf(stderr, "kiosk: this cannot be drawn: %s\n",
                error ? error : "no answer");
    json_decref(answer);
}

static void on_end(void *owner, enum err err, int status)
{
    struct drawing *drawing = owner;

    (void)status;
    drawing->has_ended = true;
    if (!drawing->has_answer)
        drawing->err = err ? err : ERR_CHILD;
}

static enum err draw(const char *draw_path, const struct buf *request,
                     const char *path)
{
    static const struct child_profile profile = {
        .name = "kiosk-draw",
        .run_max_ms = 30000,
        .line_max_bytes = ANSWER_BYTES,
    };
    static const struct child_events events = { on_drawn, on_end };
    const char *argv[] = { draw_path, NULL };
    struct drawing drawing = { .path = path };
    struct loop *loop = loop_new();
    struct child *child = NULL;

    enum err err = child_run(loop, &profile, argv, &events, &drawing, &child);
    if (!err) {
        child_send(child, request->text, request->len);
        child_close_input(child);
        while (!drawing.has_ended)
            loop_turn(loop, 1000);
        err = drawing.err;
    }
    child_free(child);
    loop_free(loop);
    return err;
}

int draw_file(const char *draw_path, const struct buf *request,
              const char *path)
{
    enum err err = draw(draw_path, request, path);

    if (!err)
        return EXIT_SUCCESS;
    fprintf(stderr, "kiosk: %s: it is not written (%s)\n", path, err_name(err));
    return EXIT_FAILURE;
}
