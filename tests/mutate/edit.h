/* One place of a file edited, as a person with an editor would: the bytes of a
 * span are others, all else stays.  What comes of it is YAML again. */
#pragma once

#include "tests/mutate/tree.h"

struct edit {
    size_t from, to; /* the span of the old text */
    char *put;       /* what stands there instead; the edit's own */
    size_t put_len;
};

void edit_done(struct edit *edit);

struct edit edit_replace(size_t from, size_t to, const char *put, size_t len);
/* A key with its value, or an entry of a list, away; where it is the only one,
 * the list or map around it. */
struct edit edit_remove(const struct tree *tree, const struct node *node);
/* Two neighbours of one list. */
struct edit edit_swap(const struct tree *tree, const struct node *first,
                      const struct node *second);
/* A rule into its opposite: !(…), quoted as it must be. */
struct edit edit_negate(const struct tree *tree, const struct node *rule);

/* The whole text with it; the caller frees by mem_free. */
char *edit_apply(const struct edit *edit, const char *text, size_t len,
                 size_t *ret_len);

/* The bytes of a text that are its own: without quotes or a block's first
 * line. */
void node_inside(const struct tree *tree, const struct node *node,
                 size_t *ret_from, size_t *ret_to);
