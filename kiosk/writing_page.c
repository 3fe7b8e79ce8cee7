/* What writing offers and shows: nothing here changes it. */
#include "kiosk/writing_state.h"

#include "kiosk/base/err.h"

#include "kiosk/base/text.h"

#include <assert.h>
#include <stdio.h>

enum {
    /* A page of offers is one row of boxes, the words' width and four cells
     * each, where letters leave no more room for it (80 columns); in the
     * smallest window that is three lines. */
    OFFER_COLS = 78,
    OFFER_FRAME_COLS = 4,
};

/* Punctuation as it is written beside Chinese; the commonest first. */
static const char *const signs[] = {
    "，", "。", "、", "？", "！", "：", "；", "（", "）", "《", "》", "【",
    "】", "-",  "/",  ".",  "@",  "%",  "+",  "=",  "#",  "*",  "&",
};

static const char *const signs_latin[] = {
    ".", ",", "?", "!", "-", "'", ":", "@", "/",  ";",
    "(", ")", "%", "+", "=", "#", "*", "&", "\"",
};

static const char *const letters[] = {
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
    "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
};

/* ---- What is offered --------------------------------------------------- */

size_t writing_offer_count(const struct writing *writing)
{
    size_t count = sizeof letters / sizeof letters[0];

    switch (writing->state) {
    case WRITING_SIGNS:
        return writing->method == WRITING_LATIN
                   ? sizeof signs_latin / sizeof signs_latin[0]
                   : sizeof signs / sizeof signs[0];
    case WRITING_LETTERS:
        if (writing->code)
            (void)writing_code_offers(writing, &count);
        return count;
    case WRITING_FREE:
    case WRITING_OFFERS:
        if (writing->is_asking || !writing->half || !writing->half->answer)
            return 0;
        return writing->half->answer->count;
    case WRITING_DIGITS:
    case WRITING_CARET:
        break;
    }
    return 0;
}

const char *writing_offer_at(const struct writing *writing, size_t at)
{
    size_t count;

    if (writing->state == WRITING_LETTERS && writing->code)
        return writing_code_offers(writing, &count)[at];
    if (writing->state == WRITING_LETTERS)
        return letters[at];
    if (writing->state == WRITING_SIGNS)
        return writing->method == WRITING_LATIN ? signs_latin[at] : signs[at];
    return writing->half->answer->offers[at];
}

size_t writing_page_end(const struct writing *writing, size_t first)
{
    size_t count = writing_offer_count(writing), end = first;
    int widest = 1;

    size_t most = WRITING_OFFERS_MAX - (writing->code ? 1 : 0);

    while (end < count && end - first < most) {
        int width = text_width(writing_offer_at(writing, end));
        if (width > widest)
            widest = width;
        int room = OFFER_COLS / (widest + OFFER_FRAME_COLS);
        if ((int)(end - first) >= (room < 1 ? 1 : room))
            break;
        end++;
    }
    return end;
}

static void count_pages(const struct writing *writing, int *ret_page,
                        int *ret_pages)
{
    *ret_page = 1;
    *ret_pages = 0;
    for (size_t at = 0; at < writing_offer_count(writing);
         at = writing_page_end(writing, at)) {
        ++*ret_pages;
        if (at == writing->first)
            *ret_page = *ret_pages;
    }
}

void writing_tell(const struct writing *writing, struct held *held)
{
    const struct half *half = writing->half;

    if (half && half->composition[0])
        held_add(held, "held.typed", N_("Not finished"),
                 N_("letters or strokes that are no words yet"));
    if (half && half->recent[0])
        held_add(held, "held.typed", N_("Not finished"),
                 N_("the words written last, to offer the next"));
}

bool writing_is_composing(const struct writing *writing)
{
    return writing->half && writing->half->composition[0];
}

/* ---- What is shown ----------------------------------------------------- */

static void show_strokes(const char *strokes, char *out, size_t size)
{
    static const char *const shapes[] = { "一", "丨", "丿", "丶", "乛", "？" };
    size_t len = 0;

    for (const char *s = strokes; *s && len + 4 < size; s++)
        len += (size_t)snprintf(out + len, size - len, "%s", shapes[*s - '1']);
}

static void show_composed(const struct writing *writing,
                          struct writing_page *page)
{
    const struct half *half = writing->half;

    if (!writing_is_composing(writing))
        return;
    if (writing->method == WRITING_STROKES)
        show_strokes(half->composition, page->composed, sizeof page->composed);
    else if (half->answer && half->answer->reading[0] && !writing->is_asking)
        (void)snprintf(page->composed, sizeof page->composed, "%s",
                       half->answer->reading);
    else
        (void)snprintf(page->composed, sizeof page->composed, "%s",
                       half->composition);
}

void writing_page(const struct writing *writing, struct writing_page *ret_page)
{
    assert(writing->magic == WRITING_MAGIC);
    *ret_page = (struct writing_page){
        .method = writing->code ? WRITING_LATIN : writing->method,
        .code = writing->code,
        .state = writing->state,
        .is_asking = writing->is_asking,
        .is_next = writing->is_next,
        .is_away = !writing->code && scribe_is_away(writing->scribe),
        .is_capital = writing->is_capital,
        .is_fresh = writing->is_fresh,
        .has_digit_pad = writing->has_digit_pad,
        .is_keyboard = writing->is_keyboard,
    };
    show_composed(writing, ret_page);
    for (size_t at = writing->first;
         at < writing_page_end(writing, writing->first); at++)
        ret_page->offers[ret_page->count++] = writing_offer_at(writing, at);
    count_pages(writing, &ret_page->page, &ret_page->pages);
}
