/* Phones that scan codes on the glass and pay, and the bank that tells the hub
 * of the money: once, twice or late, and again until the hub has it, however
 * often that dies over it. */
#pragma once

#include "tests/sim/world_state.h"

/* Owned by whoever asks; world is borrowed and must outlive it. */
struct cashier *cashier_new(struct world *world);
void cashier_free(struct cashier *cashier);

/* A person pays what the code of this address asks for. */
void cashier_pay(void *owner, const char *url);
/* What the hub does not have yet it is told now; false: it does not take it. */
bool cashier_settle(struct cashier *cashier);

/* What was paid, "TOKEN:TAKING" each (kiosk/hub/payments.h). */
size_t cashier_count(const struct cashier *cashier);
const char *cashier_taking(const struct cashier *cashier, size_t at);
