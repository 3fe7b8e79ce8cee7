/* The terminal's heart: the event queue, the current page, the idle limit.
 *
 * One turn of the loop: callbacks of devices, delivery and ui only post; then
 * app_turn() drains the queue, lets the current screen act, and paints once if
 * anything changed.  Events that carry the ticket of a page that is gone are
 * dropped. */
#pragma once

#include "kiosk/base/event.h"
#include "kiosk/base/loop.h"
#include "kiosk/device.h"
#include "kiosk/flow/item.h"
#include "kiosk/packs.h"
#include "kiosk/report.h"
#include "kiosk/settings.h"

#include <stdbool.h>

struct app;
struct preview;

struct app_parts {
    struct loop *loop;
    const struct settings *settings;
    const struct pack *pack;
    struct packs *packs; /* from which pack comes and may change, or NULL */
    const char *state_folder;
    const char *draw_path;    /* the program kiosk-draw */
    const char *print_path;   /* the program kiosk-print */
    const char *ime_path;     /* the program kiosk-ime, or NULL */
    const char *ime_data;     /* its folder */
    struct report *report;    /* or NULL */
    const char *paper_folder; /* simulated printer's, or NULL */
    int fd_in, fd_out;
    const char *term;
    int font_size; /* of the terminal's letters, in points; 0: not known */
    bool is_demo;
    const struct preview *preview; /* of a demo that shows one item; or NULL */
    int64_t rest_ms; /* so long it serves nobody and leaves its devices alone */
};

/* Opens the terminal and paints the attract page before anything slow. */
MUST_CHECK enum err app_new(const struct app_parts *parts,
                            struct app **ret_app);
void app_free(struct app *app);

/* The office's address and key, once known (demo: from its hub). */
MUST_CHECK enum err app_set_office(struct app *app, const char *url,
                                   const char *office_key,
                                   const char *public_url);

/* Where the demo takes lines that are not a device's ("network down"); set by
 * demo.c, used by the F12 page as by the named pipe. */
void app_on_pretend(struct app *app,
                    enum err (*fn)(void *owner, const char *line), void *owner);
/* The demonstration's: the id of the case sent last, or "". */
const char *app_last_case(const struct app *app);
/* The payment that was asked for last; "" : none. */
const char *app_last_payment(const struct app *app);
/* A line for a simulated device. */
MUST_CHECK enum err app_pretend_device(struct app *app, const char *line);
void app_set_network(struct app *app, bool is_up);
/* What was posted takes effect now, as at the end of a turn. */
void app_settle(struct app *app);
/* The staff PIN of this run of the demonstration, which its F12 page shows. */
void app_make_demo_pin(struct app *app);
/* The preview's: shows its item; takes the same item, read anew (both packs
 * live until the next call). */
void app_begin_preview(struct app *app);
void app_take_pack(struct app *app, const struct pack *pack);
/* Something outside changed what pages say (the clock): paint again. */
void app_touch(struct app *app);
/* Sink of event_record(). */
void app_record(void *owner, const struct event_record_of *event);
