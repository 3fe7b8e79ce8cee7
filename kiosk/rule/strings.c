/* Functions of texts.  Places count code points from 0; a text may hold bytes
 * that are no UTF-8, which then count one by one. */
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/rule/node.h"

static const char out_of_range[] = "the text has no such place: they count "
                                   "from 0";

/* ---- Walking ------------------------------------------------------------ */

static size_t step(const struct rule_value *text, size_t at)
{
    uint32_t code_point;
    size_t took =
        text_decode(text->text.bytes + at, text->text.len - at, &code_point);

    return took ? took : 1;
}

static int64_t count_of(const struct rule_value *text)
{
    int64_t count = 0;

    for (size_t at = 0; at < text->text.len; at += step(text, at))
        count++;
    return count;
}

/* The byte at which that place is; of one past the end, the length. */
static size_t offset_of(const struct rule_value *text, int64_t place)
{
    size_t at = 0;

    for (; place > 0 && at < text->text.len; place--)
        at += step(text, at);
    return at;
}

static int64_t place_of(const struct rule_value *text, size_t offset)
{
    int64_t place = 0;

    for (size_t at = 0; at < offset; at += step(text, at))
        place++;
    return place;
}

static bool is_at(const struct rule_value *text, const struct rule_value *part,
                  size_t at)
{
    return part->text.len <= text->text.len - at &&
           (part->text.len == 0 ||
            memcmp(text->text.bytes + at, part->text.bytes, part->text.len) ==
                0);
}

/* The first byte from `at` where part is, or the length + 1.  Each place that is
 * looked at is paid for: texts may be made to be slow. */
static size_t find(struct rule_run *run, const struct rule_value *text,
                   const struct rule_value *part, size_t at)
{
    for (; at <= text->text.len; at++) {
        if (is_at(text, part, at))
            return at;
        if (at % 16 == 0 && !run_spend(run, 1 + part->text.len / 64))
            break;
    }
    return text->text.len + 1;
}

/* ---- Answers ------------------------------------------------------------ */

struct rule_value call_size(struct rule_run *run, const struct rule_node *node,
                            const struct rule_value *args)
{
    if (args->kind != RULE_TEXT)
        return rule_int((int64_t)args->list.count);
    return run_spend(run, args->text.len / 64) ? rule_int(count_of(args))
                                               : run_broke(node);
}

struct rule_value call_contains(struct rule_run *run,
                                const struct rule_node *node,
                                const struct rule_value *args)
{
    (void)node;
    return rule_bool(find(run, &args[0], &args[1], 0) <= args[0].text.len);
}

struct rule_value call_starts_with(struct rule_run *run,
                                   const struct rule_node *node,
                                   const struct rule_value *args)
{
    return run_spend(run, args[1].text.len / 64)
               ? rule_bool(is_at(&args[0], &args[1], 0))
               : run_broke(node);
}

struct rule_value call_ends_with(struct rule_run *run,
                                 const struct rule_node *node,
                                 const struct rule_value *args)
{
    size_t len = args[0].text.len, part = args[1].text.len;

    if (!run_spend(run, part / 64))
        return run_broke(node);
    return rule_bool(part <= len && is_at(&args[0], &args[1], len - part));
}

struct rule_value call_matches(struct rule_run *run,
                               const struct rule_node *node,
                               const struct rule_value *args)
{
    struct regex *made = NULL;
    const struct regex *regex = node->call.regex;
    const char *what = NULL;
    size_t at;

    if (!regex) {
        if (!run_spend(run, 100 + args[1].text.len) ||
            regex_new(args[1].text.bytes, args[1].text.len, &made, &what, &at))
            return what ? run_fail(node, what) : run_broke(node);
        regex = made;
    }
    /* A step is 16 characters by 16 states, or classes' parts. */
    size_t steps = (1 + args[0].text.len / 16) * (1 + regex_cost(regex) / 16);
    bool is_ok = run_spend(run, steps);
    bool matches =
        is_ok && regex_matches(regex, args[0].text.bytes, args[0].text.len);
    regex_free(made);
    return is_ok ? rule_bool(matches) : run_broke(node);
}

/* ---- The strings extension ---------------------------------------------- */

static struct rule_value part_of(const struct rule_value *text, size_t from,
                                 size_t to)
{
    return rule_text(text->text.bytes + from, to - from);
}

struct rule_value call_char_at(struct rule_run *run,
                               const struct rule_node *node,
                               const struct rule_value *args)
{
    int64_t count = count_of(args), place = args[1].integer;

    if (!run_spend(run, args->text.len / 32))
        return run_broke(node);
    if (place < 0 || place > count)
        return run_fail(node, out_of_range);
    size_t from = offset_of(args, place);
    return part_of(args, from,
                   from < args->text.len ? from + step(args, from) : from);
}

struct rule_value call_index_of(struct rule_run *run,
                                const struct rule_node *node,
                                const struct rule_value *args)
{
    bool has_start = node->count == 3;
    int64_t start = has_start ? args[2].integer : 0;

    if (has_start && (start < 0 || start > count_of(args) ||
                      (args[1].text.len > 0 && start == count_of(args))))
        return run_fail(node, out_of_range);
    size_t found = find(run, &args[0], &args[1], offset_of(args, start));
    return found <= args->text.len && run_spend(run, args->text.len / 32)
               ? rule_int(place_of(args, found))
               : rule_int(-1);
}

struct rule_value call_last_index_of(struct rule_run *run,
                                     const struct rule_node *node,
                                     const struct rule_value *args)
{
    int64_t count = count_of(args), start = count, last = -1, place = 0;

    if (node->count == 3) {
        start = args[2].integer;
        if (start < 0 || start > count ||
            (args[1].text.len > 0 && start == count))
            return run_fail(node, out_of_range);
    }
    if (!run_spend(run, args->text.len / 16 * (1 + args[1].text.len / 64)))
        return run_broke(node);
    for (size_t at = 0; place <= start && at <= args->text.len; place++) {
        if (is_at(&args[0], &args[1], at))
            last = place;
        at += at < args->text.len ? step(args, at) : 1;
    }
    return rule_int(last);
}

struct rule_value call_join(struct rule_run *run, const struct rule_node *node,
                            const struct rule_value *args)
{
    struct rule_value none = rule_text("", 0);
    const struct rule_value *between = node->count == 2 ? &args[1] : &none;
    size_t len = 0, count = args->list.count;

    for (size_t i = 0; i < count; i++) {
        if (args->list.items[i].kind != RULE_TEXT)
            return run_fail(node, "expected a list of texts to join");
        len += args->list.items[i].text.len + (i > 0 ? between->text.len : 0);
        if (len > RULE_ROOM_MAX || !run_spend(run, 1))
            return run_broke(node);
    }
    char *bytes = run_take(run, len), *end = bytes;
    if (!bytes)
        return run_broke(node);
    for (size_t i = 0; i < count; i++) {
        const struct rule_value *text = &args->list.items[i];

        if (i > 0 && between->text.len) {
            memcpy(end, between->text.bytes, between->text.len);
            end += between->text.len;
        }
        if (text->text.len)
            memcpy(end, text->text.bytes, text->text.len);
        end += text->text.len;
    }
    return rule_text(bytes, len);
}

static struct rule_value change_case(struct rule_run *run,
                                     const struct rule_node *node,
                                     const struct rule_value *text, char from)
{
    char *bytes = run_take(run, text->text.len);

    if (!bytes)
        return run_broke(node);
    for (size_t i = 0; i < text->text.len; i++) {
        char c = text->text.bytes[i];

        bytes[i] = c >= from && c <= from + 25 ? (char)(c ^ 0x20) : c;
    }
    return rule_text(bytes, text->text.len);
}

struct rule_value call_lower_ascii(struct rule_run *run,
                                   const struct rule_node *node,
                                   const struct rule_value *args)
{
    return change_case(run, node, args, 'A');
}

struct rule_value call_upper_ascii(struct rule_run *run,
                                   const struct rule_node *node,
                                   const struct rule_value *args)
{
    return change_case(run, node, args, 'a');
}

/* Where the next `old` is from *at on; an empty one is before each character
 * and at the end. */
static bool next_match(struct rule_run *run, const struct rule_value *text,
                       const struct rule_value *old, bool is_first, size_t at,
                       size_t *ret_at)
{
    if (old->text.len == 0) {
        if (is_first)
            *ret_at = at;
        else if (at < text->text.len)
            *ret_at = at + step(text, at);
        else
            return false;
        return run_spend(run, 1);
    }
    *ret_at = find(run, text, old, at);
    return *ret_at <= text->text.len;
}

/* Writes the result, or only counts its bytes when bytes is NULL. */
static size_t replace_into(struct rule_run *run, const struct rule_value *args,
                           int64_t limit, char *bytes)
{
    const struct rule_value *text = &args[0], *old = &args[1], *new = &args[2];
    size_t from = 0, at = 0, len = 0;
    bool is_first = true;

    while (limit != 0 && next_match(run, text, old, is_first, at, &at)) {
        if (bytes && at > from)
            memcpy(bytes + len, text->text.bytes + from, at - from);
        len += at - from;
        if (bytes && new->text.len)
            memcpy(bytes + len, new->text.bytes, new->text.len);
        len += new->text.len;
        from = at + old->text.len;
        at = old->text.len ? from : at;
        is_first = false;
        limit--;
        if (len > RULE_ROOM_MAX)
            break;
    }
    if (bytes && text->text.len > from)
        memcpy(bytes + len, text->text.bytes + from, text->text.len - from);
    return len + text->text.len - from;
}

struct rule_value call_replace(struct rule_run *run,
                               const struct rule_node *node,
                               const struct rule_value *args)
{
    int64_t limit = node->count == 4 ? args[3].integer : -1;
    struct rule_run again;

    size_t len = replace_into(run, args, limit, NULL);
    if (run->steps_left < 0)
        return run_broke(node);
    char *bytes = run_take(run, len);
    if (!bytes)
        return run_broke(node);
    /* The same once more, on a budget that surely lasts as far. */
    again.steps_left = RULE_STEPS_MAX + 1;
    (void)replace_into(&again, args, limit, bytes);
    return rule_text(bytes, len);
}

/* ---- split -------------------------------------------------------------- */

/* The end of the part that begins at from; an empty separator parts all
 * characters. */
static size_t part_end(struct rule_run *run, const struct rule_value *args,
                       size_t from)
{
    if (args[1].text.len == 0) {
        size_t end = from + step(args, from);
        return end < args->text.len ? end : args->text.len + 1;
    }
    return find(run, &args[0], &args[1], from);
}

/* Writes the parts, or only counts them. */
static size_t split_into(struct rule_run *run, const struct rule_value *args,
                         int64_t limit, struct rule_value *parts)
{
    size_t count = 0, from = 0, len = args->text.len;

    if (limit == 0 || (args[1].text.len == 0 && len == 0))
        return 0;
    for (;; count++) {
        bool is_last = limit > 0 && count + 1 == (size_t)limit;
        size_t end = is_last ? len + 1 : part_end(run, args, from);

        if (parts)
            parts[count] = part_of(args, from, end <= len ? end : len);
        if (end > len || !run_spend(run, 1))
            return count + 1;
        from = end + args[1].text.len;
    }
}

struct rule_value call_split(struct rule_run *run, const struct rule_node *node,
                             const struct rule_value *args)
{
    int64_t limit = node->count == 3 ? args[2].integer : -1;
    struct rule_run again;
    size_t count = split_into(run, args, limit, NULL);

    if (run->steps_left < 0)
        return run_broke(node);
    struct rule_value *parts = run_take(run, count * sizeof *parts);
    if (!parts)
        return run_broke(node);
    again.steps_left = RULE_STEPS_MAX + 1;
    (void)split_into(&again, args, limit, parts);
    return rule_list(parts, count);
}

/* ---- substring, trim, reverse ------------------------------------------- */

struct rule_value call_substring(struct rule_run *run,
                                 const struct rule_node *node,
                                 const struct rule_value *args)
{
    int64_t count = count_of(args);
    int64_t from = args[1].integer;
    int64_t to = node->count == 3 ? args[2].integer : count;

    if (!run_spend(run, args->text.len / 32))
        return run_broke(node);
    if (from < 0 || from > count || to < 0 || to > count)
        return run_fail(node, out_of_range);
    if (from > to)
        return run_fail(node, "the part would end before it begins");
    return part_of(args, offset_of(args, from), offset_of(args, to));
}

static bool is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

struct rule_value call_trim(struct rule_run *run, const struct rule_node *node,
                            const struct rule_value *args)
{
    size_t from = 0, to = 0;
    bool has_begun = false;

    if (!run_spend(run, args->text.len / 64))
        return run_broke(node);
    for (size_t at = 0; at < args->text.len;) {
        uint32_t c;
        size_t took =
            text_decode(args->text.bytes + at, args->text.len - at, &c);

        if (!is_space(c)) {
            from = has_begun ? from : at;
            has_begun = true;
            to = at + took;
        }
        at += took;
    }
    return part_of(args, from, to);
}

struct rule_value call_reverse(struct rule_run *run,
                               const struct rule_node *node,
                               const struct rule_value *args)
{
    size_t len = args->text.len;
    char *bytes = run_take(run, len);

    if (!bytes)
        return run_broke(node);
    for (size_t at = 0; at < len;) {
        size_t took = step(args, at);

        memcpy(bytes + len - at - took, args->text.bytes + at, took);
        at += took;
    }
    return rule_text(bytes, len);
}
