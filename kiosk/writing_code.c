/* Fields of digits and letters that are no text: a credit code, an e-mail
 * address, a plate.  Nothing is composed, so kiosk-ime is not asked. */
#include "kiosk/writing_state.h"

#include <assert.h>
#include <string.h>

enum { OFFERS_A_PAGE = 8 }; /* 9 is more of them */

/* The commonest first: the sign that every address has, and a point. */
static const char *const for_email[] = {
    "@", ".", "a", "b", "c", "d", "e", "f", "g", "h", "i",
    "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t",
    "u", "v", "w", "x", "y", "z", "_", "-", "+", "%",
};

/* Those that GB 32100 uses. */
static const char *const for_credit_code[] = {
    "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L",
    "M", "N", "P", "Q", "R", "T", "U", "W", "X", "Y",
};

/* The province of the hall, then as they stand in GA 36. */
static const char *const for_province[] = {
    "豫", "京", "津", "冀", "晋", "蒙", "辽", "吉", "黑", "沪", "苏",
    "浙", "皖", "闽", "赣", "鲁", "鄂", "湘", "粤", "桂", "琼", "渝",
    "川", "贵", "云", "藏", "陕", "甘", "青", "宁", "新",
};

static const char *const for_plate[] = {
    "A", "B", "C", "D", "E",  "F",  "G",  "H",  "J",  "K",
    "L", "M", "N", "P", "Q",  "R",  "S",  "T",  "U",  "V",
    "W", "X", "Y", "Z", "学", "警", "挂", "港", "澳",
};

#define OFFERS(list) (*ret_count = sizeof(list) / sizeof *(list), (list))

const char *const *writing_code_offers(const struct writing *writing,
                                       size_t *ret_count)
{
    switch (writing->code) {
    case WRITING_CREDIT_CODE:
        return OFFERS(for_credit_code);
    case WRITING_EMAIL:
        return OFFERS(for_email);
    case WRITING_PLATE:
        return writing->needs_province ? OFFERS(for_province)
                                       : OFFERS(for_plate);
    case WRITING_NO_CODE:
        break;
    }
    *ret_count = 0;
    return NULL;
}

static void end(struct writing *writing)
{
    writing_let_go(writing);
    writing->events.on_sign(writing->owner, '\n');
}

static void write_char(struct writing *writing, char c)
{
    bool is_small = c >= 'a' && c <= 'z';

    if ((unsigned char)c <= ' ' || (unsigned char)c >= 0x7f)
        return; /* what no such field has */
    if (is_small && writing->is_capital)
        c = (char)(c - 'a' + 'A');
    writing_put(writing, c);
}

/* Where digits are written; a keyboard writes letters here, too. */
static void key_free(struct writing *writing, char c)
{
    if (c == '*' || c == '\n') {
        writing->events.on_sign(writing->owner, c);
    } else if (c == '#') {
        writing_let_go(writing);
        writing->needs_province = writing->is_empty;
        writing->state = WRITING_LETTERS;
    } else {
        write_char(writing, c);
    }
}

/* Deleting leads back: which offers are right then is known by the next #. */
static void key_letters(struct writing *writing, char c)
{
    if (c >= '1' && c <= '0' + OFFERS_A_PAGE) {
        writing_pick(writing, c - '0');
    } else if (c == '9') {
        writing_turn(writing);
    } else if (c == '0') {
        writing_let_go(writing);
    } else if (c == '#' || c == '\n') {
        end(writing);
    } else if (c == '*') {
        writing_let_go(writing);
        writing->events.on_sign(writing->owner, '*');
    } else {
        writing_let_go(writing);
        write_char(writing, c);
    }
}

void writing_code_key(struct writing *writing, char c)
{
    assert(writing->code);
    if (writing->state == WRITING_LETTERS)
        key_letters(writing, c);
    else
        key_free(writing, c);
}

void writing_code_picked(struct writing *writing)
{
    if (!writing->code || !writing->needs_province)
        return;
    writing->needs_province = false;
    writing->first = 0;
}

bool writing_code_touch(struct writing *writing, const char *key)
{
    if (strcmp(key, "digits") != 0 && strcmp(key, "latin") != 0)
        return false;
    writing_let_go(writing);
    writing->has_digit_pad = strcmp(key, "digits") == 0;
    return true;
}
