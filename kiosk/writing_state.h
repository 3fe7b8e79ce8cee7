/* What writing.c (what keys mean) and writing_page.c (what is offered and shown)
 * share.  Nobody else includes this. */
#pragma once

#include "kiosk/scribe.h"
#include "kiosk/writing.h"

enum {
    WRITING_MAGIC = 0x77726974,
    COMPOSITION_MAX = SCRIBE_LETTERS_MAX,
    RECENT_CHARS = SCRIBE_NEXT_CHARS,
    RECENT_BYTES = RECENT_CHARS * 4 + 1
};

/* Half a citizen's words: secret. */
struct half {
    char composition[COMPOSITION_MAX + 1]; /* letters, or strokes 1 to 6 */
    char recent[RECENT_BYTES];             /* written last, for what follows */
    const struct scribe_answer *answer;    /* to composition, or what follows */
};

struct writing {
    int magic;
    struct scribe *scribe;
    struct writing_events events;
    void *owner;
    struct half *half; /* NULL: no session, or no room for one */
    enum writing_method method;
    enum writing_code code;
    enum writing_state state;
    bool is_chosen;  /* the person chose the method, or wrote by it */
    bool is_asking;  /* the answer to composition is not there yet */
    bool is_picking; /* what the picked word leaves is not known yet */
    bool is_next;    /* the answer is what may follow */
    bool is_capital, is_fresh;
    bool is_empty;       /* the field, when the last key came */
    bool needs_province; /* a plate's offers: its first character */
    bool has_digit_pad;  /* on the glass, of a code: digits, not letters */
    bool is_keyboard;    /* a key came that ten keys have not */
    size_t picked_len;   /* of composition, when the word was picked */
    int wanted;          /* picked before it was offered: 1 to 9; 0: none */
    size_t first;        /* offer on this page */
};

/* writing_code.c: what a key means in such a field; and what is offered. */
void writing_code_key(struct writing *writing, char c);
const char *const *writing_code_offers(const struct writing *writing,
                                       size_t *ret_count);
/* One of them was written. */
void writing_code_picked(struct writing *writing);
/* A key of the glass that has a name; false: it is none of a code's. */
bool writing_code_touch(struct writing *writing, const char *key);

/* writing.c, for writing_code.c. */
void writing_put(struct writing *writing, char c);
void writing_pick(struct writing *writing, int number);
void writing_turn(struct writing *writing);
void writing_let_go(struct writing *writing);

/* writing_page.c: what can be picked now; 0: nothing, or nothing yet. */
size_t writing_offer_count(const struct writing *writing);
const char *writing_offer_at(const struct writing *writing, size_t at);
/* Where the page that begins at first ends: nine offers, or fewer long ones. */
size_t writing_page_end(const struct writing *writing, size_t first);
bool writing_is_composing(const struct writing *writing);
