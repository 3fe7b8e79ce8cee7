/* A request drawn into a file, for commands: kiosk-draw is run for it, and waited
 * for. */
#pragma once

#include "kiosk/base/buf.h"

/* draw_path: the program kiosk-draw; request: one line of JSON
 * (kiosk/paper/README.md); path: the PDF to write.  Says on standard error what
 * failed.  Returns main's exit code. */
int draw_file(const char *draw_path, const struct buf *request,
              const char *path);
