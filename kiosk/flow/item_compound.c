/* What compound steps consist of, in one table: a range of months or days, a
 * division, an address, a person.  Each part is a page of its own, named after
 * the step (work_from), with words built in; pages: {from: {…}} says otherwise,
 * by the keys of an ordinary step. */
#include "kiosk/flow/item_expand.h"

#include <string.h>

/* Keys that every part has as the compound step has them. */
static const char *const passed_on[] = { "when", "why", "basis", "sensitive" };

/* What pages: may not say of a part: it is what the case means. */
static const char *const own[] = { "id",     "screen",     "type",
                                   "answer", "list",       "under",
                                   "when",   "not_before", "another_person" };

struct part {
    unsigned on; /* the compound steps that have it */
    const char *name;
    const char *screen, *type, *list; /* NULL: none */
    const char *under, *not_before;   /* the part that it stands on */
    bool is_another_person;
    const char *max; /* of a text, where the step says none */
    struct words label, ask;
};

/* In the order of the pages; {} is the compound step's label, or role. */
static const struct part parts[] = {
    { .on = ON_MONTH_RANGE,
      .name = "from",
      .screen = "field",
      .type = "month",
      .label = { { "{}（从）", "{} (from)" } },
      .ask = { { "{}：从哪年哪月开始？", "{}: from which month?" } } },
    { .on = ON_MONTH_RANGE,
      .name = "to",
      .screen = "field",
      .type = "month",
      .not_before = "from",
      .label = { { "{}（到）", "{} (to)" } },
      .ask = { { "{}：到哪年哪月为止？", "{}: until which month?" } } },
    { .on = ON_DATE_RANGE,
      .name = "from",
      .screen = "field",
      .type = "date",
      .label = { { "{}（从）", "{} (from)" } },
      .ask = { { "{}：从哪一天开始？", "{}: from which day?" } } },
    { .on = ON_DATE_RANGE,
      .name = "to",
      .screen = "field",
      .type = "date",
      .not_before = "from",
      .label = { { "{}（到）", "{} (to)" } },
      .ask = { { "{}：到哪一天为止？", "{}: until which day?" } } },
    { .on = ON_DIVISION | ON_ADDRESS,
      .name = "county",
      .screen = "choice",
      .list = "counties",
      .label = { { "{}：区县", "{}: county" } },
      .ask = { { "{}：在哪个区县？", "{}: which district or county?" } } },
    { .on = ON_DIVISION | ON_ADDRESS,
      .name = "township",
      .screen = "choice",
      .list = "townships",
      .under = "county",
      .label = { { "{}：乡镇街道", "{}: township" } },
      .ask = { { "{}：在哪个乡镇或街道？",
                 "{}: which township or subdistrict?" } } },
    { .on = ON_ADDRESS,
      .name = "street",
      .screen = "field",
      .type = "text",
      .max = "60",
      .label = { { "{}：路、小区、门牌", "{}: street" } },
      .ask = { { "{}：哪条路、哪个小区、几号？",
                 "{}: which street, estate and number?" } } },
    { .on = ON_PERSON,
      .name = "name",
      .screen = "field",
      .type = "text",
      .max = "50",
      .label = { { "{}的姓名", "Name of {}" } },
      .ask = { { "{}叫什么名字？", "What is the name of {}?" } } },
    { .on = ON_PERSON,
      .name = "relation",
      .screen = "choice",
      .label = { { "{}与您的关系", "Relation of {}" } },
      .ask = { { "{}是您的什么人？", "How is {} related to you?" } } },
    { .on = ON_PERSON,
      .name = "number",
      .screen = "field",
      .type = "id_number",
      .is_another_person = true,
      .label = { { "{}的身份证号", "ID number of {}" } },
      .ask = { { "{}的公民身份号码是多少？",
                 "What is the ID number of {}?" } } },
    { .on = ON_PERSON,
      .name = "born",
      .screen = "field",
      .type = "date",
      .label = { { "{}的出生日期", "Birth date of {}" } },
      .ask = { { "{}是哪一天出生的？", "When was {} born?" } } },
    { .on = ON_PERSON,
      .name = "phone",
      .screen = "field",
      .type = "mobile",
      .label = { { "{}的手机号码", "Mobile number of {}" } },
      .ask = { { "{}的手机号码是多少？",
                 "What is the mobile number of {}?" } } },
};

enum { PARTS = sizeof parts / sizeof *parts, PART_NAMES_BYTES = 128 };

static const struct {
    const char *value;
    struct words text;
} relations[] = {
    { "spouse", { { "配偶", "Husband or wife" } } },
    { "child", { { "子女", "Child" } } },
    { "parent", { { "父母", "Parent" } } },
    { "grandparent", { { "祖父母、外祖父母", "Grandparent" } } },
    { "sibling", { { "兄弟姐妹", "Brother or sister" } } },
    { "other", { { "其他", "Other" } } },
};

/* While one compound step is turned into its pages. */
struct compound {
    struct expansion *expansion;
    struct loader *loader;
    const struct yaml *step;
    const char *id;
    unsigned screen;
};

/* ---- Which parts --------------------------------------------------------- */

static const struct part *find_part(const struct compound *compound,
                                    const char *name)
{
    for (size_t i = 0; i < PARTS; i++)
        if ((parts[i].on & compound->screen) &&
            strcmp(parts[i].name, name) == 0)
            return &parts[i];
    return NULL;
}

static void complain_part(const struct compound *compound,
                          const struct yaml *at)
{
    const char *known[PARTS], *near = NULL;
    struct buf names;
    size_t count = 0;

    buf_init(&names, PART_NAMES_BYTES);
    for (size_t i = 0; i < PARTS; i++) {
        if (!(parts[i].on & compound->screen))
            continue;
        buf_add_format(&names, "%s%s", count ? ", " : "", parts[i].name);
        known[count++] = parts[i].name;
    }
    if (at->kind == YAML_TEXT)
        near = yaml_nearest(at->text, known, count);
    item_complain(compound->loader, at, "no such part: expected of %s%s%s%s",
                  names.text, near ? "; did you mean \"" : "", near ? near : "",
                  near ? "\"?" : "");
    buf_done(&names);
}

/* parts: is a list of names, each once. */
static void check_parts(const struct compound *compound)
{
    const struct yaml *list = yaml_get(compound->step, "parts");

    if (!list || list->is_bad)
        return;
    if (list->kind != YAML_LIST || list->count == 0) {
        item_complain(compound->loader, list,
                      "expected a list of parts, such as [name, phone]");
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml *entry = list->items[i];

        if (entry->kind != YAML_TEXT || !find_part(compound, entry->text)) {
            complain_part(compound, entry);
            continue;
        }
        for (size_t j = 0; j < i; j++)
            if (list->items[j]->kind == YAML_TEXT &&
                strcmp(list->items[j]->text, entry->text) == 0)
                item_complain(compound->loader, entry,
                              "the part \"%s\" stands here twice", entry->text);
    }
}

/* The node that asks for the part, or NULL. */
static const struct yaml *wanted(const struct compound *compound,
                                 const struct part *part)
{
    const struct yaml *list = yaml_get(compound->step, "parts");
    const struct yaml *depth = yaml_get(compound->step, "depth");

    if (!(part->on & compound->screen))
        return NULL;
    if (depth && depth->kind == YAML_TEXT &&
        strcmp(depth->text, "county") == 0 &&
        strcmp(part->name, "township") == 0)
        return NULL;
    if (compound->screen != ON_PERSON)
        return compound->step;
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->count; i++)
        if (list->items[i]->kind == YAML_TEXT &&
            strcmp(list->items[i]->text, part->name) == 0)
            return list->items[i];
    return NULL;
}

/* ---- What pages: says ---------------------------------------------------- */

static bool is_own(const char *key)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], key) == 0)
            return true;
    return false;
}

static void check_pages(const struct compound *compound)
{
    const struct yaml *pages = yaml_get(compound->step, "pages");

    if (!pages || pages->is_bad)
        return;
    if (pages->kind != YAML_MAP) {
        item_complain(compound->loader, pages,
                      "expected parts and what their pages say otherwise");
        return;
    }
    for (size_t i = 0; i < pages->count; i++) {
        const struct part *part = find_part(compound, pages->keys[i]->text);

        if (!part)
            complain_part(compound, pages->keys[i]);
        else if (!wanted(compound, part))
            item_complain(compound->loader, pages->keys[i],
                          "the part \"%s\" is not asked for here", part->name);
        else if (pages->items[i]->kind != YAML_MAP)
            item_complain(compound->loader, pages->items[i],
                          "expected keys of a step, such as ask: or label:");
    }
}

static void lay_page(const struct compound *compound, const struct part *part,
                     struct yaml *page)
{
    const struct yaml *over =
        yaml_get(yaml_get(compound->step, "pages"), part->name);

    if (!over || over->kind != YAML_MAP)
        return;
    for (size_t i = 0; i < over->count; i++) {
        const char *key = over->keys[i]->text;

        if (is_own(key)) {
            item_complain(compound->loader, over->keys[i],
                          "\"%s\" of this part is built in: expected it not "
                          "here",
                          key);
            continue;
        }
        expand_put(compound->loader, page, key, over->items[i]);
        /* A misspelt key is told where it stands. */
        for (size_t j = 0; j < page->count; j++)
            if (strcmp(page->keys[j]->text, key) == 0)
                page->keys[j] = over->keys[i];
    }
}

/* ---- A part's page ------------------------------------------------------- */

static void put_relations(const struct compound *compound,
                          const struct yaml *at, struct yaml *page)
{
    enum { COUNT = sizeof relations / sizeof *relations };
    struct loader *loader = compound->loader;
    struct yaml *list = expand_list(loader, at, COUNT);

    for (size_t i = 0; i < COUNT; i++) {
        struct yaml *option = expand_map(loader, at);

        expand_put_text(loader, option, at, "value", relations[i].value);
        expand_put_words(loader, option, at, "text", &relations[i].text);
        list->items[list->count++] = option;
    }
    expand_put(loader, page, "options", list);
}

static void put_limits(const struct compound *compound, const struct part *part,
                       const struct yaml *at, struct yaml *page)
{
    static const struct words until_now = { { "至今", "Until now" } };
    struct loader *loader = compound->loader;
    const char *open_end = expand_text_of(compound->step, "open_end");

    if (compound->screen & ON_RANGES) {
        expand_put(loader, page, "min", yaml_get(compound->step, "min"));
        expand_put(loader, page, "max", yaml_get(compound->step, "max"));
    }
    if (part->max)
        expand_put_text(loader, page, at, "max", part->max);
    if (part->max && compound->screen == ON_ADDRESS) {
        expand_put(loader, page, "max", yaml_get(compound->step, "max"));
        expand_put(loader, page, "way", yaml_get(compound->step, "way"));
    }
    if (part->not_before && open_end && strcmp(open_end, "true") == 0)
        expand_put_words(loader, page, at, "way", &until_now);
}

/* What other part it stands on, by the answer's name. */
static void put_link(const struct compound *compound, struct yaml *page,
                     const struct yaml *at, const char *key, const char *part)
{
    if (part)
        expand_put_text(
            compound->loader, page, at, key,
            expand_name(compound->loader, "%s_%s", compound->id, part));
}

/* What the pages are called by, where they have no words of their own. */
static const struct yaml *words_of(const struct compound *compound)
{
    return yaml_get(compound->step,
                    compound->screen == ON_PERSON ? "role" : "label");
}

static void put_words(const struct compound *compound, const struct part *part,
                      struct yaml *page)
{
    static const struct words missing = { { "名", "Name" } };
    const struct yaml *words = words_of(compound);

    if (!words) {
        /* That it is missing is told once, not again of each page. */
        expand_put_words(compound->loader, page, compound->step, "label",
                         &missing);
        expand_put_words(compound->loader, page, compound->step, "ask",
                         &missing);
        return;
    }
    expand_put(compound->loader, page, "label",
               expand_fill(compound->loader, &part->label, "", words));
    expand_put(compound->loader, page, "ask",
               expand_fill(compound->loader, &part->ask, "", words));
}

static void add_part(const struct compound *compound, const struct part *part,
                     const struct yaml *at, bool is_first)
{
    struct loader *loader = compound->loader;
    struct yaml *page = expand_map(loader, at);
    const struct yaml *id = yaml_get(compound->step, "id");

    expand_put_text(loader, page, id, "id",
                    expand_name(loader, "%s_%s", compound->id, part->name));
    expand_put_text(loader, page, at, "screen", part->screen);
    put_words(compound, part, page);
    if (part->type)
        expand_put_text(loader, page, at, "type", part->type);
    if (part->list)
        expand_put_text(loader, page, at, "list", part->list);
    put_link(compound, page, at, "under", part->under);
    put_link(compound, page, at, "not_before", part->not_before);
    if (part->is_another_person)
        expand_put_text(loader, page, at, "another_person", "true");
    if (strcmp(part->name, "relation") == 0)
        put_relations(compound, at, page);
    put_limits(compound, part, at, page);
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        expand_put(loader, page, passed_on[i],
                   yaml_get(compound->step, passed_on[i]));
    if (is_first)
        expand_put(loader, page, "hint", yaml_get(compound->step, "hint"));
    lay_page(compound, part, page);
    expand_add(compound->expansion, compound->step, page);
}

/* A word of the step's own, which no loaded struct has. */
static void check_word(const struct compound *compound, const char *key,
                       const char *one, const char *other)
{
    const struct yaml *node = yaml_get(compound->step, key);

    if (!node || node->is_bad)
        return;
    if (node->kind != YAML_TEXT ||
        (strcmp(node->text, one) != 0 && strcmp(node->text, other) != 0))
        item_complain(compound->loader, node, "expected %s or %s", one, other);
}

/* Where each page has words of its own these stand on none of them, and need
 * both languages all the same; told once where a page tells it, too. */
static void check_languages(const struct compound *compound)
{
    const struct yaml *words = words_of(compound);

    for (int i = 0; words && words->kind == YAML_MAP && i < LANGUAGE_COUNT; i++)
        if (!yaml_get(words, language_name((enum language)i)))
            item_complain(compound->loader, words, "the text in %s is missing",
                          language_name((enum language)i));
}

void expand_compound(struct expansion *expansion, const struct yaml *step,
                     unsigned screen)
{
    const struct compound compound = { .expansion = expansion,
                                       .loader = expansion->loader,
                                       .step = step,
                                       .id = expand_text_of(step, "id"),
                                       .screen = screen };
    bool is_first = true;

    check_word(&compound, "depth", "county", "township");
    check_word(&compound, "open_end", "true", "false");
    check_parts(&compound);
    check_pages(&compound);
    check_languages(&compound);
    for (size_t i = 0; i < PARTS; i++) {
        const struct yaml *at = wanted(&compound, &parts[i]);

        if (!at)
            continue;
        add_part(&compound, &parts[i], at, is_first);
        is_first = false;
    }
}
