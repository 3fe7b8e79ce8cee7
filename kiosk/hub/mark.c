#include "kiosk/hub/mark.h"

#include <string.h>

#include "kiosk/base/mem.h"

enum { MARKED_MAX = 256 };

static const char *const purposes[MARK_PURPOSE_COUNT] = {
    [MARK_PERSON] = "person",   [MARK_RECEIPT] = "receipt",
    [MARK_MACHINE] = "machine", [MARK_CERTIFICATE] = "certificate",
    [MARK_KEY] = "key",
};

static const char seal_purpose[] = "kiosk hub text 1";

/* 41x and " 41X" are one person's. */
static void add_number(struct buf *out, const char *number)
{
    for (; *number != '\0'; number++) {
        if (*number >= 'a' && *number <= 'z')
            buf_add_char(out, (char)(*number - 'a' + 'A'));
        else if (*number != ' ')
            buf_add_char(out, *number);
    }
}

enum err mark_make(const struct hub *hub, enum mark_purpose purpose,
                   const char *text, unsigned char mark[CRYPTO_DIGEST_BYTES])
{
    struct buf marked;
    enum err err = ERR_TOO_BIG;

    buf_init(&marked, MARKED_MAX);
    buf_add_text(&marked, purposes[purpose]);
    buf_add_char(&marked, '\n');
    if (purpose == MARK_PERSON)
        add_number(&marked, text);
    else
        buf_add_text(&marked, text);
    if (!marked.is_cut)
        err = mac(hub->index_key, marked.text, marked.len, mark);
    buf_done(&marked);
    return err;
}

enum err text_seal(const unsigned char office_key[CRYPTO_PUBLIC_BYTES],
                   const char *about, const char *text, struct buf *sealed)
{
    unsigned char bytes[MARK_TEXT_MAX + CRYPTO_TAG_BYTES];
    unsigned char enc[CRYPTO_ENC_BYTES];
    size_t len = strlen(text);
    enum err err;

    if (len > MARK_TEXT_MAX)
        return ERR_TOO_BIG;
    err = seal_to(office_key, seal_purpose, about, strlen(about), text, len,
                  enc, bytes);
    if (err)
        return err;
    buf_add(sealed, enc, sizeof(enc));
    buf_add(sealed, bytes, len + CRYPTO_TAG_BYTES);
    return sealed->is_cut ? ERR_TOO_BIG : ERR_OK;
}

enum err text_unseal(const struct key *office_key, const char *about,
                     const void *sealed, size_t len, struct buf *text)
{
    const unsigned char *bytes = sealed;
    unsigned char plain[MARK_TEXT_MAX];
    enum err err;

    if (len == 0)
        return ERR_OK;
    if (len < CRYPTO_ENC_BYTES + CRYPTO_TAG_BYTES ||
        len > CRYPTO_ENC_BYTES + CRYPTO_TAG_BYTES + sizeof(plain))
        return ERR_CORRUPT;
    len -= CRYPTO_ENC_BYTES;
    err = seal_open(office_key, seal_purpose, bytes, about, strlen(about),
                    bytes + CRYPTO_ENC_BYTES, len, plain);
    if (!err)
        buf_add(text, plain, len - CRYPTO_TAG_BYTES);
    mem_wipe(plain, sizeof(plain));
    return err;
}
