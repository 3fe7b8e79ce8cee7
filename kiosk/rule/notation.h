/* Values as JSON, in the notation of the specification's tests, so that a rule
 * can be tried and compared with what another library gives:
 *
 *   {"int": 3}  {"double": "1.5"}  {"bool": true}  {"string": "x"}
 *   {"null": null}  {"list": [value, ...]}  {"map": [[key, value], ...]}
 *   {"timestamp": "2026-11-26T00:00:00Z"}  {"duration": "1.5s"} */
#pragma once

#include "kiosk/rule/rule.h"

#include <jansson.h>

/* Texts point into json, lists into room.  ERR_BAD_INPUT for anything else;
 * ERR_TOO_BIG when the room is full. */
MUST_CHECK enum err notation_read(const json_t *json, struct rule_room *room,
                                  struct rule_value *ret_value);
/* The caller owns it; NULL for an error, and for a text that is no UTF-8. */
json_t *notation_write(const struct rule_value *value);
