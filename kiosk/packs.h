/* Which items this terminal offers: those of the active pack, or, as long as
 * none was activated (or the active one cannot be used), those delivered with
 * the program (delivered.h).
 *
 * In the state folder, packs/ has HASH.pack (mapped, never written again) and
 * three notes of one line: `active` and `next`, VERSION HASH, and `refused`,
 * VERSION FAULT.  Whoever activates a pack places its file, then writes `next`;
 * the terminal, when nobody is at it, looks at the file once more and gives
 * `next` the name `active`.  Each is one durable step, so a power cut leaves the
 * old pack active or the new one.  Versions only rise: to go back, the old items
 * are compiled as a new version. */
#pragma once

#include "kiosk/flow/pack.h"

#include <stdbool.h>

struct packs;

struct packs_state {
    struct pack_about active;
    /* The last one that was not taken, and why; cleared by the next that is. */
    enum pack_fault fault;
    int fault_version; /* 0: it has none */
};

/* Texts are copied.  items_folder: those delivered. */
struct packs *packs_new(const char *state_folder, const char *items_folder,
                        const char *division);
void packs_free(struct packs *packs);
/* Takes what waits, else what is active, else what was delivered.  On error
 * problems says what is wrong with the items delivered. */
MUST_CHECK enum err packs_open(struct packs *packs, struct problems *problems);
/* Between sessions: takes what waits, and records what became of it, and of
 * packs_open.  True: packs_now() is another one from now on, and the one before
 * is gone. */
bool packs_look(struct packs *packs);
const struct pack *packs_now(const struct packs *packs);
const struct packs_state *packs_state(const struct packs *packs);

/* For the command line, while a terminal may run: checks the file, places it and
 * notes it as the next; a fault is noted for the terminal, which tells staff.
 * about: of the pack, as far as it could be read; ret_active: the version above
 * which it must be. */
MUST_CHECK enum pack_fault packs_place(const char *state_folder,
                                       const char *division, const char *file,
                                       struct pack_about *ret_about,
                                       int *ret_active);
