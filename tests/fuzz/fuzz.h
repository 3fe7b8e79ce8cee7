/* What a fuzz target is: one function that takes any bytes, asserts what must
 * hold for all of them, and leaves nothing behind.  libFuzzer calls it in the
 * build of `make fuzz`, replay.c in every other build. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Returns 0.  bytes are exactly size long: nothing follows them. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
