/* Payments: what machines ask for by /v1/payments, and what is taken in.
 *
 * A payment is one debt and the code to pay it by; for one record (about) there
 * is at most one that is waited for or paid.  A taking is money that came: it
 * pays its payment once, in time; late, or a second time, it is marked to be
 * given back.  Nothing that came is ever forgotten, and a machine that is gone
 * by then changes nothing.
 *
 * The money here is the test cashier's (`kiosk-hub pay`); an integrator calls
 * payments_take from what hears of the bank. */
#pragma once

#include "kiosk/flow/item.h"
#include "kiosk/flow/judge.h"
#include "kiosk/hub/hub_parts.h"

enum { PAYMENT_WAIT_MS = 15 * 60 * 1000, TAKING_ID_CHARS = 16 };

/* name is "TOKEN:TAKING", the taking's own id of 16 hex digits: the same again
 * changes nothing.  ERR_NOT_FOUND: no such payment; ERR_BAD_INPUT. */
MUST_CHECK enum err payments_take(struct hub *hub, const char *name);

/* How the record of that id stands: "open", "paid", or "refunding" where all that
 * came for it is to be given back. */
MUST_CHECK enum err payments_state(struct hub *hub, const char *about,
                                   const char **ret_state);

/* A case that was judged good by its item: a payment that it tells must be paid
 * here, of that amount, with that receipt and for that record; else the judgement
 * says at which answer it is not. */
MUST_CHECK enum err payments_judge(struct hub *hub, const struct item *item,
                                   const json_t *body,
                                   struct judgement *judgement);

/* Every payment, the newest first, with what came of it. */
MUST_CHECK enum err payments_list(struct hub *hub, size_t most, json_t *list);
