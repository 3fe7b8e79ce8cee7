#include "devices/printer/spool/order.h"

#include "devices/printer/pdf.h"
#include "devices/printer/spool/service.h"

#include <stdio.h>

enum {
    /* Between two looks at the job: soon at first, as a slip takes no longer. */
    FOLLOW_FIRST_MS = 60,
    FOLLOW_MS = 500,
    PURGE_TRIES = 15,
    PURGE_WAIT_MS = 200,
    LOST_TRIES = 6,
    /* CUPS cancels by itself what we, for whatever reason, did not: longer
     * than any page waits for a printer. */
    GIVE_UP_S = 180,
    /* A queue that does not ask its printer remembers "no paper" from its last
     * job; after this long it is worth a try. */
    REMEMBER_S = 300
};

struct order {
    struct talk *talk;
    const struct spool_request *request;
    struct service *queue;
    struct service *device; /* NULL: it cannot be asked */
    bool is_device_lost;    /* it should answer, but does not */
    bool has_sent;
    int id; /* of the job; 0: none was made */
    struct spool_answer answer;
};

/* --- what the printer says ---------------------------------------------- */

static void take_judgement(struct order *order, struct judgement judgement)
{
    order->answer.has_printer = true;
    order->answer.printer = judgement.state;
    order->answer.why = judgement.why;
    order->answer.action = judgement.action;
}

static void find_device(struct order *order, const char *uri)
{
    enum err err;

    if (order->device)
        return;
    (void)snprintf(order->answer.device, sizeof(order->answer.device), "%s",
                   uri);
    err = service_open_device(uri, order->request->mark, &order->device);
    order->is_device_lost = err == ERR_NO_DEVICE;
}

/* A roll is the only paper there is; of an A4 printer's trays one may be empty
 * while it prints from another. */
static struct judgement judge(const struct order *order,
                              struct reasons *reasons)
{
    reasons->has_one_paper = order->request->paper != PAPER_A4;
    return reasons_judge(reasons);
}

/* False when the printer cannot be asked, or does not answer. */
static bool ask_device(struct order *order, struct judgement *ret_judgement)
{
    struct service_look look;

    if (!order->device || service_look(order->device, &look))
        return false;
    *ret_judgement = judge(order, &look.reasons);
    return true;
}

/* The queue knows whether it is paused; paper and cover only the printer
 * knows, and the queue only while it prints.  A printer that is silent then may
 * be busy with CUPS: many serve one connection at a time. */
static enum err look(struct order *order)
{
    static const struct judgement lost = { DEVICE_UNPLUGGED, ERR_NO_DEVICE,
                                           ACTION_CLEAR };
    struct service_look queue;
    struct judgement judgement, device = lost;
    bool is_asked, has_answered;
    enum err err = service_look(order->queue, &queue);

    if (err)
        return err;
    find_device(order, queue.device_uri);
    has_answered = ask_device(order, &device);
    is_asked = has_answered ||
               (!order->has_sent && (order->device || order->is_device_lost));
    if (is_asked || (!order->has_sent && queue.changed_s > REMEMBER_S))
        reasons_forget_printer(&queue.reasons);
    judgement = judge(order, &queue.reasons);
    if (is_asked && judgement.state == DEVICE_READY)
        judgement = device;
    take_judgement(order, judgement);
    return ERR_OK;
}

/* --- what is left of ours ----------------------------------------------- */

static enum err cancel_once(struct order *order, int *ret_left)
{
    int in_queue = 0, in_device = 0;
    enum err err = service_cancel_all(order->queue, &in_queue);

    if (order->device) {
        enum err device_err = service_cancel_all(order->device, &in_device);

        err = err ? err : device_err;
    }
    *ret_left = in_queue + in_device;
    if (!err && order->is_device_lost)
        err = ERR_NO_DEVICE;
    return err;
}

/* True when nothing is left to wait for. */
static bool forget_once(struct order *order)
{
    struct service_look queue;

    if (service_look(order->queue, &queue))
        return true;
    return !queue.is_processing && !service_forget_all(order->queue);
}

/* A cancelled job takes a moment to leave CUPS and the printer.  What CUPS
 * remembers of ended jobs is the smaller matter: it keeps no files. */
static enum err purge(struct order *order)
{
    enum err err = ERR_OK;
    bool has_forgotten = false;
    int left = 0;

    for (int i = 0; i < PURGE_TRIES; i++) {
        err = cancel_once(order, &left);
        if (!err && left == 0)
            has_forgotten = forget_once(order);
        if (err || has_forgotten)
            break;
        (void)talk_may_go_on(order->talk, PURGE_WAIT_MS);
    }
    if (!err && left)
        err = ERR_DEVICE;
    order->answer.is_clean = !err;
    return err;
}

/* --- the end ------------------------------------------------------------ */

static void end(struct order *order, enum err err)
{
    order->answer.is_end = true;
    order->answer.err = err;
    talk_answer(order->talk, &order->answer);
}

static void end_job(struct order *order, enum print_state state, enum err err)
{
    order->answer.state = state;
    end(order, err);
}

/* What the printer names as its reason, or err. */
static enum err reason_or(const struct order *order, enum err err)
{
    const struct spool_answer *answer = &order->answer;

    return answer->has_printer && answer->why ? answer->why : err;
}

/* --- the job ------------------------------------------------------------ */

static enum err submit(struct order *order)
{
    const struct spool_request *request = order->request;
    struct service_job job = {
        .pdf = request->pdf,
        .pdf_len = request->pdf_len,
        .copies = request->copies,
        .give_up_s = GIVE_UP_S,
    };
    enum err err;

    if (request->paper != PAPER_A4)
        job.is_roll = pdf_page_size((const char *)request->pdf,
                                    request->pdf_len, &job.width, &job.height);
    if (request->paper != PAPER_A4 && !job.is_roll)
        return ERR_BAD_INPUT; /* no size: it would be guessed */
    err = service_create(order->queue, &job, &order->id);
    if (!err)
        err = service_send(order->queue, &job, order->id);
    return err;
}

/* The person has gone, or the session has: what really happened is told. */
static void abandon(struct order *order)
{
    enum job_end job = JOB_WAITING;
    enum err err = service_follow(order->queue, order->id, &job);
    enum err left = purge(order);

    (void)left; /* is_clean tells */
    if (!err && job == JOB_COMPLETED)
        end_job(order, PRINT_DONE, ERR_OK);
    else
        end_job(order, PRINT_FAILED, ERR_CANCELLED);
}

static void end_lost(struct order *order, enum err err)
{
    enum err left = purge(order);

    (void)left; /* is_clean tells */
    end_job(order, PRINT_UNKNOWN, err);
}

/* A page may have come out, and no printer says that none did. */
static bool may_be_out(const struct order *order)
{
    return order->answer.state == PRINT_PRINTING &&
           (!order->device || order->answer.pages > 0);
}

static void end_as(struct order *order, enum job_end job)
{
    bool is_doubtful = job == JOB_PROCESSING && may_be_out(order);
    enum err err = look(order);
    enum err left = purge(order);

    (void)err, (void)left; /* has_printer and is_clean tell */
    switch (job) {
    case JOB_COMPLETED:
        end_job(order, PRINT_DONE, ERR_OK);
        return;
    case JOB_GONE:
        end_job(order, PRINT_UNKNOWN, ERR_DEVICE);
        return;
    case JOB_UNPRINTABLE:
        end_job(order, PRINT_FAILED, ERR_BAD_INPUT);
        return;
    case JOB_CANCELLED:
    case JOB_ABORTED:
    case JOB_WAITING:
    case JOB_PROCESSING:
        end_job(order, is_doubtful ? PRINT_UNKNOWN : PRINT_FAILED,
                reason_or(order, ERR_DEVICE));
        return;
    }
}

/* A fault that staff clear where the person stands is waited for; any other
 * ends the job at once. */
static bool is_hopeless(const struct spool_answer *answer)
{
    return answer->printer == DEVICE_BROKEN ||
           answer->printer == DEVICE_UNPLUGGED;
}

static bool has_ended(enum job_end job)
{
    return job != JOB_WAITING && job != JOB_PROCESSING;
}

static void count_pages(struct order *order)
{
    int pages;

    if (order->device && !service_pages(order->device, &pages) &&
        pages > order->answer.pages)
        order->answer.pages = pages;
}

/* Asks how the job and the printer are, and tells. */
static enum err step(struct order *order, enum job_end *job)
{
    enum err err = service_follow(order->queue, order->id, job);

    if (!err && !has_ended(*job))
        err = look(order);
    if (err || has_ended(*job))
        return err;
    count_pages(order);
    if (*job == JOB_PROCESSING)
        order->answer.state = PRINT_PRINTING;
    talk_answer(order->talk, &order->answer);
    return ERR_OK;
}

static void follow(struct order *order)
{
    enum job_end job = JOB_WAITING;
    int lost = 0, wait_ms = FOLLOW_FIRST_MS;

    while (talk_may_go_on(order->talk, wait_ms)) {
        enum err err = step(order, &job);

        wait_ms = wait_ms * 2 < FOLLOW_MS ? wait_ms * 2 : FOLLOW_MS;
        if (err == ERR_NOT_FOUND || (err && ++lost == LOST_TRIES)) {
            end_lost(order, err); /* the queue was removed, or CUPS is gone */
            return;
        }
        if (err)
            continue;
        lost = 0;
        if (!has_ended(job) && !is_hopeless(&order->answer))
            continue;
        end_as(order, job);
        return;
    }
    abandon(order);
}

static void print(struct order *order)
{
    enum err err;

    order->answer.has_job = true;
    if (order->answer.printer != DEVICE_READY) {
        end_job(order, PRINT_FAILED, order->answer.why);
        return;
    }
    if (!talk_may_go_on(order->talk, 0)) {
        end_job(order, PRINT_FAILED, ERR_CANCELLED);
        return;
    }
    err = submit(order);
    if (err && order->id) {
        enum err left = purge(order);

        (void)left; /* is_clean tells */
    }
    if (err) {
        /* Sent, perhaps, with the answer lost, and not to be called back. */
        bool may_print = order->id && !order->answer.is_clean;
        end_job(order, may_print ? PRINT_UNKNOWN : PRINT_FAILED, err);
        return;
    }
    order->has_sent = true;
    order->answer.is_clean = false;
    order->answer.state = PRINT_SENT;
    talk_answer(order->talk, &order->answer);
    follow(order);
}

/* The printer before the queue: CUPS may be gone, or silent for ever, with our
 * job in the printer's own memory. */
static void cancel_in_device(struct order *order)
{
    enum err err = ERR_OK;
    int left;

    find_device(order, order->request->device);
    if (order->device)
        err = service_cancel_all(order->device, &left);
    (void)err; /* the purge that follows tells */
}

/* Nothing of the person before, and a printer that is known. */
static enum err prepare(struct order *order)
{
    const struct spool_request *request = order->request;
    enum err err;

    if (*request->device)
        cancel_in_device(order);
    err = service_open_queue(request->server, request->queue, request->mark,
                             &order->queue);

    if (!err)
        err = look(order);
    if (!err)
        err = purge(order);
    return err ? err : look(order);
}

void order_carry_out(struct talk *talk, const struct spool_request *request)
{
    struct order order = {
        .talk = talk,
        .request = request,
        .answer = { .number = request->number, .state = PRINT_FAILED },
    };
    enum err err = prepare(&order);

    order.answer.has_job = request->order == SPOOL_PRINT;
    if (err || request->order != SPOOL_PRINT)
        end(&order, err);
    else
        print(&order);
    service_close(order.device);
    service_close(order.queue);
}
