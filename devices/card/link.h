/* One question to a reader and its answer, over either wiring.
 *
 * four pipes: preamble and length go over the first pipe of a direction, the
 *             rest over the second;
 * one pair:   the whole frame goes over one pipe.
 *
 * Answers do not say what they answer: one that cannot be an answer to the
 * question (a late one) is passed over, garbage too, until the limit.  A reader
 * that says it got us wrong is asked once more.  One question at a time. */
#pragma once

#include "devices/card/frame.h"
#include "devices/usb.h"

struct link_question {
    struct frame_command command;
    int limit_ms; /* for the whole answer */
    /* Whether this can be an answer to it. */
    bool (*fits)(const struct frame_answer *answer);
};

struct link;

/* ERR_TIMEOUT: no answer; ERR_DEVICE: only a broken one; what usb.h says.
 * answer lives during the call. */
typedef void (*link_answer_fn)(void *owner, enum err err,
                               const struct frame_answer *answer);

struct link *link_new(struct usb *usb, link_answer_fn on_answer, void *owner);
void link_free(struct link *link);

/* After a device was claimed. */
void link_use(struct link *link, bool has_four_pipes, int packet_bytes);
bool link_is_busy(const struct link *link);
void link_ask(struct link *link, const struct link_question *question);
/* Reads away whatever still comes; answered by on_answer, without an answer. */
void link_drain(struct link *link);
/* Waits for an answer that was given up before, whatever it is: it is passed
 * over here, where it can harm nobody; answered like a question. */
void link_await_late(struct link *link, int within_ms);
void link_reset(struct link *link); /* the port; answered in the same way */
/* What usb's on_done says. */
void link_on_done(struct link *link, enum err err, const uint8_t *bytes,
                  size_t len);
/* Where every transfer is noted down, for "probe --record"; NULL: nowhere. */
void link_record(struct link *link, const char *path);
