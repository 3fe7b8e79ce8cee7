/* The cards of people who do not exist: what a simulator's line does not say is
 * made up so that it fits together.  Birth and sex follow from the number; a
 * number that is not given has a right check digit and the division code of
 * Nanyang itself (411300), which no person's number begins with. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/flow/card.h"

/* line: what follows "card resident", e.g. `name=欧阳㼆昕 valid_to=2031-07-04`.
 * ERR_BAD_INPUT: a key that is not known, or a value that no card could hold. */
MUST_CHECK enum err made_up_card(enum card_kind kind, const char *line,
                                 struct card *ret_card);
