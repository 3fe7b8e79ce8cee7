/* Rules of an item asked of answers: what each name is worth in them.  Only
 * kiosk/flow includes this; everybody else has walk_is_true. */
#pragma once

#include "kiosk/flow/walk.h"

/* While one rule is looked at.  Its caller sets answers, and the rest only to
 * learn whether it asked for an answer that may still come. */
struct walk_look {
    const struct answers *answers;
    const struct item *item; /* NULL: nobody wants to know */
    const bool *may_show;    /* by step, of those before */
    size_t before;
    bool doubts_computed; /* what is computed there may change, too */
    bool is_open;         /* it did */

    /* walk_rule_run's own */
    const struct rule *rule;
    struct rule_room *room; /* for lists and maps made of answers */
};

/* What it is worth.  RULE_NULL where it cannot be parsed; lives as long as what
 * is in room, and the answers. */
struct rule_value walk_rule_run(const struct rule *rule, struct walk_look *look,
                                struct rule_room *room);
/* The same of a closed part of a rule that was parsed. */
struct rule_value walk_part_run(const struct rule *rule,
                                const struct rule_node *part,
                                struct walk_look *look, struct rule_room *room);
/* NULL holds; an error, or what is no bool, does not: a page with such a rule
 * is not shown. */
bool walk_rule_holds(const struct rule *rule, struct walk_look *look);
