/* A terminal's store in a folder of its own, for the tests of the outbox: asks,
 * turns the loop until the answer is there, and gives it back. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/store/inside.h"

enum { PATH_BYTES = 128, FILE_MAX = 8 * 1024 * 1024 };

#define NOW_MS INT64_C(1795420800000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* What came back; count tells how many answers did. */
struct answer {
    int count;
    enum err err;
    struct terminal_state state;
    struct journal_head head;
    struct outbox_case entry;
    char bytes[64];
    int64_t tries;
    int64_t waiting;
    int64_t conflicts;
};

struct place {
    char folder[64];
    char path[PATH_BYTES];
    char wal[PATH_BYTES];
    struct loop *loop;
    struct terminal_store *store;
    struct answer opened;
};

/* A folder, a pretended clock that stands at NOW_MS, a real loop; the store is
 * opened by the test. */
int place_set_up(void **state);
int place_tear_down(void **state);

/* Turns the loop until so many answers came. */
void place_wait(const struct place *place, const struct answer *answer,
                int count);
/* What to give to the outbox's calls, with a struct answer as owner. */
void answer_head(void *owner, enum err err, const struct journal_head *head);
void answer_next(void *owner, enum err err, const struct outbox_case *entry,
                 int64_t tries);
void answer_plain(void *owner, enum err err);
void answer_count(void *owner, enum err err, int64_t waiting,
                  int64_t conflicts);

/* Opens, or closes and opens again; place->opened is the answer. */
enum err place_try_open(struct place *place);
void place_open(struct place *place);

/* A case of that number; everything in it follows from the number. */
struct outbox_case place_case(int64_t number, const char *bytes, size_t len);
const char *place_id_of(int64_t number);

/* Each asks and waits. */
enum err place_put(struct place *place, const struct outbox_case *entry);
enum err place_put_number(struct place *place, int64_t number);
/* 0: none is due. */
int64_t place_next_number(struct place *place, struct answer *answer);
enum err place_confirm(struct place *place, int64_t number, const char *as);
enum err place_retry(struct place *place, int64_t number, int64_t next_ms);
enum err place_conflict(struct place *place, int64_t number);
void place_assert_counts(struct place *place, int waiting, int conflicts);

/* These close the terminal's store first. */
void place_assert_journal(struct place *place, int rows);
void place_run_sql(struct place *place, const char *sql);

bool place_file_holds(const char *path, const char *text, size_t len);
