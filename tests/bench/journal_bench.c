/* How many records a second are added (codes, chain, the row beside; all in one
 * transaction, so that no disk is in it) and verified, with the key.  A hundred
 * thousand are about what a busy terminal writes in 190 days. */
#include "tests/bench/figure.h"
#include "tests/unit/journal_place.h"

#include <stdio.h>

enum { RECORDS = 100000, ROUNDS = 5 };

static void measure(void **state)
{
    struct journal_place *place = *state;
    double times[ROUNDS];
    char note[64];

    double begin_ms = figure_now_ms();
    journal_place_add(place, RECORDS);
    double added_ms = figure_now_ms() - begin_ms;
    journal_place_seal(place);
    for (int i = 0; i < ROUNDS; i++) {
        begin_ms = figure_now_ms();
        assert_int_equal(journal_place_bad(place, &place->key), 0);
        times[i] = figure_now_ms() - begin_ms;
    }
    double middle_ms = figure_median(times, ROUNDS);
    figure_print("journal-added", RECORDS / added_ms * 1000, "records/s", 0, "",
                 1, "in one transaction");
    snprintf(note, sizeof note, "%d records in %.0f ms", RECORDS, middle_ms);
    figure_print("journal-verified", RECORDS / middle_ms * 1000, "records/s", 0,
                 "", 1, note);
}

int main(void)
{
    void *state = NULL;

    if (journal_place_set_up(&state))
        return 1;
    measure(&state);
    return journal_place_tear_down(&state);
}
