/* The only door to randomness.  Real: getrandom(2); with a seed (tests, the
 * simulator) a stream that the seed alone decides. */
#pragma once

#include <stddef.h>
#include <stdint.h>

void chance_bytes(void *bytes, size_t len);

/* Evenly spread over 0 … below-1. */
uint32_t chance_below(uint32_t below);

void chance_seed(uint64_t seed);
void chance_seed_end(void);
