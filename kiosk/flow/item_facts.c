/* Facts of an item's head: said once, filled into its texts by {name} while it
 * is loaded.  A fact that nobody has verified is shown to no citizen: only a
 * line may name it, and that line is left out. */
#include "kiosk/flow/item_load.h"

#include <stdio.h>
#include <string.h>

enum { FACT_BYTES = 16 * 1024 };

static const char *const facts[] = { "fee", "basis", "legal_time",
                                     "promised_time", "minutes" };
enum { FACT_COUNT = sizeof facts / sizeof *facts };

static size_t find(const char *name, size_t len)
{
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (strlen(facts[i]) == len && memcmp(facts[i], name, len) == 0)
            return i;
    return FACT_COUNT;
}

bool item_fact_is(const char *name, size_t len)
{
    return find(name, len) < FACT_COUNT;
}

/* Facts come first: what follows fills them in. */
void item_facts_read(struct loader *loader, const struct yaml *root)
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        const struct yaml *node = yaml_get(root, facts[i]);

        if (node)
            item_load_value(loader, item_key_find(PLACE_ITEM, facts[i]), node,
                            loader->item);
    }
}

void item_time_text(const struct item_time *time, enum language language,
                    struct buf *out)
{
    if (language == LANGUAGE_ZH_CN)
        buf_add_format(out, "%d %s", time->days,
                       time->working ? "个工作日" : "日");
    else
        buf_add_format(out, "%d %s%s", time->days,
                       time->working ? "working " : "",
                       time->days == 1 ? "day" : "days");
}

static bool add_time(const struct item_time *time, enum language language,
                     struct buf *out)
{
    if (time->days > 0)
        item_time_text(time, language, out);
    return time->days > 0;
}

static bool add_words(const struct item_fact *fact, enum language language,
                      struct buf *out)
{
    const char *text = fact->text.in[language];

    if (!text)
        return false;
    buf_add_text(out, text);
    return true;
}

/* False: the head does not say it. */
static bool add_fact(const struct item *item, size_t which,
                     enum language language, struct buf *out,
                     bool *ret_unverified)
{
    switch (which) {
    case 0:
        *ret_unverified = item->fee.unverified;
        return add_words(&item->fee, language, out);
    case 1:
        *ret_unverified = item->basis.unverified;
        return add_words(&item->basis, language, out);
    case 2:
        *ret_unverified = item->legal_time.unverified;
        return add_time(&item->legal_time, language, out);
    case 3:
        *ret_unverified = item->promised_time.unverified;
        return add_time(&item->promised_time, language, out);
    default:
        *ret_unverified = false;
        if (item->minutes > 0)
            buf_add_format(out, "%d", item->minutes);
        return item->minutes > 0;
    }
}

static void fill_one(struct loader *loader, const struct yaml *node,
                     size_t which, enum language language, struct buf *out)
{
    bool is_unverified = false;

    loader->facts_used |= 1u << which;
    if (!add_fact(loader->item, which, language, out, &is_unverified)) {
        item_complain(loader, node,
                      "{%s} is filled by nothing: the item has no \"%s\"",
                      facts[which], facts[which]);
        return;
    }
    if (is_unverified && loader->place != PLACE_LINE)
        item_complain(loader, node,
                      "\"%s\" is unverified and shown to no citizen: only a "
                      "line may name it, which is then left out",
                      facts[which]);
    loader->names_unverified = loader->names_unverified || is_unverified;
}

const char *item_facts_fill(struct loader *loader, const struct yaml *node,
                            enum language language)
{
    const char *text = node->text, *at = text;
    bool is_filled = false;
    struct buf out;

    if (!strchr(text, '{'))
        return text;
    buf_init(&out, FACT_BYTES);
    while (*at) {
        size_t plain = strcspn(at, "{");
        size_t len, which;

        buf_add(&out, at, plain);
        at += plain;
        if (!*at)
            break;
        len = strcspn(at + 1, "{}");
        which = at[1 + len] == '}' ? find(at + 1, len) : FACT_COUNT;
        if (which == FACT_COUNT) {
            buf_add_char(&out, *at++);
            continue;
        }
        fill_one(loader, node, which, language, &out);
        is_filled = true;
        at += len + 2;
    }
    if (is_filled) {
        char *kept = item_make(loader->loaded, out.len + 1);

        memcpy(kept, out.text, out.len + 1);
        text = kept;
    }
    buf_done(&out);
    return text;
}

void item_facts_check(struct loader *loader, const struct yaml *root)
{
    const struct item *item = loader->item;

    for (size_t i = 0; i < FACT_COUNT; i++)
        if (yaml_get(root, facts[i]) && !(loader->facts_used & 1u << i))
            item_warn(loader, yaml_get(root, facts[i]),
                      "no text names this fact: write {%s} where it is to be "
                      "read",
                      facts[i]);
    if (item->case_type == CASE_TYPE_IMMEDIATE && item->promised_time.days > 0)
        item_complain(loader, yaml_get(root, "promised_time"),
                      "what is done at once (case_type: immediate) has no "
                      "promised time");
    if (item->legal_time.days > 0 &&
        item->legal_time.working == item->promised_time.working &&
        item->promised_time.days > item->legal_time.days)
        item_complain(loader, yaml_get(root, "promised_time"),
                      "longer than the law allows: expected at most %d days",
                      item->legal_time.days);
}
