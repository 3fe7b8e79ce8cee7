/* YAML as a tree of nodes that keep their line and column, over libyaml's
 * events.  Refused, with their place: anchors, aliases, tags, merge keys,
 * duplicate keys, more than one document, byte-order marks, invalid UTF-8,
 * depth over 32, files over 1 MiB.
 *
 * What is told of a file is a finding in struct problems: an error, for which
 * the file is refused, or a warning. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    const char *file;    /* as it was named; the caller's text */
    int line, column;    /* from 1 */
    const char *text;    /* YAML_TEXT */
    bool is_plain;       /* not quoted: may be a number or true/false */
    bool is_bad;         /* it is refused, and that is told already */
    int text_column;     /* YAML_TEXT: where its first character stands, when
                            the file has it on one line as it is here; else 0 */
    size_t count;        /* entries of a list or map */
    struct yaml **items; /* values */
    struct yaml **keys;  /* YAML_MAP only: YAML_TEXT nodes */
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* Collects findings as "file:line:column: error|warning: message" lines, each
 * once. */
struct problems {
    struct buf text; /* the lines, in the order in which they were found */
    size_t count;    /* errors */
    size_t warnings;
    size_t
        raised; /* errors, and those again that were told already: what failed
                      in between is known by this */
    struct finding *findings; /* where in text each line is, for the order */
    size_t finding_count, finding_room;
};

void problems_init(struct problems *problems);
void problems_done(struct problems *problems);
/* An error: what is read cannot be used. */
__attribute__((format(printf, 5, 6))) void
problems_add(struct problems *problems, const char *file, int line, int column,
             const char *format, ...);
/* Something that its writer should look at. */
__attribute__((format(printf, 5, 6))) void
problems_warn(struct problems *problems, const char *file, int line, int column,
              const char *format, ...);
void problems_add_as(struct problems *problems, enum severity severity,
                     const char *file, int line, int column,
                     const char *message);
/* The lines by file (in the order in which files first appear), line and
 * column; a last line says how many found no room. */
void problems_in_order(const struct problems *problems, struct buf *out);

/* The whole tree is one allocation group; freed by yaml_tree_free.  A file
 * without anything but comments is an empty map.  On error (ERR_BAD_INPUT,
 * ERR_TOO_BIG) problems says where and what was expected. */
MUST_CHECK enum err yaml_parse(const char *file, const char *text, size_t len,
                               struct problems *problems,
                               struct yaml **ret_root);
/* The same, but goes on behind an anchor, an alias, a tag, a merge key and a
 * key's second time: all of them are told, ERR_OK is returned, and those nodes
 * are marked bad.  The caller looks at problems->count. */
MUST_CHECK enum err yaml_parse_on(const char *file, const char *text,
                                  size_t len, struct problems *problems,
                                  struct yaml **ret_root);
/* The same as yaml_parse of a file; also ERR_NOT_FOUND and ERR_IO, told in problems too. */
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
