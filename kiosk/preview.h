/* "kiosk preview FILE": one item as the demonstration shows it, read again
 * whenever its file (or a list or overlay beside it) is saved.  While it has an
 * error, or is gone with its folder, the last good version stays.  For who writes items: it runs with
 * simulated devices and the demonstration's hub only, and a terminal that
 * serves people never makes one. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/flow/item.h"

struct app;
struct preview;

/* Reads the file.  On failure standard error says why: ERR_BAD_INPUT, it has
 * an error, as `kiosk check` tells it; ERR_TOO_BIG, its path is; ERR_IO, this
 * system does not tell when files are saved. */
MUST_CHECK enum err preview_new(struct loop *loop, const char *file,
                                struct preview **ret_preview);
/* The item of the last good version; its pack is freed by preview_free, or
 * when a later one has been shown. */
const struct pack *preview_pack(const struct preview *preview);
/* From now on what is read anew goes to the app, which shows the item. */
void preview_start(struct preview *preview, struct app *app);
/* After the app is gone. */
void preview_free(struct preview *preview);

/* What the check says of the file as it is now, lines in their order. */
size_t preview_finding_count(const struct preview *preview);
/* Without the folder; "" past the last.  Borrowed until the file is read
 * anew. */
const char *preview_finding(const struct preview *preview, size_t at);
/* The first error, or else the first finding; the name of the file itself is left
 * out. */
const char *preview_headline(const struct preview *preview);
/* The file as it is now has an error: what is shown is an older version. */
bool preview_is_old(const struct preview *preview);
