/* Languages: .mo files made by GNU gettext's tools, read by us, because
 * libintl's language is one per process and papers and the hub need two at
 * once.  msgid is the English sentence; English itself needs no file.
 * Of plural rules two are known: one form for all numbers (nplurals=1, as in
 * Chinese), and one or many (nplurals=2; plural=(n != 1)). */
#pragma once

#include "kiosk/base/err.h"

enum language { LANGUAGE_ZH_CN, LANGUAGE_EN, LANGUAGE_COUNT };

/* Texts that data files give in each language. */
struct words {
    const char *in[LANGUAGE_COUNT]; /* NULL where absent */
};

/* "zh_CN", "en" */
const char *language_name(enum language language);
/* ERR_NOT_FOUND for another name. */
MUST_CHECK enum err language_find(const char *name, enum language *ret);

/* Maps folder/zh_CN.mo; checks its structure.  Called once by main.
 * ERR_CORRUPT also for a plural rule that is not one of the two; after an error
 * nothing is open and every text is English. */
MUST_CHECK enum err i18n_open(const char *folder);
void i18n_close(void);

/* Never NULL: the msgid itself where there is no translation.  Borrowed until
 * i18n_close. */
const char *i18n_text(enum language language, const char *msgid);
const char *i18n_text_in(enum language language, const char *context,
                         const char *msgid);
const char *i18n_text_many(enum language language, const char *one,
                           const char *many, unsigned long n);

/* The words in that language, else in the other, else "". */
const char *words_in(const struct words *words, enum language language);
