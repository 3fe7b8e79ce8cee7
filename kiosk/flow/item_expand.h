/* Compound steps: one step of the file that is several pages (a range of
 * months, an address, a person, a group that repeats).  It is turned into
 * ordinary steps while all is still YAML, after overlays and before names are
 * collected, so that nothing behind the loader knows of it.
 *
 * What is made stands, for messages, where the author wrote what it is made of.
 * Only item_expand.c, item_compound.c, item_group.c and item_record.c include
 * this. */
#pragma once

#include "kiosk/flow/item_load.h"

enum { EXPAND_KEYS_MAX = 32 };

/* The steps made so far. */
struct expansion {
    struct loader *loader;
    struct yaml *steps;
    size_t room;
    bool is_full; /* that they are too many is told */
};

/* A node at another's place in the file. */
struct yaml *expand_text(struct loader *loader, const struct yaml *at,
                         const char *text);
/* An empty map with room for EXPAND_KEYS_MAX keys, and an empty list. */
struct yaml *expand_map(struct loader *loader, const struct yaml *at);
struct yaml *expand_list(struct loader *loader, const struct yaml *at,
                         size_t room);
/* Takes the place of a value that the key has; value NULL: nothing is done. */
void expand_put(struct loader *loader, struct yaml *map, const char *key,
                const struct yaml *value);
void expand_put_text(struct loader *loader, struct yaml *map,
                     const struct yaml *at, const char *key, const char *text);
void expand_put_words(struct loader *loader, struct yaml *map,
                      const struct yaml *at, const char *key,
                      const struct words *words);
/* What {name} stands for in both languages of format, given as words of the
 * file; where those are not whole, they themselves: the loader then says what
 * is expected. */
const struct yaml *expand_fill(struct loader *loader,
                               const struct words *format, const char *name,
                               const struct yaml *words);
/* A text of a map, or NULL. */
const char *expand_text_of(const struct yaml *map, const char *key);
/* format: as printf.  Lives as long as the item. */
__attribute__((format(printf, 2, 3))) const char *
expand_name(struct loader *loader, const char *format, ...);
/* Behind those that are there; past ITEM_STEPS_MAX it is told at `at`, once. */
void expand_add(struct expansion *expansion, const struct yaml *at,
                const struct yaml *step);

/* item_expand.c: the ordinary steps that one step is. */
void expand_step(struct expansion *expansion, const struct yaml *step);

/* item_compound.c */
void expand_compound(struct expansion *expansion, const struct yaml *step,
                     unsigned screen);

/* item_record.c: a page and what is cut out of its answer. */
void expand_record(struct expansion *expansion, const struct yaml *step);

/* item_group.c */
void expand_group(struct expansion *expansion, const struct yaml *step);
