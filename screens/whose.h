/* Words about the person of a card step: the main one is spoken to, another one
 * is called by their role. */
#pragma once

#include "kiosk/screen.h"

/* own, or of another person's step other with {role} filled in; both msgids.
 * Lives until the next call of screen_text_with. */
const char *whose_words(const struct screen *screen, const struct view *view,
                        const char *own, const char *other);
/* "Name of your spouse", of another person's step; label is translated.  Lives
 * as long. */
const char *whose_label(const struct screen *screen, const struct view *view,
                        const struct step *step, const char *label);
