/* The page of a terminal whose program does not come up any more: shown by
 * "kiosk --out-of-service", which the service manager starts in its place.
 * Nothing that could fail again is touched: no store, no device, no item. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/settings.h"

struct out;

/* Paints the page in both languages; keys and touches mean nothing on it. */
MUST_CHECK enum err out_new(struct loop *loop, const struct settings *settings,
                            int fd_in, int fd_out, const char *term,
                            struct out **ret_out);
void out_free(struct out *out);
