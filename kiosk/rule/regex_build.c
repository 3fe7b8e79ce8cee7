/* Instructions: added, copied, put around others. */
#include <string.h>

#include "kiosk/rule/regex_parts.h"

/* ---- Instructions ------------------------------------------------------- */

/* Room for count more behind `at`, which are zeroed. */
bool regex_insert(struct regex_reader *reader, size_t at, size_t count)
{
    struct regex *regex = reader->regex;

    /* One is for the match at the end. */
    if (count > REGEX_STATES_MAX - 1 - regex->state_count)
        return regex_wrong(reader, reader->at,
                           "the expression has more than 1000 states");
    memmove(regex->states + at + count, regex->states + at,
            (regex->state_count - at) * sizeof *regex->states);
    memset(regex->states + at, 0, count * sizeof *regex->states);
    regex->state_count += count;
    return true;
}

bool regex_add(struct regex_reader *reader, struct state state)
{
    size_t at = reader->regex->state_count;

    if (!regex_insert(reader, at, 1))
        return false;
    reader->regex->states[at] = state;
    return true;
}

bool regex_add_class(struct regex_reader *reader, int class)
{
    return regex_add(reader,
                     (struct state){ .op = STATE_CLASS, .class = class });
}

/* A letter in any case is a class. */
bool regex_add_character(struct regex_reader *reader, uint32_t character)
{
    uint32_t cases[LETTER_CASES_MAX];
    int class;

    if (!(reader->flags & FLAG_IGNORE_CASE) ||
        letter_cases(character, cases) == 1)
        return regex_add(reader, (struct state){ .op = STATE_CHARACTER,
                                                 .code_point = character });
    return regex_class_of(reader, character, &class) &&
           regex_add_class(reader, class);
}

/* ---- Repetition --------------------------------------------------------- */

static bool repeat_optional(struct regex_reader *reader, size_t start)
{
    size_t len = reader->regex->state_count - start;

    if (!regex_insert(reader, start, 1))
        return false;
    reader->regex->states[start] =
        (struct state){ .op = STATE_SPLIT, .jump = (int)len + 1 };
    return true;
}

static bool repeat_more(struct regex_reader *reader, size_t start)
{
    int len = (int)(reader->regex->state_count - start);

    return regex_add(reader, (struct state){ .op = STATE_SPLIT, .jump = -len });
}

/* What stands at from once more, at the end. */
static bool copy(struct regex_reader *reader, size_t from, size_t len)
{
    struct regex *regex = reader->regex;
    size_t at = regex->state_count;

    if (!regex_insert(reader, at, len))
        return false;
    memcpy(regex->states + at, regex->states + from,
           len * sizeof *regex->states);
    return true;
}

/* least copies, then as many that may be left out; or the last again and
 * again. */
bool regex_repeat(struct regex_reader *reader, size_t start, int least,
                  int most)
{
    struct regex *regex = reader->regex;
    size_t len = regex->state_count - start;

    if (most == 0 || len == 0) {
        regex->state_count = len == 0 ? regex->state_count : start;
        return true;
    }
    for (int i = 1; i < least; i++)
        if (!copy(reader, start, len))
            return false;
    if (most == REGEX_NO_LIMIT) {
        size_t last = regex->state_count - len;

        return repeat_more(reader, last) &&
               (least > 0 || repeat_optional(reader, start));
    }
    /* a{2,4} is aa(a(a)?)?: each split jumps to the very end. */
    int optional = most - least;
    size_t first = least == 0 ? start : regex->state_count;
    if (least == 0 && !repeat_optional(reader, start))
        return false;
    size_t done = least == 0 ? 1 : 0;
    for (size_t i = done; i < (size_t)optional; i++)
        if (!regex_add(reader, (struct state){ .op = STATE_SPLIT }) ||
            !copy(reader, start + (least == 0 ? 1 : 0), len))
            return false;
    for (size_t i = 0; i < (size_t)optional; i++) {
        size_t at = first + i * (len + 1);
        regex->states[at].jump = (int)(regex->state_count - at);
    }
    return true;
}
