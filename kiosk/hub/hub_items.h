/* The items that the hub has: the pack that its terminals have, with the
 * overlays of every division, and older packs.  By them what a case says is
 * looked at once more before it is taken.
 *
 * FOLDER is a pack as the terminal has it.  Every folder FOLDER/older/NAME is a
 * whole pack, too, as it was: who installs a new one copies the old one there,
 * so that what a terminal without a network made by it is still known.  They
 * are read once, by whoever starts the hub, and lent to it. */
#pragma once

#include "kiosk/flow/envelope.h"
#include "kiosk/flow/judge.h"

struct hub_items;

/* Told of each pack that cannot be read: lines "file:line:column: error: …". */
struct hub_items_told {
    void (*problems)(void *owner, const char *lines);
    void *owner;
};

/* Never fails: of what cannot be read nothing is known, and its cases are
 * marked.  folder NULL: no items at all. */
struct hub_items *hub_items_open(const char *folder,
                                 const struct hub_items_told *told);
void hub_items_close(struct hub_items *items);
/* How many are known, older ones included. */
size_t hub_items_count(const struct hub_items *items);

struct slot_calendar;
/* The places in time of FOLDER/lists/slots.tsv (slots.h), or NULL: none. */
const struct slot_calendar *hub_items_calendar(const struct hub_items *items);

/* The very item a case was made by, or NULL: it is not here. */
const struct item *hub_items_find(const struct hub_items *items,
                                  const struct envelope *envelope);

/* Judges a case by the very item it was made by, and what it took from records by
 * these registers.  Where that is not here (items NULL: nowhere), no
 * citizen loses a case by it: it is good, and look says "unknown-item",
 * "other-version" or "other-content". */
MUST_CHECK enum err hub_items_judge(const struct hub_items *items,
                                    const struct envelope *envelope,
                                    const json_t *body,
                                    const struct judge_registers *registers,
                                    struct judgement *ret_judgement);

/* What a mark means, in words for the office; "" for none that is known.  (A
 * mark is what look was.) */
const char *hub_mark_words(const char *mark);
