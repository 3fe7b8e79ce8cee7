#include "kiosk/flow/item_hash.h"

#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/crypto/crypto.h"

enum { LISTS_MAX = 64, TEXT_BYTES = 64 * 1024 };

/* Every list once, sorted by its name. */
struct used {
    const struct list *lists[LISTS_MAX];
    size_t count;
};

static void use(struct used *used, const struct list *list)
{
    size_t at = 0;

    if (!list || used->count == LISTS_MAX)
        return;
    while (at < used->count && strcmp(used->lists[at]->name, list->name) < 0)
        at++;
    if (at < used->count && strcmp(used->lists[at]->name, list->name) == 0)
        return;
    memmove(&used->lists[at + 1], &used->lists[at],
            (used->count - at) * sizeof used->lists[0]);
    used->lists[at] = list;
    used->count++;
}

static void on_rule(void *owner, const struct rule *rule)
{
    for (size_t i = 0; i < DIVISION_LISTS; i++)
        use(owner, rule->divisions[i]);
}

void item_hash(const struct item *item, const char *const *files,
               size_t file_count, char hash[65])
{
    struct used used = { .count = 0 };
    struct buf text;

    for (size_t i = 0; i < item->step_count; i++)
        use(&used, item->steps[i].list);
    item_each_rule(item, on_rule, &used);
    buf_init(&text, TEXT_BYTES);
    buf_add_text(&text, "kiosk-item 1\n");
    for (size_t i = 0; i < file_count; i++)
        buf_add_format(&text, "%s %s\n", i == 0 ? "file" : "overlay", files[i]);
    for (size_t i = 0; i < used.count; i++)
        buf_add_format(&text, "list %s %s\n", used.lists[i]->name,
                       used.lists[i]->hash);
    digest_hex(text.text, text.len, hash);
    buf_done(&text);
}
