/* Which unit stands on which turn of the page. */
#include "kiosk/ui/plan.h"

#include <stdio.h>
#include <string.h>

enum { AIRY = 2, SLOTS_FIRST = 16 };

static void add_slot(struct plan *plan, struct slot slot)
{
    if (plan->slot_count == plan->slot_room) {
        plan->slot_room = plan->slot_room ? plan->slot_room * 2 : SLOTS_FIRST;
        plan->slots = pool_more(&plan->layout->texts, plan->slots,
                                plan->slot_count * sizeof *plan->slots,
                                plan->slot_room * sizeof *plan->slots);
    }
    plan->slots[plan->slot_count++] = slot;
}

/* The headings at the page's top, if they leave room for anything else. */
static size_t leading_units(struct plan *plan)
{
    size_t count = 0;
    int rows = 0;

    while (count < plan->unit_count &&
           plan->units[count].element->kind == ELEMENT_HEADING)
        rows += plan->units[count++].rows;
    if (rows > plan->body_rows / 2)
        return 0;
    for (size_t i = 0; i < count; i++)
        plan->units[i].leads = true;
    return count;
}

/* Where packing stands. */
struct packing {
    struct plan *plan;
    size_t leading;
    int turn, row;
    bool is_fresh; /* nothing but the repeated headings on this turn yet */
};

static void begin_turn(struct packing *packing)
{
    packing->turn++;
    packing->row = 0;
    packing->is_fresh = true;
    for (size_t i = 0; i < packing->leading; i++) {
        const struct unit *unit = &packing->plan->units[i];
        add_slot(packing->plan, (struct slot){ .unit = i,
                                               .turn = packing->turn,
                                               .row = packing->row,
                                               .first = 0,
                                               .rows = unit->rows });
        packing->row += unit->rows;
    }
}

/* On one turn, facts of one label in a row say it once. */
static bool repeats_label(const struct packing *packing, size_t at)
{
    const struct unit *units = packing->plan->units;

    return units[at].kind == UNIT_FACT && !packing->is_fresh && at > 0 &&
           units[at - 1].kind == UNIT_FACT &&
           strcmp(units[at - 1].element->text, units[at].element->text) == 0;
}

static int rows_of(const struct packing *packing, size_t at)
{
    const struct unit *unit = &packing->plan->units[at];

    return repeats_label(packing, at) ? unit->bare_rows : unit->rows;
}

/* A unit and what may not be parted from it. */
static int rows_together(const struct packing *packing, size_t at)
{
    const struct plan *plan = packing->plan;
    int rows = rows_of(packing, at);

    while (plan->units[at].stays_with_next && at + 1 < plan->unit_count) {
        at++;
        rows += plan->units[at].gap + plan->units[at].rows;
    }
    return rows;
}

static int gap_before(const struct packing *packing, const struct unit *unit)
{
    if (packing->row == 0)
        return 0;
    if (packing->is_fresh && packing->plan->airiness > 0)
        return 1; /* below the headings, on later turns as on the first */
    return unit->gap;
}

/* A text taller than any turn goes on over as many as it needs. */
static void pack_split(struct packing *packing, size_t at)
{
    const struct unit *unit = &packing->plan->units[at];
    int room_rows = packing->plan->body_rows;
    int first = 0;

    while (first < unit->rows) {
        int gap = gap_before(packing, unit);
        int free_rows = room_rows - packing->row - gap;
        int rows = unit->rows - first;
        if (rows > free_rows)
            rows = free_rows;
        if (rows <= 0 && !packing->is_fresh) {
            begin_turn(packing);
            continue;
        }
        if (rows <= 0)
            return; /* no room for a single line: the window is too small */
        add_slot(packing->plan, (struct slot){ .unit = at,
                                               .turn = packing->turn,
                                               .row = packing->row + gap,
                                               .first = first,
                                               .rows = rows });
        packing->row += gap + rows;
        packing->is_fresh = false;
        first += rows;
        if (first < unit->rows)
            begin_turn(packing);
    }
}

static void pack_unit(struct packing *packing, size_t at)
{
    struct plan *plan = packing->plan;
    const struct unit *unit = &plan->units[at];
    int together = rows_together(packing, at);

    if (packing->row + gap_before(packing, unit) + together > plan->body_rows &&
        !packing->is_fresh) {
        int lead_rows = 0;
        for (size_t i = 0; i < packing->leading; i++)
            lead_rows += plan->units[i].rows;
        if (!unit->can_split ||
            lead_rows + unit->gap + unit->rows <= plan->body_rows)
            begin_turn(packing);
    }
    int rows = rows_of(packing, at);
    int gap = gap_before(packing, unit);
    int free_rows = plan->body_rows - packing->row;
    if (gap + rows > free_rows && rows <= free_rows)
        gap = free_rows - rows;
    if (gap + rows > free_rows && unit->can_split) {
        pack_split(packing, at);
        return;
    }
    add_slot(plan, (struct slot){ .unit = at,
                                  .turn = packing->turn,
                                  .row = packing->row + gap,
                                  .first = 0,
                                  .rows = rows });
    packing->row += gap + rows;
    packing->is_fresh = false;
}

static void pack(struct plan *plan)
{
    struct packing packing = { .plan = plan };

    plan->slot_count = 0;
    packing.leading = leading_units(plan);
    begin_turn(&packing);
    for (size_t i = packing.leading; i < plan->unit_count; i++)
        pack_unit(&packing, i);
    plan->turns = packing.turn;
}

/* The units of this density, unless they were measured for another attempt. */
static void measure(struct plan *plan)
{
    struct measured *measured = &plan->measured[plan->density];

    if (measured->units && measured->with_notes == plan->with_notes &&
        measured->squeeze == plan->squeeze) {
        plan->units = measured->units;
        plan->unit_count = plan->unit_room = measured->count;
        return;
    }
    units_make(plan);
    *measured = (struct measured){ .units = plan->units,
                                   .count = plan->unit_count,
                                   .with_notes = plan->with_notes,
                                   .squeeze = plan->squeeze };
}

static void attempt(struct plan *plan, int airiness, int density,
                    bool with_notes)
{
    plan->airiness = airiness;
    plan->density = density;
    plan->with_notes = with_notes;
    measure(plan);
    units_space(plan);
    pack(plan);
}

/* Neither further columns nor notes left out change anything of a page without
 * such cells: it need not be tried. */
static bool may_be_denser(const struct plan *plan)
{
    for (size_t i = 0; i < plan->unit_count; i++)
        if (plan->units[i].kind == UNIT_CELLS &&
            plan->units[i].grid.may_be_denser)
            return true;
    return false;
}

static bool has_notes(const struct plan *plan)
{
    for (size_t i = 0; i < plan->unit_count; i++)
        if (plan->units[i].kind == UNIT_CELLS && plan->units[i].grid.has_notes)
            return true;
    return false;
}

/* The way with the fewest turns so far. */
struct best {
    int turns, airiness, density, squeeze;
    bool with_notes;
};

/* true: all stands on one turn. */
static bool attempt_all(struct plan *plan, bool with_notes, struct best *best)
{
    for (int airiness = AIRY; airiness >= 0; airiness--) {
        for (int density = 0; density <= DENSITY_MAX; density++) {
            attempt(plan, airiness, density, with_notes);
            if (plan->turns == 1)
                return true;
            if (best->turns == 0 || plan->turns < best->turns)
                *best = (struct best){ plan->turns, airiness, density,
                                       plan->squeeze, with_notes };
            if (!may_be_denser(plan))
                break;
        }
    }
    return false;
}

/* A page of writing, one that any key answers, and one on which nothing is to be
 * pressed: none of them may turn. */
static bool may_squeeze(const struct plan *plan)
{
    return plan->is_composed || plan->is_poster || view_any_key_id(plan->view);
}

/* The first way in which all stands on one turn, else the one with the fewest:
 * notes are given up last, and only in small windows. */
void turns_find(struct plan *plan)
{
    struct best best = { 0 };

    for (plan->squeeze = 0;; plan->squeeze++) {
        if (attempt_all(plan, true, &best) ||
            (!plan->is_big && has_notes(plan) &&
             attempt_all(plan, false, &best)))
            return;
        if (!may_squeeze(plan) || plan->squeeze == SQUEEZE_MAX)
            break;
    }
    plan->squeeze = best.squeeze;
    attempt(plan, best.airiness, best.density, best.with_notes);
}

/* ---- Where the person is ------------------------------------------------ */

static bool is_named(const struct element *element,
                     const struct layout_anchor *anchor)
{
    return strcmp(element->id, anchor->id) == 0;
}

/* Choices stand several in a row. */
static bool holds_choice(const struct plan *plan, const struct unit *unit,
                         const struct layout_anchor *anchor)
{
    for (size_t i = 0; i < unit->count; i++)
        if (is_named(plan->body[unit->first + i], anchor))
            return true;
    return false;
}

static bool holds(const struct plan *plan, const struct slot *slot,
                  const struct layout_anchor *anchor)
{
    const struct unit *unit = &plan->units[slot->unit];

    if (unit->leads)
        return false;
    if (unit->kind == UNIT_CELLS && unit->element->kind != ELEMENT_LIST)
        return holds_choice(plan, unit, anchor);
    if (!is_named(unit->element, anchor))
        return false;
    if (unit->kind == UNIT_CELLS)
        return anchor->row >= unit->first &&
               anchor->row < unit->first + unit->count;
    return slot->first <= anchor->line;
}

static int turn_of(const struct plan *plan, const struct layout_anchor *anchor)
{
    int turn = 0;

    if (plan->qr_alone && is_named(plan->qr_alone, anchor))
        return plan->layout->turns;
    /* Of a text that goes on, the last piece that begins before the line. */
    for (size_t i = 0; i < plan->slot_count; i++)
        if (holds(plan, &plan->slots[i], anchor))
            turn = plan->slots[i].turn;
    return turn;
}

int turns_at(const struct plan *plan)
{
    const struct layout_anchor *anchor = plan->ask->anchor;
    int turn = plan->ask->turn;
    int found = anchor && *anchor->id ? turn_of(plan, anchor) : 0;

    if (found > 0)
        return found;
    return turn < 1                     ? 1
           : turn > plan->layout->turns ? plan->layout->turns
                                        : turn;
}

static void note(struct layout_anchor *anchor, const struct element *element,
                 size_t row, int line)
{
    (void)snprintf(anchor->id, sizeof anchor->id, "%s", element->id);
    anchor->row = row;
    anchor->line = line;
}

void turns_note_anchor(struct plan *plan)
{
    struct layout *layout = plan->layout;

    layout->anchor = (struct layout_anchor){ 0 };
    if (plan->qr_alone && layout->turn == layout->turns) {
        note(&layout->anchor, plan->qr_alone, 0, 0);
        return;
    }
    for (size_t i = 0; i < plan->slot_count; i++) {
        const struct slot *slot = &plan->slots[i];
        const struct unit *unit = &plan->units[slot->unit];
        if (slot->turn != layout->turn || unit->leads)
            continue;
        bool is_list = unit->element->kind == ELEMENT_LIST;
        bool is_choice = unit->kind == UNIT_CELLS && !is_list;
        note(&layout->anchor,
             is_choice ? plan->body[unit->first] : unit->element,
             is_list ? unit->first : 0, slot->first);
        return;
    }
}
