#include "kiosk/hub/drawing.h"

#include <assert.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/child.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"

enum {
    MAGIC = 0x64726177,
    WAITING_MAX = 64,
    PDF_MAX_BYTES = 4 * 1024 * 1024,
    /* Base64 of the largest PDF, and what stands around it. */
    LINE_MAX_BYTES = PDF_MAX_BYTES / 3 * 4 + 4096
};

static const struct child_profile draw_profile = {
    .name = "kiosk-draw",
    .memory_max_bytes = 1024ull * 1024 * 1024,
    .run_max_ms = 20000,
    .line_max_bytes = LINE_MAX_BYTES,
};

/* One that is asked for; the first of the queue is being drawn. */
struct sheet {
    uint32_t job;
    char *request;
    size_t len;
};

struct drawing {
    int magic;
    struct loop *loop;
    struct hub *hub;
    char *path;
    struct sheet queue[WAITING_MAX];
    size_t count;
    struct child *child;
    struct timer *next; /* no child is begun or freed inside a call of one */
    bool is_answered;   /* the first of the queue was told to the hub */
};

/* The hub hears it once. */
static void answer(struct drawing *drawing, const void *pdf, size_t len,
                   int pages)
{
    if (drawing->is_answered || drawing->count == 0)
        return;
    drawing->is_answered = true;
    timer_start(drawing->next, 0);
    hub_drawn(drawing->hub, drawing->queue[0].job, pdf, len, pages);
}

static void on_line(void *owner, const char *line, size_t len)
{
    struct drawing *drawing = owner;
    json_t *told = json_loadb(line, len, 0, NULL);
    const char *text = json_string_value(json_object_get(told, "pdf"));
    json_int_t pages = json_integer_value(json_object_get(told, "pages"));
    size_t room = text == NULL ? 1 : strlen(text) / 4 * 3 + 3;
    unsigned char *pdf = mem_new(room);
    size_t pdf_len = 0;

    assert(drawing->magic == MAGIC);
    if (text == NULL || pages < 1 || pages > 100 ||
        base64_decode(text, strlen(text), pdf, room, &pdf_len))
        answer(drawing, NULL, 0, 0);
    else
        answer(drawing, pdf, pdf_len, (int)pages);
    mem_free(pdf);
    json_decref(told);
}

static void on_end(void *owner, enum err err, int status)
{
    struct drawing *drawing = owner;

    assert(drawing->magic == MAGIC);
    if (drawing->is_answered)
        return;
    event_record(EVENT_CHILD_ENDED, FIELD_CHILD, draw_profile.name, FIELD_ERR,
                 err_name(err ? err : ERR_CHILD), FIELD_NUMBER, (int64_t)status,
                 FIELD_END);
    answer(drawing, NULL, 0, 0);
}

static void drop_first(struct drawing *drawing)
{
    mem_free(drawing->queue[0].request); /* zeroes */
    drawing->count--;
    memmove(&drawing->queue[0], &drawing->queue[1],
            drawing->count * sizeof(drawing->queue[0]));
}

static void start_first(struct drawing *drawing)
{
    static const struct child_events events = { on_line, on_end };
    const char *const argv[] = { drawing->path, NULL };
    const struct sheet *sheet = &drawing->queue[0];
    enum err err = child_run(drawing->loop, &draw_profile, argv, &events,
                             drawing, &drawing->child);

    drawing->is_answered = false;
    if (err) {
        on_end(drawing, err, 0);
        return;
    }
    child_send(drawing->child, sheet->request, sheet->len);
    child_close_input(drawing->child);
}

static void on_next(void *owner)
{
    struct drawing *drawing = owner;

    assert(drawing->magic == MAGIC);
    child_free(drawing->child);
    drawing->child = NULL;
    if (drawing->is_answered)
        drop_first(drawing);
    drawing->is_answered = false;
    if (drawing->count > 0)
        start_first(drawing);
}

static enum err draw(void *owner, uint32_t job, const char *request, size_t len)
{
    struct drawing *drawing = owner;

    assert(drawing->magic == MAGIC);
    if (drawing->count == WAITING_MAX)
        return ERR_CHILD;
    drawing->queue[drawing->count++] = (struct sheet){
        .job = job, .request = mem_copy_bytes(request, len), .len = len
    };
    if (drawing->count == 1)
        timer_start(drawing->next, 0);
    return ERR_OK;
}

struct drawing *drawing_new(struct loop *loop, struct hub *hub,
                            const char *path)
{
    struct drawing *drawing = mem_new(sizeof(*drawing));
    const struct hub_drawer drawer = { draw, drawing };

    drawing->magic = MAGIC;
    drawing->loop = loop;
    drawing->hub = hub;
    drawing->path = mem_copy_text(path);
    drawing->next = timer_new(loop, "hub.drawing", on_next, drawing);
    hub_set_drawer(hub, &drawer);
    return drawing;
}

void drawing_free(struct drawing *drawing)
{
    static const struct hub_drawer none = { NULL, NULL };

    if (drawing == NULL)
        return;
    hub_set_drawer(drawing->hub, &none);
    child_free(drawing->child);
    timer_free(drawing->next);
    while (drawing->count > 0)
        drop_first(drawing);
    mem_free(drawing->path);
    mem_free(drawing);
}
