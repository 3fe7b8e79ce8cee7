/* Every way through an item that its rules can tell apart, walked with the
 * engine that the terminal uses: of each choice every value that a rule names
 * and one that none does, of the card every kind and the ages beside each
 * number that a rule compares with.  What never came on any way is dead. */
#include "kiosk/flow/item_explore.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/case_needs.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/person.h"

enum {
    PROMISE_BYTES = 4096,
    WORK_MAX = 4000000, /* rules looked at and rows passed: about a second */
    MANY_ANSWERS = 64,
    WAY_BYTES = 200,
    BEFORE_CARD_MAX = 3
};

enum mark_kind {
    MARK_STEP,
    MARK_OPTION,
    MARK_STOP,
    MARK_LINE,
    MARK_SLIP,
    MARK_REQUIRED,
    MARK_ALLOWED
};

/* A page, option, stop or line, and whether it was ever there, ever not. */
struct mark {
    enum mark_kind kind;
    const struct step *step; /* its page */
    const struct yaml *at;
    const struct rule *when; /* NULL: always, once its page is reached */
    const void *of;          /* the option, stop or line */
    bool was_there, was_not;
    bool is_dead_end; /* a choice with nothing to choose; told once */
};

/* What is known of a page before anybody walks. */
struct page {
    size_t first_mark, mark_count;
    size_t row_count;      /* of a choice: options or rows of its list */
    bool *is_named;        /* by row: a rule names its value */
    bool is_asked;         /* a rule names its answer */
    bool is_group_asked;   /* ... or its group */
    bool is_parent;        /* a list hangs on its answer */
    bool is_one_of_papers; /* a paper that no rule of the author's names */
    bool was_full;         /* all entries of its group came behind it once */
};

struct explorer {
    const struct item *item;
    struct problems *problems;
    struct answers *answers;
    struct explored rules; /* what they name */
    struct mark *marks;
    size_t mark_count;
    struct page *pages; /* by step */
    size_t work, ends;
    bool is_cut;
    bool has_closing;                 /* the item has such a page */
    bool has_open_end, has_late_card; /* was told already */
    unsigned lacks; /* bits of case_lacks' table that were told already */
};

static void tell(struct explorer *explorer, enum severity severity,
                 const struct yaml *at, const char *message)
{
    problems_add_as(explorer->problems, severity, at->file, at->line,
                    at->column, message);
}

/* ---- Marks --------------------------------------------------------------- */

static void add_mark(struct explorer *explorer, enum mark_kind kind,
                     const struct step *step, const void *of,
                     const struct yaml *at, const struct rule *when)
{
    static const char *const keys[] = {
        [MARK_REQUIRED] = "required", [MARK_ALLOWED] = "must"
    };
    bool has_own = kind == MARK_REQUIRED || kind == MARK_ALLOWED;
    const struct yaml *rule = yaml_get(at, has_own ? keys[kind] : "when");

    explorer->marks[explorer->mark_count++] = (struct mark){
        .kind = kind,
        .step = step,
        .of = of,
        .at = rule ? rule : at,
        .when = when,
    };
}

static bool is_parent(const struct item *item, const struct step *step)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].under && step->answer &&
            strcmp(item->steps[i].under, step->answer) == 0)
            return true;
    return false;
}

static const char *value_of(const struct step *step, size_t row)
{
    return step->list ? step->list->rows[row].value : step->options[row].value;
}

static void make_page(struct explorer *explorer, size_t at)
{
    const struct step *step = &explorer->item->steps[at];
    struct page *page = &explorer->pages[at];

    page->row_count = step->list ? step->list->count : step->option_count;
    page->is_named = mem_new(page->row_count + 1);
    for (size_t i = 0; i < page->row_count; i++)
        page->is_named[i] =
            explored_compares(&explorer->rules, value_of(step, i));
    page->is_parent = is_parent(explorer->item, step);
    page->is_one_of_papers =
        step->material && !explored_names_paper(&explorer->rules, step->answer);
    page->is_asked =
        step->answer && explored_names(&explorer->rules, step->answer);
    page->is_group_asked =
        step->group && explored_names(&explorer->rules, step->group);
}

/* Parts and rows of the slip belong to the page that shows it. */
static void mark_slip(struct explorer *explorer, const struct step *step)
{
    const struct item *item = explorer->item;

    for (size_t i = 0; step == walk_result(item) && i < item->slip_count; i++) {
        const struct slip_part *part = &item->slip[i];

        add_mark(explorer, MARK_SLIP, step, part, part->at, part->when);
        for (size_t j = 0; j < part->row_count; j++)
            add_mark(explorer, MARK_SLIP, step, &part->rows[j],
                     part->rows[j].at, part->rows[j].when);
    }
}

/* "required: false" decides nothing and need not. */
static void add_mark_of_asked(struct explorer *explorer,
                              const struct step *step)
{
    if (step->required && explored_is_open(step->required))
        add_mark(explorer, MARK_REQUIRED, step, step, step->at, step->required);
    for (size_t j = 0; j < step->allowed_count; j++)
        add_mark(explorer, MARK_ALLOWED, step, &step->allowed[j],
                 step->allowed[j].at, step->allowed[j].must);
}

static void make_marks(struct explorer *explorer)
{
    const struct item *item = explorer->item;
    size_t count = item->step_count;

    for (size_t i = 0; i < item->step_count; i++)
        count += item->steps[i].option_count + item->steps[i].stop_count +
                 item->steps[i].line_count + item->steps[i].allowed_count + 1;
    for (size_t i = 0; i < item->slip_count; i++)
        count += 1 + item->slip[i].row_count;
    explorer->marks = mem_new((count + 1) * sizeof *explorer->marks);
    explorer->pages = mem_new((item->step_count + 1) * sizeof *explorer->pages);
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        explorer->has_closing = explorer->has_closing || walk_is_closing(step);
        make_page(explorer, i);
        explorer->pages[i].first_mark = explorer->mark_count;

        add_mark(explorer, MARK_STEP, step, step, step->at, step->when);
        for (size_t j = 0; j < step->option_count; j++)
            add_mark(explorer, MARK_OPTION, step, &step->options[j],
                     step->options[j].at, step->options[j].when);
        for (size_t j = 0; j < step->stop_count; j++)
            add_mark(explorer, MARK_STOP, step, &step->stops[j],
                     step->stops[j].at, step->stops[j].when);
        for (size_t j = 0; j < step->line_count; j++)
            if (!step->lines[j].is_unverified)
                add_mark(explorer, MARK_LINE, step, &step->lines[j],
                         step->lines[j].at, step->lines[j].when);
        mark_slip(explorer, step);
        add_mark_of_asked(explorer, step);
        explorer->pages[i].mark_count =
            explorer->mark_count - explorer->pages[i].first_mark;
    }
}

/* Looks at all of one kind on a page; the stop that holds first, or NULL. */
static const struct stop *look(struct explorer *explorer, int at,
                               enum mark_kind kind)
{
    const struct page *page = &explorer->pages[at];

    explorer->work += page->mark_count;
    for (size_t i = 0; i < page->mark_count; i++) {
        struct mark *mark = &explorer->marks[page->first_mark + i];

        if (mark->kind != kind)
            continue;
        bool is_there = kind == MARK_STEP
                            ? walk_shows(mark->step, explorer->answers)
                            : walk_is_true(mark->when, explorer->answers);
        mark->was_there = mark->was_there || is_there;
        mark->was_not = mark->was_not || !is_there;
        if (kind == MARK_STOP && is_there)
            return mark->of;
    }
    return NULL;
}

/* ---- Ways ---------------------------------------------------------------- */

static void explore(struct explorer *explorer, int from);

static void set(struct explorer *explorer, const char *name, const char *value,
                enum source source)
{
    if (answers_set(explorer->answers, name, value, source))
        explorer->is_cut = true;
}

/* This page was answered; false: it stops there. */
static bool go_on(struct explorer *explorer, int at)
{
    if (look(explorer, at, MARK_STOP))
        return false;
    explore(explorer, at);
    return true;
}

/* Of further entries of a group one way through their pages is enough. */
static bool is_again(const struct explorer *explorer, int at)
{
    return explorer->item->steps[at].entry > 1;
}

/* What became of an answer: it may not stand there, it stops, one got on. */
enum tried { TRIED_REFUSED, TRIED_STOPPED, TRIED_PAST };

static enum tried try_answer(struct explorer *explorer, int at,
                             const char *value, enum source source)
{
    const struct step *step = &explorer->item->steps[at];

    enum tried tried = TRIED_REFUSED;

    set(explorer, step->answer, value, source);
    if (source != SOURCE_LATER && source != SOURCE_LEFT)
        (void)look(explorer, at, MARK_ALLOWED);
    if (asked_holds(step, explorer->answers))
        tried = go_on(explorer, at) ? TRIED_PAST : TRIED_STOPPED;
    answers_forget(explorer->answers, step->answer);
    return tried;
}

static enum tried try_value(struct explorer *explorer, int at,
                            const char *value)
{
    const struct step *step = &explorer->item->steps[at];

    return try_answer(explorer, at, value,
                      strcmp(value, "later") == 0
                          ? SOURCE_LATER
                          : asked_source(step, explorer->answers, value));
}

/* What a person may do with a question beside answering it. */
static void try_asked(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct asked_prefill prefill;
    struct buf value;

    (void)look(explorer, at, MARK_REQUIRED);
    if (!asked_is_required(step, explorer->answers))
        (void)try_answer(explorer, at, "", SOURCE_LEFT);
    buf_init(&value, PROMISE_BYTES);
    /* A choice is tried with all its values anyway. */
    if (!explorer->is_cut && step->prefill &&
        item_screen_bit(step->screen) == ON_FIELD &&
        asked_prefill(step, explorer->answers, &value, &prefill))
        (void)try_answer(explorer, at, value.text, prefill.source);
    buf_done(&value);
}

/* What stands on a card; how old somebody is, and of another person than the
 * main one what card it is, tells the way. */
static bool is_of_card(const struct item *item, const char *name)
{
    const char *field = NULL;

    return strncmp(name, "card_", 5) == 0 ||
           (person_of(item, name, &field) && strcmp(field, "age") != 0 &&
            strcmp(field, "kind") != 0);
}

/* "kind=a, phone=later": how one came here. */
static void add_way(const struct explorer *explorer, char way[WAY_BYTES])
{
    size_t len = 0;

    way[0] = '\0';
    for (size_t i = 0; i < answers_count(explorer->answers); i++) {
        const char *name = answers_name(explorer->answers, i);

        if (is_of_card(explorer->item, name) || len >= WAY_BYTES)
            continue;
        int more =
            snprintf(way + len, WAY_BYTES - len, "%s%s=%s", len ? ", " : "",
                     name, answers_get(explorer->answers, name));
        len += more > 0 ? (size_t)more : 0;
    }
}

/* Told once of each page. */
static void tell_dead_end(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct mark *mark = &explorer->marks[explorer->pages[at].first_mark];
    char way[WAY_BYTES], message[WAY_BYTES + 128];

    if (mark->is_dead_end)
        return;
    mark->is_dead_end = true;
    add_way(explorer, way);
    snprintf(message, sizeof message,
             "nothing can be chosen here after %s: expected an option that is "
             "offered, or a way round",
             *way ? way : "the beginning");
    tell(explorer, SEVERITY_ERROR, step->at, message);
}

static bool is_offered(const struct explorer *explorer, const struct step *step,
                       size_t row)
{
    const char *parent;

    if (!step->list)
        return walk_is_true(step->options[row].when, explorer->answers);
    parent = step->under ? answers_get(explorer->answers, step->under) : NULL;
    return !step->under ||
           (parent && strcmp(parent, step->list->rows[row].parent) == 0);
}

/* Of a paper that no rule names the pages that sum papers up ask only whether any
 * follows, or is missing: where another one does already, this one changes
 * nothing that brought does not.  So n papers are about n * n ways, not 3^n. */
static bool is_tried_enough(const struct explorer *explorer, int at,
                            const char *value)
{
    return explorer->pages[at].is_one_of_papers &&
           strcmp(value, MATERIAL_BROUGHT) != 0 &&
           materials_answered(explorer->item, explorer->answers, value, 0);
}

/* Of what no rule names one is as good as another; of a list that others hang
 * on the last one, too. */
static void try_choice(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    const struct page *page = &explorer->pages[at];
    bool has_unnamed = false, is_empty = true;

    explorer->work += page->row_count;
    for (size_t i = 0; i < page->row_count && !explorer->is_cut; i++) {
        bool is_last = page->is_parent && i + 1 == page->row_count;

        if (!is_offered(explorer, step, i))
            continue;
        is_empty = false;
        if (!page->is_named[i] && has_unnamed && !is_last)
            continue;
        has_unnamed = has_unnamed || !page->is_named[i];
        if (is_tried_enough(explorer, at, value_of(step, i)))
            continue;
        if (try_value(explorer, at, value_of(step, i)) == TRIED_PAST &&
            is_again(explorer, at))
            return;
    }
    try_asked(explorer, at);
    if (step->way.in[LANGUAGE_EN])
        (void)try_value(explorer, at, "later");
    else if (is_empty && asked_is_required(step, explorer->answers) &&
             !explorer->is_cut)
        tell_dead_end(explorer, at);
}

struct trying {
    struct explorer *explorer;
    int at;
    enum tried best; /* of all values */
};

static void try_written(void *owner, const char *value)
{
    struct trying *trying = owner;
    struct explorer *explorer = trying->explorer;
    const struct step *step = &explorer->item->steps[trying->at];

    enum tried tried;

    if (explorer->is_cut ||
        (trying->best == TRIED_PAST && is_again(explorer, trying->at)) ||
        walk_clash(explorer->item, step, explorer->answers, value, false))
        return;
    tried = try_value(explorer, trying->at, value);
    if (tried > trying->best)
        trying->best = tried;
}

/* The first number that is nobody's yet on this way. */
static void try_person_number(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    char number[EXPLORED_NUMBER_BYTES];

    for (int n = 1; n <= EXPLORED_PEOPLE_MAX; n++) {
        explored_number(n, number);
        if (walk_clash(explorer->item, step, explorer->answers, number, false))
            continue;
        (void)try_value(explorer, at, number);
        return;
    }
}

static void try_choices(struct explorer *explorer, int at)
{
    struct trying trying = { .explorer = explorer, .at = at };
    const struct step *step = &explorer->item->steps[at];

    explorer->work += explorer->pages[at].row_count;
    bool can_answer = explored_each_set(
        &explorer->rules, step, explorer->answers, try_written, &trying);
    if (step->way.in[LANGUAGE_EN])
        (void)try_value(explorer, at, "later");
    else if (!can_answer && !explorer->is_cut)
        tell_dead_end(explorer, at);
}

/* None, one and two entries; once as many as there may be, and where a rule looks
 * at the group, each number of them. */
static void try_another(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct page *page = &explorer->pages[at];
    bool is_few = step->entry <= 2 || step->entry == step->most_entries ||
                  page->is_group_asked;

    if (step->entry >= step->least_entries &&
        (is_few || step->entry == step->least_entries))
        (void)try_value(explorer, at, "no");
    if (step->entry == step->most_entries)
        return;
    if (step->entry > 1 && step->entry >= step->least_entries && page->was_full)
        return;
    page->was_full = true;
    (void)try_value(explorer, at, "yes");
}

/* Nobody knows what may be written here: it is gone on as if it were known. */
static void pass_by(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];

    if (step->allowed_count == 0 || explorer->is_cut ||
        asked_is_fixed(step, explorer->answers))
        return;
    set(explorer, step->answer, field_kind(step->type)->sample, SOURCE_CITIZEN);
    (void)go_on(explorer, at);
    answers_forget(explorer->answers, step->answer);
}

static void try_field(struct explorer *explorer, int at)
{
    struct trying trying = { .explorer = explorer, .at = at };
    const struct page *page = &explorer->pages[at];

    if (explorer->item->steps[at].is_another_person)
        try_person_number(explorer, at);
    else
        explored_each_value(&explorer->rules, &explorer->item->steps[at],
                            page->is_asked || page->is_group_asked, try_written,
                            &trying);
    if (trying.best == TRIED_REFUSED)
        pass_by(explorer, at);
    if (trying.best == TRIED_PAST && is_again(explorer, at))
        return;
    try_asked(explorer, at);
    if (explorer->item->steps[at].way.in[LANGUAGE_EN])
        (void)try_value(explorer, at, "later");
}

/* The page stops by itself where a paper is missing. */
static void try_promise(struct explorer *explorer, int at)
{
    struct buf promise;

    buf_init(&promise, PROMISE_BYTES);
    materials_promise(explorer->item, &explorer->item->steps[at],
                      explorer->answers, &promise);
    (void)try_value(explorer, at, promise.text);
    buf_done(&promise);
}

/* Who is so old today; 29 to 31 are not in every month. */
static void birth_of(int age, char text[32])
{
    struct clock_fields now = clock_split(clock_wall_ms());

    snprintf(text, 32, "%04d%02d%02d", now.year - age, now.month,
             now.day > 28 ? 28 : now.day);
}

static void set_of(struct explorer *explorer, const struct step *step,
                   const char *field, const char *value, enum source source)
{
    char name[PERSON_NAME_BYTES];

    person_answer(step, field, name);
    set(explorer, name, value, source);
}

/* kind NULL: the number is typed. */
static void try_person(struct explorer *explorer, int at, const char *kind,
                       int age)
{
    const struct step *step = &explorer->item->steps[at];
    const char *const *fields = person_fields(explorer->item, step);
    enum source source = kind ? SOURCE_CARD : SOURCE_CITIZEN;
    char text[32];

    for (size_t i = 0; fields[i]; i++) {
        bool is_birth = strcmp(fields[i], "birth") == 0;

        birth_of(age, text);
        if (kind || strcmp(fields[i], "number") == 0)
            set_of(explorer, step, fields[i], is_birth ? text : "某", source);
    }
    set_of(explorer, step, "kind", kind ? kind : card_kind_name(CARD_RESIDENT),
           source);
    snprintf(text, sizeof text, "%d", age);
    set_of(explorer, step, "age", text, source);
    (void)go_on(explorer, at);
    person_forget(explorer->answers, step);
}

static void try_card(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    size_t ages = explored_ages_of(&explorer->rules, step);
    char name[PERSON_NAME_BYTES];

    person_answer(step, "kind", name);
    int kinds = explored_names(&explorer->rules, name) ? CARD_KIND_COUNT : 1;
    for (size_t i = 0; i < ages; i++) {
        for (int kind = 0; kind < kinds; kind++)
            try_person(explorer, at, card_kind_name((enum card_kind)kind),
                       explorer->rules.ages[i]);
        if (step->may_type)
            try_person(explorer, at, NULL, explorer->rules.ages[i]);
    }
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
    char way[WAY_BYTES], message[WAY_BYTES + 300];
    size_t next = 0;

    while ((need = case_lacks(explorer->item, explorer->answers, assurance,
                              &next))) {
        unsigned bit = 1u << next;

        if (explorer->lacks & bit)
            continue;
        explorer->lacks |= bit;
        add_way(explorer, way);
        snprintf(message, sizeof message,
                 "a case sent here after %s lacks \"%s\": %s",
                 *way ? way : "the beginning", need->name, need->what);
        tell(explorer, SEVERITY_ERROR, explorer->item->steps[at].at, message);
    }
}

/* Before the card a person only finds out whether this machine can help. */
static void look_before_card(struct explorer *explorer, int at)
{
    const struct item *item = explorer->item;
    char way[WAY_BYTES], message[WAY_BYTES + 200];
    size_t asked = 0;

    for (int i = 0; i < at; i++)
        asked +=
            (item_screen_bit(item->steps[i].screen) & (ON_CHOICE | ON_FIELD)) &&
            walk_shows(&item->steps[i], explorer->answers);
    if (asked <= BEFORE_CARD_MAX || explorer->has_late_card)
        return;
    explorer->has_late_card = true;
    add_way(explorer, way);
    snprintf(message, sizeof message,
             "%zu questions stand before the card after %s: expected at most "
             "%d, and the others behind it",
             asked, way, BEFORE_CARD_MAX);
    tell(explorer, SEVERITY_WARNING, item->steps[at].at, message);
}

static void visit(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    unsigned page = item_screen_bit(step->screen);

    (void)look(explorer, at, MARK_OPTION);
    (void)look(explorer, at, MARK_LINE);
    (void)look(explorer, at, MARK_SLIP);
    if (page == ON_CARD) {
        look_before_card(explorer, at);
        try_card(explorer, at);
    } else if (page == ON_CHOICE) {
        try_choice(explorer, at);
    } else if (page == ON_CHOICES) {
        try_choices(explorer, at);
    } else if (page == ON_FIELD) {
        try_field(explorer, at);
    } else if (page == ON_CHECK) {
        (void)try_value(explorer, at, "code");
        (void)try_value(explorer, at, "staff");
        (void)try_value(explorer, at, "none");
    } else if (page == ON_ANOTHER) {
        try_another(explorer, at);
    } else if (page == ON_MATERIALS) {
        try_promise(explorer, at);
    } else if (page == ON_CERTIFICATE) {
        (void)go_on(explorer, at);
        (void)try_value(explorer, at, "none");
    } else if (page == ON_CLOSING) {
        explorer->ends++;
    } else {
        if (page == ON_SEND)
            look_at_case(explorer, at);
        if (step->answer)
            explorer->rules.has_free =
                true; /* a page that answers as it likes */
        (void)go_on(explorer, at);
    }
}

/* Where there are closing pages, some way may have neither one nor a result:
 * told once. */
static void look_at_end(struct explorer *explorer, int from)
{
    const unsigned ends = ON_RESULT | ON_CERTIFICATE | ON_CASES;
    const struct item *item = explorer->item;
    char way[WAY_BYTES], message[WAY_BYTES + 200];

    if (!explorer->has_closing || explorer->has_open_end ||
        (from >= 0 && (item_screen_bit(item->steps[from].screen) & ends)))
        return;
    explorer->has_open_end = true;
    add_way(explorer, way);
    snprintf(message, sizeof message,
             "nothing ends the item after %s: expected a closing page there, "
             "or a step with screen: send and then one with screen: result",
             *way ? way : "the beginning");
    tell(explorer, SEVERITY_ERROR, yaml_get(item->root, "steps"), message);
}

/* Told once of each step. */
static void tell_mistake(struct explorer *explorer, int at, const char *mistake)
{
    const struct step *step = &explorer->item->steps[at];
    struct mark *mark = &explorer->marks[explorer->pages[at].first_mark];
    char way[WAY_BYTES], message[WAY_BYTES + 256];

    if (mark->is_dead_end)
        return;
    mark->is_dead_end = true;
    add_way(explorer, way);
    snprintf(message, sizeof message,
             "nothing can be computed here after %s: %s",
             *way ? way : "the beginning", mistake);
    tell(explorer, SEVERITY_ERROR, yaml_get(step->at, "value"), message);
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
        buf_init(&value, PROMISE_BYTES);
        if (computed_value(step, explorer->answers, &value, &mistake) ==
            COMPUTED_MISTAKE)
            tell_mistake(explorer, at, mistake);
        buf_done(&value);
    }
}

static void explore(struct explorer *explorer, int from)
{
    int count = (int)explorer->item->step_count;

    if (computed_settle(explorer->item, explorer->answers))
        explorer->is_cut = true;
    int next = walk_next(explorer->item, explorer->answers, from);

    look_at_computed(explorer, from, next);
    for (int at = from + 1; at <= next && at < count; at++)
        (void)look(explorer, at, MARK_STEP);
    if (next == count) {
        look_at_end(explorer, from);
        explorer->ends++;
        return;
    }
    /* Each answer is looked for among all; of a few that is nothing. */
    explorer->work += 1;
    if (answers_count(explorer->answers) > MANY_ANSWERS)
        explorer->work += answers_count(explorer->answers) / 4;
    if (explorer->is_cut || explorer->work > WORK_MAX) {
        explorer->is_cut = true;
        return;
    }
    visit(explorer, next);
}

/* ---- What came of it ----------------------------------------------------- */

static void tell_mark(struct explorer *explorer, const struct mark *mark)
{
    static const char *const never[] = {
        [MARK_STEP] = "this page never comes",
        [MARK_OPTION] = "this option is never offered",
        [MARK_STOP] = "nobody ever stops here",
        [MARK_LINE] = "this line never stands there",
        [MARK_SLIP] = "this never stands on the slip",
        [MARK_REQUIRED] = "an answer is never required here",
        [MARK_ALLOWED] = "no answer is ever allowed here",
    };
    bool is_unsure = explorer->rules.has_free || explorer->rules.has_group ||
                     explorer->rules.has_today || explorer->rules.has_sets;
    const char *unsure = explorer->rules.has_free
                             ? " (rules over what is written freely were tried "
                               "with one text only)"
                         : explorer->rules.has_group
                             ? " (entries of a group from the second on were "
                               "tried with one answer each)"
                         : explorer->rules.has_today
                             ? " (rules over today() were tried with this day "
                               "only)"
                         : explorer->rules.has_sets
                             ? " (of a choice of many not every set was tried)"
                             : "";
    char message[256];

    if (!mark->was_there) {
        snprintf(message, sizeof message, "%s%s%s", never[mark->kind],
                 mark->was_not ? ": its rule holds on no way through the item"
                               : ": no way through the item leads to it",
                 unsure);
        tell(explorer, is_unsure ? SEVERITY_WARNING : SEVERITY_ERROR, mark->at,
             message);
    } else if (mark->when && !mark->was_not) {
        snprintf(message, sizeof message,
                 "this rule holds on every way through the item: expected one "
                 "that decides something, or none%s",
                 unsure);
        tell(explorer, SEVERITY_WARNING, mark->at, message);
    }
}

static void tell_marks(struct explorer *explorer)
{
    const struct step *dead = NULL;

    for (size_t i = 0; i < explorer->mark_count; i++) {
        const struct mark *mark = &explorer->marks[i];

        /* Further entries of a group are as the first. */
        if (mark->step->entry > 1)
            continue;
        /* Of a page that never comes nothing more is told; of those behind one
         * that nobody gets past, neither. */
        if (mark->kind != MARK_STEP && mark->step == dead)
            continue;
        if (mark->kind == MARK_STEP && !mark->was_there)
            dead = mark->step;
        tell_mark(explorer, mark);
        if (mark->kind == MARK_STEP && !mark->was_there && !mark->was_not)
            break;
    }
    if (explorer->ends == 0)
        tell(explorer, SEVERITY_ERROR, yaml_get(explorer->item->root, "steps"),
             "nobody reaches the end: expected a way past every stop");
}

void item_explore(const struct item *item, struct problems *problems)
{
    struct explorer explorer = { .item = item,
                                 .problems = problems,
                                 .answers = answers_new() };

    explored_init(&explorer.rules, item);
    make_marks(&explorer);
    explore(&explorer, -1);
    if (explorer.is_cut)
        tell(&explorer, SEVERITY_WARNING, yaml_get(item->root, "steps"),
             "more ways than can be walked here: dead pages and rules that "
             "decide nothing were not looked for");
    else
        tell_marks(&explorer);
    for (size_t i = 0; i < item->step_count; i++)
        mem_free(explorer.pages[i].is_named);
    mem_free(explorer.pages);
    mem_free(explorer.marks);
    explored_done(&explorer.rules);
    answers_wipe(explorer.answers);
    answers_free(explorer.answers);
}
