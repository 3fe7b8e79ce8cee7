/* Which colours an ink has.  Two tables of fixed palette indexes (16 and up:
 * no setting of the terminal changes those), and one for terminals of eight
 * colours.  Colour is never the only carrier of a meaning: words, frames and
 * marks say the same. */
#pragma once

#include "kiosk/ui/ui.h"

#include <stdbool.h>

enum ink {
    INK_PLAIN, /* also the empty page */
    INK_BAND,  /* the header */
    INK_TROUBLE,
    INK_RULE,
    INK_TITLE,
    INK_STAGE,
    INK_HEADING,
    INK_LABEL,
    INK_LARGE,
    INK_CHOICE,
    INK_CHOICE_KEY,
    INK_CHOICE_NOTE,
    INK_CHOSEN,
    INK_OFF,
    INK_FIELD,
    INK_PAD,
    INK_FOOTER,
    INK_GO,
    INK_GOOD,
    INK_WARN,
    INK_ERROR,
    INK_CALL, /* what a poster asks for: touch here */
    INK_BAR,
    INK_FOCUS,
    INK_QR,            /* both halves light */
    INK_QR_DARK,       /* both dark */
    INK_QR_DARK_GLYPH, /* a half block dark on light */
    INK_QR_LIGHT_GLYPH,
    INK_COUNT
};

struct ink_look {
    short text, ground; /* palette indexes */
    bool is_bold, is_underlined;
};

/* colors: how many the terminal has. */
struct ink_look theme_look(enum ui_theme theme, enum ink ink, int colors);
