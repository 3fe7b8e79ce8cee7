/* Looking through what the office said: an answer is the outside's word, and
 * nothing of it is taken that is not in its form.  For office*.c. */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/office.h"

#include <jansson.h>

enum { NAME_BYTES = 32 };

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"
#define HEX_CHARACTERS  "0123456789abcdef"
#define SIGNS           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* A text for people, that nothing had to be changed of. */
bool said_is_text(const char *text);
/* Borrowed, or NULL: there is none. */
const char *said_string(const json_t *object, const char *name);
bool said_has_text(const json_t *object, const char *name);
/* In both languages. */
bool said_has_words(const json_t *object, const char *name);
/* Of these characters, so many. */
bool said_is_of(const char *text, const char *characters, size_t least,
                size_t most);
bool said_has_name(const json_t *object, const char *name);
bool said_is_token(const char *text);
/* The caller's, or NULL: it is no object. */
json_t *said_object(const char *body, size_t len);
/* A list of at most so many, each of them good. */
bool said_every(const json_t *array, size_t most,
                bool (*is_good)(const json_t *entry));
/* "" where there are none. */
const char *said_words(const json_t *object, const char *name,
                       enum language language);
/* The hub's time of an event, told beside "hub_time", as a moment of our
 * monotonic clock. */
int64_t said_until(const json_t *object, const char *name);
