/* A YAML file as a tree of nodes that know which bytes of the file they are, so
 * that one place can be edited and all else stays as it was written.  (The
 * loader's own tree, base/yaml.h, keeps where a node begins, not where it ends.)
 * For files that the loader takes: no anchors, aliases or tags. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

/* How a NODE_TEXT is written. */
enum node_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_BLOCK };

struct node {
    enum node_kind kind;
    enum node_style style;
    bool is_flow;     /* a list or map between brackets */
    size_t from, to;  /* its bytes: with quotes, brackets, a block's sign;
                         without a list's dash, comments and what is behind */
    size_t line;      /* from 1 */
    const char *text; /* NODE_TEXT: its value */
    struct node *around;
    size_t at; /* among the entries of around */
    size_t count;
    struct node **keys; /* NODE_MAP only */
    struct node **items;
};

struct tree;

/* Copies the text.  NULL: it is no YAML. */
struct tree *tree_read(const char *text, size_t len);
void tree_free(struct tree *tree);

const struct node *tree_root(const struct tree *tree);
const char *tree_text(const struct tree *tree, size_t *ret_len);

/* NULL when absent or node is no map. */
const struct node *node_get(const struct node *node, const char *key);
