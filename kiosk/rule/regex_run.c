/* All states that the automaton may be in are followed at once, so each
 * character of the text costs at most as much as there are states. */
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/rule/regex_parts.h"

/* The states that are alive, in the order in which they came; of a state that is
 * there, place[state] is where. */
struct alive {
    size_t count;
    uint16_t states[REGEX_STATES_MAX];
    uint16_t place[REGEX_STATES_MAX];
};

/* Between two characters. */
struct spot {
    bool is_begin, is_end;
    uint32_t before, after; /* unless it is the begin, or the end */
};

static bool is_alive(const struct alive *alive, size_t state)
{
    size_t place = alive->place[state];

    return place < alive->count && alive->states[place] == state;
}

static bool is_word(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 'a' && c <= 'z');
}

static bool holds(enum state_op op, const struct spot *spot)
{
    bool is_edge = (!spot->is_begin && is_word(spot->before)) !=
                   (!spot->is_end && is_word(spot->after));

    switch (op) {
    case STATE_BEGIN_TEXT:
        return spot->is_begin;
    case STATE_END_TEXT:
        return spot->is_end;
    case STATE_BEGIN_LINE:
        return spot->is_begin || spot->before == '\n';
    case STATE_END_LINE:
        return spot->is_end || spot->after == '\n';
    case STATE_WORD_EDGE:
        return is_edge;
    default:
        return !is_edge;
    }
}

/* Makes a state alive, and all that are reached without a character.  Each
 * becomes so once and leaves at most one for later: those waiting never are more
 * than there are states. */
static bool enter(const struct regex *regex, struct alive *alive, size_t state,
                  const struct spot *spot)
{
    uint16_t waiting[REGEX_STATES_MAX + 1];
    size_t count = 0;

    waiting[count++] = (uint16_t)state;
    while (count > 0) {
        size_t at = waiting[--count];
        const struct state *now = &regex->states[at];

        if (is_alive(alive, at))
            continue;
        alive->place[at] = (uint16_t)alive->count;
        alive->states[alive->count++] = (uint16_t)at;
        switch (now->op) {
        case STATE_MATCH:
            return true;
        case STATE_CHARACTER:
        case STATE_CLASS:
            break;
        case STATE_SPLIT:
            waiting[count++] = (uint16_t)((int)at + now->jump);
            waiting[count++] = (uint16_t)(at + 1);
            break;
        case STATE_JUMP:
            waiting[count++] = (uint16_t)((int)at + now->jump);
            break;
        default:
            if (holds(now->op, spot))
                waiting[count++] = (uint16_t)(at + 1);
        }
    }
    return false;
}

/* Takes the character behind the spot; true when the expression has matched. */
static bool step(const struct regex *regex, const struct alive *now,
                 struct alive *next, const struct spot *spot,
                 uint32_t character)
{
    next->count = 0;
    for (size_t i = 0; i < now->count; i++) {
        const struct state *state = &regex->states[now->states[i]];
        bool goes_on =
            state->op == STATE_CHARACTER
                ? state->code_point == character
                : state->op == STATE_CLASS &&
                      regex_class_has(regex, &regex->classes[state->class],
                                      character);

        if (goes_on && enter(regex, next, now->states[i] + 1U, spot))
            return true;
    }
    return false;
}

static size_t decode(const char *text, size_t len, struct spot *spot)
{
    size_t took = text_decode(text, len, &spot->after);

    if (spot->after == TEXT_BROKEN)
        spot->after = 0xfffd;
    spot->is_end = took == 0;
    return took;
}

/* An expression may begin anywhere: its first state becomes alive at each
 * spot. */
bool regex_matches(const struct regex *regex, const char *text, size_t len)
{
    struct alive sets[2];
    struct alive *now = &sets[0], *next = &sets[1];
    struct spot spot = { .is_begin = true };

    for (int i = 0; i < 2; i++) {
        sets[i].count = 0;
        memset(sets[i].place, 0, regex->state_count * sizeof *sets[i].place);
    }
    size_t at = 0, took = decode(text, len, &spot);
    for (;;) {
        uint32_t character = spot.after;

        if (enter(regex, now, 0, &spot))
            return true;
        if (spot.is_end)
            return false;
        at += took;
        spot.is_begin = false;
        spot.before = character;
        took = decode(text + at, len - at, &spot);
        if (step(regex, now, next, &spot, character))
            return true;
        struct alive *other = now;
        now = next;
        next = other;
    }
}
