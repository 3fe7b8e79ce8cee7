#include "kiosk/device.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <string.h>

enum { DEVICE_MAGIC = 0x64657669 };

/* How far the opening got.  A driver whose open failed may still come round
 * (a reader that is plugged in later): it then reports READY. */
enum phase {
    PHASE_NEW,
    PHASE_OPENING,
    PHASE_FAILED,
    PHASE_OPEN,
    PHASE_CLOSING
};

enum answer_kind {
    ANSWER_OPENED,
    ANSWER_CHANGED,
    ANSWER_RETRY,
    ANSWER_PRINTED,
    ANSWER_FINISHED,
    ANSWER_CLOSED
};

/* What a driver said, waiting for its turn; a card in it lives in secret
 * memory until it was delivered or its job was stopped. */
struct answer {
    struct answer *next; /* device.first */
    enum answer_kind kind;
    uint32_t job;
    enum err err;
    enum device_state state;
    enum device_action action;
    enum print_state print;
    int pages, total;
    struct card *card;
    bool is_dropped; /* its job was stopped */
};

struct device_setting {
    struct device_setting *next; /* device.settings */
    char *name;
    char *value;
};

/* A job is the driver's from start() to its device_finished(); a job asked for
 * while a stopped one still lingers waits until that one has ended.
 * Invariant: waiting_job is set only while is_stopping.  The bytes to print are
 * copies of ours: an asker who has stopped may erase theirs at once, while a
 * real driver may still be busy giving up. */
struct device {
    uint32_t magic;
    const struct driver *driver;
    struct loop *loop;
    void *memory;
    struct device_setting *settings;
    struct device_events events;
    void *owner;

    enum phase phase;
    enum device_state state;
    enum err why;
    enum device_action action;
    int64_t since_ms;

    uint32_t last_number;
    uint32_t job; /* the driver's, or 0 */
    struct device_job asked;
    bool is_stopping;
    uint32_t waiting_job;
    struct device_job waiting;

    struct timer *timer; /* runs while answers are queued */
    struct answer *first;
    struct answer **last; /* where the next answer is hung */
    bool is_delivering, is_closed;
};

/* --- a job's bytes ------------------------------------------------------ */

static void keep_job(struct device_job *kept, const struct device_job *job)
{
    *kept = *job;
    if (job->pdf)
        kept->pdf = mem_copy_bytes(job->pdf, job->pdf_len);
}

static void drop_job(struct device_job *kept)
{
    mem_free((void *)kept->pdf); /* ours, see keep_job */
    *kept = (struct device_job){ 0 };
}

/* --- the queue ---------------------------------------------------------- */

static void answer_forget_card(struct answer *answer)
{
    if (!answer->card)
        return;
    mem_wipe(answer->card, sizeof(*answer->card));
    secret_free(answer->card);
    answer->card = NULL;
}

static struct answer *queue_answer(struct device *device, enum answer_kind kind)
{
    struct answer *answer = mem_new(sizeof(*answer));

    assert(device->magic == DEVICE_MAGIC);
    answer->kind = kind;
    answer->job = device->job;
    *device->last = answer;
    device->last = &answer->next;
    timer_start(device->timer, 0);
    return answer;
}

static struct answer *take_answer(struct device *device)
{
    struct answer *answer = device->first;

    if (answer) {
        device->first = answer->next;
        if (!device->first)
            device->last = &device->first;
    }
    return answer;
}

static void clear_queue(struct device *device)
{
    for (;;) {
        struct answer *answer = take_answer(device);

        if (!answer)
            return;
        answer_forget_card(answer);
        mem_free(answer);
    }
}

/* --- what a driver says ------------------------------------------------- */

void device_opened(struct device *device, enum err err)
{
    queue_answer(device, ANSWER_OPENED)->err = err;
}

void device_closed(struct device *device)
{
    assert(device->magic == DEVICE_MAGIC);
    assert(device->phase == PHASE_CLOSING && !device->is_closed);
    device->is_closed = true;
    queue_answer(device, ANSWER_CLOSED);
}

void device_finished(struct device *device, enum err err,
                     const struct card *card)
{
    struct answer *answer;

    assert(device->magic == DEVICE_MAGIC);
    if (device->phase == PHASE_CLOSING)
        return; /* a close needs no end of its job, but may give one */

    assert(device->job);
    answer = queue_answer(device, ANSWER_FINISHED);
    if (device->asked.kind == JOB_READ_CARD && device->is_stopping)
        err = ERR_CANCELLED; /* a card that nobody waits for any more */
    if (!err && device->asked.kind == JOB_READ_CARD) {
        assert(card);
        answer->card = secret_new(sizeof(*card));
        if (answer->card)
            *answer->card = *card;
        else
            err = ERR_TOO_BIG;
    }
    answer->err = err;
    device->job = 0;
    drop_job(&device->asked);
    if (!device->waiting_job)
        device->is_stopping = false;
}

void device_changed(struct device *device, enum device_state state,
                    enum err why, enum device_action action)
{
    struct answer *answer = queue_answer(device, ANSWER_CHANGED);

    answer->state = state;
    answer->err = why;
    answer->action = action;
}

void device_printed(struct device *device, enum print_state state, int pages,
                    int total)
{
    struct answer *answer;

    if (!device->job || device->is_stopping)
        return;
    answer = queue_answer(device, ANSWER_PRINTED);
    answer->print = state;
    answer->pages = pages;
    answer->total = total;
}

void device_retry(struct device *device, enum err why)
{
    if (device->job && !device->is_stopping)
        queue_answer(device, ANSWER_RETRY)->err = why;
}

/* --- delivery ----------------------------------------------------------- */

static void set_state(struct device *device, enum device_state state,
                      enum err why, enum device_action action)
{
    if (device->state == state && device->why == why &&
        device->action == action)
        return;
    device->state = state;
    device->why = why;
    device->action = action;
    device->since_ms = clock_wall_ms();
    if (device->events.on_state)
        device->events.on_state(device->owner, device);
}

static void deliver_opened(struct device *device, enum err err)
{
    if (device->phase != PHASE_OPENING)
        return;
    device->phase = err ? PHASE_FAILED : PHASE_OPEN;
    if (!err)
        set_state(device, DEVICE_READY, ERR_OK, ACTION_NONE);
    else if (err == ERR_NO_DEVICE)
        set_state(device, DEVICE_UNPLUGGED, err, ACTION_CLEAR);
    else if (err == ERR_BAD_INPUT || err == ERR_FORBIDDEN)
        set_state(device, DEVICE_BROKEN, err, ACTION_CONFIGURATION);
    else
        set_state(device, DEVICE_BROKEN, err, ACTION_MAINTENANCE);
}

static void deliver_changed(struct device *device, const struct answer *answer)
{
    if (device->phase == PHASE_FAILED && answer->state == DEVICE_READY)
        device->phase = PHASE_OPEN;
    set_state(device, answer->state, answer->err, answer->action);
}

/* Hands the job that waited for the end of a stopped one to the driver. */
static void start_waiting(struct device *device)
{
    if (!device->waiting_job || device->job || device->phase != PHASE_OPEN)
        return;
    device->job = device->waiting_job;
    device->asked = device->waiting;
    device->waiting_job = 0;
    device->waiting = (struct device_job){ 0 };
    device->is_stopping = false;
    device->driver->start(device, &device->asked);
}

static void deliver_finished(struct device *device, struct answer *answer)
{
    start_waiting(device);
    if (device->events.on_finished)
        device->events.on_finished(device->owner, device, answer->job,
                                   answer->err, answer->card);
}

static void deliver(struct device *device, struct answer *answer)
{
    const struct device_events *events = &device->events;

    switch (answer->kind) {
    case ANSWER_OPENED:
        deliver_opened(device, answer->err);
        break;
    case ANSWER_CHANGED:
        deliver_changed(device, answer);
        break;
    case ANSWER_RETRY:
        if (events->on_retry)
            events->on_retry(device->owner, device, answer->job, answer->err);
        break;
    case ANSWER_PRINTED:
        if (events->on_printed)
            events->on_printed(device->owner, device, answer->job,
                               answer->print, answer->pages, answer->total);
        break;
    case ANSWER_FINISHED:
        deliver_finished(device, answer);
        break;
    case ANSWER_CLOSED:
        break;
    }
}

static void erase(struct device *device)
{
    clear_queue(device);
    drop_job(&device->asked);
    drop_job(&device->waiting);
    timer_free(device->timer);
    while (device->settings) {
        struct device_setting *setting = device->settings;

        device->settings = setting->next;
        mem_free(setting->name);
        mem_free(setting->value);
        mem_free(setting);
    }
    mem_free(device->memory);
    device->magic = 0;
    mem_free(device);
}

/* One answer at a time: a callback may stop the job, start the next or free
 * the device. */
static void on_answers(void *owner)
{
    struct device *device = owner;

    assert(device->magic == DEVICE_MAGIC);
    device->is_delivering = true;
    while (device->phase != PHASE_CLOSING) {
        struct answer *answer = take_answer(device);

        if (!answer)
            break;
        if (!answer->is_dropped)
            deliver(device, answer);
        answer_forget_card(answer);
        mem_free(answer);
    }
    device->is_delivering = false;
    if (device->is_closed)
        erase(device);
}

/* --- the app's side ----------------------------------------------------- */

struct device *device_new(struct loop *loop, const struct driver *driver,
                          const struct device_events *events, void *owner)
{
    struct device *device = mem_new(sizeof(*device));

    device->magic = DEVICE_MAGIC;
    device->loop = loop;
    device->driver = driver;
    device->memory = mem_new(driver->memory ? driver->memory : 1);
    device->events = *events;
    device->owner = owner;
    device->last = &device->first;
    device->timer = timer_new(loop, "device answers", on_answers, device);
    return device;
}

void device_set(struct device *device, const char *name, const char *value)
{
    struct device_setting *setting = mem_new(sizeof(*setting));

    setting->name = mem_copy_text(name);
    setting->value = mem_copy_text(value);
    setting->next = device->settings; /* the newest is found first */
    device->settings = setting;
}

void device_open(struct device *device)
{
    assert(device->phase == PHASE_NEW);
    device->phase = PHASE_OPENING;
    device->state = DEVICE_STARTING;
    device->since_ms = clock_wall_ms();
    device->action = ACTION_WAIT;
    device->driver->open(device);
}

void device_free(struct device *device)
{
    if (!device)
        return;
    assert(device->magic == DEVICE_MAGIC && device->phase != PHASE_CLOSING);
    if (device->phase == PHASE_NEW)
        device->is_closed = true;
    device->events = (struct device_events){ 0 };
    clear_queue(device);
    device->job = 0;
    device->waiting_job = 0;
    if (device->phase != PHASE_NEW) {
        device->phase = PHASE_CLOSING;
        device->driver->close(device);
    }
    device->phase = PHASE_CLOSING;
    if (device->is_closed && !device->is_delivering)
        erase(device); /* else on_answers() does, when it is safe */
}

static uint32_t next_number(struct device *device)
{
    device->last_number++;
    if (!device->last_number)
        device->last_number = 1;
    return device->last_number;
}

uint32_t device_start(struct device *device, const struct device_job *job)
{
    uint32_t number;

    if (device->phase != PHASE_OPEN || device->waiting_job)
        return 0;
    if (device->job && !device->is_stopping)
        return 0;

    number = next_number(device);
    if (device->job) {
        device->waiting_job = number;
        keep_job(&device->waiting, job);
        return number;
    }
    device->job = number;
    keep_job(&device->asked, job);
    device->driver->start(device, &device->asked);
    return number;
}

/* What is queued of a stopped job goes, and any card in it at once: the
 * session that it belongs to may be wiped next. */
static void drop_answers(struct device *device, uint32_t job)
{
    for (struct answer *a = device->first; a; a = a->next) {
        if (a->job != job)
            continue;
        if (a->kind == ANSWER_FINISHED && a->card) {
            answer_forget_card(a);
            a->err = ERR_CANCELLED;
        } else if (a->kind == ANSWER_RETRY || a->kind == ANSWER_PRINTED) {
            a->is_dropped = true;
        }
    }
}

static void cancel_waiting(struct device *device)
{
    struct answer *answer = queue_answer(device, ANSWER_FINISHED);

    answer->job = device->waiting_job;
    answer->err = ERR_CANCELLED;
    device->waiting_job = 0;
    drop_job(&device->waiting);
    if (!device->job)
        device->is_stopping = false;
}

void device_stop(struct device *device, uint32_t job)
{
    if (!job)
        return;
    drop_answers(device, job);
    if (job == device->waiting_job) {
        cancel_waiting(device);
    } else if (job == device->job && !device->is_stopping) {
        device->is_stopping = true;
        device->driver->stop(device);
    }
}

void *device_memory(struct device *device)
{
    return device->memory;
}

struct loop *device_loop(struct device *device)
{
    return device->loop;
}

const char *device_setting(const struct device *device, const char *name)
{
    for (const struct device_setting *s = device->settings; s; s = s->next) {
        if (strcmp(s->name, name) == 0)
            return s->value;
    }
    return NULL;
}

void device_look(struct device *device)
{
    bool is_open = device->phase == PHASE_OPEN || device->phase == PHASE_FAILED;

    if (is_open && device->driver->look)
        device->driver->look(device);
}

enum device_state device_state_of(const struct device *device)
{
    return device->state;
}

enum err device_why(const struct device *device)
{
    return device->why;
}

enum device_action device_action_of(const struct device *device)
{
    return device->action;
}

int64_t device_since_ms(const struct device *device)
{
    return device->since_ms;
}

enum device_class device_class_of(const struct device *device)
{
    return device->driver->class;
}

enum err device_pretend(struct device *device, const char *line)
{
    bool is_open =
        device->phase == PHASE_OPEN || device->phase == PHASE_OPENING;

    if (!device->driver->pretend || !is_open)
        return ERR_NOT_FOUND;
    return device->driver->pretend(device, line);
}
