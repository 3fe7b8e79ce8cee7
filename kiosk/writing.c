#include "kiosk/writing_state.h"

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CARET_FAR = 10,
    CARET_ALL = 100000,
};

/* ---- Asking ------------------------------------------------------------ */

static void changed(struct writing *writing)
{
    writing->events.on_changed(writing->owner);
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
    if (!writing_is_composing(writing)) {
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

static void put_as_it_is(struct writing *writing, const char *text)
{
    forget_recent(writing);
    put(writing, text);
}

/* A word of pinyin may leave letters: then what they may mean comes next. */
static void pick_word(struct writing *writing, size_t at)
{
    const char *word = writing_offer_at(writing, at);
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
    if (at >= writing_page_end(writing, writing->first))
        return;
    if (writing->state == WRITING_SIGNS || writing->state == WRITING_LETTERS) {
        put(writing, writing_offer_at(writing, at));
        forget_recent(writing);
        writing_code_picked(writing);
        if (writing->state == WRITING_SIGNS)
            let_go(writing);
    } else {
        pick_word(writing, at);
    }
    changed(writing);
}

static void turn_page(struct writing *writing, bool is_back)
{
    size_t end = writing_page_end(writing, writing->first), before = 0;

    if (!is_back) {
        writing->first = end < writing_offer_count(writing) ? end : 0;
        return;
    }
    for (size_t at = 0; at < writing->first; at = writing_page_end(writing, at))
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
    assert(writing->magic == WRITING_MAGIC);
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
    assert(writing->magic == WRITING_MAGIC);
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
        bool ends = c == '#' && !writing->is_keyboard;

        forget_recent(writing);
        ask_next(writing);
        writing->events.on_sign(writing->owner, ends ? '\n' : c);
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
    bool composing = writing_is_composing(writing);

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
    } else if (c == '0' && (composing || writing_offer_count(writing) > 0)) {
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
        if (writing_is_composing(writing))
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
        writing_touch(writing, key);
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

void writing_put(struct writing *writing, char c)
{
    put_char(writing, c);
}

void writing_pick(struct writing *writing, int number)
{
    pick(writing, number);
}

void writing_turn(struct writing *writing)
{
    turn_page(writing, false);
}

void writing_let_go(struct writing *writing)
{
    let_go(writing);
}

static void key_char(struct writing *writing, char c)
{
    if (writing->code) {
        writing_code_key(writing, c);
        return;
    }
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
    if (!strchr("0123456789*#\n", *key))
        writing->is_keyboard = true;
    writing_touch(writing, key);
}

void writing_touch(struct writing *writing, const char *key)
{
    assert(writing->magic == WRITING_MAGIC);
    if (key[0] && !key[1])
        key_char(writing, key[0]);
    else if (writing->code && writing_code_touch(writing, key))
        ; /* done */
    else if ((unsigned char)key[0] >= 0x80)
        put_as_it_is(writing, key);
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
    } else if (strcmp(id, "writing.more") == 0) {
        key_char(writing, '9');
    } else if (strncmp(id, "offer.", 6) == 0 && id[6] >= '1' && id[6] <= '9') {
        pick(writing, id[6] - '0');
        if (writing->code)
            let_go(writing); /* the glass has its letters on the pad */
    } else {
        return false;
    }
    changed(writing);
    return true;
}

/* ---- The life of it ---------------------------------------------------- */

struct writing *writing_new(struct loop *loop, const char *path,
                            const char *data,
                            const struct writing_events *events, void *owner)
{
    static const struct scribe_events scribe_events = { on_answer, on_away };
    struct writing *writing = mem_new(sizeof *writing);

    *writing = (struct writing){
        .magic = WRITING_MAGIC,
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
    assert(writing->magic == WRITING_MAGIC);
    let_go(writing);
    scribe_wipe(writing->scribe);
    secret_free(writing->half);
    writing->half = NULL;
    writing->method = WRITING_LATIN;
    writing->is_chosen = writing->is_capital = writing->is_fresh = false;
    writing->is_keyboard = false;
    writing->code = WRITING_NO_CODE;
}

void writing_free(struct writing *writing)
{
    if (!writing)
        return;
    writing_wipe(writing);
    scribe_free(writing->scribe);
    mem_free(writing);
}

/* Its capitals were not chosen by anybody. */
static void end_code(struct writing *writing)
{
    if (writing->code)
        writing->is_capital = false;
    writing->code = WRITING_NO_CODE;
}

void writing_begin(struct writing *writing, enum language language)
{
    let_go(writing);
    forget_recent(writing);
    if (!writing->half)
        writing->half = secret_new(sizeof *writing->half);
    end_code(writing);
    writing_speak(writing, language);
}

void writing_begin_code(struct writing *writing, enum writing_code code)
{
    let_go(writing);
    forget_recent(writing);
    writing->code = code;
    writing->is_capital = code != WRITING_EMAIL;
    writing->has_digit_pad = code == WRITING_CREDIT_CODE;
}

void writing_set_empty(struct writing *writing, bool is_empty)
{
    writing->is_empty = is_empty;
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
