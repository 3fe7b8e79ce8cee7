/* A card's chip: the input is its text, as it comes; bytes past 256 are an
 * address that was appended later.
 *
 * Whatever is read is valid text without control characters that ends within
 * its room, in dates too; a kind is one that was written there; and a record
 * that cannot be read leaves the card untouched. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "devices/card/record.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

static void is_clean(const char *value, size_t room)
{
    size_t len = strnlen(value, room);

    assert(len < room);
    assert(text_is_valid(value, len));
    for (size_t i = 0; i < len; i++)
        assert((unsigned char)value[i] >= 0x20 && value[i] != 0x7f);
}

static void check(const struct card *card)
{
    static const char *const sexes[] = { "male", "female", "unknown",
                                         "unstated" };
    bool is_sex = false;

    is_clean(card->name, sizeof card->name);
    is_clean(card->ethnic, sizeof card->ethnic);
    is_clean(card->birth, sizeof card->birth);
    is_clean(card->address, sizeof card->address);
    is_clean(card->number, sizeof card->number);
    is_clean(card->authority, sizeof card->authority);
    is_clean(card->valid_from, sizeof card->valid_from);
    is_clean(card->valid_to, sizeof card->valid_to);
    is_clean(card->permit_number, sizeof card->permit_number);
    is_clean(card->issue_count, sizeof card->issue_count);
    is_clean(card->english_name, sizeof card->english_name);
    is_clean(card->nationality, sizeof card->nationality);
    is_clean(card->version, sizeof card->version);
    is_clean(card->renewals, sizeof card->renewals);
    for (size_t i = 0; i < sizeof sexes / sizeof *sexes; i++)
        is_sex |= strcmp(card->sex, sexes[i]) == 0;
    assert(is_sex);
    (void)card_is_expired(card, 0);
    assert(card_age(card, 0) >= -1);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
    static const unsigned char units[CARD_KIND_COUNT] = { ' ', 'J', 'I', 'Y' };
    struct card *card = secret_new(sizeof *card);
    size_t text_len = len < RECORD_BYTES ? len : RECORD_BYTES;

    memset(card, 0x5a, sizeof *card);
    if (record_read(bytes, text_len, card)) {
        for (size_t i = 0; i < sizeof *card; i++)
            assert(((unsigned char *)card)[i] == 0x5a);
    } else {
        assert(len >= RECORD_BYTES && bytes[248] == units[card->kind]);
        check(card);
        record_read_address(bytes + RECORD_BYTES, len - RECORD_BYTES, card);
        check(card);
    }
    secret_free(card);
    assert(secret_used_bytes() == 0);
    return 0;
}
