/* Facts of the answers that pages look at, put into sets.  Only
 * item_explore_facts.c and item_explore_looks.c include this. */
#pragma once

#include "kiosk/flow/explorer.h"

/* Where facts are put, and the step whose answers are not there yet, or NULL. */
struct facing {
    struct explorer *explorer;
    struct fact_set *set;
    const struct step *step;
};

void fact_put(struct fact_set *set, size_t fact);
/* More facts than there is room for end the walk: it is cut. */
void fact_look_at(struct facing *facing, const char *name, enum fact_look look);
/* As much of a rule, or of a part of one, as is known before facing's step; a
 * rule may be NULL. */
void fact_look_at_rule(struct facing *facing, const struct rule *rule);
void fact_look_at_part(struct facing *facing, const struct rule *rule,
                       const struct rule_node *part);

/* The name is that of the step's answer. */
bool fact_is_own(const struct step *step, const char *name);
/* The step may give that name its answer, or more of it. */
bool fact_gives(const struct step *step, const char *name);
/* A name in it that the step gives (step NULL: any name at all). */
bool fact_has_name(const struct rule_program *program,
                   const struct rule_node *part, const struct step *step);
