/* What an item's pages look at, from each page to the end.  Two ways that come
 * to a page with the same of it go on alike, so one of them is enough: that is
 * how parts of an item that have nothing to do with each other do not multiply.
 *
 * What is looked at are facts: what a rule, or a part of one, comes to as far as
 * its names are answered by then (of age >= 18 && kind == "a", before kind is
 * asked, age >= 18), and what else an answer tells.  Of everything that may be
 * found (a line, a stop, a page that comes) the facts it stands on are followed
 * back through the pages before it: where a page gives an answer that is looked
 * at, a rule over it falls into its parts, and all that decides whether the page
 * comes and what may be answered there is looked at, too; the latter also of a
 * page on which the way may end.  Each of these sets stands for itself.  A way is
 * walked on from a page when for any one of its sets this was not there before;
 * then each is tried as if it were walked alone.  Where that is so only of sets
 * that the page's answer has no part in, one answer is enough.
 *
 * Of two sets at a page, one within the other, the larger one is kept. */
#include "kiosk/flow/explorer_facts.h"

#include <stdio.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/slot.h"
#include "kiosk/flow/shared.h"

/* ---- Sets ----------------------------------------------------------------- */

static size_t words_of(const struct explorer *explorer)
{
    return explorer->fact_count / FACT_BITS + 1;
}

static void join(struct fact_set *set, const struct fact_set *other)
{
    for (size_t i = 0; i < FACT_WORDS; i++)
        set->bits[i] |= other->bits[i];
}

static bool is_within(const struct explorer *explorer,
                      const struct fact_set *set, const struct fact_set *in)
{
    for (size_t i = 0; i < words_of(explorer); i++)
        if (set->bits[i] & ~in->bits[i])
            return false;
    return true;
}

/* ---- What is looked at ------------------------------------------------------ */

/* Whether the step is shown. */
static void look_at_when(struct facing *facing, const struct step *step)
{
    char name[FACT_NAME_BYTES];

    fact_look_at_rule(facing, step->when);
    if (!step->group)
        return;
    if (step->entry > 1)
        snprintf(name, sizeof name, "%s_%d_more", step->group, step->entry - 1);
    else
        snprintf(name, sizeof name, "%s_any", step->group);
    fact_look_at(facing, name, FACT_VALUE);
}

static void look_at_prefill(struct facing *facing, const struct step *step)
{
    for (size_t i = 0; step->prefill && step->prefill[i]; i++) {
        fact_look_at(facing, step->prefill[i], FACT_VALUE);
        fact_look_at(facing, step->prefill[i], FACT_SOURCE);
    }
}

static void look_at_papers(struct facing *facing)
{
    const struct item *item = facing->explorer->item;

    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].material)
            fact_look_at(facing, item->steps[i].answer, FACT_VALUE);
}

/* Nobody is two people of one case. */
static void look_at_numbers(struct facing *facing)
{
    const struct item *item = facing->explorer->item;
    char name[PERSON_NAME_BYTES];

    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (person_is_card_step(step)) {
            person_answer(step, "number", name);
            fact_look_at(facing, name, FACT_VALUE);
        } else if (step->is_another_person) {
            fact_look_at(facing, step->answer, FACT_VALUE);
        }
    }
}

static void look_at_card(struct facing *facing, enum fact_look look)
{
    static const char *const names[] = { "card_number", "card_name",
                                         "card_birth", "card_kind" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        fact_look_at(facing, names[i], look);
}

/* What may be answered there, and where it stops. */
static void look_at_answers(struct facing *facing, size_t at)
{
    const struct explorer *explorer = facing->explorer;
    const struct step *step = &explorer->item->steps[at];
    unsigned page = item_screen_bit(step->screen);

    for (size_t i = 0; i < step->option_count; i++)
        fact_look_at_rule(facing, step->options[i].when);
    for (size_t i = 0; i < step->stop_count; i++)
        fact_look_at_rule(facing, step->stops[i].when);
    for (size_t i = 0; i < step->allowed_count; i++)
        if (step->allowed[i].severity == ALLOWED_ERROR)
            fact_look_at_rule(facing, step->allowed[i].must);
    fact_look_at_rule(facing, step->required);
    fact_look_at_rule(facing, step->value);
    look_at_prefill(facing, step);
    if (step->under)
        fact_look_at(facing, step->under, FACT_VALUE);
    if (step->not_before) {
        fact_look_at(facing, step->not_before, FACT_VALUE);
        fact_look_at(facing, step->not_before, FACT_SOURCE);
    }
    if (step->is_another_person)
        look_at_numbers(facing);
    if (explorer->pages[at].is_one_of_papers || page == ON_MATERIALS)
        look_at_papers(facing);
    if (page == ON_SLOT && slot_place_step(explorer->item, step))
        fact_look_at(facing, slot_place_step(explorer->item, step)->answer,
                     FACT_VALUE);
    if (page == ON_PAYMENT)
        fact_look_at(facing, step->amount, FACT_VALUE);
    if (page == ON_PAYMENT && step->about)
        fact_look_at(facing, step->about, FACT_VALUE);
    if (page == ON_SHARED) {
        look_at_card(facing, FACT_VALUE);
        fact_look_at(facing, "card_number", FACT_SOURCE);
    }
}

/* What is asked of a case that is sent. */
static void look_at_sent(struct facing *facing)
{
    const struct item *item = facing->explorer->item;

    fact_look_at(facing, "age", FACT_SOURCE);
    look_at_card(facing, FACT_THERE);
    if (item->anonymous_when_answer)
        fact_look_at(facing, item->anonymous_when_answer, FACT_VALUE);
    for (size_t i = 0; i < item->step_count; i++)
        if (item_screen_bit(item->steps[i].screen) == ON_CHECK)
            fact_look_at(facing, item->steps[i].answer, FACT_VALUE);
}

/* ---- What a page does ------------------------------------------------------ */

static bool has_error(const struct step *step)
{
    for (size_t i = 0; i < step->allowed_count; i++)
        if (step->allowed[i].severity == ALLOWED_ERROR)
            return true;
    return false;
}

/* What was answered before may leave nothing to choose there. */
static bool may_be_empty(const struct step *step)
{
    size_t ruled = 0;

    if (step->under)
        return true;
    for (size_t i = 0; i < step->option_count; i++)
        ruled += step->options[i].when != NULL;
    if (item_screen_bit(step->screen) == ON_CHOICES)
        return ruled > 0 && step->least > 0 &&
               (step->least > 1 || ruled == step->option_count);
    return ruled > 0 && ruled == step->option_count;
}

/* There is an answer that nobody gets past it with, or may be; of another page
 * there always is one that does. */
static bool may_end(const struct step *step)
{
    unsigned page = item_screen_bit(step->screen);
    bool has_way = step->way.in[LANGUAGE_EN] != NULL;

    if (step->stop_count > 0 || page == ON_CLOSING || step->is_fixed)
        return true;
    if (page & (ON_CHOICE | ON_CHOICES))
        return !has_way && (has_error(step) || may_be_empty(step));
    /* A field that refuses all that is tried is passed by. */
    return step->not_before || step->is_another_person;
}

static bool counts_before_card(const struct step *step)
{
    return item_screen_bit(step->screen) & (ON_CHOICE | ON_FIELD);
}

/* ---- Backwards -------------------------------------------------------------- */

/* One set says all that another does. */
static bool covers(const struct explorer *explorer, const struct fact_set *set,
                   const struct fact_set *other)
{
    return is_within(explorer, other, set) &&
           (set->is_of_answers || !other->is_of_answers);
}

/* The sets of one page; the larger of two, one within the other. */
static void add_set(struct explorer *explorer, struct page *page,
                    const struct fact_set *set)
{
    size_t kept = 0;

    for (size_t i = 0; i < page->set_count; i++)
        if (covers(explorer, &page->sets[i], set))
            return;
    for (size_t i = 0; i < page->set_count; i++)
        if (!covers(explorer, set, &page->sets[i]))
            page->sets[kept++] = page->sets[i];
    page->sets = mem_resize(page->sets, page->set_count * sizeof *page->sets,
                            (kept + 1) * sizeof *page->sets);
    page->sets[kept] = *set;
    page->set_count = kept + 1;
}

/* What is found on the page itself. */
static void add_own_sets(struct explorer *explorer, size_t at)
{
    const struct step *step = &explorer->item->steps[at];
    struct page *page = &explorer->pages[at];
    unsigned kind = item_screen_bit(step->screen);
    struct fact_set set = { .is_of_answers = false };
    struct facing facing = { explorer, &set, step };

    look_at_when(&facing, step);
    const struct fact_set shown = set;
    look_at_answers(&facing, at);
    set.is_of_answers = true;
    const struct fact_set answered = set;
    add_set(explorer, page, &set);
    for (size_t i = 0; i < page->mark_count; i++) {
        const struct mark *mark = &explorer->marks[page->first_mark + i];

        set = mark->kind == MARK_ALLOWED ? answered : shown;
        fact_look_at_rule(&facing, mark->when);
        if (mark->kind != MARK_STOP)
            add_set(explorer, page, &set);
    }
    set = shown;
    if (kind == ON_SEND)
        look_at_sent(&facing);
    if (kind == ON_CARD)
        fact_look_at(&facing, "", FACT_ASKED);
    add_set(explorer, page, &set);
}

/* A fact of the page behind it, as it is before the step; true: the step gives
 * some of it. */
static bool carry(struct facing *facing, size_t at)
{
    const struct fact fact = facing->explorer->facts[at];
    const struct step *step = facing->step;

    if (fact.look == FACT_ASKED) {
        fact_put(facing->set, at);
        return counts_before_card(step);
    }
    if (fact.look != FACT_PART) {
        if (!fact_is_own(step, fact.name))
            fact_put(facing->set, at);
        return fact_gives(step, fact.name);
    }
    fact_look_at_part(facing, fact.rule, fact.part);
    return fact_has_name(item_rule_program(fact.rule), fact.part, step);
}

/* The sets of the page behind it, as this page has them. */
static void add_later_sets(struct explorer *explorer, size_t at)
{
    const struct step *step = &explorer->item->steps[at];
    const struct page *later = &explorer->pages[at + 1];
    struct fact_set all = { .is_of_answers = false }, set;
    struct facing facing = { explorer, &all, step };

    look_at_when(&facing, step);
    look_at_answers(&facing, at);
    facing.set = &set;
    for (size_t i = 0; i < later->set_count; i++) {
        size_t count = explorer->fact_count;
        bool is_given = false;

        set = (struct fact_set){ .is_of_answers = false };
        for (size_t fact = 0; fact < count; fact++)
            if (fact_set_has(&later->sets[i], fact))
                is_given = carry(&facing, fact) || is_given;
        set.is_of_answers = is_given || may_end(step);
        if (set.is_of_answers)
            join(&set, &all);
        add_set(explorer, &explorer->pages[at], &set);
    }
}

/* Which page is the last one, where that is asked. */
static void add_end(struct explorer *explorer)
{
    const struct item *item = explorer->item;
    struct fact_set set = { .is_of_answers = false };
    struct facing facing = { explorer, &set, NULL };
    size_t at = explorer->has_closing ? item->step_count : 0;

    while (at-- > 0) {
        look_at_when(&facing, &item->steps[at]);
        if (!item->steps[at].when && !item->steps[at].group &&
            !computed_is(&item->steps[at]))
            break;
    }
    add_set(explorer, &explorer->pages[item->step_count], &set);
}

static void list_facts(const struct explorer *explorer, struct page *page)
{
    page->facts = mem_new((explorer->fact_count + 1) * sizeof *page->facts);
    for (size_t i = 0; i < explorer->fact_count; i++)
        for (size_t j = 0; j < page->set_count; j++)
            if (fact_set_has(&page->sets[j], i)) {
                page->facts[page->fact_count++] = (uint16_t)i;
                break;
            }
}

void explorer_make_looks(struct explorer *explorer)
{
    explorer->facts = mem_new(FACTS_MAX * sizeof *explorer->facts);
    add_end(explorer);
    for (size_t at = explorer->item->step_count; at-- > 0;) {
        add_own_sets(explorer, at);
        add_later_sets(explorer, at);
    }
    for (size_t at = 0; at < explorer->item->step_count; at++)
        list_facts(explorer, &explorer->pages[at]);
    explorer->fact_keys =
        mem_new((explorer->fact_count + 1) * sizeof *explorer->fact_keys);
}

void explorer_free_looks(struct explorer *explorer)
{
    for (size_t i = 0; i <= explorer->item->step_count; i++) {
        mem_free(explorer->pages[i].sets);
        mem_free(explorer->pages[i].facts);
    }
    mem_free(explorer->facts);
    mem_free(explorer->fact_keys);
    mem_free(explorer->seen.keys);
}
