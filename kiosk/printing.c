#include "kiosk/printing.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <assert.h>
#include <string.h>

enum {
    MAGIC = 0x7072696e,
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

struct printing {
    int magic;
    struct loop *loop;
    struct printing_events events;
    void *owner;
    char *draw_path;
    struct child *child;
    struct device *printer;
    struct timer *later; /* an answer that must not come inside a call */
    enum err later_err;
    unsigned char *pdf;
    size_t pdf_len;
    uint32_t job;
    enum print_state state; /* of the job, as told last */
    bool is_busy;
};

static void drop_pdf(struct printing *printing)
{
    mem_free(printing->pdf); /* zeroes */
    printing->pdf = NULL;
    printing->pdf_len = 0;
}

static void drop_child(struct printing *printing)
{
    child_free(printing->child);
    printing->child = NULL;
}

static void end(struct printing *printing, enum err err)
{
    assert(printing->is_busy);
    drop_pdf(printing);
    printing->is_busy = false;
    printing->job = 0;
    printing->events.on_end(printing->owner, err, printing->state);
}

static void on_later(void *owner)
{
    struct printing *printing = owner;
    assert(printing->magic == MAGIC);
    drop_child(printing);
    end(printing, printing->later_err);
}

static void end_later(struct printing *printing, enum err err)
{
    printing->later_err = err;
    timer_start(printing->later, 0);
}

/* The PDF out of kiosk-draw's answer, or NULL. */
static unsigned char *take_pdf(const char *line, size_t len, size_t *ret_len)
{
    json_t *answer = json_loadb(line, len, 0, NULL);
    const char *text = json_string_value(json_object_get(answer, "pdf"));
    unsigned char *pdf = NULL;

    if (text) {
        size_t room = strlen(text) / 4 * 3 + 3;
        pdf = mem_new(room);
        if (base64_decode(text, strlen(text), pdf, room, ret_len)) {
            mem_free(pdf);
            pdf = NULL;
        }
    }
    json_decref(answer);
    return pdf;
}

static void start_job(struct printing *printing, int copies)
{
    struct device_job job = {
        .kind = JOB_PRINT,
        .pdf = printing->pdf,
        .pdf_len = printing->pdf_len,
        .copies = copies,
    };
    printing->job = device_start(printing->printer, &job);
    if (!printing->job) {
        enum err why = device_why(printing->printer);
        end_later(printing, why ? why : ERR_DEVICE);
    }
}

static void on_drawn(void *owner, const char *line, size_t len)
{
    struct printing *printing = owner;
    assert(printing->magic == MAGIC);
    if (!printing->is_busy || printing->pdf ||
        timer_is_running(printing->later))
        return;
    printing->pdf = take_pdf(line, len, &printing->pdf_len);
    if (!printing->pdf) {
        end_later(printing, ERR_CHILD);
        return;
    }
    child_close_input(printing->child);
    start_job(printing, 1);
}

static void on_child_end(void *owner, enum err err, int status)
{
    struct printing *printing = owner;
    assert(printing->magic == MAGIC);
    if (!printing->is_busy || printing->pdf ||
        timer_is_running(printing->later))
        return;
    event_record(EVENT_CHILD_ENDED, FIELD_CHILD, draw_profile.name, FIELD_ERR,
                 err_name(err ? err : ERR_CHILD), FIELD_NUMBER, (int64_t)status,
                 FIELD_END);
    end_later(printing, err ? err : ERR_CHILD);
}

struct printing *printing_new(struct loop *loop, const char *draw_path,
                              const struct printing_events *events, void *owner)
{
    struct printing *printing = mem_new(sizeof *printing);
    *printing = (struct printing){
        .magic = MAGIC,
        .loop = loop,
        .events = *events,
        .owner = owner,
        .draw_path = mem_copy_text(draw_path),
    };
    printing->later = timer_new(loop, "printing", on_later, printing);
    return printing;
}

void printing_free(struct printing *printing)
{
    if (!printing)
        return;
    printing_stop(printing);
    timer_free(printing->later);
    mem_free(printing->draw_path);
    mem_free(printing);
}

/* False: there is none, which is told later. */
static bool begin(struct printing *printing, struct device *printer)
{
    assert(!printing->is_busy);
    drop_child(printing);
    printing->is_busy = true;
    printing->state = PRINT_FAILED;
    printing->printer = printer;
    if (!printer)
        end_later(printing, ERR_NO_DEVICE);
    return printer != NULL;
}

void printing_start(struct printing *printing, struct device *printer,
                    const char *request, size_t len)
{
    static const struct child_events events = { on_drawn, on_child_end };
    const char *argv[] = { printing->draw_path, NULL };

    if (!begin(printing, printer))
        return;
    enum err err = child_run(printing->loop, &draw_profile, argv, &events,
                             printing, &printing->child);
    if (err) {
        end_later(printing, ERR_CHILD);
        return;
    }
    child_send(printing->child, request, len);
}

void printing_start_pdf(struct printing *printing, struct device *printer,
                        const void *pdf, size_t len, int copies)
{
    if (!begin(printing, printer))
        return;
    printing->pdf = mem_new(len);
    memcpy(printing->pdf, pdf, len);
    printing->pdf_len = len;
    start_job(printing, copies);
}

void printing_stop(struct printing *printing)
{
    timer_stop(printing->later);
    drop_child(printing);
    if (printing->job)
        device_stop(printing->printer, printing->job);
    printing->job = 0;
    printing->is_busy = false;
    /* A stopped driver gives the bytes up before device_stop returns its
     * answer; the device keeps no pointer past device_stop. */
    drop_pdf(printing);
}

bool printing_is_busy(const struct printing *printing)
{
    return printing->is_busy;
}

void printing_tell(const struct printing *printing, struct held *held)
{
    if (printing->is_busy)
        held_add(held, "held.printing", N_("Paper"),
                 N_("what is being printed now"));
}

void printing_on_pages(struct printing *printing, uint32_t job,
                       enum print_state state, int pages, int total)
{
    if (!printing->is_busy || job != printing->job)
        return;
    printing->state = state;
    printing->events.on_pages(printing->owner, state, pages, total);
}

void printing_on_finished(struct printing *printing, uint32_t job, enum err err)
{
    if (!printing->is_busy || job != printing->job)
        return;
    drop_child(printing);
    end(printing, err);
}
