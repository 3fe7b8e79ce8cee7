/* From the terminal's bytes to keys: a pure decoder.  It is fed with bytes and
 * told when time is up; it never reads, waits or allocates without limit.
 * UTF-8, the keys of xterm, vt220, rxvt and the Linux console, SGR mouse
 * (1006), bracketed paste (2004).  A sequence over 64 bytes is dropped whole,
 * so is half a one after which silence follows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_kind {
    KEY_NONE,
    KEY_CHAR, /* code_point */
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_TAB,
    KEY_TAB_BACK,
    KEY_ENTER,
    KEY_ESCAPE,
    KEY_BACKSPACE,
    KEY_DELETE,
    KEY_FUNCTION,  /* number: 1 to 12 */
    KEY_INTERRUPT, /* number: the control character */
    KEY_TOUCH,     /* the left button went down at row, col (from 1) */
    KEY_LIFT,      /* and up */
    KEY_PASTE,     /* text, len: foreign bytes; was_cut */
    KEY_COUNT
};

struct key {
    enum key_kind kind;
    uint32_t code_point;
    int number;
    int row, col;
    const char *text; /* valid during the call */
    size_t len;
    bool was_cut;
};

enum { PASTE_BYTES_MAX = 64 * 1024, SEQUENCE_BYTES_MAX = 64 };

struct keys;

typedef void (*key_fn)(void *owner, const struct key *key);

struct keys *keys_new(key_fn on_key, void *owner);
void keys_free(struct keys *keys);

void keys_feed(struct keys *keys, const char *bytes, size_t len);

/* How long silence may last before keys_time_is_up is due: 0 when nothing is
 * half done, 50 ms inside a sequence, longer inside a paste (whose Enters must
 * not be taken for keys only because the machine was slow). */
int keys_wait_ms(const struct keys *keys);
void keys_time_is_up(struct keys *keys);

/* Forgets what is half done, zeroing it. */
void keys_clear(struct keys *keys);
