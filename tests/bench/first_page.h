/* From the start of a process to the first byte after which the whole page
 * stood on a terminal of 100x32.
 *
 * Each piece that the program writes is kept with the time at which it came.
 * When nothing has come for a while, the screen that all of it makes is the
 * whole page; then the pieces are painted again, one after another, to find
 * the one with which that screen first stood.  So nothing but reading happens
 * while the clock runs, and all programs are measured alike. */
#pragma once

#include <stdbool.h>

#define FIRST_PAGE_DIALOG "/usr/bin/dialog"

/* In ms; -1 when it could not be started or the words did not come. */
double first_page_ms(char *const *argv, const char *const *words);
/* The same of one that is ended only once it has done something more, beside
 * its page. */
double first_page_until_ms(char *const *argv, const char *const *words,
                           bool (*has_done)(void));

/* The reference: a menu of dialog's with 48 entries. */
double first_page_dialog_ms(void);
