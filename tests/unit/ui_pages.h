/* Pages for the tests of kiosk/ui: one of each shape that the product has. */
#pragma once

#include "kiosk/ui/view.h"

enum ui_page {
    UI_PAGE_ATTRACT,
    UI_PAGE_IDLE,
    UI_PAGE_HOME,
    UI_PAGE_THEMES, /* nine tiles */
    UI_PAGE_CHOICE,
    UI_PAGE_LIST, /* fifteen rows from 11 on */
    UI_PAGE_PHONE,
    UI_PAGE_PIN,     /* whose field shows stars */
    UI_PAGE_STORY,   /* whose back key reads Delete while something is typed */
    UI_PAGE_PINYIN,  /* letters on the glass, nine words to pick */
    UI_PAGE_STROKES, /* ten keys write, what they may mean is glanced at */
    UI_PAGE_RESULT,
    UI_PAGE_REVIEW,
    UI_PAGE_STOP,
    UI_PAGE_LONG,
    UI_PAGE_MANY, /* more text than any window holds */
    UI_PAGE_COUNT
};

void ui_page_fill(struct view *view, enum ui_page page);
