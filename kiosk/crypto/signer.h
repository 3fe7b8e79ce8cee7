/* Who signs for the machine: a key of a file, or a key provider, a program
 * that holds the private key somewhere else (a chip, a card, another machine)
 * and never lets it out.  README.md has what is said to it.
 *
 * A provider is asked and answers later; nothing waits for it.  One that ends
 * is started again after a pause and asked again; one that is silent is killed
 * at its limit; a signature is passed on only after it was checked. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/crypto/crypto.h"

#include <stddef.h>
#include <stdint.h>

struct signer;

enum {
    SIGNER_ANSWER_MS = 8000, /* of one question, restarts included */
    SIGNER_PAUSE_MS = 500,   /* before the first restart; doubles */
    SIGNER_PAUSE_MOST_MS = 60000,
    SIGNER_FAILURES = 3 /* in a row: then it is said not to answer */
};

/* err: ERR_OK with the signature; ERR_TIMEOUT, ERR_CHILD, ERR_CRYPTO. */
typedef void (*signer_fn)(void *owner, enum err err,
                          const unsigned char *signature);

/* The key becomes the signer's. */
struct signer *signer_of_key(struct key *key);
/* on_change: ERR_OK: its key is known (each time it is told anew, which may be
 * another); else it failed and is started again.  Never inside this call; must
 * not free the signer. */
struct signer *signer_of_provider(struct loop *loop, const char *program,
                                  void (*on_change)(void *owner, enum err err),
                                  void *owner);
/* Questions that wait are not answered any more. */
void signer_free(struct signer *signer);

/* NULL: not known yet. */
const unsigned char *signer_public(const struct signer *signer);
/* The public key that it had before this one, as a provider says; NULL. */
const unsigned char *signer_replaces(const struct signer *signer);
/* Why it does not sign, for longer than a moment; or ERR_OK. */
enum err signer_why(const struct signer *signer);

/* The bytes are copied.  done comes once: of a file's key inside this call, of
 * a provider later. */
void signer_ask(struct signer *signer, const void *bytes, size_t len,
                signer_fn done, void *owner);
/* That owner is not answered any more. */
void signer_forget(struct signer *signer, const void *owner);
