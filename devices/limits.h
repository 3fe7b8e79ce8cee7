/* Every time limit of a driver stands in one table, so that a test can make
 * them all shorter at once.  Milliseconds; where they come from is said in
 * limits.c. */
#pragma once

enum limit {
    LIMIT_CARD_STATUS, /* one command's answer, complete */
    LIMIT_CARD_FIND,
    LIMIT_CARD_SELECT,
    LIMIT_CARD_READ,
    LIMIT_CARD_ADDRESS,
    LIMIT_CARD_QUIET,  /* nothing comes for so long: the pipe is empty */
    LIMIT_CARD_BROKEN, /* after half a frame, for a whole one */
    LIMIT_CARD_STUCK,  /* what the bus itself may take beyond a limit */
    LIMIT_CARD_POLL,   /* between two looks for a card */
    LIMIT_CARD_CHECK,  /* between two looks at an idle reader */
    LIMIT_CARD_REVIVE, /* before a reader that failed is tried again: at first,
                           doubled up to … */
    LIMIT_CARD_REVIVE_MOST,
    LIMIT_COUNT
};

int limit_ms(enum limit limit);
/* All limits from now on are divided by so much (never below 1 ms). */
void limits_divide(int by);
