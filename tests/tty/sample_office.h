/* What an office says of a certificate and of records, the same in every run: for
 * goldens, whose pages must not hang on the demonstration's key or on today. */
#pragma once

#include "kiosk/base/buf.h"

#include <stdbool.h>

/* The whole HTTP answer to an offer, an issue, the certificate's bytes, a
 * question for records; false:
 * the request is another, and answer is untouched. */
bool sample_office_answers(const struct buf *request, struct buf *answer);
/* Every telephone on file is the same one. */
void sample_office_hides_phone(struct buf *answer);
/* What the real hub said to a heartbeat, and that somebody is coming. */
void sample_office_comes(struct buf *answer);
