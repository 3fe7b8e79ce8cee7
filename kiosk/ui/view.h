/* One page as a list of elements.  A screen fills a view and never draws;
 * painting, the report, goldens and (later) speech all come from this list.
 *
 * Every element has an id that is unique on its page.  Texts are copied, and
 * wiped when the view is cleared.  What a person is typing belongs to the view
 * by field id and scope (see view_begin), so it survives repaints, a change of
 * language, other pages laid over this one and a resize; view_wipe erases it.
 */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/i18n.h"

#include <stdbool.h>
#include <stddef.h>

struct view;

enum element_kind {
    ELEMENT_HEADING,
    ELEMENT_TEXT,
    ELEMENT_FACT,
    ELEMENT_NOTICE,
    ELEMENT_CHOICE,
    ELEMENT_LIST,
    ELEMENT_FIELD,
    ELEMENT_KEYS,
    ELEMENT_CANDIDATES,
    ELEMENT_PROGRESS,
    ELEMENT_QR,
    ELEMENT_KIND_COUNT
};

/* "heading", "text", … as the report names them. */
const char *element_kind_name(enum element_kind kind);

enum typing { TYPING_NONE, TYPING_DIGITS, TYPING_TEXT, TYPING_STROKES };

/* What may leave a page of writing where there is no room for all of it: the
 * line that is written and the keys stay. */
enum spare { SPARE_NEVER, SPARE_EARLY, SPARE_LATE };

/* A key of a pad: what it sends, and what stands on it. */
struct pad_key {
    const char *key;
    const char *text;
};

enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_ERROR };

/* One element, as the painter and the report read it. */
struct element {
    enum element_kind kind;
    const char *id;
    const char *text;    /* the label of a fact or field */
    const char *value;   /* of a fact, field, progress ("2/3"), qr (payload) */
    const char *missing; /* of a qr: said where there is no room for it */
    const char *note;    /* a choice's further lines, "\n" between; what stands
                            behind a field's label; or NULL */
    const char *key; /* what presses it: "1", "12", "#", "*", "0"; "" none */
    bool key_writes; /* its key is a character now: neither shown nor told */
    bool is_chosen;
    bool is_off;    /* cannot be pressed: its words say why */
    bool is_footer; /* stands in the footer, not in the body */
    bool is_header; /* stands in the header */
    bool is_large;  /* a fact in large letters: 回执号 */
    enum tone tone;
    enum typing typing; /* of a field */
    bool is_composed;   /* a field: keys go to whoever composes its text */
    bool holds_caret;   /* a field: written by what is chosen now */
    const char *groups; /* of a field: "684" stands in three groups; "" */
    enum spare spare;
    char
        more_key; /* keys: beside the digits, X (the last place of an ID number)
                      or the point of an amount; '\0': none */
    const struct pad_key *pad; /* keys: others than digits; or NULL */
    size_t pad_count;
    int pad_columns; /* where they stand side by side */
    size_t max_chars;
    size_t done, total; /* progress */
    /* a list */
    size_t count;
    size_t first_number; /* 1 or 11 */
    const char *chosen;  /* row value; of many: those, with commas between */
    bool is_many;
    void (*row)(void *owner, size_t at, const char **ret_value,
                const char **ret_text);
    void *row_owner;
};

struct view *view_new(void);
void view_free(struct view *view);

/* A new description.  scope names the page for what belongs to it across
 * descriptions ("residence-permit/phone"); language is the session's. */
void view_begin(struct view *view, const char *scope, enum language language);

/* Erases elements, what was typed, focus, turns: all of it. */
void view_wipe(struct view *view);
/* What was typed in one scope is not needed any more. */
void view_forget(struct view *view, const char *scope);

enum language view_language(const struct view *view);
const char *view_scope(const struct view *view);

/* The session's language: T(view, "Go on"). */
#define T(view, msgid) i18n_text(view_language(view), msgid)
#define TC(view, context, msgid)                                               \
    i18n_text_in(view_language(view), context, msgid)
#define TN(view, one, many, n) i18n_text_many(view_language(view), one, many, n)

void view_heading(struct view *view, const char *id, const char *text);
void view_text(struct view *view, const char *id, const char *text);
struct element *view_fact(struct view *view, const char *id, const char *label,
                          const char *value);
void view_fact_large(struct view *view, const char *id, const char *label,
                     const char *value);
void view_notice(struct view *view, const char *id, enum tone tone,
                 const char *text);

/* key "": pressed by touch or focus only.  The returned element may be
 * adjusted until the next call on this view. */
struct element *view_choice(struct view *view, const char *id, const char *key,
                            const char *text);
/* Further lines of a choice ("\n" between them). */
void view_set_note(struct view *view, struct element *element,
                   const char *note);
/* A fact with a key can be pressed: an answer that may be changed. */
void view_set_key(struct view *view, struct element *element, const char *key);
void view_list(struct view *view, const char *id, size_t count,
               const char *chosen,
               void (*row)(void *owner, size_t at, const char **ret_value,
                           const char **ret_text),
               void *owner);
/* Several of its rows may be chosen.  The last call was view_list. */
void view_set_many(struct view *view);
/* A row of that value is chosen. */
bool element_has_chosen(const struct element *list, const char *value);
/* Returns what stands in the field now: what was typed, else initial. */
const char *view_field(struct view *view, const char *id, const char *label,
                       const char *initial, enum typing typing,
                       size_t max_chars);
void view_keys(struct view *view, const char *id, char more_key);
/* A pad of other keys than digits; three columns stand beside the field. */
void view_pad(struct view *view, const char *id, int columns,
              const struct pad_key *keys, size_t count);
/* The field's keys are composed into its text by somebody else: they are told
 * (UI_WRITING) instead of written.  The last call was view_field. */
void view_set_composed(struct view *view, bool holds_caret);
/* Its digits are painted in groups ("684"; "": in one piece); note stands
 * behind its label.  The last call was view_field. */
void view_set_number(struct view *view, const char *groups, const char *note);
/* Something offered for what was composed; with a key where keys choose. */
void view_candidate(struct view *view, const char *id, const char *key,
                    const char *text);
/* The element described last may leave. */
void view_set_spare(struct view *view, enum spare spare);
void view_progress(struct view *view, const char *id, const char *text,
                   size_t done, size_t total);
/* text: what the QR is for, and what a person without a phone reads. */
/* missing: what is said instead where a screen has no room for it. */
void view_qr(struct view *view, const char *id, const char *text,
             const char *missing, const char *payload);

/* A field of digits that nobody near by may read: it is shown, and reported, as
 * so many "*"; what was typed comes with SCREEN_ENTERED only.  Returns how many
 * digits that are. */
size_t view_secret(struct view *view, const char *id, const char *label,
                   size_t max_chars);

/* Footer keys: ids "footer.go", "footer.back" and so on. */
struct element *view_footer(struct view *view, const char *id, const char *key,
                            const char *text);
/* What stands on a footer key where its words do not fit. */
void view_set_short(struct view *view, struct element *element,
                    const char *text);
/* The header: ids header.place, header.trouble, header.clock, header.item,
 * header.stage.  What is troubled stands in header.trouble with a wide space
 * between, the gravest first: where neither it nor its short form fits, the
 * last ones are counted. */
struct element *view_header(struct view *view, const char *id,
                            const char *text);

/* Any press on this page is this choice (the attract page, idle.warn). */
void view_any_key(struct view *view, const char *id);

/* The keys * * # (Enter is #, too) are this choice here, whatever any key is:
 * the staff's door, which nothing shows. */
void view_knock(struct view *view, const char *id);

/* Something that was typed, on this page or another, is still kept here. */
bool view_keeps_typed(const struct view *view);
/* What was typed into a field by now, or NULL. */
const char *view_typed(const struct view *view, const char *id);
/* Keys or choices write into this field now. */
bool element_is_written(const struct element *element);
/* What presses it as people may read it, or "". */
const char *element_shown_key(const struct element *element);

size_t view_count(const struct view *view);
const struct element *view_element(const struct view *view, size_t at);
const struct element *view_find(const struct view *view, const char *id);

/* For ui only.  A footer key's note is its short form, for small windows.
 * The generation rises when elements die (view_begin, view_wipe). */
struct typed_set;
struct typed_set *view_typed_set(struct view *view);
const char *view_any_key_id(const struct view *view); /* or NULL */
const char *view_knock_id(const struct view *view);   /* or NULL */
unsigned view_generation(const struct view *view);

/* The ways in which the description is wrong (an id twice, a key twice, …), or
 * NULL: for tests and the debug build's assert. */
const char *view_mistake(const struct view *view);
