#include "tests/mutate/edit.h"

#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"

enum { PUT_MAX = 1024 * 1024 };

void edit_done(struct edit *edit)
{
    mem_free(edit->put);
    edit->put = NULL;
}

struct edit edit_replace(size_t from, size_t to, const char *put, size_t len)
{
    struct edit edit = { from, to, mem_copy_bytes(put, len), len };

    return edit;
}

/* Where an entry begins: a key, or a dash. */
static size_t entry_start(const struct tree *tree, const struct node *node)
{
    const struct node *around = node->around;
    const char *text = tree_text(tree, NULL);
    size_t at = node->from;

    if (around->kind == NODE_MAP)
        return around->keys[node->at]->from;
    if (around->is_flow)
        return at;
    while (at > around->from && text[at - 1] != '-')
        at--;
    return at > around->from ? at - 1 : around->from;
}

struct edit edit_remove(const struct tree *tree, const struct node *node)
{
    const struct node *around = node->around;

    while (around->count == 1 && around->around) {
        node = around;
        around = node->around;
    }
    if (node->at + 1 < around->count)
        return edit_replace(entry_start(tree, node),
                            entry_start(tree, around->items[node->at + 1]), "",
                            0);
    return edit_replace(node->at > 0 ? around->items[node->at - 1]->to
                                     : entry_start(tree, node),
                        node->to, "", 0);
}

struct edit edit_swap(const struct tree *tree, const struct node *first,
                      const struct node *second)
{
    const char *text = tree_text(tree, NULL);
    struct buf put;

    buf_init(&put, PUT_MAX);
    buf_add(&put, text + second->from, second->to - second->from);
    buf_add(&put, text + first->to, second->from - first->to);
    buf_add(&put, text + first->from, first->to - first->from);
    struct edit edit = edit_replace(first->from, second->to, put.text, put.len);
    buf_done(&put);
    return edit;
}

void node_inside(const struct tree *tree, const struct node *node,
                 size_t *ret_from, size_t *ret_to)
{
    const char *text = tree_text(tree, NULL);
    bool is_quoted = node->style == STYLE_SINGLE || node->style == STYLE_DOUBLE;
    size_t from = node->from + is_quoted;

    if (node->style == STYLE_BLOCK) {
        while (from < node->to && text[from] != '\n')
            from++;
        while (from < node->to && strchr(" \n", text[from]))
            from++;
    }
    *ret_from = from;
    *ret_to = node->to - is_quoted;
}

struct edit edit_negate(const struct tree *tree, const struct node *rule)
{
    const char *text = tree_text(tree, NULL);
    bool is_plain = rule->style == STYLE_PLAIN;
    struct buf put;
    size_t from, to;

    node_inside(tree, rule, &from, &to);
    buf_init(&put, PUT_MAX);
    buf_add_text(&put, is_plain ? "'!(" : "!(");
    for (size_t i = from; i < to; i++) {
        if (is_plain && text[i] == '\'')
            buf_add_char(&put, '\'');
        buf_add_char(&put, text[i]);
    }
    buf_add_text(&put, is_plain ? ")'" : ")");
    struct edit edit = edit_replace(from, to, put.text, put.len);
    buf_done(&put);
    return edit;
}

char *edit_apply(const struct edit *edit, const char *text, size_t len,
                 size_t *ret_len)
{
    size_t behind = len - edit->to;
    char *made = mem_new(edit->from + edit->put_len + behind + 1);

    memcpy(made, text, edit->from);
    memcpy(made + edit->from, edit->put, edit->put_len);
    memcpy(made + edit->from + edit->put_len, text + edit->to, behind);
    *ret_len = edit->from + edit->put_len + behind;
    return made;
}
