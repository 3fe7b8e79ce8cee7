/* Which build this program is: the identity that the linker made from all its
 * code and data and wrote into it.  Two programs with the same one do the same
 * with the same bytes; a version number does not promise that. */
#pragma once

#include <stdbool.h>

enum { BUILD_ID_CHARS = 40 };

/* In hexadecimal digits.  False: the linker wrote none, or one that is longer;
 * then nothing is known. */
bool build_id(char ret_id[BUILD_ID_CHARS + 1]);
