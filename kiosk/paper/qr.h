/* A QR code as rectangles.  Its modules are a whole number of a thermal
 * printer's dots (8 to a millimetre), so that none is smeared; around it stand
 * four modules of white. */
#pragma once

#include "kiosk/base/err.h"

#include <cairo.h>

struct qr;

/* side_pt: the side it should have; room_pt: the most there is, white
 * included.  ERR_TOO_BIG when the payload needs modules finer than 3 dots. */
MUST_CHECK enum err paper_qr_new(const char *payload, double side_pt,
                                 double room_pt, struct qr **ret_qr);
void paper_qr_free(struct qr *qr);

/* With its white. */
double qr_size(const struct qr *qr);
void qr_draw(const struct qr *qr, cairo_t *cairo, double x, double y);
