/* What is somebody looking for?  Letters and digits are compared with an item's
 * title and keywords, in both languages: a letter is itself, or the initial of
 * a Chinese character; a digit is itself, or each letter of its key. */
#include "kiosk/flow/item.h"

#include <string.h>

#include "kiosk/flow/initials.h"

/* "abc" of '2'; "" of what has no letters. */
static const char *letters_of(char key)
{
    static const char *const letters[] = {
        "", "", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"
    };

    return key >= '0' && key <= '9' ? letters[key - '0'] : "";
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The bytes of the character that begins here. */
static size_t char_len(const char *at)
{
    size_t len = 1;

    while ((at[len] & 0xc0) == 0x80)
        len++;
    return len;
}

static bool sounds_as(const char *at, size_t len, char letter)
{
    return len == 1 ? small(*at) == letter : initial_is(at, len, letter);
}

static bool is_meant(const char *at, size_t len, char wanted)
{
    if (is_letter(wanted))
        return sounds_as(at, len, wanted);
    if (len == 1 && *at == wanted)
        return true;
    for (const char *letter = letters_of(wanted); *letter; letter++)
        if (sounds_as(at, len, *letter))
            return true;
    return false;
}

/* Whether the text begins so; blanks within a title are passed over. */
static bool begins_with(const char *text, const char *looked, bool with_blanks)
{
    for (; *looked; looked++) {
        while (with_blanks && *text == ' ')
            text++;
        if (!*text || !is_meant(text, char_len(text), *looked))
            return false;
        text += char_len(text);
    }
    return true;
}

static bool holds(const struct words *words, const char *looked,
                  bool with_blanks)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        for (const char *at = words->in[i]; at && *at; at += char_len(at))
            if (begins_with(at, looked, with_blanks))
                return true;
    return false;
}

bool item_is_found(const struct item *item, const char *looked)
{
    char wanted[ITEM_LOOKED_MAX + 1];
    size_t len = 0;

    for (; *looked && len < ITEM_LOOKED_MAX; looked++)
        wanted[len++] = small(*looked);
    wanted[len] = '\0';
    return len > 0 && (holds(&item->title, wanted, true) ||
                       holds(&item->keywords, wanted, false));
}
