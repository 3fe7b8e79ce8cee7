/* A QR code as dark and light modules, with its quiet zone of four. */
#pragma once

#include <stdbool.h>

struct qr;

enum { QR_QUIET = 4 };

/* With level M, or L (smaller) when is_low; NULL when the text is too long. */
struct qr *qr_new(const char *text, bool is_low);
void qr_free(struct qr *qr);

/* In cells of a terminal: one module wide, two high. */
int qr_cols(const struct qr *qr);
int qr_rows(const struct qr *qr);

/* At a module counted from the quiet zone's corner; light outside. */
bool qr_is_dark(const struct qr *qr, int row, int col);
