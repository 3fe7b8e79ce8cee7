/* One citizen after another at one kiosk, as the dice will have them: any item,
 * both languages, touch or ten keys, every kind of ending, and now and then
 * something breaks.  What they did is counted. */
#pragma once

#include "kiosk/flow/item.h"
#include "tests/sim/dice.h"
#include "tests/tty/drive.h"

/* What happens to a session, with how many of a hundred are to have it; the rest
 * is left in peace. */
#define MISHAPS(X)                                                             \
    X(network_down, 4, "network down and back")                                \
    X(hub_killed, 1, "hub killed")                                             \
    X(reader_unplugged, 3, "reader unplugged")                                 \
    X(paper_out, 4, "paper out")                                               \
    X(paper_waited_for, 3, "printer waits for paper")                          \
    X(printer_dies, 3, "printer breaks")                                       \
    X(cover_open, 2, "cover open")                                             \
    X(odd_card, 3, "no ID card, or two")                                       \
    X(ime_killed, 2, "Chinese helper killed")                                  \
    X(draw_killed, 2, "slips' helper killed")

/* How it ends, with its weight. */
#define ENDINGS(X)                                                             \
    X(done, 30, "done")                                                        \
    X(again, 6, "done, and another item")                                      \
    X(key, 14, "ended by its key")                                             \
    X(idle, 12, "walked away")                                                 \
    X(warned, 6, "warned, then gone")                                          \
    X(covered, 5, "covered, then gone")                                        \
    X(other_card, 8, "card of another")                                        \
    X(erased, 5, "erased on request")                                          \
    X(helped, 6, "called for help")                                            \
    X(large, 4, "in large print")

enum mishap {
    MISHAP_NONE,
#define X(name, share, words) MISHAP_##name,
    MISHAPS(X)
#undef X
        MISHAP_COUNT
};

enum ending {
#define X(name, share, words) ENDING_##name,
    ENDINGS(X)
#undef X
        ENDING_COUNT
};

enum { VISIT_RECEIPT = 16, VISITS_ITEMS_MOST = 16 };

struct visits {
    struct drive *drive;
    struct pack *pack;
    struct dice dice;
    char pin[16];    /* the demonstration's, once it was read */
    char number[24]; /* of the person now at the kiosk */
    char card[256];  /* as a simulator's line */
    char plan[160];  /* of the session under way, for a failure's message */

    /* Somebody who sent a case, may ask how it stands. */
    char sender[24], receipt[VISIT_RECEIPT], lookup[8];

    /* What was given out, in its order; each must be at the hub once. */
    char (*receipts)[VISIT_RECEIPT];
    int cases, cases_most;

    int sessions, certificates, stops, staff;
    int of_item[VISITS_ITEMS_MOST];
    int of_mishap[MISHAP_COUNT], of_ending[ENDING_COUNT];
};

/* One session, from the attract page to the attract page; whatever was broken
 * is mended, and some time has passed. */
void visits_play(struct visits *visits);
/* The staff come in by their door: how many cases wait in the outbox. */
int visits_outbox(struct visits *visits, bool prints);
const char *visits_plan(const struct visits *visits);
const char *visits_mishap(enum mishap mishap);
const char *visits_ending(enum ending ending);
