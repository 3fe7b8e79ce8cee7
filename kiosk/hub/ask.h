/* What a machine's request says: the JSON object in its body. */
#pragma once

#include "kiosk/hub/hub_parts.h"

enum {
    ASK_BODY_MAX = 16 * 1024,
    TOKEN_BYTES = 16,
    TOKEN_CHARS = 2 * TOKEN_BYTES /* lower-case hex digits */
};

/* The caller gives it back; NULL: the response says what is wrong. */
json_t *ask_object(const struct hub_request *request,
                   struct hub_response *response);
/* A text of 1 to max bytes without control characters; NULL: it is another
 * thing, or is not there.  Borrowed from the object. */
const char *ask_text(const json_t *object, const char *name, size_t max);
/* A text of exactly so many decimal digits, or NULL. */
const char *ask_digits(const json_t *object, const char *name, size_t count);
/* 32 lower-case hex digits. */
bool token_is_ok(const char *text);
void token_make(char token[TOKEN_CHARS + 1]);
