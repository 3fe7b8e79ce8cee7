/* Characters on paper.  What no font of this machine has is printed as
 * 〔生僻字 U+xxxxx〕, so that nothing of a name is lost and a clerk can look it
 * up; the fonts are Noto Sans CJK SC, and HanaMin for rare characters. */
#pragma once

#include "kiosk/base/buf.h"

#include <pango/pangocairo.h>
#include <stdbool.h>

/* A font of our families; freed by pango_font_description_free(). */
PangoFontDescription *glyph_font(double size_pt, bool is_bold);

/* Appends text as it can be printed with this context's fonts. */
void glyph_fill(PangoContext *context, const PangoFontDescription *font,
                const char *text, struct buf *out);
