/* Time zones: "+08:00", "UTC", or a name whose file the system has (TZif,
 * RFC 8536), read by us, so that nothing depends on TZ or on the C library's
 * idea of it. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;

/* Seconds east of Greenwich when text is such an offset, "UTC" or empty. */
bool zone_is_fixed(const char *text, size_t len, int *ret_offset);

/* ERR_NOT_FOUND for a name that the system has no zone for. */
MUST_CHECK enum err zone_open(const char *name, size_t len,
                              struct zone **ret_zone);
/* The same of the bytes of a file; ERR_BAD_INPUT when they are no zone. */
MUST_CHECK enum err zone_new(const char *bytes, size_t len,
                             struct zone **ret_zone);
void zone_free(struct zone *zone);

/* Seconds east of Greenwich at that moment. */
int zone_offset(const struct zone *zone, int64_t seconds);
