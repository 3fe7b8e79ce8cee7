/* The only user of libcups: one print service, spoken to by IPP.  It is the
 * named queue of a CUPS server, or the printer behind it where that speaks IPP
 * itself; nothing is ever searched for in the network.
 *
 * Every call may block as long as the server does not answer; whoever started
 * this program kills it at its limit. */
#pragma once

#include "kiosk/base/err.h"
#include "devices/printer/spool/reason.h"

#include <stdbool.h>
#include <stddef.h>

struct service; /* one connection */

enum { SERVICE_URI_BYTES = 512 };

/* server: a socket's path or a host; mark: the name of our jobs.  ERR_CHILD:
 * the server cannot be reached. */
MUST_CHECK enum err service_open_queue(const char *server, const char *queue,
                                       const char *mark,
                                       struct service **ret_service);
/* ERR_NOT_FOUND: that device does not speak IPP; ERR_NO_DEVICE: it should, but
 * cannot be reached. */
MUST_CHECK enum err service_open_device(const char *device_uri,
                                        const char *mark,
                                        struct service **ret_service);
void service_close(struct service *service);

/* What a service says of itself. */
struct service_look {
    struct reasons reasons;
    char device_uri[SERVICE_URI_BYTES]; /* a queue's; "" if not told */
    bool is_processing;                 /* a job, ours or another's */
    int changed_s; /* seconds since its state changed; -1: not told */
};
/* ERR_NOT_FOUND: there is no such queue. */
MUST_CHECK enum err service_look(struct service *service,
                                 struct service_look *ret_look);

/* Cancels every job of ours that has not ended; how many are still there
 * afterwards, not yet given up. */
MUST_CHECK enum err service_cancel_all(struct service *service, int *ret_left);
/* Makes a queue forget our jobs that have ended, with all their files.  Not
 * while it is at work: CUPS then kills its backend, which would have no time to
 * cancel the job in the printer. */
MUST_CHECK enum err service_forget_all(struct service *service);

/* What is printed, and how. */
struct service_job {
    const unsigned char *pdf;
    size_t pdf_len;
    int copies;
    bool is_roll;      /* width and height are those of the paper, not A4 */
    int width, height; /* hundredths of a millimetre */
    int give_up_s; /* the server cancels by itself after that many seconds */
};
/* Makes a job without a document: from here on it must be purged. */
MUST_CHECK enum err service_create(struct service *service,
                                   const struct service_job *job, int *ret_id);
/* ERR_BAD_INPUT: the server does not take the document. */
MUST_CHECK enum err service_send(struct service *service,
                                 const struct service_job *job, int id);

enum job_end {
    JOB_WAITING,
    JOB_PROCESSING,
    JOB_COMPLETED,
    JOB_CANCELLED,
    JOB_ABORTED,
    JOB_UNPRINTABLE, /* aborted, because of the document */
    JOB_GONE         /* the server knows it no more */
};
MUST_CHECK enum err service_follow(struct service *service, int id,
                                   enum job_end *ret_end);
/* Pages that came out of the job of ours that runs.  Only a printer can tell: a
 * queue counts what its filters have read. */
MUST_CHECK enum err service_pages(struct service *service, int *ret_pages);
