/* Carries one order of the driver's out: to watch a printer, or to print one
 * job on it.  Both begin by cancelling whatever of ours an earlier run left, in
 * the queue and in the printer; a print that was not followed to a good end
 * finishes in the same way. */
#pragma once

#include "devices/printer/spool/talk.h"

void order_carry_out(struct talk *talk, const struct spool_request *request);
