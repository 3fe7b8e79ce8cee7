/* What the table of keys says, for editors (a JSON Schema, draft 07) and for
 * people (the tables in screens/items/README.md). */
#include "kiosk/flow/item_load.h"

#include <jansson.h>

#include <assert.h>
#include <string.h>

#include "kiosk/flow/card.h"
#include "kiosk/flow/shared.h"

/* ---- The schema --------------------------------------------------------- */

static json_t *string_of(const char *pattern)
{
    return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

/* What a file has without quotes may look like a number to an editor. */
static json_t *scalar(void)
{
    return json_pack("{s:[s, s, s]}", "type", "string", "number", "boolean");
}

static json_t *whole_number(int least, size_t most)
{
    return json_pack("{s:s, s:i, s:I}", "type", "integer", "minimum", least,
                     "maximum", (json_int_t)most);
}

static json_t *one_of(const char *words)
{
    json_t *names = json_array();
    const char *word;
    size_t len;

    for (size_t i = 0; (word = item_nth_word(words, i, &len)); i++) {
        if (len > 0)
            json_array_append_new(names, json_stringn(word, len));
        /* What an editor with YAML 1.1 takes it for. */
        if (len == 2 && memcmp(word, "no", len) == 0)
            json_array_append_new(names, json_false());
    }
    return json_pack("{s:o}", "enum", names);
}

static json_t *card_fields(void)
{
    json_t *names = json_array();

    for (size_t i = 0; card_field_names[i]; i++)
        json_array_append_new(names, json_string(card_field_names[i]));
    return json_pack("{s:s, s:b, s:{s:o}}", "type", "array", "uniqueItems", 1,
                     "items", "enum", names);
}

static json_t *record_names(void)
{
    json_t *names = json_array();

    for (size_t i = 0; i < SHARED_KINDS; i++)
        json_array_append_new(names, json_string(shared_kinds[i].name));
    return json_pack("{s:o}", "enum", names);
}

static json_t *list_of(json_t *entry, size_t most)
{
    json_t *list = json_pack("{s:s, s:i, s:o}", "type", "array", "minItems", 1,
                             "items", entry);

    if (most > 0)
        json_object_set_new(list, "maxItems", json_integer((json_int_t)most));
    return list;
}

static json_t *map_of(json_t *value)
{
    return json_pack("{s:s, s:i, s:o}", "type", "object", "minProperties", 1,
                     "additionalProperties", value);
}

static const char *definition_name(enum place place)
{
    static const char *const names[PLACE_COUNT] = {
        [PLACE_ITEM] = "item",           [PLACE_NEEDS] = "needs",
        [PLACE_NOTICE] = "notice",       [PLACE_ANONYMOUS] = "anonymous",
        [PLACE_STEP] = "step",           [PLACE_OPTION] = "option",
        [PLACE_STOP] = "stop",           [PLACE_LINE] = "line",
        [PLACE_CODES] = "codes",         [PLACE_TIME] = "time",
        [PLACE_FACT] = "fact",           [PLACE_TEST] = "test",
        [PLACE_TEST_CARD] = "test_card", [PLACE_OVERLAY] = "overlay",
        [PLACE_SLIP_PART] = "slip_part", [PLACE_SLIP_TABLE] = "slip_table",
        [PLACE_SLIP_ROW] = "slip_row",   [PLACE_SECTION] = "section",
        [PLACE_ALLOWED] = "allowed",
    };

    return names[place];
}

static json_t *reference(const char *name)
{
    return json_pack("{s:s+}", "$ref", "#/definitions/", name);
}

static void add_screen(json_t *list, unsigned bit)
{
    struct buf name;

    buf_init(&name, 64);
    item_screen_bits_text(bit, &name);
    json_array_append_new(list, json_string(name.text));
    buf_done(&name);
}

static json_t *screens(void)
{
    const char *const *names = item_known_screens();
    json_t *list = json_array();

    for (size_t i = 0; names && names[i]; i++)
        if (item_screen_bit(names[i]) != ON_ANOTHER)
            json_array_append_new(list, json_string(names[i]));
    for (unsigned bit = 1; names && bit < ON_OTHER; bit <<= 1)
        if (bit & ON_COMPOUND)
            add_screen(list, bit);
    if (names)
        json_array_append_new(list, json_string("computed")); /* no page */
    if (json_array_size(list) > 0)
        return json_pack("{s:o}", "enum", list);
    json_decref(list);
    return json_pack("{s:s}", "type", "string");
}

static json_t *cells(void)
{
    return list_of(
        json_pack("{s:[o, o]}", "anyOf", reference("words"), scalar()),
        ITEM_SLIP_COLUMNS_MAX);
}

/* A row that always stands there may be its cells alone. */
static json_t *entry_of(enum place place)
{
    json_t *map = reference(definition_name(place));

    return place == PLACE_SLIP_ROW
               ? json_pack("{s:[o, o]}", "anyOf", map, cells())
               : map;
}

static json_t *value_schema(const struct key_row *row)
{
    switch (row->kind) {
    case TAKES_ITEM_ID:
        return string_of("^[a-z0-9_-]{1,31}$");
    case TAKES_NAME:
        return string_of("^[a-z_][a-z0-9_]{0,30}$");
    case TAKES_HOURS:
        return string_of("^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$");
    case TAKES_CODE:
    case TAKES_LIMIT:
    case TAKES_VALUE:
    case TAKES_TEXT:
    case TAKES_DATE:
        return scalar();
    case TAKES_SCREEN:
        return screens();
    case TAKES_NUMBER:
        return whole_number(1, row->limit);
    case TAKES_COUNT:
        return whole_number(0, row->limit);
    case TAKES_PAGES:
        return map_of(map_of(json_true()));
    case TAKES_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case TAKES_WORD:
        return one_of(row->words);
    case TAKES_WORDS:
        return reference("words");
    case TAKES_RULE:
        return json_pack("{s:[s, s]}", "type", "string", "boolean");
    case TAKES_VALUE_RULE:
        return scalar();
    case TAKES_SOURCES:
        return list_of(string_of("^[a-z_][a-z0-9_]{0,30}$"), row->limit);
    case TAKES_CONDITIONS:
        return map_of(json_pack("{s:[s, s]}", "type", "string", "boolean"));
    case TAKES_LIST:
        return string_of("^[a-z0-9_-]{1,31}$");
    case TAKES_CARD_FIELDS:
        return card_fields();
    case TAKES_DIVISIONS:
        return list_of(json_pack("{s:[s, s], s:s}", "type", "string", "integer",
                                 "pattern", "^[0-9]{6}$"),
                       row->limit);
    case TAKES_WAYS:
        return list_of(reference("words"), row->limit);
    case TAKES_FILLED:
        return scalar();
    case TAKES_CELLS:
        return cells();
    case TAKES_PAPERS:
        return list_of(one_of("58mm|80mm|a4"), 3);
    case TAKES_NAMES:
        return list_of(scalar(), row->limit);
    case TAKES_ANSWERS:
        return map_of(json_pack(
            "{s:[o, o]}", "anyOf", scalar(),
            json_pack("{s:s, s:o}", "type", "array", "items", scalar())));
    case TAKES_OFFERS:
        return map_of(list_of(scalar(), 0));
    case TAKES_REFUSED:
        return map_of(map_of(scalar()));
    case TAKES_WARNED:
        return map_of(map_of(json_pack(
            "{s:[o, o]}", "anyOf", scalar(),
            json_pack("{s:s, s:o}", "type", "array", "items", scalar()))));
    case TAKES_CARDS:
        return map_of(reference(definition_name(row->inner)));
    case TAKES_RECORDS:
        return list_of(record_names(), row->limit);
    case TAKES_TEST_RECORDS:
        return map_of(map_of(scalar()));
    case TAKES_MAP:
        return reference(definition_name(row->inner));
    case TAKES_MAPS:
    case TAKES_TESTS:
        return list_of(entry_of(row->inner), row->limit);
    }
    return NULL;
}

/* A reference stands alone in draft 07: what is said beside it goes around. */
static json_t *property(const struct key_row *row)
{
    json_t *value = value_schema(row);

    if (json_object_get(value, "$ref"))
        value = json_pack("{s:[o]}", "allOf", value);
    json_object_set_new(value, "description", json_string(row->means));
    if (row->kind != TAKES_MAP && row->kind != TAKES_MAPS &&
        row->example[0] != '{' && row->example[0] != '[')
        json_object_set_new(value, "examples", json_pack("[s]", row->example));
    return value;
}

/* On this kind of page some keys are needed and others mean nothing. */
static json_t *page_rule(unsigned bit, const char *name)
{
    json_t *required = json_array(), *none = json_object();

    for (size_t i = 0; i < item_key_count; i++) {
        const struct key_row *row = &item_keys[i];

        if (row->place != PLACE_STEP)
            continue;
        if ((row->required & bit) && row->required != ON_ALL)
            json_array_append_new(required, json_string(row->name));
        if (!(row->allowed & bit))
            json_object_set_new(none, row->name, json_false());
    }
    return json_pack("{s:{s:{s:{s:s}}}, s:{s:o, s:o}}", "if", "properties",
                     "screen", "const", name, "then", "required", required,
                     "properties", none);
}

static void add_page_rules(json_t *step)
{
    json_t *rules = json_array();

    for (unsigned bit = 1; bit < ON_ALL; bit <<= 1) {
        struct buf name;

        if (bit == ON_OTHER)
            continue;
        buf_init(&name, 64);
        item_screen_bits_text(bit, &name);
        if (name.len > 0 && bit != ON_ANOTHER)
            json_array_append_new(rules, page_rule(bit, name.text));
        buf_done(&name);
    }
    json_object_set_new(step, "allOf", rules);
}

static json_t *definition(enum place place)
{
    json_t *properties = json_object(), *required = json_array();
    json_t *map;

    for (size_t i = 0; i < item_key_count; i++) {
        const struct key_row *row = &item_keys[i];

        if (row->place != place)
            continue;
        json_object_set_new(properties, row->name, property(row));
        if (row->required == ON_ALL)
            json_array_append_new(required, json_string(row->name));
    }
    map = json_pack("{s:s, s:b, s:o, s:o}", "type", "object",
                    "additionalProperties", 0, "properties", properties,
                    "required", required);
    if (place == PLACE_STEP)
        add_page_rules(map);
    return map;
}

static json_t *words(void)
{
    json_t *languages = json_object(), *required = json_array();

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const char *name = language_name((enum language)i);

        json_object_set_new(languages, name,
                            json_pack("{s:[s, s], s:i}", "type", "string",
                                      "number", "minLength", 1));
        json_array_append_new(required, json_string(name));
    }
    return json_pack("{s:s, s:b, s:o, s:o}", "type", "object",
                     "additionalProperties", 0, "properties", languages,
                     "required", required);
}

static int on_piece(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

void item_schema(struct buf *out)
{
    json_t *definitions = json_object(), *root;
    int failed;

    json_object_set_new(definitions, "words", words());
    for (int i = 0; i < PLACE_OVERLAY; i++)
        json_object_set_new(definitions, definition_name((enum place)i),
                            definition((enum place)i));
    /* What an overlay leaves out the item has. */
    root = json_pack("{s:s, s:s, s:{s:[s]}, s:{s:s}, s:o, s:o}", "$schema",
                     "http://json-schema.org/draft-07/schema#", "title",
                     "An item of the kiosk", "if", "required", "over", "then",
                     "type", "object", "else", reference("item"), "definitions",
                     definitions);
    failed = json_dump_callback(root, on_piece, out, JSON_INDENT(1));
    assert(!failed);
    buf_add_char(out, '\n');
    json_decref(root);
}

/* ---- The tables --------------------------------------------------------- */

/* A | would end the cell. */
static void add_cell(struct buf *out, const char *text)
{
    buf_add_text(out, " ");
    for (; *text; text++) {
        if (*text == '|')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
    buf_add_text(out, " |");
}

static const char *kind_name(enum takes kind)
{
    switch (kind) {
    case TAKES_ITEM_ID:
        return "name with -";
    case TAKES_CODE:
        return "code";
    case TAKES_HOURS:
        return "hours";
    case TAKES_NAME:
        return "name";
    case TAKES_VALUE:
        return "value";
    case TAKES_SCREEN:
        return "kind of page";
    case TAKES_NUMBER:
    case TAKES_COUNT:
        return "number";
    case TAKES_PAGES:
        return "parts with keys";
    case TAKES_LIMIT:
        return "limit";
    case TAKES_BOOL:
        return "true or false";
    case TAKES_WORD:
        return "one of";
    case TAKES_TEXT:
    case TAKES_FILLED:
        return "text";
    case TAKES_CELLS:
        return "list of words or texts";
    case TAKES_PAPERS:
        return "list of papers";
    case TAKES_DATE:
        return "day";
    case TAKES_WORDS:
        return "words";
    case TAKES_RULE:
    case TAKES_VALUE_RULE:
        return "rule";
    case TAKES_CONDITIONS:
        return "names with rules";
    case TAKES_LIST:
        return "list name";
    case TAKES_CARD_FIELDS:
    case TAKES_NAMES:
    case TAKES_SOURCES:
    case TAKES_RECORDS:
        return "list of names";
    case TAKES_DIVISIONS:
        return "list of codes";
    case TAKES_WAYS:
        return "list of words";
    case TAKES_ANSWERS:
        return "names with values";
    case TAKES_OFFERS:
        return "names with lists of values";
    case TAKES_CARDS:
    case TAKES_TEST_RECORDS:
    case TAKES_REFUSED:
    case TAKES_WARNED:
        return "names with maps";
    case TAKES_MAP:
        return "map";
    case TAKES_MAPS:
    case TAKES_TESTS:
        return "list of maps";
    }
    return "";
}

static void add_kind(struct buf *out, const struct key_row *row)
{
    struct buf text;
    const char *word;
    size_t len;

    buf_init(&text, 512);
    buf_add_text(&text, kind_name(row->kind));
    if (row->kind == TAKES_NUMBER || row->kind == TAKES_COUNT)
        buf_add_format(&text, " up to %zu", row->limit);
    for (size_t i = 0;
         row->words && (word = item_nth_word(row->words, i, &len)); i++)
        if (len > 0)
            buf_add_format(&text, " `%.*s`", (int)len, word);
    add_cell(out, text.text);
    buf_done(&text);
}

/* "**choice, field**, every other page" */
static void add_pages(struct buf *out, const struct key_row *row)
{
    struct buf text;
    unsigned may = row->allowed & ~row->required;

    buf_init(&text, 512);
    if (row->required == ON_ALL) {
        buf_add_text(&text, "**every step**");
    } else {
        if (row->required) {
            buf_add_text(&text, "**");
            item_screen_bits_text(row->required, &text);
            buf_add_text(&text, "**");
        }
        if (row->required && may)
            buf_add_text(&text, ", ");
        if (row->allowed == ON_ALL)
            buf_add_text(&text, "every step");
        else if (row->allowed == ON_PAGES)
            buf_add_text(&text,
                         row->required ? "every other page" : "every page");
        else
            item_screen_bits_text(may, &text);
    }
    add_cell(out, text.text);
    buf_done(&text);
}

static void add_row(struct buf *out, const struct key_row *row)
{
    struct buf code;

    buf_init(&code, 1024);
    buf_add_format(&code, "`%s`", row->name);
    buf_add_text(out, "|");
    add_cell(out, code.text);
    add_kind(out, row);
    if (row->place == PLACE_STEP)
        add_pages(out, row);
    else
        add_cell(out, row->required ? "yes" : "");
    add_cell(out, row->means);
    buf_clear(&code);
    buf_add_format(&code, "`%s: %s`", row->name, row->example);
    add_cell(out, code.text);
    buf_add_char(out, '\n');
    buf_done(&code);
}

void item_keys_tables(struct buf *out)
{
    for (int place = 0; place < PLACE_COUNT; place++) {
        buf_add_format(out, "### Keys of %s\n\n",
                       item_place_name((enum place)place));
        buf_add_format(out, "| key | is | %s | means | example |\n",
                       place == PLACE_STEP ? "on (bold: required)" : "needed");
        buf_add_text(out, "| --- | --- | --- | --- | --- |\n");
        for (size_t i = 0; i < item_key_count; i++)
            if ((int)item_keys[i].place == place)
                add_row(out, &item_keys[i]);
        buf_add_char(out, '\n');
    }
}
