#include "kiosk/rule/notation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/rule/moment.h"
#include "kiosk/rule/node.h"

enum { NUMBER_BYTES = 40 };

static enum err read_value(const json_t *json, struct rule_room *room,
                           int depth, struct rule_value *ret_value);

/* ---- Reading ------------------------------------------------------------ */

static enum err read_double(const json_t *json, struct rule_value *ret_value)
{
    const struct rule_function *convert =
        function_find("double", FUNCTION_GLOBAL, 1);
    struct rule_run run = { .steps_left = RULE_STEPS_MAX };
    struct rule_node nowhere = { 0 };

    if (json_is_number(json)) {
        *ret_value = rule_double(json_number_value(json));
        return ERR_OK;
    }
    if (!json_is_string(json))
        return ERR_BAD_INPUT;
    struct rule_value text =
        rule_text(json_string_value(json), json_string_length(json));
    *ret_value = convert->call(&run, &nowhere, &text);
    return ret_value->kind == RULE_DOUBLE ? ERR_OK : ERR_BAD_INPUT;
}

static enum err read_items(const json_t *json, struct rule_room *room,
                           int depth, bool is_map, struct rule_value *ret_value)
{
    size_t count = json_array_size(json), at = 0;
    struct rule_run run = { .steps_left = RULE_KEYS_STEPS_MAX };

    if (!json_is_array(json))
        return ERR_BAD_INPUT;
    if (count > RULE_ROOM_MAX / sizeof *ret_value / 2)
        return ERR_TOO_BIG;
    struct rule_value *items =
        rule_room_take(room, count * sizeof *items * (is_map ? 2 : 1));
    if (!items)
        return ERR_TOO_BIG;
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(json, i);

        if (is_map && json_array_size(entry) != 2)
            return ERR_BAD_INPUT;
        for (size_t j = 0; j < (is_map ? 2 : 1); j++) {
            enum err err = read_value(is_map ? json_array_get(entry, j) : entry,
                                      room, depth + 1, &items[at++]);
            if (err)
                return err;
        }
    }
    bool is_ok = !is_map || value_keys_differ(&run, items, count);
    if (run.steps_left < 0)
        return ERR_TOO_BIG;
    if (!is_ok)
        return ERR_BAD_INPUT;
    *ret_value = is_map ? rule_map(items, count) : rule_list(items, count);
    return ret_value->kind == RULE_ERROR ? ERR_BAD_INPUT : ERR_OK;
}

static enum err read_text(const char *key, const json_t *json,
                          struct rule_value *ret_value)
{
    if (!json_is_string(json))
        return ERR_BAD_INPUT;
    const char *text = json_string_value(json);
    size_t len = json_string_length(json);
    bool is_ok = true;

    if (strcmp(key, "string") == 0)
        *ret_value = rule_text(text, len);
    else if (strcmp(key, "timestamp") == 0)
        is_ok = moment_parse(text, len, ret_value);
    else if (strcmp(key, "duration") == 0)
        is_ok = duration_parse(text, len, ret_value);
    else
        is_ok = false;
    return is_ok ? ERR_OK : ERR_BAD_INPUT;
}

static enum err read_value(const json_t *json, struct rule_room *room,
                           int depth, struct rule_value *ret_value)
{
    if (depth > RULE_VALUE_DEPTH_MAX || json_object_size(json) != 1)
        return ERR_BAD_INPUT;
    /* jansson does not change it by looking. */
    void *entry = json_object_iter((json_t *)json);
    const char *key = json_object_iter_key(entry);
    const json_t *value = json_object_iter_value(entry);

    if (strcmp(key, "list") == 0 || strcmp(key, "map") == 0)
        return read_items(value, room, depth, key[0] == 'm', ret_value);
    if (strcmp(key, "double") == 0)
        return read_double(value, ret_value);
    if (strcmp(key, "int") == 0 && json_is_integer(value))
        *ret_value = rule_int(json_integer_value(value));
    else if (strcmp(key, "bool") == 0 && json_is_boolean(value))
        *ret_value = rule_bool(json_is_true(value));
    else if (strcmp(key, "null") == 0 && json_is_null(value))
        *ret_value = rule_null();
    else
        return read_text(key, value, ret_value);
    return ERR_OK;
}

enum err notation_read(const json_t *json, struct rule_room *room,
                       struct rule_value *ret_value)
{
    return read_value(json, room, 1, ret_value);
}

/* ---- Writing ------------------------------------------------------------ */

static json_t *write_double(double real)
{
    char text[NUMBER_BYTES];

    if (isnan(real))
        return json_string("nan");
    if (isinf(real))
        return json_string(real < 0 ? "-inf" : "inf");
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    return json_string(text);
}

/* Depth is limited wherever values are built. */
static json_t *write_list(const struct rule_value *value)
{
    json_t *array = json_array();

    for (size_t i = 0; i < value->list.count; i++)
        if (json_array_append_new(array,
                                  notation_write(&value->list.items[i]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *write_map(const struct rule_value *value)
{
    json_t *array = json_array();

    for (size_t i = 0; i < value->list.count; i++) {
        json_t *pair = json_array();
        bool is_ok = !json_array_append_new(
                         pair, notation_write(&value->list.items[2 * i])) &&
                     !json_array_append_new(
                         pair, notation_write(&value->list.items[2 * i + 1]));

        if (!is_ok) {
            json_decref(pair);
            json_decref(array);
            return NULL;
        }
        (void)json_array_append_new(array, pair);
    }
    return array;
}

static json_t *write_content(const struct rule_value *value)
{
    char text[MOMENT_TEXT_BYTES];

    switch (value->kind) {
    case RULE_NULL:
        return json_null();
    case RULE_BOOL:
        return json_boolean(value->boolean);
    case RULE_INT:
        return json_integer(value->integer);
    case RULE_DOUBLE:
        return write_double(value->real);
    case RULE_TEXT:
        return json_stringn(value->text.bytes, value->text.len);
    case RULE_LIST:
        return write_list(value);
    case RULE_MAP:
        return write_map(value);
    case RULE_TIMESTAMP:
        (void)moment_format(value, text);
        return json_string(text);
    case RULE_DURATION:
        (void)duration_format(value, text);
        return json_string(text);
    case RULE_ERROR:
    case RULE_ANY:
        break;
    }
    return NULL;
}

json_t *notation_write(const struct rule_value *value)
{
    static const char *const keys[] = {
        [RULE_NULL] = "null",        [RULE_BOOL] = "bool",
        [RULE_INT] = "int",          [RULE_DOUBLE] = "double",
        [RULE_TEXT] = "string",      [RULE_LIST] = "list",
        [RULE_MAP] = "map",          [RULE_TIMESTAMP] = "timestamp",
        [RULE_DURATION] = "duration"
    };
    json_t *content = write_content(value);

    if (!content)
        return NULL;
    json_t *object = json_object();
    (void)json_object_set_new(object, keys[value->kind], content);
    return object;
}
