/* The inside of item_explore: one walk of every way through an item.  Only
 * item_explore*.c includes this. */
#pragma once

#include "kiosk/flow/item_explore.h"

#include <stdint.h>

enum {
    EXPLORER_PROMISE_BYTES = 4096,
    EXPLORER_WAY_BYTES = 200,
    BEFORE_CARD_MAX = 3 /* questions */
};

/* One thing that may be looked at of what was answered. */
enum fact_look {
    FACT_PART, /* what a rule, or a closed part of one, comes to */
    FACT_VALUE,
    FACT_SOURCE,
    FACT_THERE, /* only whether there is an answer, and whether it is empty */
    FACT_ASKED  /* of no name: how many questions were asked on the way */
};
enum {
    FACT_NAME_BYTES = 80,
    FACT_BITS = 64,
    FACT_WORDS = 64,
    FACTS_MAX = FACT_BITS * FACT_WORDS
};
struct fact {
    enum fact_look look;
    char name[FACT_NAME_BYTES]; /* of all but FACT_PART */
    const struct rule *rule;
    const struct rule_node *part;
};
/* Some of them, by their place among the explorer's facts. */
struct fact_set {
    uint64_t bits[FACT_WORDS];
    bool is_of_answers; /* it may hang on what is answered on its page, too */
};

/* What was there once, as item_explore_seen.c has it. */
struct seen_key {
    uint64_t bits[2];
};
struct seen {
    struct seen_key *keys;
    size_t count, room;
};

enum mark_kind {
    MARK_STEP,
    MARK_OPTION,
    MARK_STOP,
    MARK_LINE,
    MARK_SLIP,
    MARK_REQUIRED,
    MARK_ALLOWED
};

/* A page, option, stop or line, and whether it was ever there, ever not. */
struct mark {
    enum mark_kind kind;
    const struct step *step; /* its page */
    const struct yaml *at;
    const struct rule *when; /* NULL: always, once its page is reached */
    const void *of;          /* the option, stop or line */
    bool was_there, was_not;
    bool is_dead_end; /* a choice with nothing to choose; told once */
};

/* What is known of a page before anybody walks. */
struct page {
    size_t first_mark, mark_count;
    size_t row_count;      /* of a choice: options or rows of its list */
    bool *is_named;        /* by row: a rule names its value */
    bool is_asked;         /* a rule names its answer */
    bool is_group_asked;   /* ... or its group */
    bool is_parent;        /* a list hangs on its answer */
    bool is_one_of_papers; /* a paper that no rule of the author's names */
    bool is_passed;        /* one answer is enough now */
    bool was_full;         /* all entries of its group came behind it once */
    struct fact_set *sets; /* what it and all behind it look at */
    size_t set_count;
    uint16_t *facts; /* those in any of the sets */
    size_t fact_count;
};

struct explorer {
    const struct item *item;
    struct problems *problems;
    struct answers *answers;
    struct explored rules; /* what they name */
    struct mark *marks;
    size_t mark_count;
    struct page *pages; /* by step, and one for the end */
    struct fact *facts;
    size_t fact_count;
    struct seen_key *fact_keys; /* by fact, on the page that is looked at */
    struct seen seen;
    size_t work, ends;
    size_t asked; /* questions on the way to here */
    bool is_cut;
    bool has_closing;                 /* the item has such a page */
    bool has_open_end, has_late_card; /* was told already */
    unsigned lacks; /* bits of case_lacks' table that were told already */
};

/* item_explore_marks.c: what might come, and whether it ever did. */
void explorer_tell(struct explorer *explorer, enum severity severity,
                   const struct yaml *at, const char *message);
void explorer_make_marks(struct explorer *explorer);
/* Notes which of this kind stand on the page now; of stops the one that holds,
 * else NULL. */
const struct stop *explorer_look(struct explorer *explorer, int at,
                                 enum mark_kind kind);
void explorer_tell_marks(struct explorer *explorer);
/* The value of a choice's nth option or row. */
const char *explorer_value(const struct step *step, size_t row);

/* item_explore_proof.c: what came in the item's own tests, which are played. */
void explorer_heed_tests(struct explorer *explorer);

/* item_explore_looks.c: what each page and all behind it look at. */
void explorer_make_looks(struct explorer *explorer);
void explorer_free_looks(struct explorer *explorer);
/* item_explore_facts.c */
bool fact_set_has(const struct fact_set *set, size_t fact);
/* item_explore_seen.c: whether somebody came to this page before with the same
 * of what is looked at from here on. */
enum seen_before {
    SEEN_ALL,
    SEEN_ANSWERS, /* only of what its answer has a part in: one is enough */
    SEEN_NOT
};
enum seen_before explorer_seen(struct explorer *explorer, int at);

/* item_explore_try.c: what a person may do on one page; from each answer it goes
 * on by explorer_go_on. */
enum tried {
    TRIED_REFUSED, /* it may not stand there */
    TRIED_STOPPED, /* it stops */
    TRIED_PAST
};
enum tried explorer_try(struct explorer *explorer, int at, const char *value);
void explorer_try_choice(struct explorer *explorer, int at);
void explorer_try_choices(struct explorer *explorer, int at);
void explorer_try_another(struct explorer *explorer, int at);
void explorer_try_field(struct explorer *explorer, int at);
void explorer_try_check(struct explorer *explorer, int at);
void explorer_try_promise(struct explorer *explorer, int at);
void explorer_try_slot(struct explorer *explorer, int at);
/* item_explore_record.c */
void explorer_try_payment(struct explorer *explorer, int at);
void explorer_try_record(struct explorer *explorer, int at);
void explorer_try_card(struct explorer *explorer, int at);
/* item_explore_shared.c */
void explorer_try_shared(struct explorer *explorer, int at);
/* "kind=a, phone=later": how one came here. */
void explorer_add_way(const struct explorer *explorer,
                      char way[EXPLORER_WAY_BYTES]);

/* item_explore.c: this page was answered; false: it stops there. */
bool explorer_go_on(struct explorer *explorer, int at);
