/* Finds a citizen's marks in a heap of bytes, in every form that a library of
 * ours keeps text in: UTF-8, UTF-16 and UTF-32 (wchar_t), the cells of ncurses,
 * GB18030, and base64 at each of its three alignments.
 *
 * A mark is looked for by its two halves, so that one that was overwritten in
 * part is found as well.  They are as long as it takes for nothing else to have
 * them by chance. */
#pragma once

#include <stddef.h>

/* One thing that is known of the pretended citizen. */
struct mark {
    const char *name; /* what it is: "phone" */
    const char *text; /* UTF-8 */
};

enum form {
    FORM_UTF8,
    FORM_UTF16,
    FORM_UTF32,
    FORM_CELLS,
    FORM_GB18030,
    FORM_BASE64,
    FORM_COUNT
};

const char *form_name(enum form form);

/* No form of half a mark is longer than this: pieces of what is searched must
 * overlap by as much. */
enum { SEARCH_OVERLAP_BYTES = 2048 };

struct search;
struct search *search_new(const struct mark *marks, size_t count);
void search_free(struct search *search);

/* Calls on_found for each half mark; bytes must be aligned for wchar_t. */
typedef void (*search_fn)(void *owner, const struct mark *mark, enum form form,
                          size_t at);
void search_bytes(const struct search *search, const void *bytes, size_t len,
                  search_fn on_found, void *owner);
