/* Which ways were walked on from a page already, by what is still looked at
 * there (item_explore_looks.c).
 *
 * Kept is not what was looked at, but 128 bits made of it: of a million of them
 * the chance that two are the same by accident is below 1 in 10^26. */
#include "kiosk/flow/explorer.h"

#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/walk_rule.h"

enum { SEEN_AT_FIRST = 1024 };

/* ---- 128 bits ------------------------------------------------------------- */

/* All bits of the result hang on all bits given. */
static uint64_t stir(uint64_t bits)
{
    bits ^= bits >> 30;
    bits *= 0xbf58476d1ce4e5b9u;
    bits ^= bits >> 27;
    bits *= 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
}

static void add_number(struct seen_key *key, uint64_t number)
{
    key->bits[0] = stir(key->bits[0] ^ number);
    key->bits[1] = stir(key->bits[1] + number + 0x9e3779b97f4a7c15u);
}

static void add_text(struct seen_key *key, const char *text, size_t len)
{
    add_number(key, len);
    for (uint64_t eight = 0; len > 0; eight = 0) {
        size_t some = len < sizeof eight ? len : sizeof eight;

        memcpy(&eight, text, some);
        add_number(key, eight);
        text += some;
        len -= some;
    }
}

/* Of mistakes one is as another, but for what is said of them. */
static void add_value(struct seen_key *key, const struct rule_value *value)
{
    size_t items = value->kind == RULE_MAP ? 2 : 1;
    uint64_t bits = 0;

    add_number(key, value->kind);
    switch (value->kind) {
    case RULE_BOOL:
        add_number(key, value->boolean);
        break;
    case RULE_INT:
        add_number(key, (uint64_t)value->integer);
        break;
    case RULE_DOUBLE:
        memcpy(&bits, &value->real, sizeof bits);
        add_number(key, bits);
        break;
    case RULE_TEXT:
        add_text(key, value->text.bytes, value->text.len);
        break;
    case RULE_LIST:
    case RULE_MAP:
        add_number(key, value->list.count);
        for (size_t i = 0; i < items * value->list.count; i++)
            add_value(key, &value->list.items[i]);
        break;
    case RULE_TIMESTAMP:
        add_number(key, (uint64_t)value->timestamp.seconds);
        add_number(key, (uint64_t)value->timestamp.nanos);
        break;
    case RULE_DURATION:
        add_number(key, (uint64_t)value->duration_ns);
        break;
    case RULE_ERROR:
        add_text(key, value->error.what, strlen(value->error.what));
        break;
    case RULE_NULL:
    case RULE_ANY:
        break;
    }
}

/* ---- What is looked at ------------------------------------------------------ */

static void add_part(struct seen_key *key, const struct answers *answers,
                     const struct fact *fact)
{
    struct walk_look look = { .answers = answers };
    struct rule_room room;

    rule_room_init(&room);
    struct rule_value value =
        walk_part_run(fact->rule, fact->part, &look, &room);
    add_value(key, &value);
    rule_room_done(&room);
}

/* Of a question that was left empty nothing is known. */
static const char *value_of(const struct answers *answers, const char *name)
{
    return answers_source(answers, name) == SOURCE_LEFT
               ? NULL
               : answers_get(answers, name);
}

static size_t asked_here(const struct explorer *explorer)
{
    return explorer->has_late_card             ? 0
           : explorer->asked > BEFORE_CARD_MAX ? BEFORE_CARD_MAX + 1
                                               : explorer->asked;
}

static struct seen_key key_of(const struct explorer *explorer,
                              const struct fact *fact)
{
    struct seen_key key = { { 1, 2 } };
    const char *value;

    switch (fact->look) {
    case FACT_PART:
        add_part(&key, explorer->answers, fact);
        break;
    case FACT_VALUE:
        value = answers_get(explorer->answers, fact->name);
        add_number(&key, answers_source(explorer->answers, fact->name) ==
                             SOURCE_LEFT);
        if (value)
            add_text(&key, value, strlen(value));
        break;
    case FACT_SOURCE:
        add_number(&key, answers_source(explorer->answers, fact->name));
        break;
    case FACT_THERE:
        value = value_of(explorer->answers, fact->name);
        add_number(&key, !value ? 0 : *value ? 1 : 2);
        break;
    case FACT_ASKED:
        add_number(&key, asked_here(explorer));
        break;
    }
    return key;
}

/* ---- The table -------------------------------------------------------------- */

/* A power of two of places, at most half of them in use; a key stands at the
 * first free place from its own on.  All zeros: free. */
static bool put(struct seen *seen, const struct seen_key *key)
{
    size_t at = key->bits[0] & (seen->room - 1);

    while (seen->keys[at].bits[0] | seen->keys[at].bits[1]) {
        if (memcmp(&seen->keys[at], key, sizeof *key) == 0)
            return false;
        at = (at + 1) & (seen->room - 1);
    }
    seen->keys[at] = *key;
    seen->count++;
    return true;
}

static void grow(struct seen *seen)
{
    struct seen old = *seen;

    if (seen->count * 2 < seen->room)
        return;
    seen->room = old.room ? old.room * 2 : SEEN_AT_FIRST;
    seen->keys = mem_new(seen->room * sizeof *seen->keys);
    seen->count = 0;
    for (size_t i = 0; i < old.room; i++)
        if (old.keys[i].bits[0] | old.keys[i].bits[1])
            (void)put(seen, &old.keys[i]);
    mem_free(old.keys);
}

enum seen_before explorer_seen(struct explorer *explorer, int at)
{
    const struct page *page = &explorer->pages[at];
    struct seen_key *keys = explorer->fact_keys;
    enum seen_before seen = SEEN_ALL;

    for (size_t i = 0; i < page->fact_count; i++)
        keys[page->facts[i]] =
            key_of(explorer, &explorer->facts[page->facts[i]]);
    explorer->work += page->set_count + page->fact_count;
    for (size_t i = 0; i < page->set_count; i++) {
        struct seen_key key = { { (uint64_t)at + 1, i + 1 } };

        for (size_t j = 0; j < page->fact_count; j++)
            if (fact_set_has(&page->sets[i], page->facts[j])) {
                add_number(&key, keys[page->facts[j]].bits[0]);
                add_number(&key, keys[page->facts[j]].bits[1]);
            }
        grow(&explorer->seen);
        if (!put(&explorer->seen, &key))
            continue;
        if (page->sets[i].is_of_answers)
            seen = SEEN_NOT;
        else if (seen == SEEN_ALL)
            seen = SEEN_ANSWERS;
    }
    return seen;
}
