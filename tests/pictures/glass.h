/* A hall's X session on a server of its own that shows nothing to nobody
 * (Xvfb): kiosk/hall/session with its resources, and the program in it; keys
 * and touches are real X events (XTEST, by xdotool), pictures are read from
 * the server's memory.
 *
 * A failure fails the test that asked.  No time is waited for: a picture is
 * taken once the server's memory has stood still. */
#pragma once

#include "tests/tty/drive.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct glass;

/* Sizes at which the glass holds exactly so many characters; DejaVu's letters
 * have no other widths. */
struct glass_size {
    int cols, rows;
    int font_size; /* points */
    int cell_width, cell_height;
};
extern const struct glass_size glass_sizes[];
enum { GLASS_SIZES = 3 };

/* Why there can be no session here, or NULL. */
const char *glass_hindrance(void);

struct glass *glass_new(const struct glass_size *size);
void glass_free(struct glass *glass); /* NULL: nothing */
/* Programs started from now on may change the size of the letters. */
void glass_allow_large(struct glass *glass);

/* The program in the session's xterm. */
struct drive *glass_start(struct glass *glass, const char *settings,
                          const char *folder);
/* The preview of an item's file. */
struct drive *glass_preview(struct glass *glass, const char *settings,
                            const char *file);
/* The same for a program without a report, in place of the one before; NULL:
 * none. */
void glass_run(struct glass *glass, const char *const *argv);

/* Words of xdotool's: "key", "shift+Insert". */
void glass_do(struct glass *glass, const char *const *words);

/* Waits until the picture stands still; its fingerprint. */
uint64_t glass_still(struct glass *glass);
/* … and is another than before. */
uint64_t glass_changed(struct glass *glass, uint64_t before);
/* … and more stands there than an empty window. */
uint64_t glass_written(struct glass *glass);
/* What stands there now, as a PNG file. */
void glass_save(struct glass *glass, const char *path);
/* Windows of the server, as xwininfo counts them. */
int glass_windows(struct glass *glass);
