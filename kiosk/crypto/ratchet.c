#include "kiosk/crypto/ratchet.h"

#include "kiosk/base/mem.h"
#include "kiosk/crypto/key.h"

#include <assert.h>
#include <string.h>

enum {
    LABEL_MAX = 32,
    MESSAGE_MAX = 4096,
    /* A quarter of an hour each: thirty years of epochs. */
    EPOCHS_MOST = 1024 * 1024,
    STEPS_MOST = 1024 * 1024
};

_Static_assert((int)RATCHET_BYTES == (int)CRYPTO_DIGEST_BYTES,
               "the code of a key is a key");

/* The first block of HKDF-Expand(key, label). */
static void expand(const unsigned char key[RATCHET_BYTES], const char *label,
                   unsigned char out[RATCHET_BYTES])
{
    unsigned char info[LABEL_MAX];
    unsigned char made[RATCHET_BYTES];
    size_t len = strlen(label);

    assert(len < sizeof info);
    memcpy(info, label, len);
    info[len] = 1;
    mac_under(key, info, len + 1, made);
    memcpy(out, made, sizeof made);
    mem_wipe(made, sizeof made);
}

static void enter_epoch(struct ratchet *ratchet,
                        const unsigned char from[RATCHET_BYTES])
{
    unsigned char key[RATCHET_BYTES];

    memcpy(key, from, sizeof key);
    expand(key, "kiosk journal record", ratchet->now);
    expand(key, "kiosk journal epoch", ratchet->next);
    ratchet->step = 0;
    mem_wipe(key, sizeof key);
}

void ratchet_init(struct ratchet *ratchet,
                  const unsigned char first[RATCHET_BYTES])
{
    ratchet->epoch = 0;
    enter_epoch(ratchet, first);
}

void ratchet_turn(struct ratchet *ratchet)
{
    expand(ratchet->now, "kiosk journal record", ratchet->now);
    ratchet->step++;
}

void ratchet_next_epoch(struct ratchet *ratchet)
{
    enter_epoch(ratchet, ratchet->next);
    ratchet->epoch++;
}

bool ratchet_go(struct ratchet *ratchet, int64_t epoch, int64_t step)
{
    if (epoch < ratchet->epoch || epoch - ratchet->epoch > EPOCHS_MOST ||
        step < 0 || step > STEPS_MOST)
        return false;
    while (ratchet->epoch < epoch)
        ratchet_next_epoch(ratchet);
    if (step < ratchet->step)
        return false;
    while (ratchet->step < step)
        ratchet_turn(ratchet);
    return true;
}

void ratchet_code(const struct ratchet *ratchet, const char *label,
                  const void *bytes, size_t len,
                  unsigned char code[CRYPTO_DIGEST_BYTES])
{
    struct buf text;

    buf_init(&text, MESSAGE_MAX);
    buf_add(&text, label, strlen(label) + 1);
    buf_add(&text, bytes, len);
    assert(!text.is_cut);
    mac_under(ratchet->now, text.text, text.len, code);
    buf_done(&text);
}
