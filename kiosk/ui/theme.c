#include "kiosk/ui/theme.h"

#include <assert.h>

enum { ALL_COLORS = 256 };

/* The first eight, of a terminal that has no more. */
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* White paper, dark blue for what leads, green for going on; measured against
 * 4.5:1 by tests/unit/ui_test.c. */
static const struct ink_look normal[INK_COUNT] = {
    [INK_PLAIN] = { 234, 231, false, false },
    [INK_BAND] = { 231, 24, false, false },
    [INK_TROUBLE] = { 16, 222, true, false },
    [INK_RULE] = { 60, 231, false, false },
    [INK_TITLE] = { 24, 231, true, false },
    [INK_STAGE] = { 240, 231, false, false },
    [INK_HEADING] = { 16, 231, true, false },
    [INK_LABEL] = { 240, 231, false, false },
    [INK_LARGE] = { 231, 24, true, false },
    [INK_CHOICE] = { 24, 255, false, false },
    [INK_CHOICE_KEY] = { 24, 255, true, false },
    [INK_CHOICE_NOTE] = { 239, 255, false, false },
    [INK_CHOSEN] = { 22, 194, true, false },
    [INK_OFF] = { 240, 254, false, false },
    [INK_FIELD] = { 16, 230, true, true },
    [INK_PAD] = { 24, 255, true, false },
    [INK_FOOTER] = { 237, 254, false, false },
    [INK_GO] = { 231, 22, true, false },
    [INK_GOOD] = { 22, 194, false, false },
    [INK_WARN] = { 52, 223, false, false },
    [INK_ERROR] = { 88, 224, true, false },
    [INK_CALL] = { 231, 24, true, false },
    [INK_BAR] = { 231, 24, false, false },
    [INK_FOCUS] = { 231, 25, true, false },
    [INK_QR] = { 16, 231, false, false },
    [INK_QR_DARK] = { 231, 16, false, false },
    [INK_QR_DARK_GLYPH] = { 16, 231, false, false },
    [INK_QR_LIGHT_GLYPH] = { 231, 16, false, false },
};

/* Black paper, white and yellow; at least 7:1.  The QR stays black on white:
 * telephones do not read it the other way round. */
static const struct ink_look contrast[INK_COUNT] = {
    [INK_PLAIN] = { 231, 16, false, false },
    [INK_BAND] = { 16, 231, true, false },
    [INK_TROUBLE] = { 16, 226, true, false },
    [INK_RULE] = { 231, 16, false, false },
    [INK_TITLE] = { 226, 16, true, false },
    [INK_STAGE] = { 231, 16, false, false },
    [INK_HEADING] = { 226, 16, true, false },
    [INK_LABEL] = { 231, 16, false, false },
    [INK_LARGE] = { 16, 226, true, false },
    [INK_CHOICE] = { 231, 16, true, false },
    [INK_CHOICE_KEY] = { 226, 16, true, false },
    [INK_CHOICE_NOTE] = { 231, 16, false, false },
    [INK_CHOSEN] = { 120, 16, true, true },
    [INK_OFF] = { 252, 16, false, false },
    [INK_FIELD] = { 226, 16, true, true },
    [INK_PAD] = { 226, 16, true, false },
    [INK_FOOTER] = { 231, 16, true, false },
    [INK_GO] = { 16, 231, true, false },
    [INK_GOOD] = { 120, 16, true, false },
    [INK_WARN] = { 226, 16, true, false },
    [INK_ERROR] = { 16, 231, true, false },
    [INK_CALL] = { 16, 226, true, false },
    [INK_BAR] = { 16, 231, true, false },
    [INK_FOCUS] = { 16, 226, true, false },
    [INK_QR] = { 16, 231, false, false },
    [INK_QR_DARK] = { 231, 16, false, false },
    [INK_QR_DARK_GLYPH] = { 16, 231, false, false },
    [INK_QR_LIGHT_GLYPH] = { 231, 16, false, false },
};

/* Eight colours differ from terminal to terminal, so no more than black and
 * white, and what stands out is turned round. */
static struct ink_look look_of_eight(enum ui_theme theme, enum ink ink)
{
    struct ink_look look =
        theme == UI_THEME_CONTRAST ? contrast[ink] : normal[ink];
    bool is_dark = theme == UI_THEME_CONTRAST;
    bool is_turned = ink == INK_BAND || ink == INK_TROUBLE || ink == INK_GO ||
                     ink == INK_CALL || ink == INK_BAR || ink == INK_FOCUS ||
                     ink == INK_ERROR || ink == INK_LARGE;

    if (ink >= INK_QR) {
        bool is_white = ink == INK_QR || ink == INK_QR_DARK_GLYPH;
        look.text = is_white ? BLACK : WHITE;
        look.ground = is_white ? WHITE : BLACK;
        return look;
    }
    look.text = is_dark == is_turned ? BLACK : WHITE;
    look.ground = is_dark == is_turned ? WHITE : BLACK;
    return look;
}

struct ink_look theme_look(enum ui_theme theme, enum ink ink, int colors)
{
    assert(ink < INK_COUNT);
    if (colors < ALL_COLORS)
        return look_of_eight(theme, ink);
    return theme == UI_THEME_CONTRAST ? contrast[ink] : normal[ink];
}
