/* From expression to automaton:
 *
 *   either = joined { "|" joined }
 *   joined = { atom [ "*" | "+" | "?" | "{n,m}" ] }
 *   atom   = character | class | "." | assertion | "(" [ "?" ... ] either ")"
 *
 * Functions return false when something is wrong, which is then in the
 * reader. */
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/rule/regex_parts.h"

enum {
    REPEAT_MAX = 1000,
    READING_BYTES =
        sizeof(struct regex) + REGEX_STATES_MAX * sizeof(struct state)
};

static bool read_either(struct regex_reader *reader);

bool regex_wrong(struct regex_reader *reader, size_t at, const char *what)
{
    if (!reader->what) {
        reader->what = what;
        reader->wrong_at = at;
    }
    return false;
}

bool regex_peek(const struct regex_reader *reader, char c)
{
    return reader->at < reader->len && reader->pattern[reader->at] == c;
}

bool regex_take(struct regex_reader *reader, char c)
{
    if (!regex_peek(reader, c))
        return false;
    reader->at++;
    return true;
}

bool regex_take_character(struct regex_reader *reader, uint32_t *ret_character)
{
    size_t took = text_decode(reader->pattern + reader->at,
                              reader->len - reader->at, ret_character);

    reader->at += took;
    if (took && *ret_character == TEXT_BROKEN)
        *ret_character = 0xfffd;
    return took > 0;
}

/* ---- Repetition --------------------------------------------------------- */

static bool take_count(struct regex_reader *reader, int *ret_count)
{
    int count = 0;
    size_t start = reader->at;

    while (reader->at < reader->len && reader->pattern[reader->at] >= '0' &&
           reader->pattern[reader->at] <= '9') {
        if (count <= REPEAT_MAX)
            count = count * 10 + (reader->pattern[reader->at] - '0');
        reader->at++;
    }
    *ret_count = count;
    return reader->at > start;
}

/* "{2}", "{2,}", "{2,4}"; anything else is a bracket like any character, and
 * nothing is taken. */
static bool take_counts(struct regex_reader *reader, int *ret_least,
                        int *ret_most)
{
    size_t start = reader->at;

    if (regex_take(reader, '{') && take_count(reader, ret_least)) {
        *ret_most = *ret_least;
        if (regex_take(reader, ',') && !take_count(reader, ret_most))
            *ret_most = REGEX_NO_LIMIT;
        if (regex_take(reader, '}'))
            return true;
    }
    reader->at = start;
    return false;
}

/* An operator behind the part that begins at start, or none. */
static bool read_repeat(struct regex_reader *reader, size_t start)
{
    size_t at = reader->at;
    int least = 0, most = REGEX_NO_LIMIT;
    int again;

    if (regex_take(reader, '+'))
        least = 1;
    else if (regex_take(reader, '?'))
        most = 1;
    else if (!regex_take(reader, '*') && !take_counts(reader, &least, &most))
        return true;
    (void)regex_take(reader, '?'); /* as few as can be: matches no less */
    size_t next = reader->at;
    if (regex_peek(reader, '*') || regex_peek(reader, '+') ||
        regex_peek(reader, '?') || take_counts(reader, &again, &again))
        return regex_wrong(reader, next, "one repetition behind another");
    if (least > REPEAT_MAX || most > REPEAT_MAX ||
        (most != REGEX_NO_LIMIT && most < least))
        return regex_wrong(reader, at,
                           "expected a repetition of at most 1000, "
                           "the least first");
    return regex_repeat(reader, start, least, most);
}

/* ---- Groups ------------------------------------------------------------- */

/* Whether "<name>" stands before, as the name of a group. */
static bool has_name_before(const struct regex_reader *reader, size_t start,
                            size_t len)
{
    for (size_t at = 3; at + len < start; at++)
        if (reader->pattern[at - 1] == '<' &&
            (reader->pattern[at - 2] == '?' ||
             reader->pattern[at - 2] == 'P') &&
            memcmp(reader->pattern + at, reader->pattern + start, len) == 0)
            return true;
    return false;
}

static bool take_group_name(struct regex_reader *reader)
{
    size_t start = reader->at;

    while (reader->at < reader->len && reader->pattern[reader->at] != '>') {
        char c = reader->pattern[reader->at];
        bool is_word = (c >= '0' && c <= '9') || c == '_' ||
                       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

        if (!is_word)
            return regex_wrong(reader, start, "a group has a wrong name");
        reader->at++;
    }
    if (reader->at == start || !regex_take(reader, '>'))
        return regex_wrong(reader, start, "a group has a wrong name");
    return !has_name_before(reader, start, reader->at - start) ||
           regex_wrong(reader, start, "two groups have one name");
}

static unsigned flag_of(char c)
{
    return c == 'i'   ? FLAG_IGNORE_CASE
           : c == 'm' ? FLAG_LINES
           : c == 's' ? FLAG_DOT_ALL
           : c == 'U' ? FLAG_UNGREEDY
                      : 0;
}

/* "i-s" up to ":" or ")", after "(?".  They hold for the group, or for the rest
 * of the one around it. */
static bool take_flags(struct regex_reader *reader)
{
    size_t start = reader->at;
    bool is_off = false, has_flag = false;

    for (; reader->at < reader->len; reader->at++) {
        char c = reader->pattern[reader->at];

        if (c == ':' || c == ')')
            break;
        if (c == '-' && !is_off) {
            is_off = true;
            has_flag = false;
        } else if (flag_of(c)) {
            reader->flags = is_off ? reader->flags & ~flag_of(c)
                                   : reader->flags | flag_of(c);
            has_flag = true;
        } else {
            return regex_wrong(reader, start,
                               "unknown group: expected (?:, (?i) or "
                               "(?P<name>; look around is not supported");
        }
    }
    if (reader->at == reader->len)
        return regex_wrong(reader, start, "a group has no )");
    return (has_flag || !is_off) ||
           regex_wrong(reader, start, "expected a flag after -");
}

static bool read_group_body(struct regex_reader *reader, size_t at)
{
    if (++reader->depth > REGEX_DEPTH_MAX)
        return regex_wrong(reader, at, "groups are nested more than 100 deep");
    if (!read_either(reader))
        return false;
    reader->depth--;
    return regex_take(reader, ')') ||
           regex_wrong(reader, at, "a group has no )");
}

/* ret_is_flags: it was (?i), which is nothing that could be repeated. */
static bool read_group(struct regex_reader *reader, bool *ret_is_flags)
{
    size_t at = reader->at - 1;
    unsigned flags = reader->flags;

    *ret_is_flags = false;
    if (regex_take(reader, '?')) {
        size_t start = reader->at;

        (void)regex_take(reader, 'P');
        if (regex_peek(reader, '<') && start + 1 < reader->len) {
            reader->at++;
            if (!take_group_name(reader))
                return false;
        } else {
            reader->at = start;
            if (!take_flags(reader))
                return false;
            if (regex_take(reader, ')')) {
                *ret_is_flags = true;
                return true;
            }
            reader->at++; /* the colon */
        }
    }
    if (!read_group_body(reader, at))
        return false;
    reader->flags = flags;
    return true;
}

/* ---- Atoms -------------------------------------------------------------- */

/* \A, \z, \b, \B; false when it is none of them. */
static bool take_assertion(struct regex_reader *reader, enum state_op *ret_op)
{
    static const struct {
        char letter;
        enum state_op op;
    } assertions[] = {
        { 'A', STATE_BEGIN_TEXT },
        { 'z', STATE_END_TEXT },
        { 'b', STATE_WORD_EDGE },
        { 'B', STATE_NO_WORD_EDGE },
    };

    for (size_t i = 0; i < sizeof assertions / sizeof *assertions; i++)
        if (regex_take(reader, assertions[i].letter)) {
            *ret_op = assertions[i].op;
            return true;
        }
    return false;
}

static bool read_escape(struct regex_reader *reader)
{
    enum state_op op;
    uint32_t character;
    int class;

    if (take_assertion(reader, &op))
        return regex_add(reader, (struct state){ .op = op });
    if (!regex_read_escape(reader, &class, &character))
        return false;
    return class >= 0 ? regex_add_class(reader, class)
                      : regex_add_character(reader, character);
}

/* One thing that may be repeated. */
static bool read_atom(struct regex_reader *reader)
{
    bool has_lines = reader->flags & FLAG_LINES;
    uint32_t character;
    int class;

    if (regex_take(reader, '\\'))
        return read_escape(reader);
    if (regex_peek(reader, '['))
        return regex_read_class(reader, &class) &&
               regex_add_class(reader, class);
    if (regex_take(reader, '.'))
        return regex_dot(reader, &class) && regex_add_class(reader, class);
    if (regex_take(reader, '^'))
        return regex_add(reader,
                         (struct state){ .op = has_lines ? STATE_BEGIN_LINE
                                                         : STATE_BEGIN_TEXT });
    if (regex_take(reader, '$'))
        return regex_add(reader,
                         (struct state){ .op = has_lines ? STATE_END_LINE
                                                         : STATE_END_TEXT });
    return regex_take_character(reader, &character) &&
           regex_add_character(reader, character);
}

/* \Q...\E: as it is; only its last character would be repeated. */
static bool read_quoted(struct regex_reader *reader, size_t *ret_start)
{
    uint32_t character;

    reader->at += 2;
    while (reader->at < reader->len) {
        if (regex_peek(reader, '\\') && reader->at + 1 < reader->len &&
            reader->pattern[reader->at + 1] == 'E') {
            reader->at += 2;
            return true;
        }
        *ret_start = reader->regex->state_count;
        if (!regex_take_character(reader, &character) ||
            !regex_add_character(reader, character))
            return false;
    }
    return true;
}

static bool is_quoted(const struct regex_reader *reader)
{
    return regex_peek(reader, '\\') && reader->at + 1 < reader->len &&
           reader->pattern[reader->at + 1] == 'Q';
}

static bool read_joined(struct regex_reader *reader)
{
    bool is_flags;
    size_t start;

    while (reader->at < reader->len && !regex_peek(reader, '|') &&
           !regex_peek(reader, ')')) {
        size_t before = reader->at;
        int least, most;

        if (regex_peek(reader, '*') || regex_peek(reader, '+') ||
            regex_peek(reader, '?') || take_counts(reader, &least, &most))
            return regex_wrong(reader, before, "nothing to repeat");
        start = reader->regex->state_count;
        if (is_quoted(reader)) {
            if (!read_quoted(reader, &start))
                return false;
        } else if (regex_take(reader, '(')) {
            if (!read_group(reader, &is_flags))
                return false;
            if (is_flags)
                continue;
        } else if (!read_atom(reader)) {
            return false;
        }
        if (!read_repeat(reader, start))
            return false;
    }
    return true;
}

/* Each part but the last begins with a split to the next and ends with a jump to
 * the end; until that is known the jumps lead to each other, backwards. */
static bool read_either(struct regex_reader *reader)
{
    struct regex *regex = reader->regex;
    size_t start = regex->state_count, last_jump = 0;
    bool has_jump = false;

    if (!read_joined(reader))
        return false;
    while (regex_take(reader, '|')) {
        size_t len = regex->state_count - start;

        if (!regex_insert(reader, start, 1))
            return false;
        regex->states[start] =
            (struct state){ .op = STATE_SPLIT, .jump = (int)len + 2 };
        size_t jump = regex->state_count;
        if (!regex_add(reader, (struct state){ .op = STATE_JUMP,
                                               .jump = has_jump ? (int)last_jump
                                                                : -1 }))
            return false;
        last_jump = jump;
        has_jump = true;
        start = regex->state_count;
        if (!read_joined(reader))
            return false;
    }
    while (has_jump) {
        int before = regex->states[last_jump].jump;

        regex->states[last_jump].jump = (int)(regex->state_count - last_jump);
        has_jump = before >= 0;
        last_jump = has_jump ? (size_t)before : 0;
    }
    return true;
}

/* ---- The whole ---------------------------------------------------------- */

static size_t cost_of(const struct regex *regex)
{
    size_t cost = regex->state_count;

    for (size_t i = 0; i < regex->state_count; i++)
        if (regex->states[i].op == STATE_CLASS) {
            const struct class *class = &regex->classes[regex->states[i].class];

            cost += (size_t) class->count * (class->ignores_case ? 4 : 1);
        }
    return cost;
}

size_t regex_cost(const struct regex *regex)
{
    return regex->cost;
}

enum err regex_new(const char *pattern, size_t len, struct regex **ret_regex,
                   const char **ret_what, size_t *ret_at)
{
    struct regex_reader reader = { .pattern = pattern, .len = len };
    bool is_ok;

    reader.regex = mem_new(READING_BYTES);
    if (len > REGEX_BYTES_MAX)
        is_ok = regex_wrong(&reader, 0, "the expression is too long");
    else
        is_ok = read_either(&reader);
    if (is_ok && reader.at < reader.len)
        is_ok = regex_wrong(&reader, reader.at, "a ) has no (");
    if (!is_ok) {
        *ret_what = reader.what;
        *ret_at = reader.wrong_at;
        regex_free(reader.regex);
        return ERR_BAD_INPUT;
    }
    struct regex *regex = reader.regex;
    regex->states[regex->state_count++] = (struct state){ .op = STATE_MATCH };
    regex->cost = cost_of(regex);
    *ret_regex =
        mem_resize(regex, READING_BYTES,
                   sizeof *regex + regex->state_count * sizeof *regex->states);
    return ERR_OK;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    mem_free(regex->classes);
    mem_free(regex->items);
    mem_free(regex);
}

size_t regex_states(const struct regex *regex)
{
    return regex->state_count;
}
