/* One vocabulary of errors for the whole program, drivers included.
 *
 * The table gives each error its name, whether trying again may help, and the
 * sentence a citizen reads; the sentences are then read, checked and
 * translated as one list.  Modules of rank 1 to 4 return these and record
 * nothing; whoever decides what to do records one event. */
#pragma once

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))

/* A string that xgettext collects; translated where it is shown. */
#define N_(text) text

/* name, may trying again help?, what the citizen is told */
#define ERR_TABLE(X)                                                           \
    X(OK, false, "")                                                           \
    X(TIMEOUT, true, N_("This is taking too long. Please try again."))         \
    X(OFFLINE, true, N_("We cannot reach the office at the moment."))          \
    X(REFUSED, false, N_("The office did not take this."))                     \
    X(CONFLICT, false,                                                         \
      N_("The office already holds something else under "                      \
         "this number. Please ask the staff."))                                \
    X(BAD_ANSWER, true,                                                        \
      N_("The office sent an answer we do not "                                \
         "understand."))                                                       \
    X(BAD_INPUT, false, N_("This cannot be read."))                            \
    X(TOO_BIG, false, N_("This is too long."))                                 \
    X(NOT_FOUND, false, N_("This was not found."))                             \
    X(EXISTS, false, N_("This is already there."))                             \
    X(IO, true, N_("This machine cannot store anything at the moment."))       \
    X(DISK_FULL, false,                                                        \
      N_("This machine has no room left to store "                             \
         "anything."))                                                         \
    X(UNSURE, false, N_("It is not sure whether this was stored."))            \
    X(CORRUPT, false, N_("Something stored on this machine is damaged."))      \
    X(READ_ONLY, true,                                                         \
      N_("This machine's disk can only be read. Staff: check the disk."))      \
    X(FOLDER_LOST, true,                                                       \
      N_("The folder in which this machine keeps what was sent is missing. "   \
         "Staff: check its disk, or set the machine up again."))               \
    X(STORE_LOST, true,                                                        \
      N_("What this machine kept is no longer there. Staff: put it back, or "  \
         "begin anew with: kiosk store new"))                                  \
    X(OTHER_STORE, true,                                                       \
      N_("What is stored here belongs to another machine. Staff: put back "    \
         "what is this machine's own."))                                       \
    X(KEY_LOST, true,                                                          \
      N_("This machine's key is no longer there. Staff: put it back, or make " \
         "another with: kiosk key replace"))                                   \
    X(KEY_EXPOSED, true,                                                       \
      N_("Others than this program may read or change this machine's key. "    \
         "Staff: look at its owner and rights, and replace it."))              \
    X(KEY_REVOKED, true,                                                       \
      N_("The office no longer accepts this machine's key. Staff: replace "    \
         "it with: kiosk key replace"))                                        \
    X(TOO_NEW, false, N_("The data here was written by a newer program."))     \
    X(CHILD, true, N_("A part of this machine is not answering."))             \
    X(NO_DEVICE, false, N_("This part of the machine is not connected."))      \
    X(DEVICE, true, N_("This part of the machine is not working."))            \
    X(FORBIDDEN, false,                                                        \
      N_("The program has no right to use this part of the "                   \
         "machine."))                                                          \
    X(CARD_NONE, true, N_("There is no card on the reader."))                  \
    X(CARD_MOVED, true, N_("The card was lifted too early."))                  \
    X(CARD_UNKNOWN, false, N_("This is not an identity card."))                \
    X(CARD_TWO, true, N_("There is more than one card on the reader."))        \
    X(PAPER_OUT, false, N_("The printer has no paper."))                       \
    X(COVER_OPEN, false, N_("The printer's cover is open."))                   \
    X(PAPER_JAM, false, N_("Paper is stuck in the printer."))                  \
    X(INK_OUT, false, N_("The printer has no ink or toner."))                  \
    X(CRYPTO, false,                                                           \
      N_("This machine cannot protect your data at the "                       \
         "moment."))                                                           \
    X(JOURNAL, true,                                                           \
      N_("This machine cannot keep its journal at the moment, and takes "      \
         "nothing without it."))                                               \
    X(UNSTEADY, false,                                                         \
      N_("This machine stopped by itself several times. It tries "             \
         "again in a quarter of an hour."))                                    \
    X(RULES, false, N_("The rules of this matter do not let this through."))   \
    X(CANCELLED, false, N_("Stopped at your request."))

enum err {
#define X(name, again, text) ERR_##name,
    ERR_TABLE(X)
#undef X
        ERR_COUNT
};

/* "TIMEOUT": for journals and tests; never NULL. */
const char *err_name(enum err err);
/* ERR_NOT_FOUND for a name that is none of these. */
MUST_CHECK enum err err_find(const char *name, enum err *ret_err);

/* The English sentence, a msgid for i18n_text(). */
const char *err_text(enum err err);

bool err_may_retry(enum err err);
