/* Every way through an item that its rules can tell apart, walked with the
 * engine that the terminal uses: of each choice every value that a rule names
 * and one that none does, of the card every kind and the ages beside each
 * number that a rule compares with.  What never came on any way is dead. */
#include "kiosk/flow/explorer.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/case_needs.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/person.h"

enum {
    WORK_MAX = 4000000, /* rules looked at and rows passed: about a second */
    MANY_ANSWERS = 64,
    GROUP_WORK = 4 /* for each answer */
};

static void explore(struct explorer *explorer, int from);

/* This page was answered; false: it stops there. */
bool explorer_go_on(struct explorer *explorer, int at)
{
    if (explorer_look(explorer, at, MARK_STOP))
        return false;
    explore(explorer, at);
    return true;
}
/* How sure one is of the person on this way. */
static enum assurance assurance_here(const struct explorer *explorer)
{
    const struct item *item = explorer->item;
    const struct answers *answers = explorer->answers;
    enum source source = answers_source(answers, "age");
    bool is_card = source == SOURCE_CARD;

    if (source == SOURCE_NONE)
        return ASSURANCE_NONE;
    for (size_t i = 0; i < item->step_count; i++) {
        const char *way = item_screen_bit(item->steps[i].screen) == ON_CHECK
                              ? answers_get(answers, item->steps[i].answer)
                              : NULL;

        if (way && strcmp(way, "none") != 0)
            return is_card ? ASSURANCE_CARD_CHECK : ASSURANCE_CODE;
    }
    return is_card ? ASSURANCE_CARD : ASSURANCE_TYPED;
}

/* What would be sent on this way lacks something that the hub needs. */
static void look_at_case(struct explorer *explorer, int at)
{
    enum assurance assurance = assurance_here(explorer);
    const struct case_need *need;
    char way[EXPLORER_WAY_BYTES], message[EXPLORER_WAY_BYTES + 300];
    size_t next = 0;

    while ((need = case_lacks(explorer->item, explorer->answers, assurance,
                              &next))) {
        unsigned bit = 1u << next;

        if (explorer->lacks & bit)
            continue;
        explorer->lacks |= bit;
        explorer_add_way(explorer, way);
        snprintf(message, sizeof message,
                 "a case sent here after %s lacks \"%s\": %s",
                 *way ? way : "the beginning", need->name, need->what);
        explorer_tell(explorer, SEVERITY_ERROR, explorer->item->steps[at].at,
                      message);
    }
}

/* Before the card a person only finds out whether this machine can help. */
static void look_before_card(struct explorer *explorer, int at)
{
    const struct item *item = explorer->item;
    char way[EXPLORER_WAY_BYTES], message[EXPLORER_WAY_BYTES + 200];

    if (explorer->asked <= BEFORE_CARD_MAX || explorer->has_late_card)
        return;
    explorer->has_late_card = true;
    explorer_add_way(explorer, way);
    snprintf(message, sizeof message,
             "%zu questions stand before the card after %s: expected at most "
             "%d, and the others behind it",
             explorer->asked, way, BEFORE_CARD_MAX);
    explorer_tell(explorer, SEVERITY_WARNING, item->steps[at].at, message);
}

static void visit(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    unsigned page = item_screen_bit(step->screen);

    bool is_asked = page & (ON_CHOICE | ON_FIELD);

    explorer->asked += is_asked;
    (void)explorer_look(explorer, at, MARK_OPTION);
    (void)explorer_look(explorer, at, MARK_LINE);
    (void)explorer_look(explorer, at, MARK_SLIP);
    (void)explorer_look(explorer, at, MARK_REQUIRED);
    if (page == ON_CARD) {
        look_before_card(explorer, at);
        explorer_try_card(explorer, at);
    } else if (page == ON_CHOICE) {
        explorer_try_choice(explorer, at);
    } else if (page == ON_CHOICES) {
        explorer_try_choices(explorer, at);
    } else if (page == ON_FIELD) {
        explorer_try_field(explorer, at);
    } else if (page == ON_CHECK) {
        explorer_try_check(explorer, at);
    } else if (page == ON_SHARED) {
        explorer_try_shared(explorer, at);
    } else if (page == ON_RECORD) {
        explorer_try_record(explorer, at);
    } else if (page == ON_PAYMENT) {
        /* Who does not pay goes no further. */
        explorer_try_payment(explorer, at);
    } else if (page == ON_ANOTHER) {
        explorer_try_another(explorer, at);
    } else if (page == ON_MATERIALS) {
        explorer_try_promise(explorer, at);
    } else if (page == ON_SLOT) {
        explorer_try_slot(explorer, at);
    } else if (page == ON_CERTIFICATE) {
        (void)explorer_go_on(explorer, at);
        (void)explorer_try(explorer, at, "none");
    } else if (page == ON_CLOSING) {
        explorer->ends++;
    } else {
        if (page == ON_SEND)
            look_at_case(explorer, at);
        if (step->answer)
            explorer->rules.has_free =
                true; /* a page that answers as it likes */
        (void)explorer_go_on(explorer, at);
    }
    explorer->asked -= is_asked;
}

/* Where there are closing pages, some way may have neither one nor a result:
 * told once. */
static void look_at_end(struct explorer *explorer, int from)
{
    const unsigned ends = ON_RESULT | ON_CERTIFICATE | ON_CASES;
    const struct item *item = explorer->item;
    char way[EXPLORER_WAY_BYTES], message[EXPLORER_WAY_BYTES + 200];

    if (!explorer->has_closing || explorer->has_open_end ||
        (from >= 0 && (item_screen_bit(item->steps[from].screen) & ends)))
        return;
    explorer->has_open_end = true;
    explorer_add_way(explorer, way);
    snprintf(message, sizeof message,
             "nothing ends the item after %s: expected a closing page there, "
             "or a step with screen: send and then one with screen: result",
             *way ? way : "the beginning");
    explorer_tell(explorer, SEVERITY_ERROR, yaml_get(item->root, "steps"),
                  message);
}

/* Told once of each step. */
static void tell_mistake(struct explorer *explorer, int at, const char *mistake)
{
    const struct step *step = &explorer->item->steps[at];
    struct mark *mark = &explorer->marks[explorer->pages[at].first_mark];
    char way[EXPLORER_WAY_BYTES], message[EXPLORER_WAY_BYTES + 256];

    if (mark->is_dead_end)
        return;
    mark->is_dead_end = true;
    explorer_add_way(explorer, way);
    snprintf(message, sizeof message,
             "nothing can be computed here after %s: %s",
             *way ? way : "the beginning", mistake);
    explorer_tell(explorer, SEVERITY_ERROR, yaml_get(step->at, "value"),
                  message);
}

/* Those between two pages: all that they stand on is answered. */
static void look_at_computed(struct explorer *explorer, int from, int next)
{
    for (int at = from + 1; at < next; at++) {
        const struct step *step = &explorer->item->steps[at];
        const char *mistake = NULL;
        struct buf value;

        if (!computed_is(step) || !walk_shows(step, explorer->answers))
            continue;
        buf_init(&value, EXPLORER_PROMISE_BYTES);
        if (computed_value(step, explorer->answers, &value, &mistake) ==
            COMPUTED_MISTAKE)
            tell_mistake(explorer, at, mistake);
        buf_done(&value);
    }
}

/* Without what is computed before it. */
static int first_computed(const struct item *item, int from, int next)
{
    while (++from < next && !computed_is(&item->steps[from]))
        continue;
    return from;
}

/* The next page; what is computed on the way to it is computed. */
static int settle(struct explorer *explorer, int from)
{
    const struct item *item = explorer->item;

    for (;;) {
        int next = walk_next(item, explorer->answers, from);
        int at = first_computed(item, from, next);

        if (at >= next)
            return next;
        if (computed_settle_one(&item->steps[at], explorer->answers))
            explorer->is_cut = true;
        from = at;
    }
}

static void forget_computed(struct explorer *explorer, int from, int next)
{
    for (int at = from + 1; at < next; at++)
        if (computed_is(&explorer->item->steps[at]))
            answers_forget(explorer->answers, explorer->item->steps[at].answer);
}

static void go_to(struct explorer *explorer, int from, int next)
{
    int count = (int)explorer->item->step_count;

    look_at_computed(explorer, from, next);
    for (int at = from + 1; at <= next && at < count; at++)
        (void)explorer_look(explorer, at, MARK_STEP);
    if (next == count) {
        look_at_end(explorer, from);
        explorer->ends++;
        return;
    }
    /* Each answer is looked for among all; of a few that is nothing.  Where a
     * rule looks at a group, a list of all its entries is made for it. */
    explorer->work += 1;
    if (explorer->rules.has_group)
        explorer->work += GROUP_WORK * answers_count(explorer->answers);
    else if (answers_count(explorer->answers) > MANY_ANSWERS)
        explorer->work += answers_count(explorer->answers) / 4;
    if (explorer->is_cut || explorer->work > WORK_MAX) {
        explorer->is_cut = true;
        return;
    }
    enum seen_before seen = explorer_seen(explorer, next);

    explorer->pages[next].is_passed = seen == SEEN_ANSWERS;
    if (seen != SEEN_ALL)
        visit(explorer, next);
}

static void explore(struct explorer *explorer, int from)
{
    int next = settle(explorer, from);

    go_to(explorer, from, next);
    forget_computed(explorer, from, next);
}

void item_explore(const struct item *item, struct problems *problems)
{
    struct explorer explorer = { .item = item,
                                 .problems = problems,
                                 .answers = answers_new() };

    explored_init(&explorer.rules, item);
    explorer_make_marks(&explorer);
    explorer_make_looks(&explorer);
    explore(&explorer, -1);
    if (explorer.is_cut) {
        explorer_tell(
            &explorer, SEVERITY_WARNING, yaml_get(item->root, "steps"),
            "more ways than can be walked here: dead pages and rules that "
            "decide nothing were not looked for");
    } else {
        if (explorer.rules.has_free)
            explorer_heed_tests(&explorer);
        explorer_tell_marks(&explorer);
    }
    explorer_free_looks(&explorer);
    for (size_t i = 0; i < item->step_count; i++)
        mem_free(explorer.pages[i].is_named);
    mem_free(explorer.pages);
    mem_free(explorer.marks);
    explored_done(&explorer.rules);
    answers_wipe(explorer.answers);
    answers_free(explorer.answers);
}
