/* What the table of keys cannot say: how the keys of a step, and the steps of
 * an item, go together. */
#include "kiosk/flow/item_load.h"
#include "kiosk/flow/record.h"

#include <string.h>

bool item_name_is_reserved(const char *name)
{
    static const char *const reserved[] = {
        "age",
        "assurance",
        "title",
        "authority",
        "unit",
        "contact",
        "later",
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
        "size",
        /* ids of the pages themselves, and what waits to be confirmed */
        "ask",
        "hint",
        "why",
        "way",
        "keys",
        "pending",
        "changed",
        "marked",
        "option",
    };

    if (strncmp(name, "card_", 5) == 0 || item_shared_is_name(name) ||
        item_fact_is(name, strlen(name)))
        return true;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

static const char *text_of(const struct yaml *node, const char *key)
{
    const struct yaml *value = yaml_get(node, key);

    return value && value->kind == YAML_TEXT ? value->text : NULL;
}

/* Pages that answer by the step's name where nothing else is said. */
enum {
    ON_ANSWERING = ON_CHOICE | ON_CHOICES | ON_FIELD | ON_CHECK |
                   ON_CERTIFICATE | ON_MATERIALS | ON_ANOTHER | ON_COMPUTED |
                   ON_SHARED | ON_SLOT | ON_RECORD | ON_PAYMENT
};

/* A misspelt screen is told once, not again by each rule that names what it
 * answers. */
static const char *screen_of(const struct yaml *step)
{
    const char *screen = text_of(step, "screen");

    return screen && !item_screen_is_known(screen) ? item_screen_nearest(screen)
                                                   : screen;
}

/* The node that names what the step answers, or NULL. */
static const struct yaml *answer_node(const struct yaml *step)
{
    const struct yaml *answer = yaml_get(step, "answer");
    const char *screen = screen_of(step);

    if (!answer && screen && (item_screen_bit(screen) & ON_ANSWERING))
        answer = yaml_get(step, "id");
    return answer && answer->kind == YAML_TEXT &&
                   item_name_is_ok(answer->text, false)
               ? answer
               : NULL;
}

static bool name_is_known(const struct loaded *loaded, const char *name)
{
    for (size_t i = 0; i < loaded->name_count; i++)
        if (strcmp(loaded->names[i].name, name) == 0)
            return true;
    return false;
}

static void collect_name(struct loader *loader, const struct yaml *node,
                         enum rule_kind kind, enum rule_kind element)
{
    struct loaded *loaded = loader->loaded;

    if (!node || loaded->name_count == loaded->name_room)
        return;
    if (item_person_claims(loader, node))
        return;
    if (item_name_is_reserved(node->text)) {
        item_complain(loader, node,
                      "the answer's name \"%s\" means something else "
                      "already: choose another",
                      node->text);
    } else if (name_is_known(loaded, node->text)) {
        item_complain(loader, node,
                      "another step gives the answer \"%s\" already",
                      node->text);
    } else {
        loaded->names[loaded->name_count++] =
            (struct rule_declared){ node->text, kind, element };
    }
}

static bool is_of_many(const struct yaml *step)
{
    const char *screen = screen_of(step);

    return screen && item_screen_bit(screen) == ON_CHOICES;
}

void item_collect_names(struct loader *loader, const struct yaml *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct entry_mark *mark =
            item_entry_mark(loader, steps->items[i]);

        item_person_collect(loader, steps->items[i]);
        if (is_of_many(steps->items[i]))
            collect_name(loader, answer_node(steps->items[i]), RULE_LIST,
                         RULE_TEXT);
        else
            collect_name(loader, answer_node(steps->items[i]), RULE_TEXT,
                         RULE_ANY);
        item_shared_collect(loader, steps->items[i]);
        if (mark && mark->is_last)
            collect_name(loader, mark->id, RULE_LIST, RULE_MAP);
    }
}

/* Behind its last page rules may name a group, unless its name is refused. */
static void know_group(struct loader *loader, const struct yaml *node)
{
    const struct entry_mark *mark = item_entry_mark(loader, node);
    const struct loaded *loaded = loader->loaded;

    if (mark && mark->is_last && loader->known < loaded->name_count &&
        loaded->names[loader->known].name == mark->id->text)
        loader->known++;
}

void item_step_begin(struct loader *loader, const struct yaml *node)
{
    const struct loaded *loaded = loader->loaded;
    const struct yaml *answer = answer_node(node);
    const char *screen = text_of(node, "screen");

    loader->screen = screen && item_screen_is_known(screen)
                         ? item_screen_bit(screen)
                         : ON_ALL;
    loader->own_answers =
        answer && loader->known < loaded->name_count &&
                loaded->names[loader->known].name == answer->text
            ? 1
            : item_person_names(loader, node);
    loader->own_answers +=
        item_shared_names(loader, node, loader->known + loader->own_answers);
}

/* The most rows that one page would show; those of one parent stand together
 * in the file. */
static size_t longest_page(const struct step *step)
{
    const struct list *list = step->list;
    size_t longest = 0, length = 0;

    if (!step->under)
        return list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0 &&
            strcmp(list->rows[i].parent, list->rows[i - 1].parent) != 0)
            length = 0;
        if (++length > longest)
            longest = length;
    }
    return longest;
}

static void check_list_length(struct loader *loader, const struct yaml *node,
                              const struct step *step)
{
    size_t longest = longest_page(step);

    if (longest > ITEM_OPTIONS_MAX)
        item_complain(loader, node,
                      "%zu rows on a page, of which %d can have a number: "
                      "use under",
                      longest, ITEM_OPTIONS_MAX);
}

static bool has_rows_under(const struct list *list, const char *parent)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].parent, parent) == 0)
            return true;
    return false;
}

/* Every parent has rows and every row a parent: no page without a choice.  Of
 * each kind of mistake the first is told. */
static void check_parents(struct loader *loader, const struct yaml *node,
                          const struct list *children,
                          const struct list *parents)
{
    for (size_t i = 0; i < children->count; i++) {
        const struct list_row *row = &children->rows[i];

        if (list_find(parents, row->parent))
            continue;
        item_complain(loader, node,
                      "list %s: the parent \"%s\" of \"%s\" is not in "
                      "list %s",
                      children->name, row->parent, row->value, parents->name);
        break;
    }
    for (size_t i = 0; i < parents->count; i++) {
        if (has_rows_under(children, parents->rows[i].value))
            continue;
        item_complain(loader, node,
                      "list %s has no row under \"%s\" of list %s",
                      children->name, parents->rows[i].value, parents->name);
        break;
    }
}

static bool takes_many(const struct step *step)
{
    return step->screen && item_screen_bit(step->screen) == ON_CHOICES;
}

static void check_under(struct loader *loader, const struct yaml *node,
                        const struct step *step)
{
    const struct item *item = loader->item;
    const struct yaml *at = yaml_get(node, "under");
    const struct step *parent = NULL;

    for (const struct step *other = item->steps; other < step; other++)
        if (other->answer && strcmp(other->answer, step->under) == 0)
            parent = other;
    if (!step->list || !parent || !parent->list || takes_many(parent)) {
        item_complain(loader, at,
                      "expected, on a step with a list, the answer of an "
                      "earlier step with a list");
        return;
    }
    check_parents(loader, at, step->list, parent->list);
    if (parent->way.in[LANGUAGE_EN] && !step->when)
        item_complain(loader, at,
                      "\"%s\" may be \"later\", and then there is nothing to "
                      "choose here: expected a when",
                      step->under);
}

static void check_choice(struct loader *loader, const struct yaml *node,
                         struct step *step)
{
    const struct yaml *options = yaml_get(node, "options");
    const struct yaml *list = yaml_get(node, "list");

    if (loader->screen == ON_CHOICES) {
        item_choices_check(loader, node, step);
    } else {
        item_choice_type_check(loader, node, step);
        item_alone_check(loader, step);
    }
    if (step->material)
        item_material_check(loader, node, step);
    else if (!options == !list && loader->screen == ON_CHOICES)
        item_complain(loader, node,
                      "a choice of many has either options or a list");
    else if (!options == !list && !yaml_get(node, "material") &&
             !yaml_get(node, "type"))
        item_complain(loader, node,
                      "a choice has either options or a list, or is a "
                      "material, or of type: yes_no");
    if (step->under && (step->list || !list))
        check_under(loader, node, step);
    if (step->list)
        check_list_length(loader, list, step);
    for (size_t i = 0; options && i < step->option_count; i++)
        for (size_t j = 0; j < i; j++)
            if (step->options[i].value && step->options[j].value &&
                strcmp(step->options[i].value, step->options[j].value) == 0)
                item_complain(loader, options->items[i],
                              "the value \"%s\" stands here twice",
                              step->options[i].value);
}

/* Two entries with the same id: the second one's node. */
static void check_ids(struct loader *loader, const struct yaml *node,
                      const char *key)
{
    const struct yaml *entries = yaml_get(node, key);

    if (!entries || entries->kind != YAML_LIST)
        return;
    for (size_t i = 0; i < entries->count; i++) {
        const char *id = text_of(entries->items[i], "id");

        for (size_t j = 0; id && j < i; j++) {
            const char *other = text_of(entries->items[j], "id");

            if (other && strcmp(id, other) == 0)
                item_complain(loader, yaml_get(entries->items[i], "id"),
                              "the id \"%s\" stands here twice", id);
        }
    }
}

/* The earlier step that answers by that name, or NULL. */
static const struct step *earlier(const struct loader *loader,
                                  const struct step *step, const char *name)
{
    for (const struct step *at = loader->item->steps; at < step; at++)
        if (name && at->answer && strcmp(at->answer, name) == 0)
            return at;
    return NULL;
}

static void check_payment(struct loader *loader, const struct yaml *node,
                          const struct step *step)
{
    const struct step *amount = earlier(loader, step, step->amount);
    const struct step *about = earlier(loader, step, step->about);

    if (step->amount && (!amount || amount->type != FIELD_TYPE_MONEY))
        item_complain(loader, yaml_get(node, "amount"),
                      "expected an earlier answer of type: money");
    if (step->about && (!about || !record_is_step(about)))
        item_complain(loader, yaml_get(node, "about"),
                      "expected an earlier step with screen: record");
}

void item_step_check(struct loader *loader, const struct yaml *node,
                     struct step *step)
{
    if (node->kind == YAML_MAP) {
        if (loader->screen == ON_CHOICE || loader->screen == ON_CHOICES)
            check_choice(loader, node, step);
        if (loader->screen == ON_FIELD)
            item_field_check(loader, node, step);
        if (loader->screen == ON_MATERIALS)
            item_materials_check(loader, node, step);
        if (loader->screen == ON_SLOT)
            item_slot_check(loader, node, step);
        if (loader->screen == ON_CARD)
            item_person_check(loader, node);
        if (loader->screen == ON_PAYMENT)
            check_payment(loader, node, step);
        if (loader->screen == ON_COMPUTED)
            item_computed_check(loader, node, step);
        if (loader->screen & (ON_CHOICE | ON_FIELD) && loader->screen != ON_ALL)
            item_asked_check(loader, node, step);
        item_why_check(loader, node, step);
        check_ids(loader, node, "allowed");
        check_ids(loader, node, "stops");
        check_ids(loader, node, "lines");
    }
    if (!step->answer && loader->screen != ON_ALL &&
        (loader->screen & ON_ANSWERING))
        step->answer = step->id;
    loader->known += loader->own_answers;
    loader->own_answers = 0;
    know_group(loader, node);
    item_entry_take(loader, node, step);
}

static void check_id(struct loader *loader, const struct yaml *root,
                     const char *file_name)
{
    const char *id = loader->item->id;
    size_t len = strlen(file_name) - strlen(".yaml");

    if (id && (strlen(id) != len || strncmp(id, file_name, len) != 0))
        item_complain(loader, yaml_get(root, "id"),
                      "expected \"%.*s\", as the file is called", (int)len,
                      file_name);
}

static void check_anonymous(struct loader *loader, const struct yaml *root)
{
    const struct item *item = loader->item;
    const struct yaml *node = yaml_get(root, "anonymous");

    if (!item->anonymous_when_answer || !item->anonymous_when_value)
        return;
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (!step->answer || takes_many(step) ||
            strcmp(step->answer, item->anonymous_when_answer) != 0)
            continue;
        for (size_t j = 0; j < step->option_count; j++)
            if (step->options[j].value &&
                strcmp(step->options[j].value, item->anonymous_when_value) == 0)
                return;
    }
    item_complain(loader, node,
                  "expected the answer of a choice and one of its options' "
                  "values");
}

static void check_card(struct loader *loader, const struct yaml *root,
                       const struct yaml *step, bool is_other)
{
    const struct item *item = loader->item;

    if (!is_other && !item->card_fields[0])
        item_complain(loader, step,
                      "a card is read, but \"card_fields\" says nothing is "
                      "needed of it");
    if (!is_other)
        item_person_check_own(loader, step);
    if (!yaml_get(root, "notice"))
        item_complain(loader, step,
                      "a card is read, but there is no \"notice\"");
    if (item->reader == NEED_NO)
        item_complain(loader, step,
                      "a card is read: needs.reader cannot be \"no\"");
}

/* What the item says of the person must be what its pages can find out. */
static void check_assurance(struct loader *loader, const struct yaml *root,
                            unsigned seen)
{
    enum assurance sure = loader->item->assurance;
    const struct yaml *node = yaml_get(root, "assurance");

    if (!node)
        return;
    if (sure >= ASSURANCE_TYPED && !(seen & ON_CARD))
        item_complain(loader, node, "\"%s\" needs a step with screen: card",
                      assurance_name(sure));
    if ((sure == ASSURANCE_CODE || sure == ASSURANCE_CARD_CHECK) &&
        !(seen & ON_CHECK))
        item_complain(loader, node, "\"%s\" needs a step with screen: check",
                      assurance_name(sure));
}

/* A number that is typed is less than a card. */
static void check_may_type(struct loader *loader, const struct yaml *node,
                           const struct step *step)
{
    if (step->may_type && loader->item->assurance > ASSURANCE_CODE)
        item_complain(loader, node,
                      "the item's assurance is \"%s\": the number cannot be "
                      "typed instead",
                      assurance_name(loader->item->assurance));
}

static bool keeps_number(const struct item *item)
{
    for (size_t i = 0; item->card_fields[i]; i++)
        if (strcmp(item->card_fields[i], "number") == 0)
            return true;
    return false;
}

/* How often each kind of page stands in the item, and where it may. */
static void check_order(struct loader *loader, const struct yaml *root,
                        const struct yaml *steps)
{
    const struct yaml *paper = NULL; /* the last */
    const unsigned ends = ON_RESULT | ON_CERTIFICATE | ON_CASES;
    unsigned seen = 0;

    for (size_t i = 0; i < steps->count; i++) {
        const struct yaml *node = steps->items[i];
        const char *screen = text_of(node, "screen");
        unsigned bit = screen ? item_screen_bit(screen) : ON_OTHER;
        bool is_other = bit == ON_CARD && yaml_get(node, "person");
        const unsigned once = ON_CARD | ON_REVIEW | ON_DECLARE | ON_SEND |
                              ON_RESULT | ON_CHECK | ON_CERTIFICATE | ON_CASES |
                              ON_MATERIALS | ON_TASKS | ON_SLOT;

        if (is_other) {
            check_card(loader, root, node, true);
            bit = ON_FIELD; /* one more thing that is asked */
        }
        if (bit & seen & once)
            item_complain(loader, node, "a second step with screen: %s",
                          screen);
        if (seen & ends)
            item_complain(loader, node, "nothing stands after the result");
        if ((seen & ON_REVIEW) &&
            !(bit & (ON_REVIEW | ON_DECLARE | ON_SEND | ON_RESULT)))
            item_complain(loader, node,
                          "what is asked after the review was not reviewed");
        if ((bit & (ON_SEND | ON_DECLARE)) && !(seen & ON_REVIEW))
            item_complain(loader, node,
                          "expected a step with screen: review before this");
        if (!(bit & ON_RESULT) != !(seen & ON_SEND))
            item_complain(loader, node,
                          "expected the result right after send, and only "
                          "there");
        if (bit == ON_CARD) {
            check_card(loader, root, node, false);
            check_may_type(loader, node, &loader->item->steps[i]);
        }
        if ((bit & (ON_CHECK | ON_RECORD)) && !(seen & ON_CARD))
            item_complain(loader, node,
                          "expected a step with screen: card before this");
        if (bit == ON_RECORD && !keeps_number(loader->item))
            item_complain(loader, node,
                          "a person's records are found by their number: "
                          "expected number among card_fields");
        if (loader->item->steps[i].material)
            paper = node;
        if ((seen & ON_MATERIALS) && loader->item->steps[i].material)
            item_complain(loader, node,
                          "a material after the page that sums them up: "
                          "expected it before");
        if (bit == ON_CERTIFICATE && !(seen & ON_CHECK))
            item_complain(loader, node,
                          "expected a step with screen: check before this");
        seen |= bit;
    }
    if (paper && !(seen & ON_MATERIALS))
        item_complain(loader, paper,
                      "nothing comes of a paper that is missing: expected a "
                      "step with screen: materials after the last paper");
    if ((seen &
         (ON_CARD | ON_CHOICE | ON_CHOICES | ON_FIELD | ON_SLOT | ON_SEND)) &&
        !(seen & (ends | ON_CLOSING)))
        item_complain(loader, steps,
                      "something is asked, but no step with screen: send and "
                      "then one with screen: result ends the item");
    item_closing_check(loader, steps);
    item_shared_check(loader, steps);
    check_assurance(loader, root, seen);
}

void item_check(struct loader *loader, const struct yaml *root,
                const char *file_name)
{
    const struct yaml *steps = yaml_get(root, "steps");

    check_id(loader, root, file_name);
    check_anonymous(loader, root);
    check_ids(loader, root, "steps");
    /* A list that was refused as a whole has no step to ask about. */
    if (steps && steps->kind == YAML_LIST &&
        steps->count == loader->item->step_count)
        check_order(loader, root, steps);
    if (steps && steps->kind == YAML_LIST &&
        steps->count == loader->item->step_count)
        item_tasks_check(loader, steps);
}
