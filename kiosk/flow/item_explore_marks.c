/* What might come on some way through an item, and what came of it. */
#include "kiosk/flow/explorer.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/computed.h"

void explorer_tell(struct explorer *explorer, enum severity severity,
                   const struct yaml *at, const char *message)
{
    problems_add_as(explorer->problems, severity, at->file, at->line,
                    at->column, message);
}

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

const char *explorer_value(const struct step *step, size_t row)
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
            explored_compares(&explorer->rules, explorer_value(step, i));
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

void explorer_make_marks(struct explorer *explorer)
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
        /* How computed values read is offered to nobody. */
        for (size_t j = 0; !computed_is(step) && j < step->option_count; j++)
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
const struct stop *explorer_look(struct explorer *explorer, int at,
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
        explorer_tell(explorer, is_unsure ? SEVERITY_WARNING : SEVERITY_ERROR,
                      mark->at, message);
    } else if (mark->when && !mark->was_not &&
               strcmp(mark->step->screen, "materials") != 0 &&
               !explored_is_of_another_part(&explorer->rules, mark->step,
                                            mark->when)) {
        /* The rules of a page of papers are not the author's. */
        snprintf(message, sizeof message,
                 "this rule holds on every way through the item: expected one "
                 "that decides something, or none%s",
                 unsure);
        explorer_tell(explorer, SEVERITY_WARNING, mark->at, message);
    }
}

void explorer_tell_marks(struct explorer *explorer)
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
        explorer_tell(explorer, SEVERITY_ERROR,
                      yaml_get(explorer->item->root, "steps"),
                      "nobody reaches the end: expected a way past every stop");
}
