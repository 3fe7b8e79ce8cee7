/* A page as a picture; the QR that stands on it is read back as a telephone
 * would and compared with what the report says. */
#pragma once

#include "tests/pictures/glass.h"

/* Takes the page that the report told last.  last: the fingerprint of the
 * picture before, which must have changed; is kept up to date. */
void shoot_page(struct glass *glass, struct drive *drive, uint64_t *last,
                const char *path);
/* How many QR codes were read so far. */
int shoot_codes(void);
