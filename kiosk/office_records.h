/* What stands in an answer about records of other offices: the shape of
 * POST /v1/records (kiosk/backend/README.md).  Of office.c. */
#pragma once

#include "kiosk/flow/shared.h"

#include <jansson.h>

/* A list of records, each kind at most once, every known field in its form.
 * Fields that are not known here are passed over: a newer hub may have more. */
bool office_records_are_good(const json_t *records);
/* By the places of the table; what is not there is NULL.  Borrowed from the list,
 * which is NULL or good. */
void office_records_read(const json_t *records,
                         struct shared_record ret_records[SHARED_KINDS]);
