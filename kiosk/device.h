/* The interface of drivers.  A driver does one job at a time.  Every call
 * returns at once and ends later with exactly one device_*ed(); answers are
 * queued, never delivered on your stack.
 *
 *   open   →  device_opened      once the device can be asked for jobs, or not
 *   start  →  device_finished    with the job's outcome
 *   stop   →  (the job's own device_finished, ERR_CANCELLED at the latest)
 *   close  →  device_closed      nothing of the driver's is left registered
 *
 * device_changed may come at any time while open: unplugged, paper out, and
 * back again.  A driver keeps its state in device_memory(): zeroed, of the size
 * it asked for. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"
#include "kiosk/flow/card.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* DEVICE_A4 is a second printer, for certificates: drivers know DEVICE_PRINTER
 * only, and serve as either. */
enum device_class {
    DEVICE_CARD,
    DEVICE_PRINTER,
    DEVICE_A4,
    DEVICE_CLASS_COUNT
};
const char *device_class_name(enum device_class class);

enum device_state {
    DEVICE_ABSENT, /* not configured here: its services are not offered */
    DEVICE_STARTING,
    DEVICE_READY,
    DEVICE_UNPLUGGED, /* no device, no power */
    DEVICE_BROKEN,    /* inoperable */
    DEVICE_BLOCKED,   /* a person must act: paper, cover */
    DEVICE_STATE_COUNT
};
const char *device_state_name(enum device_state state);

/* What a human must do about a state; in the words of the banks' device
 * standard. */
enum device_action {
    ACTION_NONE,
    ACTION_WAIT,
    ACTION_CLEAR, /* hall staff can: paper, cover, plug */
    ACTION_MAINTENANCE,
    ACTION_CONFIGURATION,
    ACTION_COUNT
};
const char *device_action_name(enum device_action action);

/* Which paper: slips of 58 or 80 mm, or A4. */
enum paper { PAPER_58, PAPER_80, PAPER_A4, PAPER_COUNT };
const char *paper_name(enum paper paper); /* "58mm", "80mm", "A4" */
MUST_CHECK enum err paper_find(const char *name, enum paper *ret);

enum job_kind { JOB_READ_CARD, JOB_PRINT };

struct device_job {
    enum job_kind kind;
    /* JOB_READ_CARD: waits until a card was read, fails or is stopped. */
    /* JOB_PRINT: the bytes stay the asker's until device_finished. */
    const void *pdf;
    size_t pdf_len;
    int copies;
};

/* How far the printer says it got. */
enum print_state {
    PRINT_SENT,
    PRINT_PRINTING,
    PRINT_DONE, /* as far as the printer knows */
    PRINT_FAILED,
    PRINT_UNKNOWN, /* nobody can tell what came out */
    PRINT_COUNT
};
const char *print_state_name(enum print_state state);

struct usb_id {
    uint16_t vendor, product;
};

/* "0400:c35a 0316:5020"; the last is followed by vendor 0.  "" is none. */
enum { USB_IDS_MAX = 16 };
MUST_CHECK enum err usb_ids_parse(const char *text,
                                  struct usb_id ids[USB_IDS_MAX + 1]);

/* Where a device is plugged in, for the technician. */
struct device_place {
    char path[32]; /* bus and ports: "1-1.2" */
    struct usb_id id;
};

struct device;

struct driver {
    const char *name; /* the path of its file: "card/sim" */
    enum device_class class;
    const struct usb_id *usb_ids; /* NULL: named in the settings instead */
    size_t memory;                /* zeroed state for one device */

    void (*open)(struct device *device);
    void (*close)(struct device *device);
    void (*start)(struct device *device, const struct device_job *job);
    void (*stop)(struct device *device); /* give up the job, safely */

    /* Finds out anew what state it is in, without waiting for its own time:
     * device_changed() tells.  NULL: the driver always knows. */
    void (*look)(struct device *device);

    /* All that are plugged in; one is meant by device_set(…, "place", path).
     * done is called once, on the loop.  NULL: it cannot be looked for. */
    void (*find)(struct loop *loop,
                 void (*done)(void *owner, const struct device_place *places,
                              size_t count),
                 void *owner);

    /* A simulator takes a line ("paper out") and says whether it was
     * understood; NULL in a real driver. */
    MUST_CHECK enum err (*pretend)(struct device *device, const char *line);
};

/* devices/table.c; NULL-terminated. */
extern const struct driver *const driver_table[];

/* What a driver may use of its device. */
void *device_memory(struct device *device);
struct loop *device_loop(struct device *device);
/* A driver's setting, e.g. the simulator's folder, or NULL. */
const char *device_setting(const struct device *device, const char *name);

void device_opened(struct device *device, enum err err);
void device_closed(struct device *device);
/* card: only for JOB_READ_CARD that went well; copied, then yours to wipe. */
void device_finished(struct device *device, enum err err,
                     const struct card *card);
void device_changed(struct device *device, enum device_state state,
                    enum err why, enum device_action action);
/* Pages done of total, for JOB_PRINT. */
void device_printed(struct device *device, enum print_state state, int pages,
                    int total);
/* While reading: the card could not be read, lift and lay it down again
 * (ERR_CARD_MOVED, ERR_CARD_TWO, ERR_CARD_UNKNOWN); the job goes on. */
void device_retry(struct device *device, enum err why);

/* The other side, for the app: */
struct device_events {
    void (*on_state)(void *owner, struct device *device);
    void (*on_finished)(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card);
    void (*on_printed)(void *owner, struct device *device, uint32_t job,
                       enum print_state state, int pages, int total);
    void (*on_retry)(void *owner, struct device *device, uint32_t job,
                     enum err why);
};

struct device *device_new(struct loop *loop, const struct driver *driver,
                          const struct device_events *events, void *owner);
void device_set(struct device *device, const char *name, const char *value);
void device_open(struct device *device);
/* Closes and frees; what was under way ends without a callback. */
void device_free(struct device *device);

/* The number by which its answers are known; 0: refused (busy, not open). */
uint32_t device_start(struct device *device, const struct device_job *job);
void device_stop(struct device *device, uint32_t job);
/* Somebody did something to it: its state is asked for anew. */
void device_look(struct device *device);

enum device_state device_state_of(const struct device *device);
enum err device_why(const struct device *device);
enum device_action device_action_of(const struct device *device);
/* Wall time at which the state became what it is. */
int64_t device_since_ms(const struct device *device);
enum device_class device_class_of(const struct device *device);
/* ERR_NOT_FOUND when its driver takes no such line. */
MUST_CHECK enum err device_pretend(struct device *device, const char *line);
