/* The inside of item_explore: one walk of every way through an item.  Only
 * item_explore*.c includes this. */
#pragma once

#include "kiosk/flow/item_explore.h"

enum { EXPLORER_PROMISE_BYTES = 4096, EXPLORER_WAY_BYTES = 200 };

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
    bool was_full;         /* all entries of its group came behind it once */
};

struct explorer {
    const struct item *item;
    struct problems *problems;
    struct answers *answers;
    struct explored rules; /* what they name */
    struct mark *marks;
    size_t mark_count;
    struct page *pages; /* by step */
    size_t work, ends;
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
