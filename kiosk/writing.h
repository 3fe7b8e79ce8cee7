/* Writing Chinese into a field: what letters, strokes and numbers mean, and what
 * is offered for them.  By strokes with ten keys, by pinyin from a keyboard, by
 * either on the glass; direct letters and digits beside both.
 *
 * A screen reads writing_page() and describes it; ui tells each key that is
 * meant for it (UI_WRITING); what is to be written goes out by the events.  When
 * kiosk-ime is away, is_away says so and letters are written as they are.  All
 * of it is secret and gone with writing_wipe(). */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/base/loop.h"
#include "kiosk/held.h"

#include <stdbool.h>
#include <stddef.h>

enum { WRITING_OFFERS_MAX = 9, WRITING_COMPOSED_BYTES = 200 };

enum writing_method { WRITING_PINYIN, WRITING_STROKES, WRITING_LATIN };

/* Which page of the field this is. */
enum writing_state {
    WRITING_FREE,    /* keys write */
    WRITING_OFFERS,  /* 1 to 9 pick one */
    WRITING_SIGNS,   /* the same, punctuation */
    WRITING_LETTERS, /* the same, letters, for ten keys */
    WRITING_DIGITS,  /* keys write digits */
    WRITING_CARET    /* 1 to 6 move it */
};

/* A field of digits and letters that is no text: ten keys write its digits; #
 * offers the rest, and # again ends it. */
enum writing_code {
    WRITING_NO_CODE, /* a text */
    WRITING_CREDIT_CODE,
    WRITING_EMAIL,
    WRITING_PLATE
};

struct writing_page {
    enum writing_method method;
    enum writing_code code;
    enum writing_state state;
    char composed[WRITING_COMPOSED_BYTES];  /* as people read it, or "" */
    const char *offers[WRITING_OFFERS_MAX]; /* until the next call of writing */
    size_t count;
    int page, pages;
    bool is_asking;     /* what is offered is not known yet */
    bool is_next;       /* the offers are what may follow */
    bool is_away;       /* kiosk-ime does not answer */
    bool is_capital;    /* letters are written large */
    bool is_fresh;      /* WRITING_DIGITS: none was written yet */
    bool has_digit_pad; /* of a code: the glass shows digits, not letters */
    bool
        is_keyboard; /* more than ten keys write: # is a character among text */
};

struct writing_events {
    void (*on_text)(void *owner, const char *text, size_t len);
    /* '*', '#' or Enter ('\n') that mean what they mean in any field. */
    void (*on_sign)(void *owner, char sign);
    void (*on_move)(void *owner, long by); /* the caret */
    void (*on_changed)(void *owner);
};

struct writing;

/* path: the program kiosk-ime; data: its folder. */
struct writing *writing_new(struct loop *loop, const char *path,
                            const char *data,
                            const struct writing_events *events, void *owner);
void writing_free(struct writing *writing);

/* A field for text is opened.  The method is that of the session's last field,
 * at first by the language: pinyin, or letters. */
void writing_begin(struct writing *writing, enum language language);
/* A field for such a code is opened: letters are written as they are, capital
 * ones where it has no others. */
void writing_begin_code(struct writing *writing, enum writing_code code);
/* Before each key: nothing stands in the field yet. */
void writing_set_empty(struct writing *writing, bool is_empty);
/* The session's language is another: so is the method, if nobody chose one. */
void writing_speak(struct writing *writing, enum language language);
void writing_use(struct writing *writing, enum writing_method method);
/* A key: one character (UTF-8, of a keyboard that writes Chinese by itself), '*' for Backspace, '\n' for Enter.  One that ten keys
 * have not tells that there is a keyboard; until then # ends the field. */
void writing_key(struct writing *writing, const char *key);
/* The same on the glass; there keys have names, too: "signs", "digits",
 * "caret", "strokes", "pinyin", "latin", "shift". */
void writing_touch(struct writing *writing, const char *key);
/* Something on the page was pressed: true when it was writing's. */
bool writing_choice(struct writing *writing, const char *id);
void writing_page(const struct writing *writing, struct writing_page *ret_page);
/* The session's end. */
void writing_wipe(void *writing);
/* What is half written, or was written last and decides what is offered. */
void writing_tell(const struct writing *writing, struct held *held);
