#include "devices/words.h"

#include <stdlib.h>
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static bool copy_into(char *room, size_t size, const char *from, size_t len)
{
    if (len >= size)
        return false;
    memcpy(room, from, len);
    room[len] = '\0';
    return true;
}

/* What stands before the equals sign, where there is one. */
static bool take_key(const char **line, struct word *word)
{
    size_t len = strcspn(*line, "= \t\"");

    word->key[0] = '\0';
    if ((*line)[len] != '=')
        return true;
    if (len == 0 || !copy_into(word->key, sizeof(word->key), *line, len))
        return false;
    *line += len + 1;
    return true;
}

static bool take_value(const char **line, struct word *word)
{
    const char *at = *line;
    bool is_quoted = *at == '"';
    size_t len;

    if (is_quoted)
        at++;
    len = strcspn(at, is_quoted ? "\"" : " \t");
    if (is_quoted && at[len] != '"')
        return false;
    if (!copy_into(word->value, sizeof(word->value), at, len))
        return false;
    at += len + (is_quoted ? 1 : 0);
    *line = at;
    return *at == '\0' || is_space(*at);
}

bool words_next(const char **line, struct word *ret_word, enum err *ret_err)
{
    const char *at = *line;

    *ret_err = ERR_OK;
    while (is_space(*at))
        at++;
    if (*at == '\0')
        return false;
    if (!take_key(&at, ret_word) || !take_value(&at, ret_word))
        *ret_err = ERR_BAD_INPUT;
    *line = at;
    return true;
}

int words_milliseconds(const char *setting, int fallback)
{
    char *end;
    long value;

    if (!setting || !*setting)
        return fallback;
    value = strtol(setting, &end, 10);
    return *end || value < 0 || value > 600000 ? fallback : (int)value;
}
