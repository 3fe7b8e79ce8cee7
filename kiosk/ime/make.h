/* Makes, when the product is built, the folder that kiosk-ime runs on: our
 * schemas and dictionaries of simplified Chinese only, compiled by librime, and
 * the words for what may follow (phrases.h).  Sources are the schemas of this
 * folder and the packaged dictionaries pinyin_simp and stroke. */
#pragma once

#include "kiosk/base/err.h"

/* folder is made anew.  After an error it is not whole; *ret_why names the
 * place. */
MUST_CHECK enum err make_data(const char *schemas, const char *packaged,
                              const char *folder, const char **ret_why);
