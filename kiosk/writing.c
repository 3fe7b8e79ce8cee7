#include "kiosk/writing.h"

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/scribe.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAGIC = 0x77726974,
    COMPOSITION_MAX = SCRIBE_LETTERS_MAX,
    RECENT_CHARS = SCRIBE_NEXT_CHARS,
    RECENT_BYTES = RECENT_CHARS * 4 + 1,
    CARET_FAR = 10,
    CARET_ALL = 100000,
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

/* Half a citizen's words: secret. */
struct half {
    char composition[COMPOSITION_MAX + 1]; /* letters, or strokes 1 to 6 */
    char recent[RECENT_BYTES];             /* written last, for what follows */
    const struct scribe_answer *answer;    /* to composition, or what follows */
};

struct writing {
    int magic;
    struct scribe *scribe;
    struct writing_events events;
    void *owner;
    struct half *half; /* NULL: no session, or no room for one */
    enum writing_method method;
    enum writing_state state;
    bool is_chosen;  /* the person chose the method, or wrote by it */
    bool is_asking;  /* the answer to composition is not there yet */
    bool is_picking; /* what the picked word leaves is not known yet */
    bool is_next;    /* the answer is what may follow */
    bool is_capital, is_fresh;
    size_t picked_len; /* of composition, when the word was picked */
    int wanted;        /* picked before it was offered: 1 to 9; 0: none */
    size_t first;      /* offer on this page */
};

/* ---- What is offered --------------------------------------------------- */

static size_t offer_count(const struct writing *writing)
{
    switch (writing->state) {
    case WRITING_SIGNS:
        return writing->method == WRITING_LATIN
                   ? sizeof signs_latin / sizeof signs_latin[0]
                   : sizeof signs / sizeof signs[0];
    case WRITING_LETTERS:
        return sizeof letters / sizeof letters[0];
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

static const char *offer_at(const struct writing *writing, size_t at)
{
    if (writing->state == WRITING_LETTERS)
        return letters[at];
    if (writing->state == WRITING_SIGNS)
        return writing->method == WRITING_LATIN ? signs_latin[at] : signs[at];
    return writing->half->answer->offers[at];
}

/* Where the page that begins at first ends: nine offers, or fewer long ones. */
static size_t page_end(const struct writing *writing, size_t first)
{
    size_t count = offer_count(writing), end = first;
    int widest = 1;

    while (end < count && end - first < WRITING_OFFERS_MAX) {
        int width = text_width(offer_at(writing, end));
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
    for (size_t at = 0; at < offer_count(writing); at = page_end(writing, at)) {
        ++*ret_pages;
        if (at == writing->first)
            *ret_page = *ret_pages;
    }
}

/* ---- Asking ------------------------------------------------------------ */

static void changed(struct writing *writing)
{
    writing->events.on_changed(writing->owner);
}

static bool is_composing(const struct writing *writing)
{
    return writing->half && writing->half->composition[0];
}

static void forget_offers(struct writing *writing)
{
    scribe_drop(writing->scribe);
    writing->is_asking = writing->is_picking = writing->is_next = false;
    writing->wanted = 0;
    writing->first = 0;
    if (writing->half)
        writing->half->answer = NULL;
}

/* Nothing is half written any more. */
static void let_go(struct writing *writing)
{
    forget_offers(writing);
    writing->state = WRITING_FREE;
    if (writing->half)
        mem_wipe(writing->half->composition, sizeof writing->half->composition);
}

static void ask(struct writing *writing)
{
    forget_offers(writing);
    if (!is_composing(writing)) {
        writing->state = WRITING_FREE;
        return;
    }
    writing->is_asking = true;
    scribe_ask(writing->scribe,
               writing->method == WRITING_PINYIN ? SCRIBE_PINYIN
                                                 : SCRIBE_STROKES,
               writing->half->composition, -1);
}

/* What may follow what was written last. */
static void ask_next(struct writing *writing)
{
    let_go(writing);
    if (writing->method == WRITING_LATIN || scribe_is_away(writing->scribe) ||
        !writing->half || !writing->half->recent[0])
        return;
    writing->is_asking = writing->is_next = true;
    scribe_ask(writing->scribe, SCRIBE_NEXT, writing->half->recent, -1);
}

/* ---- Writing ----------------------------------------------------------- */

static void forget_recent(struct writing *writing)
{
    if (writing->half)
        mem_wipe(writing->half->recent, sizeof writing->half->recent);
}

/* The last few characters, for what may follow. */
static void remember(struct writing *writing, const char *text)
{
    struct buf all;

    if (!writing->half)
        return;
    buf_init(&all, RECENT_BYTES + SCRIBE_OFFER_BYTES);
    buf_add_text(&all, writing->half->recent);
    buf_add_text(&all, text);
    size_t count = text_count(all.text);
    size_t from =
        count > RECENT_CHARS ? text_offset(all.text, count - RECENT_CHARS) : 0;
    (void)snprintf(writing->half->recent, sizeof writing->half->recent, "%s",
                   all.text + from);
    buf_done(&all);
}

static void put(struct writing *writing, const char *text)
{
    writing->events.on_text(writing->owner, text, strlen(text));
}

static void put_char(struct writing *writing, char c)
{
    const char text[] = { c, '\0' };
    put(writing, text);
}

/* A word of pinyin may leave letters: then what they may mean comes next. */
static void pick_word(struct writing *writing, size_t at)
{
    const char *word = offer_at(writing, at);
    bool is_pinyin = writing->method == WRITING_PINYIN && !writing->is_next;

    remember(writing, word);
    put(writing, word);
    writing->is_chosen = true;
    if (!is_pinyin) {
        ask_next(writing);
        return;
    }
    forget_offers(writing);
    writing->is_asking = writing->is_picking = true;
    writing->picked_len = strlen(writing->half->composition);
    scribe_ask(writing->scribe, SCRIBE_PINYIN, writing->half->composition,
               (int)at);
}

static void pick(struct writing *writing, int number)
{
    size_t at = writing->first + (size_t)number - 1;

    if (writing->is_asking) {
        writing->wanted = number;
        return;
    }
    if (at >= page_end(writing, writing->first))
        return;
    if (writing->state == WRITING_SIGNS || writing->state == WRITING_LETTERS) {
        put(writing, offer_at(writing, at));
        forget_recent(writing);
        if (writing->state == WRITING_SIGNS)
            let_go(writing);
    } else {
        pick_word(writing, at);
    }
    changed(writing);
}

static void turn_page(struct writing *writing, bool is_back)
{
    size_t end = page_end(writing, writing->first), before = 0;

    if (!is_back) {
        writing->first = end < offer_count(writing) ? end : 0;
        return;
    }
    for (size_t at = 0; at < writing->first; at = page_end(writing, at))
        before = at;
    writing->first = before;
}

/* ---- Answers ----------------------------------------------------------- */

/* Letters may have come after the word was picked. */
static void take_rest(struct writing *writing,
                      const struct scribe_answer *answer)
{
    char *composition = writing->half->composition;
    char more[COMPOSITION_MAX + 1];

    (void)snprintf(more, sizeof more, "%s", composition + writing->picked_len);
    (void)snprintf(composition, COMPOSITION_MAX + 1, "%s", answer->rest);
    writing->is_picking = false;
    if (more[0] || !answer->rest[0]) {
        size_t len = strlen(composition);
        (void)snprintf(composition + len, COMPOSITION_MAX + 1 - len, "%s",
                       more);
        if (composition[0])
            ask(writing);
        else
            ask_next(writing);
    }
    mem_wipe(more, sizeof more);
}

static void on_answer(void *owner, const struct scribe_answer *answer)
{
    struct writing *writing = owner;
    assert(writing->magic == MAGIC);
    int wanted = writing->wanted;

    writing->is_asking = false;
    writing->wanted = 0;
    writing->first = 0;
    writing->half->answer = answer;
    if (writing->is_picking)
        take_rest(writing, answer);
    if (wanted > 0)
        pick(writing, wanted);
    changed(writing);
}

static void on_away(void *owner)
{
    struct writing *writing = owner;
    assert(writing->magic == MAGIC);
    if (writing->state == WRITING_OFFERS || writing->state == WRITING_FREE)
        let_go(writing);
    writing->method = WRITING_LATIN;
    changed(writing);
}

/* ---- Keys -------------------------------------------------------------- */

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool may_compose(const struct writing *writing)
{
    return writing->half && !scribe_is_away(writing->scribe);
}

static void append(struct writing *writing, char c, size_t most)
{
    char *composition = writing->half->composition;
    size_t len = strlen(composition);

    if (len >= most)
        return;
    composition[len] = c;
    composition[len + 1] = '\0';
    writing->is_chosen = true;
    if (!writing->is_picking)
        ask(writing);
}

static void delete_last(struct writing *writing)
{
    char *composition = writing->half->composition;

    composition[strlen(composition) - 1] = '\0';
    ask(writing);
}

static void go_caret(struct writing *writing)
{
    let_go(writing);
    forget_recent(writing);
    writing->state = WRITING_CARET;
}

static void go_digits(struct writing *writing)
{
    let_go(writing);
    forget_recent(writing);
    writing->state = WRITING_DIGITS;
    writing->is_fresh = true;
}

static void go_signs(struct writing *writing)
{
    let_go(writing);
    writing->state = WRITING_SIGNS;
}

/* Beside Chinese a comma is a wide one; between digits it stays. */
static const char *wide_sign(char c)
{
    switch (c) {
    case ',':
        return "，";
    case '?':
        return "？";
    case '!':
        return "！";
    case ':':
        return "：";
    case ';':
        return "；";
    case '(':
        return "（";
    case ')':
        return "）";
    default:
        return NULL;
    }
}

static void key_free_letters(struct writing *writing, char c)
{
    bool is_pinyin = writing->method == WRITING_PINYIN && may_compose(writing);
    const char *wide = is_pinyin ? wide_sign(c) : NULL;

    if (is_pinyin && is_letter(c)) {
        append(writing, c, SCRIBE_LETTERS_MAX);
        writing->state = WRITING_OFFERS;
        return;
    }
    if (c == '*' || c == '#' || c == '\n') {
        forget_recent(writing);
        ask_next(writing);
        writing->events.on_sign(writing->owner, c);
        return;
    }
    if (writing->is_capital && is_letter(c))
        c = (char)(c - 'a' + 'A');
    forget_recent(writing);
    ask_next(writing);
    if (wide)
        put(writing, wide);
    else
        put_char(writing, c);
}

static void add_stroke(struct writing *writing, char c)
{
    size_t any = 0;

    for (const char *s = writing->half->composition; *s; s++)
        any += *s == '6';
    if (writing->is_next)
        forget_offers(writing);
    if (c != '6' || any < SCRIBE_ANY_MAX)
        append(writing, c, SCRIBE_STROKES_MAX);
}

static void key_free_strokes(struct writing *writing, char c)
{
    bool composing = is_composing(writing);

    if (c >= '1' && c <= '6') {
        add_stroke(writing, c);
    } else if (c == '7') {
        go_signs(writing);
    } else if (c == '8') {
        go_digits(writing);
    } else if (c == '9') {
        go_caret(writing);
    } else if (is_letter(c)) {
        writing_use(writing, WRITING_PINYIN);
        key_free_letters(writing, c);
    } else if (c == '*' && composing) {
        delete_last(writing);
    } else if ((c == '#' || c == '\n') && composing) {
        writing->state = WRITING_OFFERS;
    } else if (c == '0' && (composing || offer_count(writing) > 0)) {
        writing->state = WRITING_OFFERS;
    } else if (c == ' ' && composing) {
        pick(writing, 1);
    } else if (c == '*' || c == '#' || c == '\n') {
        forget_recent(writing);
        ask_next(writing);
        writing->events.on_sign(writing->owner, c);
    }
}

static void write_raw(struct writing *writing)
{
    put(writing, writing->half->composition);
    forget_recent(writing);
    let_go(writing);
}

static void key_offers_pinyin(struct writing *writing, char c)
{
    if (is_letter(c) || c == '\'')
        append(writing, c, SCRIBE_LETTERS_MAX);
    else if (c >= '1' && c <= '9')
        pick(writing, c - '0');
    else if (writing->is_picking)
        return; /* what is left is not known yet */
    else if (c == ' ')
        pick(writing, 1);
    else if (c == '#')
        turn_page(writing, false);
    else if (c == '0')
        turn_page(writing, true);
    else if (c == '\n')
        write_raw(writing);
    else if (c == '*')
        delete_last(writing);
}

static void key_offers_strokes(struct writing *writing, char c)
{
    if (c >= '1' && c <= '9') {
        pick(writing, c - '0');
        if (!writing->is_asking || writing->is_next)
            writing->state = WRITING_FREE;
    } else if (c == '#') {
        turn_page(writing, false);
    } else if (c == ' ' || c == '\n') {
        pick(writing, 1);
    } else if (c == '0') {
        writing->first = 0;
        writing->state = WRITING_FREE;
    } else if (c == '*') {
        writing->state = WRITING_FREE;
        if (is_composing(writing))
            delete_last(writing);
    }
}

static void key_list(struct writing *writing, char c)
{
    if (c >= '1' && c <= '9')
        pick(writing, c - '0');
    else if (c == '#')
        turn_page(writing, false);
    else if (c == '0')
        let_go(writing);
    else if (c == '*' && writing->state == WRITING_LETTERS)
        writing->events.on_sign(writing->owner, '*');
    else if (c == '*' || c == '\n')
        let_go(writing);
}

static void key_digits(struct writing *writing, char c)
{
    if (c >= '0' && c <= '9') {
        put_char(writing, c);
        writing->is_fresh = false;
    } else if (c == '*' && writing->is_fresh) {
        let_go(writing);
    } else if (c == '*') {
        writing->events.on_sign(writing->owner, '*');
    } else if (c == '#' && writing->is_fresh &&
               writing->method == WRITING_STROKES) {
        let_go(writing);
        writing->state = WRITING_LETTERS;
    } else if (c == '#' || c == '\n') {
        let_go(writing);
    } else if (c == ' ') {
        put_char(writing, c);
    } else if (is_letter(c)) {
        let_go(writing);
        const char key[] = { c, '\0' };
        writing_key(writing, key);
    }
}

static void key_caret(struct writing *writing, char c)
{
    static const long by[] = { -1,        1,          -CARET_FAR,
                               CARET_FAR, -CARET_ALL, CARET_ALL };

    if (c >= '1' && c <= '6')
        writing->events.on_move(writing->owner, by[c - '1']);
    else if (c == '*')
        writing->events.on_sign(writing->owner, '*');
    else if (c == '#' || c == '0' || c == '\n')
        let_go(writing);
}

static void key_char(struct writing *writing, char c)
{
    switch (writing->state) {
    case WRITING_FREE:
        if (writing->method == WRITING_STROKES)
            key_free_strokes(writing, c);
        else
            key_free_letters(writing, c);
        break;
    case WRITING_OFFERS:
        if (writing->method == WRITING_PINYIN && !writing->is_next)
            key_offers_pinyin(writing, c);
        else
            key_offers_strokes(writing, c);
        break;
    case WRITING_SIGNS:
    case WRITING_LETTERS:
        key_list(writing, c);
        break;
    case WRITING_DIGITS:
        key_digits(writing, c);
        break;
    case WRITING_CARET:
        key_caret(writing, c);
        break;
    }
}

void writing_key(struct writing *writing, const char *key)
{
    assert(writing->magic == MAGIC);
    if (key[0] && !key[1])
        key_char(writing, key[0]);
    else if (strcmp(key, "signs") == 0)
        go_signs(writing);
    else if (strcmp(key, "digits") == 0)
        go_digits(writing);
    else if (strcmp(key, "caret") == 0)
        go_caret(writing);
    else if (strcmp(key, "shift") == 0)
        writing->is_capital = !writing->is_capital;
    else if (strcmp(key, "strokes") == 0)
        writing_use(writing, WRITING_STROKES);
    else if (strcmp(key, "pinyin") == 0)
        writing_use(writing, WRITING_PINYIN);
    else if (strcmp(key, "latin") == 0)
        writing_use(writing, WRITING_LATIN);
    changed(writing);
}

bool writing_choice(struct writing *writing, const char *id)
{
    static const char *const moves[] = { "caret.left",   "caret.right",
                                         "caret.left10", "caret.right10",
                                         "caret.start",  "caret.end" };

    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (strcmp(id, moves[i]) == 0) {
            key_caret(writing, (char)('1' + i));
            return true;
        }
    if (strcmp(id, "writing.back") == 0) {
        key_char(writing, '0');
    } else if (strncmp(id, "offer.", 6) == 0 && id[6] >= '1' && id[6] <= '9') {
        pick(writing, id[6] - '0');
    } else {
        return false;
    }
    changed(writing);
    return true;
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

    if (!is_composing(writing))
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
    assert(writing->magic == MAGIC);
    *ret_page = (struct writing_page){
        .method = writing->method,
        .state = writing->state,
        .is_asking = writing->is_asking,
        .is_next = writing->is_next,
        .is_away = scribe_is_away(writing->scribe),
        .is_capital = writing->is_capital,
        .is_fresh = writing->is_fresh,
    };
    show_composed(writing, ret_page);
    for (size_t at = writing->first; at < page_end(writing, writing->first);
         at++)
        ret_page->offers[ret_page->count++] = offer_at(writing, at);
    count_pages(writing, &ret_page->page, &ret_page->pages);
}

/* ---- The life of it ---------------------------------------------------- */

struct writing *writing_new(struct loop *loop, const char *path,
                            const char *data,
                            const struct writing_events *events, void *owner)
{
    static const struct scribe_events scribe_events = { on_answer, on_away };
    struct writing *writing = mem_new(sizeof *writing);

    *writing = (struct writing){
        .magic = MAGIC,
        .events = *events,
        .owner = owner,
        .method = WRITING_LATIN,
    };
    writing->scribe = scribe_new(loop, path, data, &scribe_events, writing);
    return writing;
}

void writing_wipe(void *owner)
{
    struct writing *writing = owner;
    assert(writing->magic == MAGIC);
    let_go(writing);
    scribe_wipe(writing->scribe);
    secret_free(writing->half);
    writing->half = NULL;
    writing->method = WRITING_LATIN;
    writing->is_chosen = writing->is_capital = writing->is_fresh = false;
}

void writing_free(struct writing *writing)
{
    if (!writing)
        return;
    writing_wipe(writing);
    scribe_free(writing->scribe);
    mem_free(writing);
}

void writing_begin(struct writing *writing, enum language language)
{
    let_go(writing);
    forget_recent(writing);
    if (!writing->half)
        writing->half = secret_new(sizeof *writing->half);
    writing_speak(writing, language);
}

void writing_speak(struct writing *writing, enum language language)
{
    if (!writing->is_chosen)
        writing->method =
            language == LANGUAGE_ZH_CN ? WRITING_PINYIN : WRITING_LATIN;
    if (!may_compose(writing))
        writing->method = WRITING_LATIN;
    if (writing->method != WRITING_LATIN)
        scribe_begin(writing->scribe);
}

void writing_use(struct writing *writing, enum writing_method method)
{
    let_go(writing);
    forget_recent(writing);
    writing->is_chosen = true;
    writing->method = may_compose(writing) ? method : WRITING_LATIN;
    if (writing->method != WRITING_LATIN)
        scribe_begin(writing->scribe);
    changed(writing);
}
