/* Made-up people at a pretended terminal.  Each has data with marks in it, by
 * which it is found again wherever it got to, and a temper: quick or slow,
 * sure or lost, patient or gone, prepared or not.  A citizen knows nothing of
 * screens: it reads what stands on the page and presses what can be pressed. */
#pragma once

#include "kiosk/app_state.h"
#include "tests/sim/dice.h"

/* What every made-up person's data begins with; they stand in nothing else. */
#define MARK_TEXT   "标记人"
#define MARK_PHONE  "139000077" /* no part of a time in ms */
#define MARK_NUMBER "41139919"

struct citizen {
    struct dice dice;
    unsigned index;  /* in its world; its marks follow from it */
    unsigned lost;   /* in so many of a hundred deeds it presses anything */
    unsigned leaves; /* in so many of a thousand it goes away */
    int quick_ms, slow_ms;
    int64_t next_ms; /* when it does something again */
    int deeds;
    int refusals;      /* of what they wrote into a field */
    bool has_card;     /* lies on the reader */
    int64_t paid_page; /* the page whose code they paid */
    /* As whose test they answer (prepared.h); NULL: as it comes. */
    const struct item *item;
    const struct yaml *answers;
    bool is_gone;
    bool meddles; /* with plugs, paper and covers */
    /* What came to its telephone last, "" while nothing did. */
    void (*read_phone)(char code[8]);
    /* By the code on the glass, whose address this is; NULL: it cannot. */
    void (*pay)(void *owner, const char *url);
    void *pay_owner;
};

/* Marks of the person with this index. */
void citizen_text(unsigned index, char text[64]);
void citizen_phone(unsigned index, char text[16]);
void citizen_number(unsigned index, char text[24]);

void citizen_begin(struct citizen *citizen, uint64_t seed, unsigned index);
/* By its key or by touch, now and then twice. */
void citizen_press(struct citizen *citizen, struct app *app,
                   const struct ui_place *place);
/* Does one thing, and says when the next. */
void citizen_act(struct citizen *citizen, struct app *app);
