#include "kiosk/paper/qr.h"

#include "kiosk/base/mem.h"

#include <math.h>
#include <qrencode.h>
#include <string.h>

static const double dot_pt = 72 / 25.4 / 8;
enum { WHITE = 4, LEAST_DOTS = 3 };

struct qr {
    QRcode *code;
    double module_pt;
};

static QRcode *encode(const char *payload)
{
    int len = (int)strlen(payload);
    const unsigned char *bytes = (const unsigned char *)payload;
    QRcode *code = QRcode_encodeData(len, bytes, 0, QR_ECLEVEL_M);

    return code ? code : QRcode_encodeData(len, bytes, 0, QR_ECLEVEL_L);
}

enum err paper_qr_new(const char *payload, double side_pt, double room_pt,
                      struct qr **ret_qr)
{
    QRcode *code = encode(payload);
    double dots, most;
    struct qr *qr;

    if (!code)
        return ERR_TOO_BIG;
    dots = ceil(side_pt / code->width / dot_pt);
    most = floor(room_pt / (code->width + 2 * WHITE) / dot_pt);
    if (dots < LEAST_DOTS) /* one that holds much is larger than the others */
        dots = LEAST_DOTS;
    if (dots > most)
        dots = most;
    if (dots < LEAST_DOTS) {
        QRcode_free(code);
        return ERR_TOO_BIG;
    }
    qr = mem_new(sizeof(*qr));
    qr->code = code;
    qr->module_pt = dots * dot_pt;
    *ret_qr = qr;
    return ERR_OK;
}

void paper_qr_free(struct qr *qr)
{
    if (!qr)
        return;
    QRcode_free(qr->code);
    mem_free(qr);
}

double qr_size(const struct qr *qr)
{
    return (qr->code->width + 2 * WHITE) * qr->module_pt;
}

/* One row as runs of black. */
static void draw_row(const struct qr *qr, cairo_t *cairo, int row)
{
    const unsigned char *modules = qr->code->data + row * qr->code->width;
    int begin = -1;

    for (int i = 0; i <= qr->code->width; i++) {
        bool is_black = i < qr->code->width && (modules[i] & 1);

        if (is_black && begin < 0)
            begin = i;
        if (is_black || begin < 0)
            continue;
        cairo_rectangle(cairo, begin, row, i - begin, 1);
        begin = -1;
    }
}

void qr_draw(const struct qr *qr, cairo_t *cairo, double x, double y)
{
    cairo_save(cairo);
    cairo_translate(cairo, round(x / dot_pt) * dot_pt,
                    round(y / dot_pt) * dot_pt);
    cairo_scale(cairo, qr->module_pt, qr->module_pt);
    cairo_translate(cairo, WHITE, WHITE);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    for (int row = 0; row < qr->code->width; row++)
        draw_row(qr, cairo, row);
    cairo_fill(cairo); /* all rows in one path: no hairlines between them */
    cairo_restore(cairo);
}
