/* Which values are equal, and which comes first, as CEL has it. */
#include <math.h>
#include <string.h>

#include "kiosk/rule/node.h"

static bool is_number(const struct rule_value *value)
{
    return value->kind == RULE_INT || value->kind == RULE_DOUBLE;
}

static enum order order_ints(int64_t left, int64_t right)
{
    return left < right   ? ORDER_LESS
           : left > right ? ORDER_GREATER
                          : ORDER_EQUAL;
}

static enum order order_reals(double left, double right)
{
    if (isnan(left) || isnan(right))
        return ORDER_NONE;
    return left < right   ? ORDER_LESS
           : left > right ? ORDER_GREATER
                          : ORDER_EQUAL;
}

/* The specification's tests and its libraries compare an int with a double as
 * two doubles, also where that rounds; so that a back end decides as we do, so
 * do we.  (A conversion never leaves the range: 2^63 is the least too large.) */
static enum order order_numbers(const struct rule_value *left,
                                const struct rule_value *right)
{
    if (left->kind == RULE_INT && right->kind == RULE_INT)
        return order_ints(left->integer, right->integer);
    return order_reals(
        left->kind == RULE_INT ? (double)left->integer : left->real,
        right->kind == RULE_INT ? (double)right->integer : right->real);
}

/* UTF-8 orders by bytes as its code points order. */
static enum order order_texts(const struct rule_value *left,
                              const struct rule_value *right)
{
    size_t shared =
        left->text.len < right->text.len ? left->text.len : right->text.len;
    int order =
        shared ? memcmp(left->text.bytes, right->text.bytes, shared) : 0;

    if (order != 0)
        return order < 0 ? ORDER_LESS : ORDER_GREATER;
    return order_ints((int64_t)left->text.len, (int64_t)right->text.len);
}

bool value_order(const struct rule_value *left, const struct rule_value *right,
                 enum order *ret_order)
{
    if (is_number(left) && is_number(right)) {
        *ret_order = order_numbers(left, right);
        return true;
    }
    if (left->kind != right->kind)
        return false;
    if (left->kind == RULE_TEXT)
        *ret_order = order_texts(left, right);
    else if (left->kind == RULE_BOOL)
        *ret_order = order_ints(left->boolean, right->boolean);
    else if (left->kind == RULE_DURATION)
        *ret_order = order_ints(left->duration_ns, right->duration_ns);
    else if (left->kind == RULE_TIMESTAMP)
        *ret_order =
            left->timestamp.seconds == right->timestamp.seconds
                ? order_ints(left->timestamp.nanos, right->timestamp.nanos)
                : order_ints(left->timestamp.seconds, right->timestamp.seconds);
    else
        return false;
    return true;
}

static bool equal_lists(struct rule_run *run, const struct rule_value *left,
                        const struct rule_value *right)
{
    if (left->list.count != right->list.count)
        return false;
    for (size_t i = 0; i < left->list.count; i++)
        if (!value_equal(run, &left->list.items[i], &right->list.items[i]))
            return false;
    return true;
}

static bool equal_maps(struct rule_run *run, const struct rule_value *left,
                       const struct rule_value *right)
{
    if (left->list.count != right->list.count)
        return false;
    for (size_t i = 0; i < left->list.count; i++) {
        const struct rule_value *found =
            value_find(run, right, &left->list.items[2 * i]);

        if (!found || !value_equal(run, &left->list.items[2 * i + 1], found))
            return false;
    }
    return true;
}

/* Recurs as deep as values are nested, which has its limit. */
bool value_equal(struct rule_run *run, const struct rule_value *left,
                 const struct rule_value *right)
{
    enum order order;

    if (!run_spend(run, 1))
        return false;
    if (value_order(left, right, &order)) {
        if (left->kind == RULE_TEXT && !run_spend(run, left->text.len / 64))
            return false;
        return order == ORDER_EQUAL;
    }
    if (left->kind != right->kind)
        return false;
    if (left->kind == RULE_LIST)
        return equal_lists(run, left, right);
    if (left->kind == RULE_MAP)
        return equal_maps(run, left, right);
    return left->kind == RULE_NULL;
}

bool value_is_key(const struct rule_value *value)
{
    return value->kind == RULE_INT || value->kind == RULE_BOOL ||
           value->kind == RULE_TEXT;
}

/* A double finds the int that it is exactly. */
const struct rule_value *value_find(struct rule_run *run,
                                    const struct rule_value *map,
                                    const struct rule_value *key)
{
    struct rule_value whole;

    if (key->kind == RULE_DOUBLE) {
        if (!(key->real >= -0x1p63 && key->real < 0x1p63) ||
            (double)(int64_t)key->real != key->real)
            return NULL;
        whole = rule_int((int64_t)key->real);
        key = &whole;
    }
    if (!value_is_key(key))
        return NULL;
    for (size_t i = 0; i < map->list.count; i++)
        if (value_equal(run, &map->list.items[2 * i], key))
            return &map->list.items[2 * i + 1];
    return NULL;
}

bool value_keys_differ(struct rule_run *run, const struct rule_value *pairs,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!value_is_key(&pairs[2 * i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (value_equal(run, &pairs[2 * i], &pairs[2 * j]))
                return false;
    }
    return true;
}
