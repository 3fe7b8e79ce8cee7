/* Records of a person to choose from: what machines ask by POST /v1/lists.  An
 * integrator replaces lists.c by what asks the real registers.
 *
 * The one here makes them up, for the demonstration, from a mark of the ID
 * number (people.h): the same each time.  Whose number's sequence
 * (digits 15 to 17) has a sum that 3 divides has none, others one, or two to
 * five. */
#pragma once

#include "kiosk/flow/item.h"
#include "kiosk/flow/judge.h"
#include "kiosk/hub/hub_parts.h"

/* A case that was judged good by its item: what it holds of records must be what
 * this person has; else the judgement says at which answer it is not. */
MUST_CHECK enum err lists_judge(struct hub *hub, const struct item *item,
                                const json_t *body,
                                struct judgement *judgement);
