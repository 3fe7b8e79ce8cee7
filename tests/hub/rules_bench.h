/* The bench of rules_test and packs_test: honest cases of the items in
 * screens/items with something of them changed, put to a hub that has these
 * items. */
#pragma once

#include "tests/hub/direct.h"
#include "tests/hub/forged.h"

/* By what is 2026-11-24 there. */
#define GROWN_UP "19900101"
#define SIXTEEN  "20101124"
#define FIFTEEN  "20101125"
/* For a row: an item, and what is answered in an honest case of it. */
#define PERMIT "residence-permit", rules_permit
#define REPORT "hotline-12345", rules_report
#define ADULT                                                                  \
    {                                                                          \
        .birth = GROWN_UP                                                      \
    }

/* An honest case with something of it changed: "name=value" is given instead
 * or besides, "-name" is not. */
struct rules_row {
    const char *item;
    const char *const *honest;
    const char *changes[4];
    struct forged forged;    /* the rest of it */
    int today_off, sent_off; /* in days */
    const char *code, *name, *stop;
};

extern const char *const rules_permit[];
extern const char *const rules_report[];
/* The items that cases are made by; whoever loads others frees these. */
extern struct pack *rules_pack;

int rules_set_up(void **state);
int rules_tear_down(void **state);
/* Puts it to the hub; the status. */
int rules_put(struct direct *direct, const struct rules_row *row,
              const char *id);
/* A case's id; borrowed until the next call. */
const char *rules_id(size_t number);
/* How many cases the hub has, "WHERE …". */
int64_t rules_count(struct direct *direct, const char *where);
/* The lines that `kiosk-hub look` prints; the caller's to end. */
void rules_look(struct direct *direct, struct buf *lines);
/* It is taken, with that mark. */
void rules_assert_marked(struct direct *direct, const struct rules_row *row,
                         const char *id, const char *mark);
