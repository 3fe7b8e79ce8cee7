/* Identity card readers: find, select, read the text, read the newest address.
 *
 * What surprises about these readers: after a card was read it must be lifted
 * before "find" sees it again, so "no card" does not mean an empty plate; an
 * answer does not say what it answers (link.h); two cards have no status of
 * their own, they show as cards that can be found and never selected.
 *
 * A reader that fails is asked again; after three failures its port is reset;
 * after three more it is called broken, and tried again in growing pauses, for
 * ever: nobody need pull its plug. */
#include "devices/card/sdt.h"

#include "devices/card/link.h"
#include "devices/card/record.h"
#include "devices/limits.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/task.h"

#include <assert.h>
#include <string.h>

enum {
    MAGIC = 0x73647431,
    FAILURES_RESET = 3,  /* of the reader, in a row: then the port is reset */
    FAILURES_BROKEN = 6, /* … then it is called broken */
    SELECTS_TWO = 3,     /* found and not selected so often: two cards */
    FINDS_EMPTY = 3,     /* found nothing so often: another will be told anew */
    TEXT_AT = 4,         /* after the two lengths */
    PHOTO_BYTES = 1024
};

/* What the SAM says: facts of GA/T 467 as the public programs agree on them. */
enum status {
    STATUS_DONE = 0x90,
    STATUS_ABSENT = 0x91, /* the card has no such thing */
    STATUS_FOUND = 0x9F,
    STATUS_BAD_COMMAND = 0x21,
    STATUS_NOT_ALLOWED = 0x23,
    STATUS_SAM_REFUSED = 0x31, /* by the card: lift it and lay it anew */
    STATUS_CARD_REFUSED = 0x32,
    STATUS_CARD_FALSE = 0x33,
    STATUS_NOT_A_CARD = 0x40,
    STATUS_MOVED = 0x41,
    STATUS_SELF_TEST = 0x60,
    STATUS_NOT_AUTHORISED = 0x66,
    STATUS_NO_CARD = 0x80,
    STATUS_NOT_SELECTED = 0x81
};

enum phase {
    PHASE_ABSENT,  /* no device, or one that cannot be had */
    PHASE_WAKING,  /* drained, asked how it is, perhaps reset first */
    PHASE_READY,   /* looked at now and then; reads when there is a job */
    PHASE_READING, /* find … address */
    PHASE_CHECKING,
    PHASE_BROKEN /* pausing before it is woken again */
};

struct sdt {
    int magic;
    struct device *device;
    struct usb_id ids[USB_IDS_MAX + 1];
    struct usb *usb;
    struct link *link;
    struct task wake, read, check;
    struct task *running; /* the one of them, or NULL */
    struct timer *timer;  /* the next look or try */
    struct timer *stuck;  /* the bus itself does not answer */
    struct card *card;    /* secret memory */

    enum phase phase;
    bool is_opened;
    bool has_job, is_stopping;
    bool wants_reset, was_reset; /* the next waking begins with it; … began */
    bool is_stuck;
    bool owes_data; /* a card's data was asked for and did not come */
    bool has_news;  /* the bus told a state while a task ran */
    enum err news;
    struct usb_place news_place;
    int failures, revive_ms;

    /* The card on the plate: */
    bool was_found;  /* in this reading */
    bool was_missed; /* found before, then not selected: lifted early? */
    int selects_failed, finds_failed;
    enum err told; /* why it was not read; once, not at each look */
};

static const struct usb_id usual_ids[] = {
    { 0x0400, 0xc35a }, { 0x0316, 0x5020 }, { 0x0483, 0x5652 },
    { 0x2015, 0x0008 }, { 0x9573, 0x4836 }, { 0, 0 },
};

/* ---- What fits to which question --------------------------------------- */

/* An answer that is no success says so without data. */
static bool is_failure(const struct frame_answer *answer)
{
    uint8_t status = answer->status[2];
    return answer->len == 0 && status != STATUS_DONE && status != STATUS_FOUND;
}

static bool fits_status(const struct frame_answer *answer)
{
    return is_failure(answer) ||
           (answer->status[2] == STATUS_DONE && answer->len == 0);
}

static bool fits_find(const struct frame_answer *answer)
{
    return is_failure(answer) ||
           (answer->status[2] == STATUS_FOUND && answer->len <= 8);
}

static bool fits_select(const struct frame_answer *answer)
{
    return is_failure(answer) ||
           (answer->status[2] == STATUS_DONE && answer->len == 8);
}

static size_t length_at(const struct frame_answer *answer, size_t at)
{
    return (size_t)answer->data[at] << 8 | answer->data[at + 1];
}

/* Text and photo, as long as the two lengths in front of them say. */
static bool fits_text(const struct frame_answer *answer)
{
    return is_failure(answer) ||
           (answer->status[2] == STATUS_DONE && answer->len > 8 &&
            length_at(answer, 0) + length_at(answer, 2) + TEXT_AT ==
                answer->len);
}

static bool fits_address(const struct frame_answer *answer)
{
    return is_failure(answer) || (answer->status[2] == STATUS_DONE &&
                                  answer->len == RECORD_ADDRESS_BYTES);
}

/* ---- What a status means ----------------------------------------------- */

static enum err err_of_failure(uint8_t status)
{
    switch ((enum status)status) {
    case STATUS_NO_CARD:
    case STATUS_NOT_SELECTED:
        return ERR_CARD_NONE;
    case STATUS_SAM_REFUSED:
    case STATUS_MOVED:
        return ERR_CARD_MOVED;
    case STATUS_CARD_REFUSED:
    case STATUS_CARD_FALSE:
    case STATUS_NOT_A_CARD:
        return ERR_CARD_UNKNOWN;
    case STATUS_SELF_TEST:
    case STATUS_NOT_AUTHORISED:
        return ERR_REFUSED; /* it takes no commands any more */
    case STATUS_DONE:
    case STATUS_FOUND:
    case STATUS_ABSENT:
    case STATUS_BAD_COMMAND:
    case STATUS_NOT_ALLOWED:
        return ERR_DEVICE; /* not what it may say here */
    }
    return ERR_DEVICE; /* "unknown error", and whatever is not known to us */
}

/* ---- Steps ------------------------------------------------------------- */

static enum task_next ask(struct task *task, uint8_t command, uint8_t parameter,
                          enum limit limit,
                          bool (*fits)(const struct frame_answer *))
{
    struct sdt *sdt = task->owner;
    struct link_question question = { { command, parameter },
                                      limit_ms(limit),
                                      fits };

    if (sdt->is_stopping)
        return task_fail(task, ERR_CANCELLED);
    timer_start(sdt->stuck, question.limit_ms * 2 + limit_ms(LIMIT_CARD_STUCK));
    link_ask(sdt->link, &question);
    return TASK_WAIT;
}

static enum task_next step_reset(struct task *task)
{
    struct sdt *sdt = task->owner;

    if (!sdt->wants_reset)
        return TASK_GO;
    sdt->wants_reset = false;
    sdt->was_reset = true;
    timer_start(sdt->stuck, limit_ms(LIMIT_CARD_STUCK) * 2);
    link_reset(sdt->link);
    return TASK_WAIT;
}

/* One person's data that comes too late must not be taken for the next one's.
 * A reader that will not say it any more is reset, and so forgets it. */
static enum task_next step_await_late(struct task *task)
{
    struct sdt *sdt = task->owner;
    int within_ms = limit_ms(LIMIT_CARD_READ);

    if (!sdt->owes_data)
        return TASK_GO;
    timer_start(sdt->stuck, within_ms + limit_ms(LIMIT_CARD_STUCK));
    link_await_late(sdt->link, within_ms);
    return TASK_WAIT;
}

static enum task_next step_drain(struct task *task)
{
    struct sdt *sdt = task->owner;

    timer_start(sdt->stuck, limit_ms(LIMIT_CARD_STUCK) * 2);
    link_drain(sdt->link);
    return TASK_WAIT;
}

static enum task_next step_status(struct task *task)
{
    return ask(task, 0x11, 0xFF, LIMIT_CARD_STATUS, fits_status);
}

static enum task_next step_find(struct task *task)
{
    struct sdt *sdt = task->owner;

    sdt->was_found = false;
    return ask(task, 0x20, 0x01, LIMIT_CARD_FIND, fits_find);
}

static enum task_next step_select(struct task *task)
{
    struct sdt *sdt = task->owner;

    sdt->was_found = true;
    if (sdt->finds_failed > 0) /* lifted and laid down again: told anew */
        sdt->told = ERR_OK;
    return ask(task, 0x20, 0x02, LIMIT_CARD_SELECT, fits_select);
}

static enum task_next step_text(struct task *task)
{
    struct sdt *sdt = task->owner;

    sdt->owes_data = !sdt->is_stopping;
    return ask(task, 0x30, 0x01, LIMIT_CARD_READ, fits_text);
}

static enum task_next step_address(struct task *task)
{
    struct sdt *sdt = task->owner;

    sdt->owes_data = !sdt->is_stopping;
    return ask(task, 0x30, 0x03, LIMIT_CARD_ADDRESS, fits_address);
}

static const struct step_of_task wake_steps[] = {
    { .name = "let what is late pass", .run = step_await_late },
    { .name = "reset the port", .run = step_reset },
    { .name = "drain", .run = step_drain },
    { .name = "ask its status", .run = step_status },
};

static const struct step_of_task read_steps[] = {
    { .name = "find", .run = step_find },
    { .name = "select", .run = step_select },
    { .name = "read the text", .run = step_text },
    { .name = "read the newest address", .run = step_address },
};

static const struct step_of_task check_steps[] = {
    { .name = "ask its status", .run = step_status },
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* ---- Answers ----------------------------------------------------------- */

static enum err take_text(struct sdt *sdt, const struct frame_answer *answer)
{
    size_t text_len = length_at(answer, 0), photo_len = length_at(answer, 2);
    const uint8_t *photo = answer->data + TEXT_AT + text_len;

    if (record_read(answer->data + TEXT_AT, text_len, sdt->card))
        return ERR_CARD_UNKNOWN; /* the reader did its part */
    sdt->card->has_photo = photo_len >= PHOTO_BYTES;
    for (size_t i = 0; sdt->card->has_photo && photo[i] == 0; i++)
        if (i + 1 == photo_len)
            sdt->card->has_photo = false;
    return ERR_OK;
}

/* A card that was asked for an address it cannot have is still a card. */
static enum err take_address(struct sdt *sdt, const struct frame_answer *answer)
{
    switch (answer->status[2]) {
    case STATUS_DONE:
        record_read_address(answer->data, answer->len, sdt->card);
        return ERR_OK;
    case STATUS_ABSENT:
    case STATUS_BAD_COMMAND:
    case STATUS_NOT_ALLOWED:
        return ERR_OK;
    default:
        return err_of_failure(answer->status[2]);
    }
}

static enum err take_answer(struct sdt *sdt, const struct frame_answer *answer)
{
    const struct step_of_task *step = &sdt->running->steps[sdt->running->at];
    uint8_t status = answer->status[2];

    if (step->run == step_address)
        return take_address(sdt, answer);
    if (status != (step->run == step_find ? STATUS_FOUND : STATUS_DONE))
        return err_of_failure(status);
    return step->run == step_text ? take_text(sdt, answer) : ERR_OK;
}

static void on_answer(void *owner, enum err err,
                      const struct frame_answer *answer)
{
    struct sdt *sdt = owner;

    assert(sdt->magic == MAGIC);
    timer_stop(sdt->stuck);
    if (sdt->is_stuck) {
        /* The bus came round after all; what it says is too old. */
        sdt->is_stuck = false;
        timer_start(sdt->timer, 0);
        return;
    }
    if (sdt->running->steps[sdt->running->at].run == step_await_late) {
        sdt->wants_reset |= err == ERR_TIMEOUT || err == ERR_DEVICE;
        err = err == ERR_NO_DEVICE ? err : ERR_OK;
    } else if (!err && answer) {
        err = take_answer(sdt, answer);
    }
    if (!err || answer || err == ERR_NO_DEVICE)
        sdt->owes_data = false;
    task_resume(sdt->running, sdt->running->turn, err);
}

/* ---- From one phase to the next ---------------------------------------- */

static void go_on(struct sdt *sdt);

static void run(struct sdt *sdt, enum phase phase, struct task *task,
                void (*done)(struct task *task, enum err err))
{
    assert(!sdt->running);
    timer_stop(sdt->timer);
    sdt->phase = phase;
    sdt->running = task;
    task_start(task, sdt, done);
}

static void end_job(struct sdt *sdt, enum err err)
{
    if (!sdt->has_job)
        return;
    sdt->has_job = false;
    sdt->is_stopping = false;
    device_finished(sdt->device, err, err ? NULL : sdt->card);
}

static void tell(struct sdt *sdt, enum device_state state, enum err why,
                 enum device_action action)
{
    if (sdt->is_opened) {
        device_changed(sdt->device, state, why, action);
        return;
    }
    sdt->is_opened = true;
    device_opened(sdt->device, why);
}

static void become_ready(struct sdt *sdt)
{
    sdt->phase = PHASE_READY;
    tell(sdt, DEVICE_READY, ERR_OK, ACTION_NONE);
    go_on(sdt);
}

static void become_broken(struct sdt *sdt, enum err why)
{
    int most_ms = limit_ms(LIMIT_CARD_REVIVE_MOST);

    sdt->phase = PHASE_BROKEN;
    sdt->wants_reset = true;
    sdt->failures = 0;
    sdt->revive_ms =
        sdt->revive_ms ? sdt->revive_ms * 2 : limit_ms(LIMIT_CARD_REVIVE);
    if (sdt->revive_ms > most_ms)
        sdt->revive_ms = most_ms;
    end_job(sdt, ERR_DEVICE);
    tell(sdt, DEVICE_BROKEN, why, ACTION_MAINTENANCE);
    timer_start(sdt->timer, sdt->revive_ms);
}

static void on_woken(struct task *task, enum err err);
static void take_news(struct sdt *sdt, enum err err,
                      const struct usb_place *place);

static void wake_up(struct sdt *sdt)
{
    run(sdt, PHASE_WAKING, &sdt->wake, on_woken);
}

/* The reader, not the card, did not do what it should. */
static void failed(struct sdt *sdt, enum err err)
{
    if (err == ERR_NO_DEVICE) {
        sdt->phase = PHASE_ABSENT; /* on_state says what comes next */
        return;
    }
    sdt->failures++;
    if (err == ERR_REFUSED || sdt->failures >= FAILURES_BROKEN) {
        become_broken(sdt, ERR_DEVICE);
        return;
    }
    sdt->wants_reset = sdt->failures == FAILURES_RESET;
    wake_up(sdt);
}

/* True when what ended does not matter any more: the bus has news. */
static bool is_overtaken(struct sdt *sdt)
{
    sdt->running = NULL;
    if (sdt->is_stuck) {
        become_broken(sdt, ERR_DEVICE);
        return true;
    }
    if (!sdt->has_news)
        return false;
    sdt->has_news = false;
    take_news(sdt, sdt->news, &sdt->news_place);
    return true;
}

/* It did what it is there for, and not only said that it is well. */
static void did_well(struct sdt *sdt)
{
    sdt->failures = 0;
    sdt->revive_ms = 0;
    sdt->was_reset = false;
}

static void on_woken(struct task *task, enum err err)
{
    struct sdt *sdt = task->owner;

    if (is_overtaken(sdt))
        return;
    if (err)
        failed(sdt, err);
    else
        become_ready(sdt);
}

static void on_checked(struct task *task, enum err err)
{
    struct sdt *sdt = task->owner;

    if (is_overtaken(sdt))
        return;
    if (err) {
        failed(sdt, err);
        return;
    }
    did_well(sdt);
    sdt->phase = PHASE_READY;
    go_on(sdt);
}

/* ---- A card ------------------------------------------------------------ */

static void tell_card(struct sdt *sdt, enum err why)
{
    if (sdt->told == why)
        return;
    sdt->told = why;
    device_retry(sdt->device, why);
}

static void forget_plate(struct sdt *sdt)
{
    sdt->selects_failed = 0;
    sdt->finds_failed = 0;
    sdt->was_missed = false;
    sdt->told = ERR_OK;
}

static void note_none(struct sdt *sdt)
{
    if (sdt->was_found) {
        sdt->was_missed = true;
        sdt->finds_failed = 0;
        if (++sdt->selects_failed >= SELECTS_TWO)
            tell_card(sdt, ERR_CARD_TWO);
        return;
    }
    if (sdt->was_missed)
        tell_card(sdt, ERR_CARD_MOVED);
    sdt->was_missed = false;
    if (++sdt->finds_failed >= FINDS_EMPTY)
        forget_plate(sdt);
}

static void look_again_soon(struct sdt *sdt)
{
    did_well(sdt);
    sdt->phase = PHASE_READY;
    timer_start(sdt->timer, limit_ms(LIMIT_CARD_POLL));
}

static void got_card(struct sdt *sdt)
{
    did_well(sdt);
    sdt->phase = PHASE_READY;
    forget_plate(sdt);
    end_job(sdt, ERR_OK);
    mem_wipe(sdt->card, sizeof *sdt->card);
    go_on(sdt);
}

static void on_read(struct task *task, enum err err)
{
    struct sdt *sdt = task->owner;

    if (err) /* what was read of a person before it failed */
        mem_wipe(sdt->card, sizeof *sdt->card);
    if (is_overtaken(sdt)) {
        mem_wipe(sdt->card, sizeof *sdt->card);
        return;
    }
    if (err == ERR_OK) {
        got_card(sdt);
    } else if (err == ERR_CARD_NONE) {
        note_none(sdt);
        look_again_soon(sdt);
    } else if (err == ERR_CARD_MOVED || err == ERR_CARD_UNKNOWN) {
        tell_card(sdt, err);
        look_again_soon(sdt);
    } else if (err == ERR_CANCELLED) {
        end_job(sdt, ERR_CANCELLED);
        wake_up(sdt); /* an answer may be on its way still */
    } else {
        /* Perhaps it is the card after all; who laid it down should know, of
         * each time: it is not found again where it lies. */
        if (sdt->was_found)
            sdt->told = ERR_OK;
        if (sdt->was_found && sdt->failures > 0)
            tell_card(sdt, ERR_CARD_MOVED);
        sdt->was_missed |= sdt->was_found; /* it may want to be lifted first */
        failed(sdt, err);
    }
}

/* A ready reader reads when somebody waits, else it is looked at rarely. */
static void go_on(struct sdt *sdt)
{
    if (sdt->phase != PHASE_READY)
        return;
    if (sdt->has_job)
        run(sdt, PHASE_READING, &sdt->read, on_read);
    else
        timer_start(sdt->timer, limit_ms(LIMIT_CARD_CHECK));
}

static void on_timer(void *owner)
{
    struct sdt *sdt = device_memory(owner);

    assert(sdt->magic == MAGIC);
    if (sdt->is_stuck)
        return; /* the bus still owes an answer */
    if (sdt->phase == PHASE_BROKEN) {
        wake_up(sdt);
    } else if (sdt->phase == PHASE_ABSENT) {
        usb_look_again(sdt->usb); /* the same answer is not told again */
        timer_start(sdt->timer, limit_ms(LIMIT_CARD_REVIVE));
    } else if (sdt->phase == PHASE_READY && sdt->has_job) {
        go_on(sdt);
    } else if (sdt->phase == PHASE_READY) {
        run(sdt, PHASE_CHECKING, &sdt->check, on_checked);
    }
}

/* Not even the time-out of a transfer came. */
static void on_stuck(void *owner)
{
    struct sdt *sdt = device_memory(owner);

    assert(sdt->magic == MAGIC);
    sdt->is_stuck = true;
    usb_cancel(sdt->usb);
    task_cancel(sdt->running);
}

/* ---- What the bus says ------------------------------------------------- */

static void on_usb_done(void *owner, enum err err, const uint8_t *bytes,
                        size_t len)
{
    struct sdt *sdt = device_memory(owner);
    assert(sdt->magic == MAGIC);
    link_on_done(sdt->link, err, bytes, len);
}

static bool has_four_pipes(const struct sdt *sdt, const struct usb_place *place)
{
    const char *wiring = device_setting(sdt->device, "wiring");
    bool can = place->out_count > 1 && place->in_count > 1;

    if (wiring && strcmp(wiring, "one-pair") == 0)
        return false;
    return can; /* four pipes cannot be had from a pair */
}

static void be_absent(struct sdt *sdt, enum err why)
{
    bool is_unplugged = why == ERR_NO_DEVICE;

    sdt->phase = PHASE_ABSENT;
    if (!sdt->was_reset)
        sdt->failures = 0; /* else it comes back as the same one */
    forget_plate(sdt);
    end_job(sdt, is_unplugged ? ERR_NO_DEVICE : ERR_DEVICE);
    if (is_unplugged)
        tell(sdt, DEVICE_UNPLUGGED, why, ACTION_CLEAR);
    else if (why == ERR_FORBIDDEN)
        tell(sdt, DEVICE_BROKEN, why, ACTION_CONFIGURATION);
    else
        tell(sdt, DEVICE_BROKEN, why, ACTION_MAINTENANCE);
    /* One that is plugged in tells; one that another has, does not. */
    if (is_unplugged)
        timer_stop(sdt->timer);
    else
        timer_start(sdt->timer, limit_ms(LIMIT_CARD_REVIVE));
}

static void take_news(struct sdt *sdt, enum err err,
                      const struct usb_place *place)
{
    if (err) {
        be_absent(sdt, err);
        return;
    }
    link_use(sdt->link, has_four_pipes(sdt, place), place->packet_bytes);
    wake_up(sdt);
}

static void on_usb_state(void *owner, enum err err,
                         const struct usb_place *place)
{
    struct sdt *sdt = device_memory(owner);

    assert(sdt->magic == MAGIC);
    if (!sdt->running) {
        take_news(sdt, err, place);
        return;
    }
    sdt->has_news = true;
    sdt->news = err;
    sdt->news_place = *place;
}

/* ---- The driver -------------------------------------------------------- */

static enum err choose_ids(struct sdt *sdt)
{
    const char *ids = device_setting(sdt->device, "ids");

    if (ids && *ids)
        return usb_ids_parse(ids, sdt->ids);
    memcpy(sdt->ids, usual_ids, sizeof usual_ids);
    return ERR_OK;
}

static void sdt_open(struct device *device)
{
    static const struct usb_events events = { on_usb_state, on_usb_done };
    struct sdt *sdt = device_memory(device);
    struct loop *loop = device_loop(device);
    const char *place = device_setting(device, "place");

    sdt->magic = MAGIC;
    sdt->device = device;
    if (choose_ids(sdt)) {
        device_opened(device, ERR_BAD_INPUT);
        return;
    }
    sdt->card = secret_new(sizeof *sdt->card);
    assert(sdt->card); /* at start there is room */
    sdt->timer = timer_new(loop, "card/sdt", on_timer, device);
    sdt->stuck = timer_new(loop, "card/sdt stuck", on_stuck, device);
    task_init(&sdt->wake, loop, "wake a reader", wake_steps,
              COUNT_OF(wake_steps));
    task_init(&sdt->read, loop, "read a card", read_steps,
              COUNT_OF(read_steps));
    task_init(&sdt->check, loop, "check a reader", check_steps,
              COUNT_OF(check_steps));
    sdt->usb = usb_open(loop, sdt->ids, place ? place : "", &events, device);
    sdt->link = link_new(sdt->usb, on_answer, sdt);
    link_record(sdt->link, device_setting(device, "record"));
}

static void sdt_close(struct device *device)
{
    struct sdt *sdt = device_memory(device);

    usb_close(sdt->usb);
    link_free(sdt->link);
    task_done(sdt->timer ? &sdt->wake : NULL);
    task_done(sdt->timer ? &sdt->read : NULL);
    task_done(sdt->timer ? &sdt->check : NULL);
    timer_free(sdt->timer);
    timer_free(sdt->stuck);
    secret_free(sdt->card);
    mem_wipe(sdt, sizeof *sdt);
    device_closed(device);
}

static void sdt_start(struct device *device, const struct device_job *job)
{
    struct sdt *sdt = device_memory(device);

    sdt->has_job = true;
    sdt->is_stopping = false;
    forget_plate(sdt); /* whoever comes is told anew */
    if (job->kind != JOB_READ_CARD)
        end_job(sdt, ERR_DEVICE);
    else if (sdt->phase == PHASE_ABSENT)
        end_job(sdt, ERR_NO_DEVICE);
    else if (sdt->phase == PHASE_BROKEN || sdt->is_stuck)
        end_job(sdt, ERR_DEVICE);
    else
        go_on(sdt); /* else what runs now goes on to it */
}

static void sdt_stop(struct device *device)
{
    struct sdt *sdt = device_memory(device);

    if (sdt->phase != PHASE_READING) {
        end_job(sdt, ERR_CANCELLED);
        return;
    }
    sdt->is_stopping = true;
    usb_cancel(sdt->usb);
}

static void sdt_find(struct loop *loop,
                     void (*done)(void *owner,
                                  const struct device_place *places,
                                  size_t count),
                     void *owner)
{
    usb_list(loop, usual_ids, done, owner);
}

const struct driver card_sdt_driver = {
    .name = "card/sdt",
    .class = DEVICE_CARD,
    .usb_ids = usual_ids,
    .memory = sizeof(struct sdt),
    .open = sdt_open,
    .close = sdt_close,
    .start = sdt_start,
    .stop = sdt_stop,
    .find = sdt_find,
};
