#include "kiosk/base/chance.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
 * generators, 2014; Vigna's public-domain constants).  Its state only ever
 * grows by one constant, so an atomic addition keeps threads apart. */
static _Atomic uint64_t seeded_state;
static atomic_bool is_seeded;

static uint64_t seeded_next(void)
{
    uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = atomic_fetch_add(&seeded_state, step) + step;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void seeded_bytes(unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i += 8) {
        uint64_t word = seeded_next();
        size_t part = len - i < 8 ? len - i : 8;
        memcpy(bytes + i, &word, part);
    }
}

void chance_bytes(void *bytes, size_t len)
{
    unsigned char *to = bytes;
    if (is_seeded) {
        seeded_bytes(to, len);
        return;
    }
    while (len) {
        ssize_t got = getrandom(to, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            /* Keys from anything else would be worse than no terminal. */
            fputs("getrandom failed\n", stderr);
            abort();
        }
        to += got;
        len -= (size_t)got;
    }
}

uint32_t chance_below(uint32_t below)
{
    assert(below > 0);
    /* Numbers past the last whole multiple would favour small results. */
    uint32_t rest = (uint32_t)(-below) % below;
    uint32_t number = 0;
    do
        chance_bytes(&number, sizeof number);
    while (number < rest);
    return number % below;
}

void chance_seed(uint64_t seed)
{
    seeded_state = seed;
    is_seeded = true;
}

void chance_seed_end(void)
{
    is_seeded = false;
}
