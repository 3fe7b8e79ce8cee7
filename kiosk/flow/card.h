/* What an identity card says, as plain UTF-8 text, whatever driver read it.
 * Values are as on the card (padding trimmed); what a kind of card does not
 * have is "".  Kept in secret memory by whoever keeps one. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/base/number.h"

#include <stdbool.h>
#include <stdint.h>

enum card_kind {
    CARD_RESIDENT,
    CARD_HMT, /* Hong Kong, Macao, Taiwan residence permit */
    CARD_FOREIGNER_2017,
    CARD_FOREIGNER_2023,
    CARD_KIND_COUNT
};

/* Room: 35 UTF-16 units make at most 105 bytes. */
enum { CARD_TEXT_BYTES = 192 };

struct card {
    enum card_kind kind;
    char name[CARD_TEXT_BYTES];
    char sex[16];   /* male, female, unknown, unstated */
    char ethnic[8]; /* code, "03" */
    char birth[16]; /* "19560229" */
    char address[CARD_TEXT_BYTES];
    char number[32];
    char authority[CARD_TEXT_BYTES];
    char valid_from[16]; /* "20110704" */
    char valid_to[16];   /* "20310704" or "long-term" */
    char permit_number[32];
    char issue_count[8];
    char english_name[256];
    char nationality[8];
    char version[8];
    char renewals[8];
    bool has_photo; /* the chip holds one; it is not kept */
};

/* "resident", "hmt", "foreigner-2017", "foreigner-2023" */
const char *card_kind_name(enum card_kind kind);
MUST_CHECK enum err card_kind_find(const char *name, enum card_kind *ret);

/* The named field ("name", "birth", …, or "kind"), or NULL for a wrong name. */
const char *card_field(const struct card *card, const char *name);
/* Every name that card_field knows, NULL-terminated. */
extern const char *const card_field_names[];

/* Valid on the day of wall_ms; one that expires today is still valid. */
bool card_is_expired(const struct card *card, int64_t wall_ms);
/* Whole years today, or -1. */
int card_age(const struct card *card, int64_t wall_ms);

/* "回族", "Hui"; an unknown code is shown as itself, never guessed. */
const char *card_ethnic_text(const char *code, int language);
