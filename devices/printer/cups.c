#include "devices/printer/cups.h"

#include "devices/printer/line.h"
#include "devices/printer/pdf.h"
#include "devices/words.h"
#include "kiosk/base/child.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    MAGIC = 0x63757073,
    /* A silent CUPS server was seen to hold a thread for 61 s. */
    LIMIT_MS = 10000,
    WATCH_MS = 30000,
    TROUBLE_MS = 5000,
    /* Longer than any page waits for a printer. */
    JOB_MAX_MS = 200000,
    MEMORY_BYTES = 512 * 1024 * 1024
};

static const char default_server[] = "/run/cups/cups.sock";

/* One child at a time.  It begins by cancelling what an earlier one left, so
 * one that was killed, or is told to make way, leaves nothing that the next
 * does not clear.
 *
 * WORK_STOPPING is a print whose job was given up; its end is still told.
 * Invariant: has_job is set exactly while WORK_PRINTING or WORK_STOPPING. */
enum work { WORK_NONE, WORK_WATCHING, WORK_PRINTING, WORK_STOPPING };

struct cups {
    int magic;
    struct child *child;
    enum work work;
    struct timer *watch;   /* runs while WORK_NONE */
    struct timer *silence; /* runs while a child is printing or stopping */
    int limit_ms, watch_ms, trouble_ms;
    const char *path;
    struct spool_request request; /* what all requests have in common */
    struct child_profile profile;

    bool is_opened;
    bool is_clean; /* nothing of ours is left, as the last child found */
    enum device_state state;
    struct spool_answer last; /* of the child that runs */
    bool is_late;             /* it was killed for its silence */
    int total;                /* pages of all copies */
};

/* --- the printer's state ------------------------------------------------ */

/* The first news opens the device, in whatever state it is. */
static void tell_state(struct device *device, enum device_state state,
                       enum err why, enum device_action action)
{
    struct cups *cups = device_memory(device);

    cups->state = state;
    if (!cups->is_opened) {
        cups->is_opened = true;
        if (why == ERR_NOT_FOUND || why == ERR_BAD_INPUT)
            device_opened(device, ERR_BAD_INPUT);
        else
            device_opened(device, state == DEVICE_READY ? ERR_OK : why);
    }
    device_changed(device, state, why, action);
}

/* What a child's failing says about the printer. */
static void tell_failure(struct device *device, enum err err)
{
    if (err == ERR_NO_DEVICE)
        tell_state(device, DEVICE_UNPLUGGED, err, ACTION_CLEAR);
    else if (err == ERR_NOT_FOUND || err == ERR_BAD_INPUT)
        tell_state(device, DEVICE_BROKEN, err, ACTION_CONFIGURATION);
    else
        tell_state(device, DEVICE_BROKEN, ERR_CHILD, ACTION_MAINTENANCE);
}

static void tell_answer(struct device *device,
                        const struct spool_answer *answer)
{
    if (answer->has_printer)
        tell_state(device, answer->printer, answer->why, answer->action);
}

static void watch_later(struct cups *cups)
{
    bool is_well = cups->is_clean && cups->state == DEVICE_READY;

    timer_start(cups->watch, is_well ? cups->watch_ms : cups->trouble_ms);
}

/* --- the child ---------------------------------------------------------- */

static void drop_child(struct cups *cups)
{
    child_free(cups->child);
    cups->child = NULL;
    timer_stop(cups->silence);
    cups->work = WORK_NONE;
}

static void send_request(struct cups *cups, const struct spool_request *request)
{
    struct buf line;

    buf_init(&line, SPOOL_REQUEST_BYTES);
    spool_write_request(request, &line);
    child_send(cups->child, line.text, line.len);
    buf_done(&line);
}

static void on_line(void *owner, const char *line, size_t len);
static void on_end(void *owner, enum err err, int status);

static enum err run_child(struct device *device, enum work work)
{
    static const struct child_events events = { on_line, on_end };
    struct cups *cups = device_memory(device);
    const char *argv[] = { cups->path, NULL };
    enum err err;

    assert(!cups->child && cups->work == WORK_NONE);
    timer_stop(cups->watch);
    cups->request.number++;
    cups->last = (struct spool_answer){ 0 };
    cups->is_late = false;
    cups->is_clean = false; /* until this one says so */
    cups->profile.run_max_ms =
        work == WORK_WATCHING ? cups->limit_ms : JOB_MAX_MS;
    err = child_run(device_loop(device), &cups->profile, argv, &events, device,
                    &cups->child);
    if (!err)
        cups->work = work;
    return err;
}

static void watch(struct device *device)
{
    struct cups *cups = device_memory(device);
    struct spool_request request;

    if (run_child(device, WORK_WATCHING)) {
        tell_failure(device, ERR_CHILD);
        watch_later(cups);
        return;
    }
    request = cups->request;
    request.order = SPOOL_WATCH;
    send_request(cups, &request);
}

static void on_watch(void *owner)
{
    watch(owner);
}

static void on_silence(void *owner)
{
    struct device *device = owner;
    struct cups *cups = device_memory(device);

    assert(cups->magic == MAGIC);
    cups->is_late = true;
    child_kill(cups->child);
}

static void on_line(void *owner, const char *line, size_t len)
{
    struct device *device = owner;
    struct cups *cups = device_memory(device);
    struct spool_answer answer;

    assert(cups->magic == MAGIC);
    if (spool_read_answer(line, len, &answer) ||
        answer.number != cups->request.number || cups->last.is_end)
        return;
    cups->last = answer;
    if (*answer.device)
        memcpy(cups->request.device, answer.device, sizeof(answer.device));
    tell_answer(device, &answer);
    if (cups->work == WORK_WATCHING)
        return;
    timer_start(cups->silence, cups->limit_ms);
    if (answer.has_job && !answer.is_end)
        device_printed(device, answer.state, answer.pages, cups->total);
}

/* --- how it ended ------------------------------------------------------- */

static void end_watch(struct device *device)
{
    struct cups *cups = device_memory(device);

    if (!cups->last.is_end)
        tell_failure(device, ERR_CHILD);
    else if (cups->last.err)
        tell_failure(device, cups->last.err);
    watch_later(cups);
}

/* The child's last word; without one nobody can tell what came out. */
static void end_job(struct device *device, enum work work)
{
    struct cups *cups = device_memory(device);
    struct spool_answer end = cups->last;
    bool was_sent = end.has_job;

    if (!end.is_end) {
        end.err = cups->is_late ? ERR_TIMEOUT : ERR_CHILD;
        end.state = was_sent || cups->is_late ? PRINT_UNKNOWN : PRINT_FAILED;
        tell_failure(device, ERR_CHILD);
    } else if (!end.has_printer && end.err) {
        tell_failure(device, end.err);
    }
    if (work == WORK_STOPPING)
        end.err = end.err ? ERR_CANCELLED : ERR_OK;
    if (end.state == PRINT_DONE)
        end.pages = cups->total;
    device_printed(device, end.state, end.pages, cups->total);
    device_finished(device, end.err, NULL);
    if (cups->is_clean)
        watch_later(cups);
    else
        watch(device); /* at once: what is left must not come out later */
}

static void on_end(void *owner, enum err err, int status)
{
    struct device *device = owner;
    struct cups *cups = device_memory(device);
    enum work work = cups->work;

    (void)err, (void)status;
    assert(cups->magic == MAGIC && work != WORK_NONE);
    cups->is_clean = cups->last.is_end && cups->last.is_clean;
    drop_child(cups);
    if (work == WORK_WATCHING)
        end_watch(device);
    else
        end_job(device, work);
}

/* --- the driver --------------------------------------------------------- */

static void fail_job(struct device *device, enum err err)
{
    device_printed(device, PRINT_FAILED, 0, 0);
    device_finished(device, err, NULL);
}

static void cups_start(struct device *device, const struct device_job *job)
{
    struct cups *cups = device_memory(device);
    struct spool_request request;
    bool is_right = job->kind == JOB_PRINT && job->pdf && job->pdf_len > 0 &&
                    job->pdf_len <= SPOOL_PDF_BYTES && job->copies >= 1 &&
                    job->copies <= SPOOL_COPIES_MAX;

    if (!is_right) {
        fail_job(device, ERR_BAD_INPUT);
        return;
    }
    drop_child(cups); /* a look at the queue makes way: a print begins so, too
                       */
    if (run_child(device, WORK_PRINTING)) {
        fail_job(device, ERR_CHILD);
        watch_later(cups);
        return;
    }
    request = cups->request;
    request.order = SPOOL_PRINT;
    request.copies = job->copies;
    request.pdf = (unsigned char *)job->pdf; /* only read */
    request.pdf_len = job->pdf_len;
    cups->total = job->copies * pdf_count_pages(job->pdf, job->pdf_len);
    send_request(cups, &request);
    timer_start(cups->silence, cups->limit_ms);
}

static void cups_stop(struct device *device)
{
    struct cups *cups = device_memory(device);
    struct spool_request request = { .order = SPOOL_CANCEL };

    if (cups->work != WORK_PRINTING)
        return; /* its end is on its way already */
    cups->work = WORK_STOPPING;
    request.number = cups->request.number;
    send_request(cups, &request);
    timer_start(cups->silence, cups->limit_ms);
}

/* While a child is at work, that one tells. */
static void cups_look(struct device *device)
{
    struct cups *cups = device_memory(device);

    if (cups->work == WORK_NONE && timer_is_running(cups->watch))
        watch(device);
}

static bool take_setting(const struct device *device, const char *name,
                         const char *fallback, char *text, size_t size)
{
    const char *value = device_setting(device, name);

    if (!value || !*value)
        value = fallback;
    if (!value || strlen(value) >= size)
        return false;
    memcpy(text, value, strlen(value) + 1);
    return true;
}

static bool take_settings(struct device *device)
{
    struct cups *cups = device_memory(device);
    struct spool_request *request = &cups->request;
    const char *paper = device_setting(device, "paper");

    cups->path = device_setting(device, "print_path");
    cups->limit_ms =
        words_milliseconds(device_setting(device, "limit_ms"), LIMIT_MS);
    cups->watch_ms =
        words_milliseconds(device_setting(device, "watch_ms"), WATCH_MS);
    cups->trouble_ms =
        words_milliseconds(device_setting(device, "trouble_ms"), TROUBLE_MS);
    return cups->path && paper && !paper_find(paper, &request->paper) &&
           take_setting(device, "queue", NULL, request->queue,
                        sizeof(request->queue)) &&
           take_setting(device, "server", default_server, request->server,
                        sizeof(request->server)) &&
           take_setting(device, "mark", "kiosk", request->mark,
                        sizeof(request->mark));
}

static void cups_open(struct device *device)
{
    struct cups *cups = device_memory(device);
    struct loop *loop = device_loop(device);

    cups->magic = MAGIC;
    cups->state = DEVICE_STARTING;
    cups->profile = (struct child_profile){
        .name = "kiosk-print",
        .memory_max_bytes = MEMORY_BYTES,
        .line_max_bytes = SPOOL_ANSWER_BYTES,
    };
    cups->watch = timer_new(loop, "printer watch", on_watch, device);
    cups->silence = timer_new(loop, "printer silence", on_silence, device);
    if (take_settings(device))
        watch(device);
    else
        device_opened(device, ERR_BAD_INPUT);
}

/* A child that prints is left behind to cancel its job: it reads the end of
 * its input, and ends soon. */
static void cups_close(struct device *device)
{
    struct cups *cups = device_memory(device);

    if (cups->work == WORK_PRINTING || cups->work == WORK_STOPPING)
        child_leave(cups->child);
    else
        child_free(cups->child);
    cups->child = NULL;
    timer_free(cups->watch);
    timer_free(cups->silence);
    device_closed(device);
}

const struct driver printer_cups_driver = {
    .name = "printer/cups",
    .class = DEVICE_PRINTER,
    .memory = sizeof(struct cups),
    .open = cups_open,
    .close = cups_close,
    .start = cups_start,
    .stop = cups_stop,
    .look = cups_look,
};
