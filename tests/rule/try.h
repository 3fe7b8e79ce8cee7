/* Rules tried by tests: a text in, the value in its notation out. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/rule/rule.h"

#include <jansson.h>

/* today() of every test, unless a line of data has its own: 2026-11-26. */
enum { TRY_TODAY = 20783 };

struct rule_source try_source(const char *text);

/* What it gives, as `kiosk eval` prints it, or "line:column: what" of the
 * mistake.  vars: an object of names and values in the notation, or NULL. */
void try_say(const char *rule, const json_t *vars, int64_t today,
             struct buf *out);

/* As above, and fails when it is not that. */
void try_gives(const char *rule, const char *expected);
void try_gives_with(const char *rule, const char *vars, const char *expected);

/* Reads and checks it with these names; the problems, or "" when it has none. */
void try_check(const char *rule, const struct rule_names *names,
               enum rule_kind wanted, struct buf *out);
