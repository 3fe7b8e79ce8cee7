#include "tests/sim/prepared.h"

#include <string.h>

#include "kiosk/flow/field.h"

enum { PREPARED_PERCENT = 75, TYPED_BYTES = 4096 };

/* The step of the page that is on top; NULL: another page lies there. */
static const struct step *step_of(const struct app *app)
{
    const struct session *session = &app->session;

    if (!session->item || session->at < 0)
        return NULL;
    const struct step *step = &session->item->steps[session->at];
    return strcmp(pages_top(app)->kind->name, step->screen) == 0 ? step : NULL;
}

/* Of each matter anew; a test that ends with what is sent is taken first. */
static void prepare(struct citizen *citizen, const struct item *item)
{
    const struct yaml *tests = item->tests;
    size_t at = 0;

    citizen->item = item;
    citizen->answers = NULL;
    if (!tests || tests->count == 0 ||
        !dice_percent(&citizen->dice, PREPARED_PERCENT))
        return;
    for (int tries = 0; tries < 3; tries++) {
        at = dice_below(&citizen->dice, (unsigned)tests->count);
        if (yaml_get(tests->items[at], "sent"))
            break;
    }
    citizen->answers = yaml_get(tests->items[at], "answers");
}

static const struct ui_place *find(const struct app *app, const char *id,
                                   const char *value)
{
    size_t len = strlen(id);

    for (size_t i = 0; i < ui_place_count(app->ui); i++) {
        const struct ui_place *place = ui_place(app->ui, i);
        const char *its = place->element->id;
        bool is_row = place->row_value && strcmp(place->row_value, value) == 0;
        bool is_it =
            strncmp(its, id, len) == 0 && strcmp(its + len, value) == 0;

        if (place->can_press && (is_row || is_it))
            return place;
    }
    return NULL;
}

static bool press(struct citizen *citizen, struct app *app, const char *id,
                  const char *value)
{
    const struct ui_place *place = find(app, id, value);

    if (place)
        citizen_press(citizen, app, place);
    return place;
}

static bool is_given(const struct yaml *given, const struct ui_place *place)
{
    const char *id = place->element->id;
    const char *value = place->row_value                 ? place->row_value
                        : strncmp(id, "option.", 7) == 0 ? id + 7
                                                         : "";

    for (size_t i = 0; i < given->count; i++)
        if (given->items[i]->text && strcmp(given->items[i]->text, value) == 0)
            return true;
    return false;
}

/* What is to be marked, one after the other; then on. */
static bool mark(struct citizen *citizen, struct app *app,
                 const struct yaml *given)
{
    for (size_t i = 0; i < ui_place_count(app->ui); i++) {
        const struct ui_place *place = ui_place(app->ui, i);

        if (place->can_press && !place->element->is_footer &&
            is_given(given, place) != place->is_chosen) {
            citizen_press(citizen, app, place);
            return true;
        }
    }
    return press(citizen, app, "footer.", "go");
}

/* A day, a sum, a number; what is text they write in their own words. */
static bool type(struct app *app, const struct step *step, const char *value)
{
    struct buf typed;

    for (size_t i = 0; i < view_count(app->view); i++) {
        const struct element *element = view_element(app->view, i);
        if (element->typing != TYPING_NONE &&
            (element->is_composed || *element->value))
            return false;
    }
    buf_init(&typed, TYPED_BYTES);
    field_typed(step, value, &typed);
    ui_feed(app->ui, typed.text, typed.len);
    buf_done(&typed);
    return true;
}

bool prepared_acts(struct citizen *citizen, struct app *app)
{
    const struct step *step = step_of(app);

    if (!step || !step->answer)
        return false;
    if (citizen->item != app->session.item)
        prepare(citizen, app->session.item);
    const struct yaml *given =
        citizen->answers ? yaml_get(citizen->answers, step->answer) : NULL;
    if (!given)
        return false;
    if (given->kind == YAML_LIST)
        return mark(citizen, app, given);
    if (!given->text)
        return false;
    if (strcmp(given->text, "later") == 0)
        return press(citizen, app, "", "way");
    if (strcmp(step->screen, "another") == 0)
        return strcmp(given->text, "yes") == 0
                   ? press(citizen, app, "", "add")
                   : press(citizen, app, "footer.", "go");
    if (strcmp(step->screen, "field") == 0 && *given->text &&
        step->type != FIELD_TYPE_MOBILE && citizen->refusals == 0)
        return type(app, step, given->text);
    return press(citizen, app, "option.", given->text);
}
