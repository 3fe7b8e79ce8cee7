/* The inside of an envelope's two JSON texts.  For envelope*.c only. */
#pragma once

#include "kiosk/flow/envelope.h"

/* The purpose that seal_to and seal_open are told. */
#define ENVELOPE_INFO "kiosk case 1"

/* Everything the citizen said in this item, as JSON.  body holds it in clear:
 * its buf_done wipes it. */
MUST_CHECK enum err envelope_body(const struct envelope_input *input,
                                  struct buf *body);
/* The part that is not secret; digest: of the body, in hex. */
MUST_CHECK enum err envelope_header(const struct envelope_input *input,
                                    const char *digest, struct buf *header);
