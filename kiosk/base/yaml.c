/* The tree: nodes, their texts and their arrays come one after the other from
 * blocks of memory that hang on the root node, so that a tree is few
 * allocations and is freed at once.  While a list or map is open its entries
 * wait on one stack; when it ends they are copied into an array of that size.
 */
#include "kiosk/base/yaml.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>
#include <yaml.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/base/yaml_signs.h"

enum { FILE_MAX = 1024 * 1024, DEPTH_MAX = 32, BLOCK_BYTES = 16 * 1024 };

struct block {
    struct block *next;
    size_t used, room;
    _Alignas(max_align_t) char bytes[];
};

/* What yaml_tree_free finds from the root, its first member. */
struct tree {
    struct yaml root;
    struct block *blocks;
};

struct open_node {
    struct yaml *node;
    size_t first; /* its first entry on the stack */
};

struct reader {
    const char *file;
    const char *text;
    size_t len;
    struct problems *problems;
    bool goes_on;     /* behind what is refused but can be read */
    bool next_is_bad; /* the node that is made next */
    yaml_parser_t parser;
    struct tree *tree;
    bool has_root;
    struct open_node open[DEPTH_MAX];
    size_t depth;
    struct yaml **stack; /* keys and values in turn when a map is open */
    size_t stack_count, stack_room;
};

static void *tree_new(struct tree *tree, size_t size)
{
    struct block *block = tree->blocks;

    size = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    if (!block || block->room - block->used < size) {
        size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;

        block = mem_new(sizeof *block + room);
        block->room = room;
        block->next = tree->blocks;
        tree->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

static void tree_free(struct tree *tree)
{
    while (tree && tree->blocks) {
        struct block *next = tree->blocks->next;

        mem_free(tree->blocks);
        tree->blocks = next;
    }
    mem_free(tree);
}

static struct yaml *node_new(struct reader *reader, enum yaml_kind kind,
                             const yaml_mark_t *mark)
{
    struct yaml *node = reader->has_root ? tree_new(reader->tree, sizeof *node)
                                         : &reader->tree->root;

    reader->has_root = true;
    node->kind = kind;
    node->file = reader->file;
    node->line = (int)mark->line + 1;
    node->column = (int)mark->column + 1;
    node->is_bad = reader->next_is_bad;
    reader->next_is_bad = false;
    return node;
}

static enum err refuse(struct reader *reader, const yaml_mark_t *mark,
                       const char *what)
{
    problems_add(reader->problems, reader->file, (int)mark->line + 1,
                 (int)mark->column + 1, "%s", what);
    return ERR_BAD_INPUT;
}

/* What can be read all the same. */
static enum err refuse_softly(struct reader *reader, const yaml_mark_t *mark,
                              const char *what)
{
    enum err err = refuse(reader, mark, what);

    return reader->goes_on ? ERR_OK : err;
}

static enum err push(struct reader *reader, struct yaml *node,
                     const yaml_mark_t *mark)
{
    if (reader->depth > 0) {
        const struct open_node *open = &reader->open[reader->depth - 1];
        bool is_key = open->node->kind == YAML_MAP &&
                      (reader->stack_count - open->first) % 2 == 0;

        if (is_key && node->kind != YAML_TEXT)
            return refuse(reader, mark,
                          "a list or map cannot be a key: expected \"name:\"");
        if (is_key && node->is_plain && strcmp(node->text, "<<") == 0) {
            enum err err = refuse_softly(reader, mark,
                                         "merge keys are not used here: "
                                         "expected the keys themselves");
            if (err)
                return err;
            node->is_bad = true;
        }
    }
    if (reader->stack_count == reader->stack_room) {
        size_t room = reader->stack_room ? reader->stack_room * 2 : 64;

        reader->stack =
            mem_resize(reader->stack, reader->stack_room * sizeof node,
                       room * sizeof node);
        reader->stack_room = room;
    }
    reader->stack[reader->stack_count++] = node;
    return ERR_OK;
}

static enum err begin(struct reader *reader, enum yaml_kind kind,
                      const yaml_event_t *event)
{
    if (reader->depth == DEPTH_MAX)
        return refuse(reader, &event->start_mark,
                      "nested more than 32 deep: expected a simpler file");
    struct yaml *node = node_new(reader, kind, &event->start_mark);
    enum err err = push(reader, node, &event->start_mark);
    if (err)
        return err;
    reader->open[reader->depth].node = node;
    reader->open[reader->depth].first = reader->stack_count;
    reader->depth++;
    return ERR_OK;
}

static int compare_keys(const void *a, const void *b)
{
    const struct yaml *left = *(struct yaml *const *)a;
    const struct yaml *right = *(struct yaml *const *)b;
    int order = strcmp(left->text, right->text);

    if (order)
        return order;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return left->column < right->column ? -1 : left->column > right->column;
}

/* Sorted, equal keys are neighbours: a map of many keys costs little. */
static enum err check_keys(struct reader *reader, const struct yaml *map)
{
    enum err err = ERR_OK;
    struct yaml **sorted = mem_new(map->count * sizeof *sorted);

    for (size_t i = 0; i < map->count; i++)
        sorted[i] = map->keys[i];
    qsort(sorted, map->count, sizeof *sorted, compare_keys);
    for (size_t i = 1; i < map->count; i++) {
        const struct yaml *first = sorted[i - 1];
        struct yaml *again = sorted[i];

        if (strcmp(first->text, again->text) != 0)
            continue;
        problems_add(reader->problems, reader->file, again->line, again->column,
                     "\"%.60s\" stands here a second time (first in line %d): "
                     "expected each key once",
                     again->text, first->line);
        again->is_bad = true;
        err = ERR_BAD_INPUT;
    }
    mem_free(sorted);
    return reader->goes_on ? ERR_OK : err;
}

static struct yaml **array_of(struct reader *reader, size_t first, size_t count,
                              size_t step)
{
    struct yaml **array = tree_new(reader->tree, (count + 1) * sizeof *array);

    for (size_t i = 0; i < count; i++)
        array[i] = reader->stack[first + i * step];
    return array;
}

static enum err end(struct reader *reader)
{
    const struct open_node *open = &reader->open[--reader->depth];
    struct yaml *node = open->node;
    size_t entries = reader->stack_count - open->first;

    reader->stack_count = open->first;
    if (node->kind == YAML_LIST) {
        node->count = entries;
        node->items = array_of(reader, open->first, entries, 1);
        return ERR_OK;
    }
    node->count = entries / 2;
    node->keys = array_of(reader, open->first, node->count, 2);
    node->items = array_of(reader, open->first + 1, node->count, 2);
    return check_keys(reader, node);
}

/* The column of the text's first character, when the file's characters are the
 * text's own, one for one. */
static int text_column(const yaml_event_t *event, const char *text)
{
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    bool is_quoted =
        event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
        event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    size_t chars = event->end_mark.index - event->start_mark.index;

    if (event->start_mark.line != event->end_mark.line ||
        (!is_plain && !is_quoted) ||
        chars != text_count(text) + (is_quoted ? 2 : 0))
        return 0;
    return (int)event->start_mark.column + (is_quoted ? 2 : 1);
}

static enum err take_scalar(struct reader *reader, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;

    if (memchr(value, '\0', len))
        return refuse(reader, &event->start_mark,
                      "\\0 in a text: expected characters only");
    struct yaml *node = node_new(reader, YAML_TEXT, &event->start_mark);
    char *text = tree_new(reader->tree, len + 1);
    memcpy(text, value, len);
    node->text = text;
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text_column = text_column(event, text);
    return push(reader, node, &event->start_mark);
}

static enum err check_bare(struct reader *reader, const yaml_event_t *event,
                           const yaml_char_t *anchor, const yaml_char_t *tag)
{
    reader->next_is_bad = anchor || tag;
    if (anchor)
        return refuse_softly(reader, &event->start_mark,
                             "anchors (&name) are not used here: expected the "
                             "value itself");
    if (tag)
        return refuse_softly(reader, &event->start_mark,
                             "tags (!name) are not used here: expected the "
                             "value itself, in quotes when it begins with !");
    return ERR_OK;
}

/* In the place of the value that it stands for, so that what follows is read
 * rightly. */
static enum err take_alias(struct reader *reader, const yaml_event_t *event)
{
    enum err err =
        refuse_softly(reader, &event->start_mark,
                      "aliases (*name) are not used here: expected the value "
                      "itself, in quotes when it begins with *");
    if (err)
        return err;
    reader->next_is_bad = true;
    struct yaml *node = node_new(reader, YAML_TEXT, &event->start_mark);
    node->text = "";
    return push(reader, node, &event->start_mark);
}

static enum err take(struct reader *reader, const yaml_event_t *event)
{
    enum err err;

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (reader->has_root)
            return refuse(reader, &event->start_mark,
                          "a second document begins here: expected one only");
        return ERR_OK;
    case YAML_ALIAS_EVENT:
        return take_alias(reader, event);
    case YAML_SCALAR_EVENT:
        err = check_bare(reader, event, event->data.scalar.anchor,
                         event->data.scalar.tag);
        return err ? err : take_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        err = check_bare(reader, event, event->data.sequence_start.anchor,
                         event->data.sequence_start.tag);
        return err ? err : begin(reader, YAML_LIST, event);
    case YAML_MAPPING_START_EVENT:
        err = check_bare(reader, event, event->data.mapping_start.anchor,
                         event->data.mapping_start.tag);
        return err ? err : begin(reader, YAML_MAP, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return end(reader);
    default: /* libyaml's enum, not ours */
        return ERR_OK;
    }
}

/* libyaml says what it found; the person who wrote the file must hear what to
 * write instead. */
static const char *expected(const char *problem)
{
    static const struct {
        const char *found, *expected;
    } table[] = {
        { "mapping values are not allowed",
          "a second \":\" in one line: expected quotes around a text that "
          "holds \": \", or a key indented like its neighbours" },
        { "did not find expected key",
          "expected a key (\"name:\") indented like its neighbours" },
        { "could not find expected ':'",
          "expected \":\" after the key in this line or the one before" },
        { "did not find expected '-'",
          "expected \"- \" indented like its neighbours" },
        { "did not find expected ',' or ']'",
          "expected \",\" or \"]\": a list is open" },
        { "did not find expected ',' or '}'",
          "expected \",\" or \"}\": a map is open; between { and } a text that "
          "holds , or : stands in quotes" },
        { "found unexpected end of stream",
          "the file ends inside a quoted text: expected the closing quote" },
        { "found a tab character", "a tab: expected spaces for indentation" },
        { "found character that cannot start any token",
          "expected spaces instead of a tab, or quotes around a text that "
          "begins with @, ` or %" },
        { "control characters are not allowed",
          "a control character: expected readable text only" },
        { "found unknown escape character",
          "an unknown \\ escape: expected 'single quotes', or \\\\ for one "
          "\\" },
        { "found undefined tag handle",
          "tags (!name) are not used here: expected the value itself" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (problem && strstr(problem, table[i].found))
            return table[i].expected;
    return NULL;
}

/* Line and column of a byte, from 0 as libyaml has them. */
static yaml_mark_t mark_of(const struct reader *reader, size_t offset)
{
    yaml_mark_t mark = { 0 };

    for (size_t i = 0; i < offset && i < reader->len; i++) {
        if (reader->text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if ((reader->text[i] & 0xc0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

/* What an input method writes for : and , looks like them; true: told. */
static bool refuse_wide_sign(struct reader *reader, const char *problem,
                             yaml_mark_t mark, enum err *ret_err)
{
    size_t column;

    if (strstr(problem, "did not find expected ',' or '}'") &&
        yaml_wide_comma_before(reader->text, reader->len, mark.line,
                               mark.column)) {
        *ret_err = refuse(reader, &mark,
                          "\"，\" is no comma of YAML: expected \", \" before "
                          "this key, half width and with a space");
        return true;
    }
    if (strstr(problem, "mapping values are not allowed") &&
        yaml_wide_colon_behind_key(reader->text, reader->len, mark.line,
                                   &column)) {
        mark.column = column;
        *ret_err = refuse(reader, &mark,
                          "\"：\" is no colon of YAML: expected \": \" behind "
                          "the key, half width and with a space");
        return true;
    }
    return false;
}

static enum err refuse_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    yaml_mark_t mark = parser->error == YAML_READER_ERROR
                           ? mark_of(reader, parser->problem_offset)
                           : parser->problem_mark;
    const char *what = expected(parser->problem);
    enum err err;

    if (parser->error == YAML_MEMORY_ERROR)
        abort();
    if (what && refuse_wide_sign(reader, parser->problem, mark, &err))
        return err;
    if (what && strstr(parser->problem, "could not find expected ':'") &&
        yaml_has_wide_colon(reader->text, reader->len,
                            parser->context_mark.line))
        return refuse(reader, &parser->context_mark,
                      "\"：\" is no colon of YAML: expected \": \" behind the "
                      "key, half width and with a space");
    if (what)
        return refuse(reader, &mark, what);
    problems_add(reader->problems, reader->file, (int)mark.line + 1,
                 (int)mark.column + 1, "expected YAML: %s%s%s",
                 parser->context ? parser->context : "",
                 parser->context ? ", " : "",
                 parser->problem ? parser->problem : "cannot be read");
    return ERR_BAD_INPUT;
}

static enum err read_events(struct reader *reader)
{
    yaml_event_t event;
    enum err err = ERR_OK;
    bool is_end = false;

    while (!err && !is_end) {
        if (!yaml_parser_parse(&reader->parser, &event))
            return refuse_syntax(reader);
        is_end = event.type == YAML_STREAM_END_EVENT;
        err = take(reader, &event);
        yaml_event_delete(&event);
    }
    return err;
}

static enum err check_bytes(struct reader *reader)
{
    const unsigned char *text = (const unsigned char *)reader->text;
    yaml_mark_t mark = { 0 };

    if (reader->len > FILE_MAX) {
        (void)refuse(reader, &mark,
                     "the file is too long: expected at most 1 MiB");
        return ERR_TOO_BIG;
    }
    if (reader->len >= 2 && ((text[0] == 0xfe && text[1] == 0xff) ||
                             (text[0] == 0xff && text[1] == 0xfe)))
        return refuse(reader, &mark, "the file is UTF-16: expected UTF-8");
    if (reader->len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        return refuse(reader, &mark,
                      "the file begins with a byte-order mark: expected UTF-8 "
                      "without one");
    const uint8_t *broken = u8_check(text, reader->len);
    if (!broken)
        return ERR_OK;
    mark = mark_of(reader, (size_t)(broken - text));
    return refuse(reader, &mark, "a byte that is not UTF-8: expected UTF-8");
}

static enum err parse(const char *file, const char *text, size_t len,
                      bool goes_on, struct problems *problems,
                      struct yaml **ret_root)
{
    struct reader reader = {
        .file = file,
        .text = text,
        .len = len,
        .problems = problems,
        .goes_on = goes_on,
    };
    static const yaml_mark_t top = { 0 };
    enum err err = check_bytes(&reader);

    if (err)
        return err;
    if (!yaml_parser_initialize(&reader.parser))
        abort(); /* no memory */
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text,
                                 len);
    reader.tree = mem_new(sizeof *reader.tree);
    err = read_events(&reader);
    yaml_parser_delete(&reader.parser);
    mem_free(reader.stack);
    if (err) {
        tree_free(reader.tree);
        return err;
    }
    if (!reader.has_root)
        (void)node_new(&reader, YAML_MAP, &top);
    *ret_root = &reader.tree->root;
    return ERR_OK;
}

enum err yaml_parse(const char *file, const char *text, size_t len,
                    struct problems *problems, struct yaml **ret_root)
{
    return parse(file, text, len, false, problems, ret_root);
}

enum err yaml_parse_on(const char *file, const char *text, size_t len,
                       struct problems *problems, struct yaml **ret_root)
{
    return parse(file, text, len, true, problems, ret_root);
}

enum err yaml_read(const char *path, struct problems *problems,
                   struct yaml **ret_root)
{
    char *text;
    size_t len;
    enum err err = file_read(path, FILE_MAX, &text, &len);

    if (err) {
        problems_add(problems, path, 1, 1, "%s",
                     err == ERR_NOT_FOUND
                         ? "there is no such file: expected one here"
                     : err == ERR_TOO_BIG
                         ? "the file is too long: expected at most 1 MiB"
                         : "the file cannot be read: expected one that this "
                           "user may read");
        return err;
    }
    err = yaml_parse(path, text, len, problems, ret_root);
    mem_free(text);
    return err;
}

void yaml_tree_free(struct yaml *root)
{
    tree_free((struct tree *)root);
}

const struct yaml *yaml_get(const struct yaml *node, const char *key)
{
    if (!node || node->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->keys[i]->text, key) == 0)
            return node->items[i];
    return NULL;
}
