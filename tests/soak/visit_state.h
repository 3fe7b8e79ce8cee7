/* What visit.c (who comes, what breaks) and visit_end.c (how it ends) share. */
#pragma once

#include "tests/left/citizen.h"
#include "tests/soak/visit.h"

struct visit {
    struct visits *visits;
    struct drive *drive;
    struct citizen citizen;
    enum mishap mishap;
    enum ending ending;
    bool is_english, prints, asks_by_receipt;
    bool was_denied; /* the paper, once */
};

/* A line for the simulators, which take it. */
void visit_says(struct visit *visit, const char *line);
/* Gives the program the time that it really needs, then lets a second pass. */
void visit_waits(struct visit *visit);
void visit_opens_help(struct visit *visit);
/* From wherever it stands to the attract page. */
void visit_ends(struct visit *visit);
