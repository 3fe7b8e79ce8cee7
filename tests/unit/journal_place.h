/* A journal of a few hundred records in a folder of its own, for the tests of
 * what is found in it; the clock is pretended and moves with each record. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/store/inside.h"

enum { JOURNAL_PATH_BYTES = 160, JOURNAL_FILE_MAX = 8 * 1024 * 1024 };

#define JOURNAL_START_MS INT64_C(1795420800000)

struct journal_place {
    char folder[64];
    char path[JOURNAL_PATH_BYTES]; /* the store */
    char flat[JOURNAL_PATH_BYTES]; /* the folder it is exported to */
    struct store *store;           /* open between open and close */
    int64_t wall_ms;               /* of the next record */
    struct key *office;
    struct journal_key key; /* as the office has it, after seal() */
};

int journal_place_set_up(void **state);
int journal_place_tear_down(void **state);

void journal_place_open(struct journal_place *place);
void journal_place_close(struct journal_place *place);
/* So many records, some of them minutes apart. */
void journal_place_add(struct journal_place *place, int count);
/* By a terminal's store: seals the key and opens it as the office does. */
void journal_place_seal(struct journal_place *place);
/* Runs one statement on the closed store. */
void journal_place_sql(struct journal_place *place, const char *sql);
/* What is found; path NULL: the store. */
struct journal_result
journal_place_check(const struct journal_place *place, const char *path,
                    const struct journal_check_settings *settings);
/* The number of the first bad record, without anchors; 0: none. */
int64_t journal_place_bad(const struct journal_place *place,
                          const struct journal_key *key);
