#include "screens/write.h"

#include <stdio.h>
#include <string.h>

enum { LETTERS = 26, PAD_MAX = 32, LETTER_COLUMNS = 10, NARROW_COLUMNS = 3 };

enum { LONG_TEXT = 100 }; /* from so many characters on */

/* ---- Pads --------------------------------------------------------------- */

struct pad {
    struct pad_key keys[PAD_MAX];
    char letters[LETTERS][2];
    char capitals[LETTERS][2];
    size_t count;
};

static void add(struct pad *pad, const char *key, const char *text)
{
    pad->keys[pad->count++] = (struct pad_key){ key, text };
}

/* In the order that everybody learned them in; ten beside each other, or as
 * many as a finger can part. */
static void add_letters_without(struct pad *pad, bool are_capital,
                                const char *without)
{
    for (int i = 0; i < LETTERS; i++) {
        if (strchr(without, 'a' + i))
            continue;
        pad->letters[i][0] = (char)('a' + i);
        pad->capitals[i][0] = (char)('A' + i);
        add(pad, pad->letters[i],
            are_capital ? pad->capitals[i] : pad->letters[i]);
    }
}

static void add_letters(struct pad *pad, bool are_capital)
{
    add_letters_without(pad, are_capital, "");
}

static void pinyin_pad(struct view *view, struct pad *pad)
{
    add_letters(pad, false);
    add(pad, "signs", TC(view, "pad", ".,?"));
    add(pad, "digits", TC(view, "pad", "123"));
    add(pad, "strokes", "笔画");
    add(pad, "caret", TC(view, "pad", "Move"));
    view_pad(view, "keys", LETTER_COLUMNS, pad->keys, pad->count);
}

static void latin_pad(struct view *view, struct pad *pad, bool are_capital)
{
    add_letters(pad, are_capital);
    add(pad, "shift",
        are_capital ? TC(view, "pad", "abc") : TC(view, "pad", "ABC"));
    add(pad, " ", TC(view, "pad", "____"));
    add(pad, "signs", TC(view, "pad", ".,?"));
    add(pad, "digits", TC(view, "pad", "123"));
    view_pad(view, "keys", LETTER_COLUMNS, pad->keys, pad->count);
}

/* The glass has digits, or the letters that the code has and the signs that
 * every address has; all at once leave no room for the field. */
static void code_pad(struct view *view, struct pad *pad,
                     const struct writing_page *page, bool is_empty)
{
    static const char *const digits[] = { "1", "2", "3", "4", "5",
                                          "6", "7", "8", "9" };
    static const char *const signs[] = { "@", ".", "-" };
    static const char *const without[] = {
        [WRITING_NO_CODE] = "",
        [WRITING_CREDIT_CODE] = "iosvz",
        [WRITING_EMAIL] = "",
        [WRITING_PLATE] = "io",
    };
    bool is_email = page->code == WRITING_EMAIL;

    for (size_t i = 0;
         page->has_digit_pad && i < sizeof digits / sizeof digits[0]; i++)
        add(pad, digits[i], digits[i]);
    if (page->has_digit_pad) {
        add(pad, "*", is_empty ? T(view, "Back") : T(view, "Delete"));
        add(pad, "0", "0");
        add(pad, "latin",
            is_email ? TC(view, "pad", "abc") : TC(view, "pad", "ABC"));
        view_pad(view, "keys", NARROW_COLUMNS, pad->keys, pad->count);
        return;
    }
    add_letters_without(pad, !is_email, without[page->code]);
    for (size_t i = 0; is_email && i < sizeof signs / sizeof signs[0]; i++)
        add(pad, signs[i], signs[i]);
    add(pad, "digits", TC(view, "pad", "123"));
    view_pad(view, "keys", LETTER_COLUMNS, pad->keys, pad->count);
}

/* What # does on the strokes' page, as the footer says it at more length. */
static const char *strokes_go(struct view *view,
                              const struct writing_page *page, bool is_empty)
{
    if (*page->composed)
        return TC(view, "strokes pad", "Pick");
    return is_empty ? TC(view, "strokes pad", "Ways") : TC(view, "pad", "Done");
}

static void strokes_pad(struct view *view, struct pad *pad,
                        const struct writing_page *page, bool is_empty)
{
    add(pad, "1", TC(view, "stroke", "heng"));
    add(pad, "2", TC(view, "stroke", "shu"));
    add(pad, "3", TC(view, "stroke", "pie"));
    add(pad, "4", TC(view, "stroke", "dian"));
    add(pad, "5", TC(view, "stroke", "zhe"));
    add(pad, "6", TC(view, "stroke", "any"));
    add(pad, "7", TC(view, "strokes pad", ".,?!"));
    add(pad, "8", TC(view, "strokes pad", "123 abc"));
    add(pad, "9", TC(view, "strokes pad", "Move"));
    add(pad, "*",
        is_empty && !*page->composed ? T(view, "Back") : T(view, "Delete"));
    add(pad, "0",
        page->is_next && page->count > 0 ? TC(view, "strokes pad", "Next")
                                         : "");
    add(pad, "#", strokes_go(view, page, is_empty));
    view_pad(view, "keys", NARROW_COLUMNS, pad->keys, pad->count);
}

/* With ten keys letters are reached from the digits. */
static bool goes_to_letters(const struct writing_page *page)
{
    return page->is_fresh && page->method == WRITING_STROKES;
}

static void digits_pad(struct view *view, struct pad *pad,
                       const struct writing_page *page, bool is_empty)
{
    static const char *const digits[] = { "1", "2", "3", "4", "5",
                                          "6", "7", "8", "9" };

    for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++)
        add(pad, digits[i], digits[i]);
    add(pad, "*", is_empty ? T(view, "Back") : T(view, "Delete"));
    add(pad, "0", "0");
    add(pad, "#",
        goes_to_letters(page) ? T(view, "Letters") : TC(view, "pad", "Done"));
    add(pad, "signs", TC(view, "pad", ".,?"));
    add(pad, "caret", TC(view, "pad", "Move"));
    add(pad, "latin", TC(view, "pad", "abc"));
    if (!page->is_away) {
        add(pad, "pinyin", "拼音");
        add(pad, "strokes", "笔画");
    }
    view_pad(view, "keys", NARROW_COLUMNS, pad->keys, pad->count);
}

/* While one picks by number there is none, but for pinyin: its letters go
 * on. */
static void add_pad(struct view *view, const struct writing_page *page,
                    bool is_empty)
{
    struct pad pad = { .count = 0 };

    if (page->code && page->state == WRITING_FREE)
        code_pad(view, &pad, page, is_empty);
    else if (page->state == WRITING_DIGITS)
        digits_pad(view, &pad, page, is_empty);
    else if (page->state == WRITING_FREE && page->method == WRITING_STROKES)
        strokes_pad(view, &pad, page, is_empty);
    else if (page->state == WRITING_FREE && page->method == WRITING_LATIN)
        latin_pad(view, &pad, page->is_capital);
    else if ((page->state == WRITING_FREE || page->state == WRITING_OFFERS) &&
             page->method == WRITING_PINYIN)
        pinyin_pad(view, &pad);
}

/* ---- What is composed and offered -------------------------------------- */

static void add_composed(struct view *view, const struct writing_page *page)
{
    if (!*page->composed)
        return;
    (void)view_fact(view, "composed",
                    page->method == WRITING_STROKES ? T(view, "Strokes")
                                                    : T(view, "Pinyin"),
                    page->composed);
}

static void add_offers(struct view *view, const struct writing_page *page)
{
    bool are_picked = page->state != WRITING_FREE;

    for (size_t i = 0; i < page->count; i++) {
        char id[40], key[24];

        (void)snprintf(id, sizeof id, "offer.%zu", i + 1);
        (void)snprintf(key, sizeof key, "%zu", i + 1);
        view_candidate(view, id, are_picked ? key : "", page->offers[i]);
    }
    if (page->code && page->state == WRITING_LETTERS && page->pages > 1)
        view_candidate(view, "writing.more", "9", TC(view, "offers", "More"));
    if (page->state == WRITING_OFFERS && *page->composed && !page->is_asking &&
        page->pages == 0)
        view_text(
            view, "offers.none",
            page->method == WRITING_STROKES
                ? T(view, "No character has these strokes. Delete one with * "
                          "and try again.")
                : T(view,
                    "No word is written so. Delete letters and try again."));
}

static void add_caret(struct view *view, const struct writing_page *page)
{
    if (page->state != WRITING_CARET)
        return;
    view_choice(view, "caret.left", "1", T(view, "Left"));
    view_choice(view, "caret.right", "2", T(view, "Right"));
    view_choice(view, "caret.left10", "3", T(view, "Left by ten"));
    view_choice(view, "caret.right10", "4", T(view, "Right by ten"));
    view_choice(view, "caret.start", "5", T(view, "To the beginning"));
    view_choice(view, "caret.end", "6", T(view, "To the end"));
}

static enum typing typing_of(const struct writing_page *page)
{
    if (page->state == WRITING_DIGITS)
        return TYPING_DIGITS;
    if (page->state != WRITING_FREE)
        return TYPING_NONE;
    return page->method == WRITING_STROKES ? TYPING_STROKES : TYPING_TEXT;
}

static size_t count_chars(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* How much more a long text may hold; nobody counts a short one. */
static void add_room(const struct screen *screen, struct view *view,
                     const char *typed, size_t max_chars)
{
    size_t count = count_chars(typed);
    char number[24];

    if (max_chars < LONG_TEXT || count == 0 || count > max_chars)
        return;
    unsigned long left = (unsigned long)(max_chars - count);
    snprintf(number, sizeof number, "%lu", left);
    view_set_number(view, "",
                    screen_text_with(screen,
                                     TN(view, "{count} character left",
                                        "{count} characters left", left),
                                     "count", number));
}

const char *write_describe(const struct screen *screen, struct view *view,
                           const char *id, const char *label,
                           const char *initial, size_t max_chars)
{
    struct writing_page page;

    screen_writing(screen, &page);
    if (page.is_away) {
        view_notice(view, "writing.away", TONE_WARN,
                    T(view, "Pinyin and strokes do not work at the moment. "
                            "What you wrote is kept. Write digits and "
                            "letters, or choose another way."));
    }
    enum typing typing = typing_of(&page);
    const char *typed = view_field(view, id, label, initial, typing, max_chars);
    view_set_composed(view, typing == TYPING_NONE);
    add_room(screen, view, typed, max_chars);
    add_composed(view, &page);
    add_offers(view, &page);
    add_caret(view, &page);
    add_pad(view, &page, !*typed);
    return typed;
}

bool write_chooses(const struct screen *screen)
{
    struct writing_page page;

    screen_writing(screen, &page);
    return typing_of(&page) == TYPING_NONE;
}

/* ---- The footer --------------------------------------------------------- */

static void choosing_footer(struct view *view, const struct writing_page *page)
{
    bool is_pinyin = page->state == WRITING_OFFERS &&
                     page->method == WRITING_PINYIN && !page->is_next;

    if (page->state == WRITING_CARET) {
        view_footer(view, "footer.go", "#", TC(view, "pad", "Done"));
        return;
    }
    if (!is_pinyin) {
        struct element *back =
            view_footer(view, "writing.back", "0", T(view, "Back to writing"));
        view_set_short(view, back, TC(view, "short", "Write"));
    }
    if (page->pages > 1)
        view_footer(view, "footer.go", "#", TC(view, "offers", "More"));
}

/* What # does in an empty field. */
static bool leaves_empty(const struct screen *screen)
{
    return screen_may_leave(screen) && !screen_step(screen)->way.in[0];
}

static const char *empty_words(const struct screen *screen, struct view *view)
{
    return leaves_empty(screen) ? T(view, "Leave empty")
                                : T(view, "Other ways");
}

static const char *go_words(const struct screen *screen, struct view *view,
                            const struct writing_page *page, bool is_empty)
{
    if (page->state == WRITING_DIGITS)
        return goes_to_letters(page) ? T(view, "Letters")
                                     : TC(view, "digits", "Done");
    if (*page->composed)
        return TC(view, "strokes pad", "Pick");
    return is_empty ? empty_words(screen, view) : T(view, "Go on");
}

/* From a keyboard # is a character like any other, and Enter ends the text. */
static bool writes_hash(const struct writing_page *page)
{
    return page->is_keyboard && page->state == WRITING_FREE &&
           page->method != WRITING_STROKES;
}

static const char *offer_words(struct view *view,
                               const struct writing_page *page, bool is_empty)
{
    if (page->code == WRITING_EMAIL)
        return T(view, "Letters, @");
    return page->code == WRITING_PLATE && is_empty ? T(view, "Province")
                                                   : T(view, "Letters");
}

/* Of a code: # leads to what ten keys have not, and there it ends. */
static void code_footer(const struct screen *screen, struct view *view,
                        const struct writing_page *page, bool is_empty)
{
    bool offers = page->state == WRITING_LETTERS;

    /* Seven keys do not fit into 40 columns: from the letters 0 leads back. */
    if (is_empty || !offers)
        view_footer(view, "footer.back", is_empty ? "*" : "", T(view, "Back"));
    if (!is_empty) {
        struct element *delete =
            view_footer(view, "footer.delete", "*", T(view, "Delete"));
        view_set_short(view, delete, TC(view, "short", "Del"));
    }
    if (offers)
        view_footer(view, "writing.back", "0", TC(view, "pad", "123"));
    if (!offers) {
        struct element *letters = view_footer(
            view, "writing.letters", "#", offer_words(view, page, is_empty));
        if (page->code != WRITING_EMAIL && page->code != WRITING_PLATE)
            view_set_short(view, letters, TC(view, "short", "ABC"));
    }
    struct element *go =
        view_footer(view, "footer.go", offers ? "#" : "",
                    is_empty ? empty_words(screen, view) : T(view, "Go on"));
    if (is_empty)
        view_set_short(view, go,
                       leaves_empty(screen) ? TC(view, "short", "Skip")
                                            : TC(view, "short", "Others"));
}

void write_footer(const struct screen *screen, struct view *view, bool is_empty)
{
    struct writing_page page;

    screen_writing(screen, &page);
    if (page.code) {
        code_footer(screen, view, &page, is_empty);
        return;
    }
    bool deletes = !is_empty || *page.composed;
    bool writes = page.state == WRITING_FREE || page.state == WRITING_DIGITS;
    if (writes)
        view_footer(view, "footer.back", deletes ? "" : "*", T(view, "Back"));
    if (deletes) {
        struct element *delete =
            view_footer(view, "footer.delete", "*", T(view, "Delete"));
        view_set_short(view, delete, TC(view, "short", "Del"));
    }
    if (writes && writes_hash(&page) && !is_empty) {
        struct element *go =
            view_footer(view, "footer.go", "#", T(view, "Go on (Enter)"));
        view_set_short(view, go, T(view, "Go on"));
        go->key_writes = true;
    } else if (writes) {
        view_footer(view, "footer.go", "#",
                    go_words(screen, view, &page, is_empty));
    } else {
        choosing_footer(view, &page);
    }
}
