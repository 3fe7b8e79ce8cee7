#include "kiosk/ui/qr.h"

#include "kiosk/base/mem.h"

#include <qrencode.h>
#include <stddef.h>

struct qr {
    QRcode *code;
};

struct qr *qr_new(const char *text, bool is_low)
{
    QRcode *code =
        QRcode_encodeString8bit(text, 0, is_low ? QR_ECLEVEL_L : QR_ECLEVEL_M);
    if (!code)
        return NULL;
    struct qr *qr = mem_new(sizeof *qr);
    qr->code = code;
    return qr;
}

void qr_free(struct qr *qr)
{
    if (!qr)
        return;
    QRcode_free(qr->code);
    mem_free(qr);
}

int qr_cols(const struct qr *qr)
{
    return qr->code->width + 2 * QR_QUIET;
}

int qr_rows(const struct qr *qr)
{
    return (qr_cols(qr) + 1) / 2;
}

bool qr_is_dark(const struct qr *qr, int row, int col)
{
    int width = qr->code->width;

    row -= QR_QUIET;
    col -= QR_QUIET;
    if (row < 0 || col < 0 || row >= width || col >= width)
        return false;
    return qr->code->data[row * width + col] & 1;
}
