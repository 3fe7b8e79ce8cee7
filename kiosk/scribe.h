/* The terminal's side of kiosk-ime: asks what letters or strokes may mean.
 *
 * Nothing that it says is trusted: an answer is bounded, its texts go through
 * text_accept, its number is that of a question.  What answers late, wrongly or
 * not at all is ended and started again, SCRIBE_STARTS times a session; after
 * that it is away until the next session.  Answers stand in secret memory;
 * scribe_wipe() ends the program and forgets them. */
#pragma once

#include "kiosk/base/loop.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SCRIBE_STARTS = 3,
    /* How long an answer may take: in slices, each of which begins when the
     * last was seen to end, so that a clock that jumps takes one of them. */
    SCRIBE_SLICE_MS = 500,
    SCRIBE_SLICES = 8,
    SCRIBE_FIRST_SLICES = 24, /* of its first answer: it is starting */
    SCRIBE_OFFERS_MAX = 180,
    SCRIBE_OFFER_CHARS = 16,
    SCRIBE_OFFER_BYTES = SCRIBE_OFFER_CHARS * 4 + 1,
    SCRIBE_LETTERS_MAX = 40,
    SCRIBE_STROKES_MAX = 32,
    SCRIBE_ANY_MAX = 2, /* strokes that one does not know */
    SCRIBE_NEXT_CHARS = 4,
    SCRIBE_READING_BYTES = 3 * SCRIBE_LETTERS_MAX
};

enum scribe_kind { SCRIBE_PINYIN, SCRIBE_STROKES, SCRIBE_NEXT };

struct scribe_answer {
    /* Of pinyin: what is not written yet, the end of what was asked. */
    char rest[SCRIBE_LETTERS_MAX + 1];
    char reading[SCRIBE_READING_BYTES]; /* of it, in syllables */
    size_t count;
    char offers[SCRIBE_OFFERS_MAX][SCRIBE_OFFER_BYTES];
};

struct scribe_events {
    /* To the last question only, never inside scribe_ask. */
    void (*on_answer)(void *owner, const struct scribe_answer *answer);
    void (*on_away)(void *owner); /* nothing will be answered any more */
};

struct scribe;

/* path: the program; data: its folder. */
struct scribe *scribe_new(struct loop *loop, const char *path, const char *data,
                          const struct scribe_events *events, void *owner);
void scribe_free(struct scribe *scribe);

/* Starts the program if it does not run, so that it is ready when asked. */
void scribe_begin(struct scribe *scribe);
bool scribe_is_away(const struct scribe *scribe);
/* pick: which offer for this text was taken, or -1.  A question asked before is
 * not answered any more. */
void scribe_ask(struct scribe *scribe, enum scribe_kind kind, const char *text,
                int pick);
/* The last question is nobody's any more. */
void scribe_drop(struct scribe *scribe);
/* The session's end. */
void scribe_wipe(struct scribe *scribe);
