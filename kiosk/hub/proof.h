/* 《社会保险个人参保证明》 (kind "si-insured-proof"): what is still to be asked,
 * what it would say, and its paper.  It knows a person's record and nothing of
 * requests or stores.
 *
 * It is the demonstration's: everything made here carries 演示样张　无效, and no
 * seal.  Which facts stand on the real one of a province, and how long that is
 * valid, is the authority's to say. */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/hub/hub_parts.h"
#include "kiosk/hub/people.h"

#define PROOF_KIND "si-insured-proof"

enum {
    PROOF_COPIES_MAX = 3,
    /* Unverified: in the demonstration half a year. */
    PROOF_VALID_MONTHS = 6
};

extern const struct words proof_title;

/* Which part of a record it is about. */
struct proof_choice {
    enum scheme scheme;
    int first_year, last_year;
};

/* What the person chose, out of {"scheme": …, "year": …}.  What there is no
 * choice in needs no answer; an answer that is none counts as not given. */
enum proof_need {
    PROOF_KNOWN, /* all is known: ret_choice */
    PROOF_ASK_SCHEME,
    PROOF_ASK_YEAR,
    PROOF_NOTHING /* this person has none of it */
};
enum proof_need proof_choose(const struct person *person, const json_t *chosen,
                             struct proof_choice *ret_choice);

/* {"id", "ask", "options"}; the caller's. */
json_t *proof_question(enum proof_need need, const struct proof_choice *choice);
/* [{"label", "text", "mask"}, …]; the caller's. */
json_t *proof_facts(const struct person *person,
                    const struct proof_choice *choice);

/* What stands on the paper beside the facts. */
struct proof_paper {
    const char *number;
    const char *code;
    const char *url;
    char issued[9], valid_until[9]; /* "20261126" */
};
/* The request that kiosk-draw takes, one line. */
void proof_draw(const struct person *person, const struct proof_choice *choice,
                const struct proof_paper *paper, uint32_t job,
                struct buf *request);
