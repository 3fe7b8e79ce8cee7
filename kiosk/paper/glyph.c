#include "kiosk/paper/glyph.h"

#include "kiosk/base/text.h"

#include <stdint.h>

/* For the leak check of the sanitized build, which calls this by its name:
 * fontconfig keeps its patterns to the end and links them by offsets instead of
 * pointers, so that they, and what cairo keeps beside them, look lost. */
#ifdef __SANITIZE_ADDRESS__
__attribute__((visibility("default"))) const char *
__lsan_default_suppressions(void);
__attribute__((weak)) const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo\n";
}
#endif

PangoFontDescription *glyph_font(double size_pt, bool is_bold)
{
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(
        font, "Noto Sans CJK SC,HanaMinB,HanaMinA,DejaVu Sans");
    pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font, is_bold ? PANGO_WEIGHT_BOLD
                                                    : PANGO_WEIGHT_NORMAL);
    return font;
}

/* Marks that show nothing of their own: joiners, marks of direction, selectors
 * of a variant.  On paper they could only turn a line around. */
static bool is_invisible(uint32_t c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe0fff);
}

static bool has_glyph(PangoFontset *fonts, uint32_t c)
{
    PangoFont *font;
    bool is_there;

    if (c < 0x7f)
        return true;
    font = pango_fontset_get_font(fonts, c);
    if (!font)
        return false;
    is_there = pango_font_has_char(font, c);
    g_object_unref(font);
    return is_there;
}

void glyph_fill(PangoContext *context, const PangoFontDescription *font,
                const char *text, struct buf *out)
{
    PangoFontset *fonts = pango_context_load_fontset(
        context, font, pango_context_get_language(context));
    const char *at = text;

    while (*at) {
        const char *begin = at;
        uint32_t c = text_next(&at);

        if (is_invisible(c))
            continue;
        if (fonts && has_glyph(fonts, c))
            buf_add(out, begin, (size_t)(at - begin));
        else
            buf_add_format(out, "〔生僻字 U+%04X〕", (unsigned)c);
    }
    if (fonts)
        g_object_unref(fonts);
}
