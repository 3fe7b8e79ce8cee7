/* YAML as a tree of nodes that keep their line and column, over libyaml's
 * events.  Refused, with their place: anchors, aliases, tags, merge keys,
 * duplicate keys, more than one document, byte-order marks, invalid UTF-8,
 * depth over 32, files over 1 MiB. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    int line, column;    /* from 1 */
    const char *text;    /* YAML_TEXT */
    bool is_plain;       /* not quoted: may be a number or true/false */
    int text_column;     /* YAML_TEXT: where its first character stands, when
                            the file has it on one line as it is here; else 0 */
    size_t count;        /* entries of a list or map */
    struct yaml **items; /* values */
    struct yaml **keys;  /* YAML_MAP only: YAML_TEXT nodes */
};

/* Collects findings as "file:line:column: message" lines. */
struct problems {
    struct buf text;
    size_t count;
};

void problems_init(struct problems *problems);
void problems_done(struct problems *problems);
__attribute__((format(printf, 5, 6))) void
problems_add(struct problems *problems, const char *file, int line, int column,
             const char *format, ...);

/* The whole tree is one allocation group; freed by yaml_tree_free.  A file
 * without anything but comments is an empty map.  On error (ERR_BAD_INPUT,
 * ERR_TOO_BIG) problems says where and what was expected. */
MUST_CHECK enum err yaml_parse(const char *file, const char *text, size_t len,
                               struct problems *problems,
                               struct yaml **ret_root);
/* The same of a file; also ERR_NOT_FOUND and ERR_IO, told in problems too. */
MUST_CHECK enum err yaml_read(const char *path, struct problems *problems,
                              struct yaml **ret_root);
/* Takes NULL.  Not "yaml_free": libyaml calls an inner function of that name,
 * and ours would take its place in there. */
void yaml_tree_free(struct yaml *root);

/* NULL when absent or node is no map. */
const struct yaml *yaml_get(const struct yaml *node, const char *key);

/* The nearest of the known words to a misspelt one, or NULL when none is near
 * (more than two letters off). */
const char *yaml_nearest(const char *word, const char *const *known,
                         size_t known_count);
