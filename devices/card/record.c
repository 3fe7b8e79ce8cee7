#include "devices/card/record.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

#include <string.h>

enum { KIND_AT = 248 };

/* One field of a layout: where it is on the card, and where it goes. */
struct field {
    uint8_t at, len;
    uint16_t to, room;
};

#define FIELD(name, at, len)                                                   \
    {                                                                          \
        at, len, offsetof(struct card, name), sizeof(((struct card *)0)->name) \
    }
#define END                                                                    \
    {                                                                          \
        0                                                                      \
    }

static const struct field resident[] = {
    FIELD(name, 0, 30),        FIELD(sex, 30, 2),
    FIELD(ethnic, 32, 4),      FIELD(birth, 36, 16),
    FIELD(address, 52, 70),    FIELD(number, 122, 36),
    FIELD(authority, 158, 30), FIELD(valid_from, 188, 16),
    FIELD(valid_to, 204, 16),  END,
};

static const struct field hmt[] = {
    FIELD(name, 0, 30),
    FIELD(sex, 30, 2),
    FIELD(birth, 36, 16),
    FIELD(address, 52, 70),
    FIELD(number, 122, 36),
    FIELD(authority, 158, 30),
    FIELD(valid_from, 188, 16),
    FIELD(valid_to, 204, 16),
    FIELD(permit_number, 220, 18),
    FIELD(issue_count, 238, 4),
    END,
};

/* The authority is that which accepted the application, as a code. */
static const struct field foreigner_2017[] = {
    FIELD(english_name, 0, 120),
    FIELD(sex, 120, 2),
    FIELD(number, 122, 30),
    FIELD(nationality, 152, 6),
    FIELD(name, 158, 30),
    FIELD(valid_from, 188, 16),
    FIELD(valid_to, 204, 16),
    FIELD(birth, 220, 16),
    FIELD(version, 236, 4),
    FIELD(authority, 240, 8),
    END,
};

/* The English name stands in two pieces: see read_english_name. */
static const struct field foreigner_2023[] = {
    FIELD(name, 0, 30),
    FIELD(sex, 30, 2),
    FIELD(renewals, 32, 4),
    FIELD(birth, 36, 16),
    FIELD(number, 122, 36),
    FIELD(valid_from, 188, 16),
    FIELD(valid_to, 204, 16),
    FIELD(nationality, 242, 6),
    END,
};

static const struct layout {
    enum card_kind kind;
    uint8_t unit;
    const struct field *fields;
} layouts[] = {
    { CARD_RESIDENT, ' ', resident },
    { CARD_HMT, 'J', hmt },
    { CARD_FOREIGNER_2017, 'I', foreigner_2017 },
    { CARD_FOREIGNER_2023, 'Y', foreigner_2023 },
};

static void read_text(const uint8_t *bytes, size_t len, char *to, size_t room)
{
    struct text_change change;
    struct buf text;

    buf_init(&text, room - 1);
    text_accept_utf16le(bytes, len, &text, &change);
    memcpy(to, text.text, text.len + 1);
    buf_done(&text);
}

/* The surname may end in the blank before the piece's end, so the pieces are
 * put together before padding is taken off. */
static void read_english_name(const uint8_t *bytes, struct card *card)
{
    uint8_t joined[70 + 22];

    memcpy(joined, bytes + 52, 70);
    memcpy(joined + 70, bytes + 220, 22);
    read_text(joined, sizeof joined, card->english_name,
              sizeof card->english_name);
    mem_wipe(joined, sizeof joined);
}

/* GB/T 2261.1 */
static void name_sex(struct card *card)
{
    const char *name = "unknown";

    if (strcmp(card->sex, "1") == 0)
        name = "male";
    else if (strcmp(card->sex, "2") == 0)
        name = "female";
    else if (strcmp(card->sex, "9") == 0)
        name = "unstated";
    memcpy(card->sex, name, strlen(name) + 1);
}

static void name_valid_to(struct card *card)
{
    static const char words[] = "long-term";
    if (strcmp(card->valid_to, "长期") == 0)
        memcpy(card->valid_to, words, sizeof words);
}

static const struct layout *find_layout(const uint8_t *bytes)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (bytes[KIND_AT] == layouts[i].unit && bytes[KIND_AT + 1] == 0)
            return &layouts[i];
    return NULL;
}

enum err record_read(const uint8_t *bytes, size_t len, struct card *ret_card)
{
    if (len != RECORD_BYTES)
        return ERR_BAD_INPUT;
    const struct layout *layout = find_layout(bytes);
    if (!layout)
        return ERR_CARD_UNKNOWN;
    memset(ret_card, 0, sizeof *ret_card);
    ret_card->kind = layout->kind;
    for (const struct field *field = layout->fields; field->len; field++)
        read_text(bytes + field->at, field->len, (char *)ret_card + field->to,
                  field->room);
    if (layout->kind == CARD_FOREIGNER_2023)
        read_english_name(bytes, ret_card);
    name_sex(ret_card);
    name_valid_to(ret_card);
    return ERR_OK;
}

void record_read_address(const uint8_t *bytes, size_t len, struct card *card)
{
    char address[CARD_TEXT_BYTES];

    read_text(bytes, len, address, sizeof address);
    if (*address)
        memcpy(card->address, address, sizeof address);
    mem_wipe(address, sizeof address);
}
