/* One record after the other: the same for a store and for segments. */
#include "kiosk/store/inside.h"

#include "kiosk/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const fault_texts[JOURNAL_FAULT_COUNT] = {
    [JOURNAL_WHOLE] = "",
#define X(name, words) [JOURNAL_FAULT_##name] = words,
    JOURNAL_FAULT_TABLE(X)
#undef X
};

const char *journal_fault_text(enum journal_fault fault)
{
    return fault_texts[fault];
}

void journal_check_init(struct journal_check *check,
                        const struct journal_check_settings *settings,
                        const struct journal_head *start)
{
    memset(check, 0, sizeof *check);
    check->settings = settings;
    check->start = *start;
    check->head = *start;
}

void journal_check_done(struct journal_check *check)
{
    mem_wipe(check, sizeof *check);
}

void journal_check_find(struct journal_check *check, int64_t number,
                        enum journal_fault fault)
{
    if (check->is_bad)
        return;
    check->is_bad = true;
    check->finding = (struct journal_finding){ number, fault };
}

/* ---- One record ---- */

static bool must_have_code(const struct journal_check *check,
                           const struct journal_record *record)
{
    const struct journal_key *key = check->settings->key;

    return check->is_coded || (key && record->number >= key->number);
}

/* The key goes on by one code, or to the beginning of the next epoch.  Where
 * records were taken away the first one kept may stand anywhere. */
static bool epoch_follows(const struct journal_check *check,
                          const struct journal_record *record)
{
    if (!record->has_code)
        return true;
    if (!check->is_coded)
        return check->start.number > 0 ||
               (record->epoch == 0 && record->step == 0);
    if (record->epoch == check->ratchet.epoch)
        return record->step == check->ratchet.step + 1;
    return record->epoch == check->ratchet.epoch + 1 && record->step == 0;
}

/* The key turned to this record; false when it cannot come there. */
static bool turn_key(struct journal_check *check,
                     const struct journal_record *record)
{
    const struct journal_key *key = check->settings->key;

    if (!check->has_ratchet) {
        if (record->number < key->number)
            return false;
        ratchet_init(&check->ratchet, key->bytes);
        check->has_ratchet = true;
    }
    return ratchet_go(&check->ratchet, record->epoch, record->step);
}

static bool code_fits(struct journal_check *check,
                      const struct journal_record *record)
{
    unsigned char code[CRYPTO_DIGEST_BYTES];
    struct buf text;

    if (!turn_key(check, record))
        return false;
    buf_init(&text, JOURNAL_LINE_BYTES);
    enum err err = journal_code_text(record, check->head.hash, &text);
    if (!err)
        ratchet_code(&check->ratchet, "record", text.text, text.len, code);
    buf_done(&text);
    return !err && mac_equal(code, record->code, sizeof code);
}

static bool hash_fits(const struct journal_check *check,
                      const struct journal_record *record)
{
    unsigned char hash[CRYPTO_DIGEST_BYTES];

    return journal_hash_of(record, check->head.hash, hash) == ERR_OK &&
           memcmp(hash, record->hash, sizeof hash) == 0;
}

static bool anchors_fit(const struct journal_check *check, int64_t number,
                        const unsigned char *hash)
{
    const struct journal_check_settings *settings = check->settings;

    for (size_t i = 0; i < settings->anchor_count; i++) {
        const struct journal_anchor *anchor = &settings->anchors[i];
        if (anchor->number == number &&
            memcmp(anchor->hash, hash, anchor->hash_len) != 0)
            return false;
    }
    return true;
}

static enum journal_fault fault_of(struct journal_check *check,
                                   const struct journal_record *record)
{
    int64_t expected = check->head.number + 1;

    if (record->number > expected)
        return JOURNAL_FAULT_MISSING;
    if (record->number < expected)
        return JOURNAL_FAULT_PLACE;
    if (!record->has_code && must_have_code(check, record))
        return JOURNAL_FAULT_NO_CODE;
    if (!hash_fits(check, record))
        return JOURNAL_FAULT_HASH;
    if (!epoch_follows(check, record))
        return JOURNAL_FAULT_EPOCH;
    if (record->has_code && check->settings->key && !code_fits(check, record))
        return JOURNAL_FAULT_CODE;
    if (!anchors_fit(check, expected, record->hash))
        return JOURNAL_FAULT_ANCHOR;
    return JOURNAL_WHOLE;
}

/* JOURNAL_PRUNED's fields are exactly {"number":N}. */
static void note_pruned(struct journal_check *check,
                        const struct journal_record *record)
{
    static const char before[] = "{\"number\":";

    if (strcmp(record->name, "JOURNAL_PRUNED") == 0 &&
        strncmp(record->fields, before, strlen(before)) == 0)
        check->pruned = strtoll(record->fields + strlen(before), NULL, 10);
}

bool journal_check_record(struct journal_check *check,
                          const struct journal_record *record)
{
    check->records++;
    if (check->is_bad)
        return false;
    enum journal_fault fault = fault_of(check, record);
    if (fault) {
        journal_check_find(check, check->head.number + 1, fault);
        return false;
    }
    check->head.number = record->number;
    memcpy(check->head.hash, record->hash, sizeof record->hash);
    if (record->has_code) {
        check->is_coded = true;
        check->ratchet.epoch = record->epoch;
        check->ratchet.step = record->step;
    }
    note_pruned(check, record);
    return true;
}

/* ---- The end ---- */

/* The key stands at the last record still: it turns only with the next. */
static bool end_fits(const struct journal_check *check,
                     const unsigned char *code)
{
    unsigned char expected[CRYPTO_DIGEST_BYTES];

    if (!check->has_ratchet)
        return true;
    if (!code)
        return false;
    ratchet_code(&check->ratchet, "end", check->head.hash,
                 sizeof check->head.hash, expected);
    return mac_equal(expected, code, sizeof expected);
}

void journal_check_end(struct journal_check *check, int64_t end_number,
                       const unsigned char *code)
{
    const struct journal_key *key = check->settings->key;

    if (check->is_bad)
        return;
    if (check->head.number < end_number ||
        (key && check->head.number < key->number))
        journal_check_find(check, check->head.number + 1, JOURNAL_FAULT_CUT);
    else if (check->head.number > end_number)
        journal_check_find(check, end_number + 1, JOURNAL_FAULT_STATE);
    else if (!end_fits(check, code))
        journal_check_find(check, check->head.number + 1, JOURNAL_FAULT_END);
}

static void find_beyond(struct journal_check *check,
                        struct journal_result *result)
{
    const struct journal_check_settings *settings = check->settings;

    if (check->start.number > 0 &&
        !anchors_fit(check, check->start.number, check->start.hash))
        journal_check_find(check, check->start.number, JOURNAL_FAULT_ANCHOR);
    for (size_t i = 0; i < settings->anchor_count; i++) {
        int64_t number = settings->anchors[i].number;
        if (number < check->start.number || number < 1)
            result->unchecked++;
        else if (number > check->head.number)
            journal_check_find(check, check->head.number + 1,
                               JOURNAL_FAULT_CUT);
    }
}

void journal_check_result(struct journal_check *check,
                          struct journal_result *result)
{
    memset(result, 0, sizeof *result);
    find_beyond(check, result);
    result->records = check->records;
    result->first = check->records > 0 ? check->start.number + 1 : 0;
    result->head = check->head;
    result->finding = check->finding;
}
