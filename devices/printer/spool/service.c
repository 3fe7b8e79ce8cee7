#include "devices/printer/spool/service.h"

#include "kiosk/base/mem.h"

#include <cups/cups.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    CONNECT_MS = 5000,
    DEVICE_CONNECT_MS = 3000,
    DEVICE_ANSWER_S = 3,
    JOBS_MAX = 100,
    RESOURCE_BYTES = 256
};

struct service {
    http_t *http;
    bool is_queue;
    char uri[SERVICE_URI_BYTES];
    char resource[RESOURCE_BYTES];
    char mark[64];
};

/* --- connections -------------------------------------------------------- */

/* Nobody is there to type a password. */
static const char *no_password(const char *prompt, http_t *http,
                               const char *method, const char *resource,
                               void *data)
{
    (void)prompt, (void)http, (void)method, (void)resource, (void)data;
    return NULL;
}

static int give_up(http_t *http, void *data)
{
    (void)http, (void)data;
    return 0;
}

static struct service *service_new(http_t *http, const char *mark)
{
    struct service *service = mem_new(sizeof(*service));

    service->http = http;
    (void)snprintf(service->mark, sizeof(service->mark), "%s", mark);
    cupsSetPasswordCB2(no_password, NULL);
    return service;
}

/* No cupsSetServer(): it counts for one thread only, and every request here
 * names its connection. */
enum err service_open_queue(const char *server, const char *queue,
                            const char *mark, struct service **ret_service)
{
    http_t *http =
        httpConnect2(server, ippPort(), NULL, AF_UNSPEC,
                     HTTP_ENCRYPTION_IF_REQUESTED, 1, CONNECT_MS, NULL);
    struct service *service;

    if (!http)
        return ERR_CHILD;
    service = service_new(http, mark);
    service->is_queue = true;
    memcpy(service->resource, "/", 2);
    if (httpAssembleURIf(HTTP_URI_CODING_ALL, service->uri,
                         sizeof(service->uri), "ipp", NULL, "localhost", 0,
                         "/printers/%s", queue) != HTTP_URI_STATUS_OK) {
        service_close(service);
        return ERR_BAD_INPUT;
    }
    *ret_service = service;
    return ERR_OK;
}

/* Encrypted ones are left to CUPS, which knows their certificates. */
enum err service_open_device(const char *device_uri, const char *mark,
                             struct service **ret_service)
{
    char scheme[32], user[64], host[256], resource[RESOURCE_BYTES];
    int port;
    http_t *http;
    struct service *service;

    if (httpSeparateURI(HTTP_URI_CODING_ALL, device_uri, scheme, sizeof(scheme),
                        user, sizeof(user), host, sizeof(host), &port, resource,
                        sizeof(resource)) < HTTP_URI_STATUS_OK ||
        strcmp(scheme, "ipp") != 0)
        return ERR_NOT_FOUND;
    http =
        httpConnect2(host, port, NULL, AF_UNSPEC, HTTP_ENCRYPTION_IF_REQUESTED,
                     1, DEVICE_CONNECT_MS, NULL);
    if (!http)
        return ERR_NO_DEVICE;
    httpSetTimeout(http, DEVICE_ANSWER_S, give_up, NULL);
    service = service_new(http, mark);
    resource[strcspn(resource, "?")] = '\0';
    memcpy(service->resource, resource, sizeof(resource));
    (void)httpAssembleURI(HTTP_URI_CODING_ALL, service->uri,
                          sizeof(service->uri), "ipp", NULL, host, port,
                          resource);
    *ret_service = service;
    return ERR_OK;
}

void service_close(struct service *service)
{
    if (!service)
        return;
    httpClose(service->http);
    mem_free(service);
}

/* --- requests ----------------------------------------------------------- */

static ipp_t *new_request(const struct service *service, ipp_op_t operation,
                          int job)
{
    ipp_t *request = ippNewRequest(operation);

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL,
                 service->uri);
    if (job)
        ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id",
                      job);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
                 "requesting-user-name", NULL, cupsUser());
    return request;
}

static void ask_for(ipp_t *request, const char *const *names, int count)
{
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_CONST_TAG(IPP_TAG_KEYWORD),
                  "requested-attributes", count, NULL, names);
}

/* What the last request came to. */
static enum err last_err(const struct service *service)
{
    ipp_status_t status = cupsLastError();

    if (status <= IPP_STATUS_OK_EVENTS_COMPLETE)
        return ERR_OK;
    switch ((int)status) {
    case IPP_STATUS_ERROR_NOT_FOUND:
    case IPP_STATUS_ERROR_GONE:
        return ERR_NOT_FOUND;
    case IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED:
    case IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR:
    case IPP_STATUS_ERROR_DOCUMENT_UNPRINTABLE:
    case IPP_STATUS_ERROR_REQUEST_ENTITY:
        return ERR_BAD_INPUT;
    case IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS:
        return ERR_DEVICE;
    case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE:
    case IPP_STATUS_ERROR_INTERNAL:
        return service->is_queue ? ERR_CHILD : ERR_NO_DEVICE;
    default:
        return ERR_DEVICE;
    }
}

/* The answer is NULL or the caller's; request is used up. */
static enum err ask(struct service *service, ipp_t *request, ipp_t **ret_answer)
{
    ipp_t *answer = cupsDoRequest(service->http, request, service->resource);
    enum err err = last_err(service);

    if (!answer && !err)
        err = service->is_queue ? ERR_CHILD : ERR_NO_DEVICE;
    *ret_answer = answer;
    return err;
}

/* --- what a service says of itself -------------------------------------- */

static int integer_of(ipp_t *answer, const char *name, int missing)
{
    ipp_attribute_t *value = ippFindAttribute(answer, name, IPP_TAG_ZERO);

    return value ? ippGetInteger(value, 0) : missing;
}

static void take_reasons(ipp_t *answer, struct reasons *reasons)
{
    ipp_attribute_t *value =
        ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    ipp_attribute_t *accepts =
        ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);

    *reasons = (struct reasons){ 0 };
    for (int i = 0; value && i < ippGetCount(value); i++)
        reasons_add(reasons, ippGetString(value, i, NULL));
    reasons->is_stopped =
        integer_of(answer, "printer-state", 0) == (int)IPP_PSTATE_STOPPED;
    reasons->is_refusing = accepts && !ippGetBoolean(accepts, 0);
}

enum err service_look(struct service *service, struct service_look *ret_look)
{
    static const char *const names[] = { "printer-state",
                                         "printer-state-reasons",
                                         "printer-is-accepting-jobs",
                                         "printer-state-change-time",
                                         "printer-up-time",
                                         "device-uri" };
    ipp_t *request = new_request(service, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);
    ipp_t *answer;
    enum err err;

    ask_for(request, names, (int)(sizeof(names) / sizeof(names[0])));
    err = ask(service, request, &answer);
    if (!err) {
        ipp_attribute_t *uri =
            ippFindAttribute(answer, "device-uri", IPP_TAG_URI);
        int changed = integer_of(answer, "printer-state-change-time", -1);
        int now = integer_of(answer, "printer-up-time", -1);

        *ret_look = (struct service_look){
            .is_processing = integer_of(answer, "printer-state", 0) ==
                             (int)IPP_PSTATE_PROCESSING,
            .changed_s = -1,
        };
        take_reasons(answer, &ret_look->reasons);
        (void)snprintf(ret_look->device_uri, sizeof(ret_look->device_uri), "%s",
                       uri ? ippGetString(uri, 0, NULL) : "");
        if (changed >= 0 && now >= changed)
            ret_look->changed_s = now - changed;
    }
    ippDelete(answer);
    return err;
}

/* --- jobs that are left ------------------------------------------------- */

struct job_ids {
    int ids[JOBS_MAX];
    bool is_ending[JOBS_MAX]; /* cancelled already, and about to go */
    int count;
    int pages; /* that came out of the one that got furthest */
};

struct listed {
    int id, pages;
    bool is_ours, is_ending;
};

/* Of another type there is no text. */
static bool has_text(ipp_attribute_t *at, const char *text)
{
    const char *value = ippGetString(at, 0, NULL);
    return value && strcmp(value, text) == 0;
}

static void take_attribute(ipp_attribute_t *at, const char *mark,
                           struct listed *job)
{
    const char *name = ippGetName(at);

    if (strcmp(name, "job-id") == 0)
        job->id = ippGetInteger(at, 0);
    else if (strcmp(name, "job-name") == 0)
        job->is_ours = has_text(at, mark);
    else if (strcmp(name, "job-state-reasons") == 0)
        job->is_ending = ippContainsString(at, "processing-to-stop-point");
    else if (strcmp(name, "job-impressions-completed") == 0)
        job->pages = ippGetInteger(at, 0);
}

static void add_listed(const struct listed *job, struct job_ids *jobs)
{
    if (!job->id || !job->is_ours || jobs->count == JOBS_MAX)
        return;
    jobs->ids[jobs->count] = job->id;
    jobs->is_ending[jobs->count++] = job->is_ending;
    if (job->pages > jobs->pages)
        jobs->pages = job->pages;
}

/* Attributes come job after job, with a nameless separator between. */
static void take_jobs(ipp_t *answer, const char *mark, struct job_ids *jobs)
{
    struct listed job = { 0 };
    ipp_attribute_t *at = ippFirstAttribute(answer);

    *jobs = (struct job_ids){ 0 };
    for (; at; at = ippNextAttribute(answer)) {
        if (!ippGetName(at)) {
            add_listed(&job, jobs);
            job = (struct listed){ 0 };
        } else if (ippGetGroupTag(at) == IPP_TAG_JOB) {
            take_attribute(at, mark, &job);
        }
    }
    add_listed(&job, jobs);
}

static enum err list_jobs(struct service *service, const char *which,
                          struct job_ids *jobs)
{
    static const char *const names[] = { "job-id", "job-name",
                                         "job-state-reasons",
                                         "job-impressions-completed" };
    ipp_t *request = new_request(service, IPP_OP_GET_JOBS, 0);
    ipp_t *answer;
    enum err err;

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs",
                 NULL, which);
    ippAddBoolean(request, IPP_TAG_OPERATION, "my-jobs", 1);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit",
                  JOBS_MAX);
    ask_for(request, names, (int)(sizeof(names) / sizeof(names[0])));
    err = ask(service, request, &answer);
    if (!err)
        take_jobs(answer, service->mark, jobs);
    ippDelete(answer);
    return err;
}

static enum err cancel(struct service *service, int id, bool is_purge)
{
    ipp_t *request = new_request(service, IPP_OP_CANCEL_JOB, id);
    ipp_t *answer;
    enum err err;

    if (is_purge)
        ippAddBoolean(request, IPP_TAG_OPERATION, "purge-job", 1);
    err = ask(service, request, &answer);
    ippDelete(answer);
    return err;
}

/* A job that has ended between two requests cannot be cancelled, and need not
 * be: what counts is what is left afterwards. */
static enum err cancel_each(struct service *service, const struct job_ids *jobs,
                            bool is_purge)
{
    for (int i = 0; i < jobs->count; i++) {
        enum err err;

        if (jobs->is_ending[i] && !is_purge)
            continue;
        err = cancel(service, jobs->ids[i], is_purge);
        if (err == ERR_CHILD || err == ERR_NO_DEVICE)
            return err;
    }
    return ERR_OK;
}

enum err service_cancel_all(struct service *service, int *ret_left)
{
    struct job_ids jobs;
    enum err err = list_jobs(service, "not-completed", &jobs);

    if (!err && jobs.count > 0)
        err = cancel_each(service, &jobs, false);
    if (!err && jobs.count > 0)
        err = list_jobs(service, "not-completed", &jobs);
    if (err)
        return err;
    *ret_left = 0;
    for (int i = 0; i < jobs.count; i++)
        *ret_left += !jobs.is_ending[i];
    return ERR_OK;
}

enum err service_forget_all(struct service *service)
{
    struct job_ids jobs;
    enum err err = list_jobs(service, "completed", &jobs);

    return err ? err : cancel_each(service, &jobs, true);
}

/* --- one job ------------------------------------------------------------ */

/* CUPS counts paper in whole points and cuts off the rest; a page that is
 * larger by a part of one would be made smaller to fit. */
static int whole_points(int hundredths_of_millimetre)
{
    int points = (hundredths_of_millimetre * 72 + 2539) / 2540;

    return (points * 2540 + 71) / 72;
}

static void add_media(ipp_t *request, const struct service_job *job)
{
    ipp_t *size, *media;

    if (!job->is_roll) {
        ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL,
                     "iso_a4_210x297mm");
        return;
    }
    size = ippNew();
    media = ippNew();
    ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension",
                  whole_points(job->width));
    ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension",
                  whole_points(job->height));
    ippAddCollection(media, IPP_TAG_ZERO, "media-size", size);
    ippAddCollection(request, IPP_TAG_JOB, "media-col", media);
    ippDelete(size);
    ippDelete(media);
}

enum err service_create(struct service *service, const struct service_job *job,
                        int *ret_id)
{
    ipp_t *request = new_request(service, IPP_OP_CREATE_JOB, 0);
    ipp_t *answer;
    enum err err;

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL,
                 service->mark);
    ippAddInteger(request, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", job->copies);
    add_media(request, job);
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", NULL,
                 "one-sided");
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", NULL,
                 "auto-fit");
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_NAME, "job-sheets", NULL,
                 "none");
    ippAddInteger(request, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-cancel-after",
                  job->give_up_s);
    err = ask(service, request, &answer);
    if (!err) {
        *ret_id = integer_of(answer, "job-id", 0);
        if (*ret_id <= 0)
            err = ERR_CHILD;
    }
    ippDelete(answer);
    return err;
}

enum err service_send(struct service *service, const struct service_job *job,
                      int id)
{
    ipp_t *request = new_request(service, IPP_OP_SEND_DOCUMENT, id);
    http_status_t status;
    ipp_t *answer = NULL;

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
                 "document-format", NULL, "application/pdf");
    ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1);
    status = cupsSendRequest(service->http, request, service->resource,
                             ippLength(request) + job->pdf_len);
    ippDelete(request);
    if (status == HTTP_STATUS_CONTINUE)
        status = cupsWriteRequestData(service->http, (const char *)job->pdf,
                                      job->pdf_len);
    if (status != HTTP_STATUS_CONTINUE)
        return ERR_CHILD;
    answer = cupsGetResponse(service->http, service->resource);
    if (!answer)
        return ERR_CHILD;
    ippDelete(answer);
    return last_err(service);
}

/* CUPS aborts a job also when a filter could make nothing of the document. */
static bool is_unprintable(ipp_t *answer)
{
    ipp_attribute_t *reasons =
        ippFindAttribute(answer, "job-state-reasons", IPP_TAG_KEYWORD);

    return reasons &&
           (ippContainsString(reasons, "document-unprintable-error") ||
            ippContainsString(reasons, "document-format-error") ||
            ippContainsString(reasons, "unsupported-document-format"));
}

/* One that CUPS was at work on and put back, to try it again much later, has
 * failed, too. */
static enum job_end end_of(ipp_t *answer)
{
    switch (integer_of(answer, "job-state", 0)) {
    case IPP_JSTATE_PROCESSING:
        return JOB_PROCESSING;
    case IPP_JSTATE_STOPPED: /* a filter failed: it never goes on by itself */
        return JOB_UNPRINTABLE;
    case IPP_JSTATE_CANCELED:
        return JOB_CANCELLED;
    case IPP_JSTATE_ABORTED:
        return is_unprintable(answer) ? JOB_UNPRINTABLE : JOB_ABORTED;
    case IPP_JSTATE_COMPLETED:
        return JOB_COMPLETED;
    default:
        return integer_of(answer, "time-at-processing", 0) > 0 ? JOB_ABORTED
                                                               : JOB_WAITING;
    }
}

enum err service_follow(struct service *service, int id, enum job_end *ret_end)
{
    static const char *const names[] = { "job-state", "job-state-reasons",
                                         "time-at-processing" };
    ipp_t *request = new_request(service, IPP_OP_GET_JOB_ATTRIBUTES, id);
    ipp_t *answer;
    enum err err;

    ask_for(request, names, (int)(sizeof(names) / sizeof(names[0])));
    err = ask(service, request, &answer);
    if (!err)
        *ret_end = end_of(answer);
    else if (err == ERR_NOT_FOUND)
        *ret_end = JOB_GONE;
    ippDelete(answer);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err service_pages(struct service *service, int *ret_pages)
{
    struct job_ids jobs;
    enum err err = list_jobs(service, "not-completed", &jobs);

    if (!err)
        *ret_pages = jobs.pages;
    return err;
}
