#include "tests/mutate/tree.h"

#include <string.h>

#include <yaml.h>

#include "kiosk/base/mem.h"

enum { DEPTH_MAX = 40 };

struct made {
    struct made *next;
    _Alignas(max_align_t) char bytes[];
};

struct tree {
    char *text;
    size_t len;
    size_t *byte_of; /* of each character, and of the end */
    struct node *root;
    struct made *made;
};

/* While events are read: the lists and maps that are open, and the entries of
 * all of them on one stack. */
struct reader {
    struct tree *tree;
    struct node *open[DEPTH_MAX];
    size_t first[DEPTH_MAX];
    size_t depth;
    struct node **stack;
    size_t count, room;
};

static void *make(struct tree *tree, size_t size)
{
    struct made *made = mem_new(sizeof *made + size);

    made->next = tree->made;
    tree->made = made;
    return made->bytes;
}

/* libyaml counts characters. */
static void count_characters(struct tree *tree)
{
    size_t count = 0;

    tree->byte_of = mem_new((tree->len + 2) * sizeof *tree->byte_of);
    for (size_t i = 0; i < tree->len; i++)
        if (((unsigned char)tree->text[i] & 0xc0) != 0x80)
            tree->byte_of[count++] = i;
    tree->byte_of[count] = tree->len;
}

static struct node *node_of(struct reader *reader, enum node_kind kind,
                            const yaml_event_t *event)
{
    struct tree *tree = reader->tree;
    struct node *node = make(tree, sizeof *node);

    node->kind = kind;
    node->line = event->start_mark.line + 1;
    node->from = tree->byte_of[event->start_mark.index];
    node->to = tree->byte_of[event->end_mark.index];
    return node;
}

static void push(struct reader *reader, struct node *node)
{
    if (reader->count == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 256;

        reader->stack =
            mem_resize(reader->stack, reader->room * sizeof *reader->stack,
                       room * sizeof *reader->stack);
        reader->room = room;
    }
    reader->stack[reader->count++] = node;
    if (reader->depth == 0)
        reader->tree->root = node;
}

static enum node_style style_of(yaml_scalar_style_t style)
{
    return style == YAML_SINGLE_QUOTED_SCALAR_STYLE   ? STYLE_SINGLE
           : style == YAML_DOUBLE_QUOTED_SCALAR_STYLE ? STYLE_DOUBLE
           : style == YAML_PLAIN_SCALAR_STYLE         ? STYLE_PLAIN
                                                      : STYLE_BLOCK;
}

static void take_text(struct reader *reader, const yaml_event_t *event)
{
    struct tree *tree = reader->tree;
    struct node *node = node_of(reader, NODE_TEXT, event);
    size_t len = event->data.scalar.length;
    char *text = make(tree, len + 1);

    memcpy(text, event->data.scalar.value, len);
    node->text = text;
    node->style = style_of(event->data.scalar.style);
    /* A block ends where the next line begins. */
    while (node->to > node->from && strchr(" \n", tree->text[node->to - 1]))
        node->to--;
    push(reader, node);
}

static bool begin(struct reader *reader, enum node_kind kind, bool is_flow,
                  const yaml_event_t *event)
{
    struct node *node = node_of(reader, kind, event);

    if (reader->depth == DEPTH_MAX)
        return false;
    node->is_flow = is_flow;
    push(reader, node);
    reader->first[reader->depth] = reader->count;
    reader->open[reader->depth++] = node;
    return true;
}

static void end(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = reader->open[--reader->depth];
    size_t first = reader->first[reader->depth];
    size_t step = node->kind == NODE_MAP ? 2 : 1;

    node->count = (reader->count - first) / step;
    node->items = make(reader->tree, (node->count + 1) * sizeof *node->items);
    node->keys = make(reader->tree, (node->count + 1) * sizeof *node->keys);
    for (size_t i = 0; i < node->count; i++) {
        struct node *item = reader->stack[first + i * step + step - 1];

        item->around = node;
        item->at = i;
        node->items[i] = item;
        if (node->kind == NODE_MAP)
            node->keys[i] = reader->stack[first + i * step];
    }
    reader->count = first;
    /* Without brackets it ends with its last entry. */
    if (node->is_flow)
        node->to = reader->tree->byte_of[event->end_mark.index];
    else if (node->count > 0)
        node->to = node->items[node->count - 1]->to;
}

static bool take(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        take_text(reader, event);
        return true;
    case YAML_SEQUENCE_START_EVENT:
        return begin(reader, NODE_LIST,
                     event->data.sequence_start.style ==
                         YAML_FLOW_SEQUENCE_STYLE,
                     event);
    case YAML_MAPPING_START_EVENT:
        return begin(reader, NODE_MAP,
                     event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
                     event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        end(reader, event);
        return true;
    case YAML_ALIAS_EVENT:
        return false;
    default: /* libyaml's enum, not ours */
        return true;
    }
}

static bool read_events(struct reader *reader)
{
    struct tree *tree = reader->tree;
    yaml_parser_t parser;
    bool is_good = true, is_last = false;

    if (!yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)tree->text,
                                 tree->len);
    while (is_good && !is_last) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event)) {
            is_good = false;
            break;
        }
        is_last = event.type == YAML_STREAM_END_EVENT;
        is_good = take(reader, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return is_good && tree->root && tree->root->kind == NODE_MAP;
}

struct tree *tree_read(const char *text, size_t len)
{
    struct tree *tree = mem_new(sizeof *tree);
    struct reader reader = { .tree = tree };

    tree->text = mem_copy_bytes(text, len);
    tree->len = len;
    count_characters(tree);
    bool is_good = read_events(&reader);
    mem_free(reader.stack);
    if (is_good)
        return tree;
    tree_free(tree);
    return NULL;
}

void tree_free(struct tree *tree)
{
    if (!tree)
        return;
    while (tree->made) {
        struct made *next = tree->made->next;

        mem_free(tree->made);
        tree->made = next;
    }
    mem_free(tree->byte_of);
    mem_free(tree->text);
    mem_free(tree);
}

const struct node *tree_root(const struct tree *tree)
{
    return tree->root;
}

const char *tree_text(const struct tree *tree, size_t *ret_len)
{
    if (ret_len)
        *ret_len = tree->len;
    return tree->text;
}

const struct node *node_get(const struct node *node, const char *key)
{
    for (size_t i = 0; node && node->kind == NODE_MAP && i < node->count; i++)
        if (strcmp(node->keys[i]->text, key) == 0)
            return node->items[i];
    return NULL;
}
