#include "kiosk/report.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 256 * 1024, PENDING_MAX_BYTES = 4 * 1024 * 1024 };

struct report {
    int fd;
    struct watch *watch; /* NULL: a plain file, which never waits */
    struct buf pending;
    struct buf last;
};

static void push(struct report *report)
{
    while (report->pending.len > 0) {
        ssize_t done =
            write(report->fd, report->pending.text, report->pending.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && errno == EAGAIN && report->watch) {
            watch_set(report->watch, LOOP_WRITE);
            return;
        }
        if (done < 0) { /* nobody reads any more */
            buf_clear(&report->pending);
            break;
        }
        buf_remove_front(&report->pending, (size_t)done);
    }
    if (report->watch)
        watch_set(report->watch, 0);
}

static void on_ready(void *owner, int events)
{
    (void)events;
    push(owner);
}

enum err report_new(struct loop *loop, int fd, struct report **ret_report)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return ERR_BAD_INPUT;
    struct report *report = mem_new(sizeof *report);
    report->fd = fd;
    buf_init(&report->pending, PENDING_MAX_BYTES);
    buf_init(&report->last, LINE_MAX_BYTES);
    report->watch = watch_new(loop, "report", fd, on_ready, report);
    if (report->watch)
        (void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    *ret_report = report;
    return ERR_OK;
}

void report_free(struct report *report)
{
    if (!report)
        return;
    watch_free(report->watch);
    buf_done(&report->pending);
    buf_done(&report->last);
    mem_free(report);
}

static int on_dump(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

static void dump(json_t *json, struct buf *out)
{
    (void)json_dump_callback(json, on_dump, out, JSON_COMPACT);
    buf_add_char(out, '\n');
    json_decref(json);
}

static void set_text(json_t *json, const char *name, const char *value)
{
    if (value && *value)
        json_object_set_new(json, name, json_string(value));
}

static const char *typing_name(enum typing typing)
{
    switch (typing) {
    case TYPING_DIGITS:
        return "digits";
    case TYPING_TEXT:
        return "text";
    case TYPING_STROKES:
        return "strokes";
    case TYPING_NONE:
        break;
    }
    return NULL;
}

/* A row of a list and a key of a pad have ids of their own. */
static void set_identity(json_t *json, const struct ui_place *place)
{
    const struct element *element = place->element;
    char id[160];

    if (element->kind == ELEMENT_LIST) {
        snprintf(id, sizeof id, "%s.%s", element->id, place->row_value);
        json_object_set_new(json, "id", json_string(id));
        json_object_set_new(json, "kind", json_string("row"));
        return;
    }
    if (element->kind == ELEMENT_KEYS) {
        snprintf(id, sizeof id, "%s.%s", element->id, place->row_key);
        json_object_set_new(json, "id", json_string(id));
    } else {
        json_object_set_new(json, "id", json_string(element->id));
    }
    /* What is offered while keys write has none: it is touched. */
    bool is_touched = element->kind == ELEMENT_CANDIDATES && !*element->key;
    enum element_kind kind = is_touched ? ELEMENT_CHOICE : element->kind;
    json_object_set_new(json, "kind", json_string(element_kind_name(kind)));
}

static const char *key_of(const struct ui_place *place)
{
    if (!place->can_press)
        return NULL;
    if (place->row_key) /* keys of the glass only have names, not signs */
        return place->element->kind == ELEMENT_KEYS && place->row_key[1]
                   ? NULL
                   : place->row_key;
    return element_shown_key(place->element);
}

static void set_value(json_t *json, const struct element *element)
{
    if (element->kind == ELEMENT_FIELD)
        json_object_set_new(json, "value",
                            json_string(element->value ? element->value : ""));
    else
        set_text(json, "value", element->value);
}

static json_t *describe(const struct ui_place *place)
{
    const struct element *element = place->element;
    json_t *json = json_object();

    set_identity(json, place);
    set_text(json, "key", key_of(place));
    set_text(json, "text",
             place->row_text ? place->row_text
             : place->text   ? place->text
                             : element->text);
    set_value(json, element);
    set_text(json, "note", element->note);
    set_text(json, "typing", typing_name(element->typing));
    if (place->is_chosen)
        json_object_set_new(json, "chosen", json_true());
    if (place->is_focus)
        json_object_set_new(json, "focus", json_true());
    if (place->can_press && place->rows > 0)
        json_object_set_new(json, "at",
                            json_pack("[i, i, i, i]", place->row, place->col,
                                      place->rows, place->cols));
    return json;
}

void report_painted(struct report *report, const struct report_page *page,
                    const struct ui *ui)
{
    int rows, cols;
    ui_size(ui, &rows, &cols);
    json_t *elements = json_array();
    for (size_t i = 0; i < ui_place_count(ui); i++)
        json_array_append_new(elements, describe(ui_place(ui, i)));
    json_t *json = json_pack("{s:I, s:s}", "page", (json_int_t)page->page,
                             "screen", page->screen);
    set_text(json, "item", page->item);
    set_text(json, "step", page->item ? page->step : NULL);
    set_text(json, "language", page->language);
    json_object_set_new(json, "rows", json_integer(rows));
    json_object_set_new(json, "cols", json_integer(cols));
    set_text(json, "pending", ui_pending(ui));
    json_object_set_new(json, "elements", elements);

    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    dump(json, &line);
    if (!line.is_cut && strcmp(line.text, report->last.text) != 0) {
        buf_clear(&report->last);
        buf_add(&report->last, line.text, line.len);
        buf_add(&report->pending, line.text, line.len);
        push(report);
    }
    buf_done(&line);
}

void report_sim(struct report *report, const char *words, enum err err)
{
    json_t *json = json_pack("{s:s, s:b}", "sim", words, "ok", err == ERR_OK);
    if (err)
        set_text(json, "error", err_name(err));
    dump(json, &report->pending);
    push(report);
}
