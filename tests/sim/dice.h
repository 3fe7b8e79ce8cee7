/* The simulator's own dice: apart from the program's chance, so that a
 * citizen's whim does not change which key a case is sealed with.  SplitMix64.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 … below-1. */
static inline unsigned dice_below(struct dice *dice, unsigned below)
{
    return (unsigned)((dice_next(dice) >> 32) * below >> 32);
}

/* In so many of a hundred. */
static inline bool dice_percent(struct dice *dice, unsigned percent)
{
    return dice_below(dice, 100) < percent;
}

static inline int64_t dice_between(struct dice *dice, int64_t low, int64_t high)
{
    return low + (int64_t)dice_below(dice, (unsigned)(high - low + 1));
}
