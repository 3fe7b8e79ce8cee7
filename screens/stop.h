/* The stops that every item may meet; an item's own stand in its file.  Each has
 * four parts: what happened, why, what was and was not done, and at most three
 * ways on; tests/unit/stop_test.c holds each to that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum stop_way {
    STOP_WAY_NONE,
    STOP_WAY_AGAIN, /* back to where it happened */
    STOP_WAY_OTHER_ITEM,
    STOP_WAY_STAFF,
    STOP_WAY_END
};

enum { STOP_WAYS_MAX = 3 };

struct common_stop {
    const char *id;          /* what screen_go(screen, "stop", …) names */
    const char *sentence_id; /* the element that says what happened */
    const char *happened;    /* these four: msgids */
    const char *why;
    const char *done;
    enum stop_way ways[STOP_WAYS_MAX];
    bool is_end; /* nothing leads back: what was sent is not sent again */
};

extern const struct common_stop common_stops[];
extern const size_t common_stop_count;

/* NULL: none of them. */
const struct common_stop *common_stop_find(const char *id);
/* The element and the words (a msgid) of a way. */
const char *stop_way_id(enum stop_way way);
const char *stop_way_words(enum stop_way way);
