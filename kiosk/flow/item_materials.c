/* A choice that is a paper gets its three answers; the page that sums the papers
 * up gets the rule by which it comes, and where it stops, as if its author had
 * written them. */
#include "kiosk/flow/item_load.h"
#include "kiosk/flow/materials.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"

enum { RULE_MAX = RULE_BYTES_MAX };

static const struct words brought = { { "带来了", "I have it with me" } };
static const struct words follows = { { "还没有，先办，过几天补来",
                                        "Not yet: go on, I bring it later" } };
static const struct words missing = { { "没有带来", "I do not have it" } };
static const struct words never = { { "没有，以后也补不来",
                                      "I cannot bring it, not later either" } };
static const struct words to_follow = { { "还要补交的材料",
                                          "Papers to bring later" } };
static const struct words lacking = {
    { "还缺办这件事要用的材料", "Papers that this needs are missing" }
};
static const struct words nothing_sent = { { "没有提交任何内容。",
                                             "Nothing was sent." } };
static const struct words come_again = { { "带齐材料再来办",
                                           "Come again with the papers" } };

void item_material_check(struct loader *loader, const struct yaml *node,
                         struct step *step)
{
    bool may_follow = step->material == MATERIAL_MAY_FOLLOW;
    static const char *const not_beside[] = { "options", "list", "under",
                                              "way" };
    size_t count = 0;

    for (size_t i = 0; i < sizeof not_beside / sizeof *not_beside; i++)
        if (yaml_get(node, not_beside[i]))
            item_complain(loader, yaml_get(node, not_beside[i]),
                          "a material has its own answers: \"%s\" does not "
                          "belong here",
                          not_beside[i]);
    if (step->options) /* refused just now */
        return;
    step->options = mem_new(3 * sizeof *step->options);
    step->options[count++] = (struct option){ .at = node,
                                              .value = MATERIAL_BROUGHT,
                                              .text = brought };
    if (may_follow)
        step->options[count++] = (struct option){ .at = node,
                                                  .value = MATERIAL_FOLLOWS,
                                                  .text = follows };
    step->options[count++] =
        (struct option){ .at = node,
                         .value = MATERIAL_MISSING,
                         .text = may_follow ? never : missing };
    step->option_count = count;
}

/* ---- The page that sums them up ------------------------------------------ */

/* A rule over the papers before this page, as its author would write it; NULL:
 * there are none. */
static const struct yaml *write_rule(struct loader *loader,
                                     const struct yaml *node,
                                     const char *between, const char *test)
{
    const struct item *item = loader->item;
    struct buf text;
    struct yaml *rule = NULL;

    buf_init(&text, RULE_MAX);
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (step->at == NULL || !step->material || !step->answer)
            continue;
        buf_add_format(&text, "%s%s%s", text.len ? between : "", step->answer,
                       test);
    }
    if (text.len > 0) {
        rule = item_make(loader->loaded, sizeof *rule + text.len + 1);
        *rule = *node;
        rule->kind = YAML_TEXT;
        rule->text_column = 0;
        rule->text =
            memcpy((char *)rule + sizeof *rule, text.text, text.len + 1);
    }
    buf_done(&text);
    return rule;
}

static void add_rule(struct loader *loader, const struct yaml *node,
                     struct step *step)
{
    const struct yaml *rule =
        write_rule(loader, node, " || ",
                   " in [\"" MATERIAL_FOLLOWS "\", \"" MATERIAL_MISSING "\"]");

    if (!rule) {
        item_complain(loader, node,
                      "no step before this asks for a material: expected one "
                      "with material: required or may follow");
        return;
    }
    item_load_rule(loader, rule, loader->known, &step->when);
    step->when_text = rule->text;
}

static void add_stop(struct loader *loader, const struct yaml *node,
                     struct step *step)
{
    const struct yaml *rule =
        write_rule(loader, node, " || ", " == \"" MATERIAL_MISSING "\"");

    if (!rule)
        return;
    step->stops = mem_new(sizeof *step->stops);
    step->stop_count = 1;
    *step->stops = (struct stop){ .at = node,
                                  .id = "papers_missing",
                                  .when_text = rule->text,
                                  .reason = lacking,
                                  .done = nothing_sent,
                                  .ways = { come_again },
                                  .way_count = 1 };
    item_load_rule(loader, rule, loader->known, &step->stops->when);
}

static void find_holidays(struct loader *loader, const struct yaml *node,
                          struct step *step)
{
    const char *fault = NULL;
    size_t at = 0;

    if (lists_get(loader->lists, "holidays", loader->problems,
                  &step->holidays)) {
        item_complain(loader, node,
                      "lists/holidays.tsv is needed for the day by which "
                      "papers are to follow");
        return;
    }
    while (at < step->holidays->count && !fault)
        fault = calendar_row_fault(&step->holidays->rows[at++]);
    if (fault)
        item_complain(loader, node, "list holidays, \"%.40s\": %s",
                      step->holidays->rows[at - 1].value, fault);
}

void item_materials_check(struct loader *loader, const struct yaml *node,
                          struct step *step)
{
    if (yaml_get(node, "when"))
        item_complain(loader, yaml_get(node, "when"),
                      "this page comes by itself when a paper is lacking: "
                      "\"when\" does not belong here");
    if (step->within.unverified)
        item_complain(loader, yaml_get(node, "within"),
                      "a person promises by this time: expected one that is "
                      "verified");
    find_holidays(loader, node, step);
    step->label = to_follow;
    if (step->when)
        return;
    add_rule(loader, node, step);
    add_stop(loader, node, step);
}
