/* A hub that misbehaves, in the place of the demonstration's own: the test
 * program itself, started by kiosk under the name of kiosk-hub.
 *
 * Behind it runs the real hub, whose office key it shows and whose pages for
 * phones stay open; what terminals send gets the answer of a manner of
 * tests/hub/rude.h, or of those that hand the request on to the real hub:
 * "swallow" hangs up when that has answered, "relay" gives its answer back, and
 * of a certificate "flipped" gives back one bit otherwise, "no-pdf" something
 * that is none, and "huge" says that it has 50 MB; "sample" says of certificates
 * what sample_office.h says, and that somebody comes to who calls. */
#pragma once

#include "tests/tty/drive.h"

/* kiosk and this hub into a folder; it begins with the manner "refuse". */
void rude_hub_install(const char *folder);
/* Tells it how to behave and waits until it does. */
void rude_hub_be(const char *folder, struct drive *drive, const char *manner);
/* Kills it; the demonstration starts the real one in its place. */
void rude_hub_mend(const char *folder, struct drive *drive);

/* First thing in main(): the exit code of the hub, or -1 where this is the
 * test. */
int rude_hub_main(int argc, char **argv);
