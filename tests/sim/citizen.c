#include "tests/sim/citizen.h"

#include "kiosk/base/clock.h"
#include "tests/sim/prepared.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DEEDS_MOST = 240, PLACES_MOST = 64 };

/* ---- Who they are ------------------------------------------------------- */

void citizen_text(unsigned index, char text[64])
{
    snprintf(text, 64, MARK_TEXT "%06u号，路灯坏了", index);
}

void citizen_phone(unsigned index, char text[16])
{
    snprintf(text, 16, MARK_PHONE "%02u", index % 100);
}

/* GB 11643: weights and check characters. */
void citizen_number(unsigned index, char text[24])
{
    static const int weights[] = { 7, 9, 10, 5,  8, 4, 2, 1, 6,
                                   3, 7, 9,  10, 5, 8, 4, 2 };
    int sum = 0;

    snprintf(text, 24, MARK_NUMBER "%02u%02u%02u%03u", 40 + index % 60,
             1 + index / 7 % 12, 1 + index / 3 % 28, index % 1000);
    for (int i = 0; i < 17; i++)
        sum += (text[i] - '0') * weights[i];
    text[17] = "10X98765432"[sum % 11];
    text[18] = '\0';
}

void citizen_begin(struct citizen *citizen, uint64_t seed, unsigned index)
{
    *citizen = (struct citizen){ .dice = { seed }, .index = index };
    struct dice *dice = &citizen->dice;

    citizen->lost = dice_percent(dice, 20) ? 30 : 4;
    citizen->leaves = dice_percent(dice, 15) ? 40 : 2;
    citizen->quick_ms = dice_percent(dice, 10) ? 20 : 300;
    citizen->slow_ms = citizen->quick_ms + (int)dice_between(dice, 200, 6000);
}

/* ---- What they do ------------------------------------------------------- */

static void feed(struct app *app, const char *bytes)
{
    ui_feed(app->ui, bytes, strlen(bytes));
}

static void touch(struct app *app, const struct ui_place *place)
{
    char bytes[64];
    int row = place->row + place->rows / 2;
    int col = place->col + place->cols / 2;

    snprintf(bytes, sizeof bytes, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", col, row, col,
             row);
    feed(app, bytes);
}

void citizen_press(struct citizen *citizen, struct app *app,
                   const struct ui_place *place)
{
    const char *key = place->row_key ? place->row_key : place->element->key;
    bool by_key = key && *key && dice_percent(&citizen->dice, 50);

    if (by_key && strlen(key) == 1)
        feed(app, key);
    else if (place->row > 0)
        touch(app, place);
    /* The impatient tap twice. */
    if (dice_percent(&citizen->dice, 5) && place->row > 0)
        touch(app, place);
}

static const struct ui_place *find(const struct app *app, const char *id)
{
    for (size_t i = 0; i < ui_place_count(app->ui); i++) {
        const struct ui_place *place = ui_place(app->ui, i);
        if (place->can_press && strcmp(place->element->id, id) == 0)
            return place;
    }
    return NULL;
}

static bool press_id(struct citizen *citizen, struct app *app, const char *id)
{
    const struct ui_place *place = find(app, id);

    if (place)
        citizen_press(citizen, app, place);
    return place;
}

static const struct element *active_field(const struct app *app)
{
    for (size_t i = 0; i < view_count(app->view); i++) {
        const struct element *element = view_element(app->view, i);
        if (element->typing != TYPING_NONE)
            return element;
    }
    return NULL;
}

/* What digits are wanted is found by trying: a telephone first, then days, a sum,
 * an account. */
static void guess(const struct citizen *citizen, char text[64])
{
    static const char *const tries[] = { "20261120", "20261210",
                                         "20200309", "3",
                                         "50000",    "6217002540001082640" };
    size_t count = sizeof tries / sizeof *tries;
    size_t at = (size_t)citizen->refusals % (count + 1);

    if (at == 0)
        citizen_phone(citizen->index, text);
    else
        snprintf(text, 64, "%s", tries[at - 1]);
}

static void write_field(struct citizen *citizen, struct app *app,
                        const struct element *field)
{
    char text[64];
    enum { CODE_CHARS = 6 };
    bool has_x = false; /* only an ID number's keys have one */

    for (size_t i = 0; i < view_count(app->view); i++)
        has_x = has_x || view_element(app->view, i)->more_key == 'X';
    if (field->is_composed) {
        /* In one piece, whatever its digits would mean as keys. */
        citizen_text(citizen->index, text);
        feed(app, "\x1b[200~");
        feed(app, text);
        feed(app, "\x1b[201~");
        return;
    }
    if (has_x)
        citizen_number(citizen->index, text);
    else if (field->max_chars == CODE_CHARS && citizen->read_phone)
        citizen->read_phone(text);
    else
        guess(citizen, text);
    if (dice_percent(&citizen->dice, 5) && field->typing == TYPING_DIGITS)
        text[3] = '\0';
    feed(app, text);
}

/* Places that lead on: what the body offers, else go. */
static void go_on(struct citizen *citizen, struct app *app)
{
    const struct ui_place *body[PLACES_MOST];
    unsigned count = 0;
    bool is_chosen = false;

    for (size_t i = 0; i < ui_place_count(app->ui); i++) {
        const struct ui_place *place = ui_place(app->ui, i);
        if (!place->can_press || place->element->is_footer)
            continue;
        if (place->element->kind != ELEMENT_CHOICE && !place->row_value)
            continue;
        is_chosen = is_chosen || place->is_chosen;
        if (count < PLACES_MOST)
            body[count++] = place;
    }
    const struct ui_place *go = find(app, "footer.go");
    bool wants_go =
        go && (is_chosen || count == 0 || dice_percent(&citizen->dice, 60));
    if (wants_go)
        citizen_press(citizen, app, go);
    else if (count > 0)
        citizen_press(citizen, app, body[dice_below(&citizen->dice, count)]);
    else
        feed(app, "#");
}

static void press_anything(struct citizen *citizen, struct app *app)
{
    const struct ui_place *all[PLACES_MOST];
    unsigned count = 0;

    for (size_t i = 0; i < ui_place_count(app->ui); i++) {
        const struct ui_place *place = ui_place(app->ui, i);
        /* Whose text it is must stay in one piece for check.c. */
        bool moves = strncmp(place->element->id, "caret.", 6) == 0;
        if (place->can_press && !moves && count < PLACES_MOST)
            all[count++] = place;
    }
    if (count > 0)
        citizen_press(citizen, app, all[dice_below(&citizen->dice, count)]);
    else
        feed(app, "5");
}

static void pretend(struct app *app, const char *line)
{
    enum err err = app_pretend_device(app, line);
    assert(!err);
}

/* Somebody who comes with them, of another age. */
enum { COMPANION = 250 };

static void lay_card(struct citizen *citizen, struct app *app)
{
    bool is_other = view_find(app->view, "card.whose");
    unsigned index = citizen->index + (is_other ? COMPANION : 0);
    char line[256], number[24];

    switch (dice_below(&citizen->dice, 20)) {
    case 0:
        pretend(app, "card unknown");
        return;
    case 1:
        pretend(app, "card two");
        return;
    case 2: /* somebody else's */
        citizen_number(index + 500, number);
        break;
    default:
        citizen_number(index, number);
    }
    snprintf(line, sizeof line,
             "card resident name=" MARK_TEXT " address=" MARK_TEXT
             "%06u号 number=%s valid_to=%s",
             citizen->index, number,
             dice_percent(&citizen->dice, 3) ? "2020-01-01" : "long-term");
    pretend(app, line);
    citizen->has_card = true;
}

static void lift_card(struct citizen *citizen, struct app *app)
{
    pretend(app, "card lift");
    citizen->has_card = false;
}

/* ---- Writing ------------------------------------------------------------- */

static bool are_picked(const struct app *app)
{
    for (size_t i = 0; i < view_count(app->view); i++)
        if (view_element(app->view, i)->holds_caret)
            return true;
    return false;
}

static const struct ui_place *some_offer(struct citizen *citizen,
                                         const struct app *app)
{
    const struct ui_place *offers[PLACES_MOST];
    unsigned count = 0;

    for (size_t i = 0; i < ui_place_count(app->ui); i++) {
        const struct ui_place *place = ui_place(app->ui, i);
        if (place->element->kind == ELEMENT_CANDIDATES && count < PLACES_MOST)
            offers[count++] = place;
    }
    return count ? offers[dice_below(&citizen->dice, count)] : NULL;
}

/* Keys choose: they mostly pick; now and then they turn, delete or go back. */
static void pick(struct citizen *citizen, struct app *app)
{
    const struct ui_place *offer = some_offer(citizen, app);

    if (offer && dice_percent(&citizen->dice, 80))
        citizen_press(citizen, app, offer);
    else
        feed(app, dice_percent(&citizen->dice, 40)   ? "0"
                  : dice_percent(&citizen->dice, 50) ? "*"
                                                     : "#");
}

/* A few letters or strokes more, by whatever the page takes. */
static void compose(struct citizen *citizen, struct app *app,
                    const struct element *field)
{
    static const char *const strokes[] = { "3251", "16", "12#", "44112", "7" };
    static const char *const letters[] = { "deng", "lu", "s", "shu'", "h9" };
    unsigned at = dice_below(&citizen->dice, 5);

    if (field->typing == TYPING_STROKES)
        feed(app, strokes[at]);
    else if (field->typing == TYPING_TEXT)
        feed(app, letters[at]);
    else
        feed(app, "#");
}

/* Its code is paid, mostly once, and the page waited at.  False: it shows none,
 * or they want something else. */
static bool pay(struct citizen *citizen, struct app *app)
{
    const struct element *code = view_find(app->view, "payment.url");

    if (!code || !citizen->pay)
        return false;
    bool is_paid = citizen->paid_page == app->page;
    if (dice_percent(&citizen->dice, is_paid ? 5 : 60)) {
        citizen->pay(citizen->pay_owner, code->value);
        citizen->paid_page = app->page;
        return true;
    }
    return is_paid && dice_percent(&citizen->dice, 90);
}

/* At a page that has something of its own to be done; false: as any other. */
static bool act_there(struct citizen *citizen, struct app *app)
{
    const char *screen = pages_top(app)->kind->name;
    const struct element *field = active_field(app);

    if (strcmp(screen, "card") == 0 && dice_percent(&citizen->dice, 85)) {
        if (citizen->has_card)
            lift_card(citizen, app);
        else
            lay_card(citizen, app);
        return true;
    }
    if (strcmp(screen, "take-back") == 0 && citizen->has_card) {
        lift_card(citizen, app);
        return true;
    }
    if (pay(citizen, app) || prepared_acts(citizen, app))
        return true;
    if (are_picked(app)) {
        pick(citizen, app);
        return true;
    }
    if (field && field->is_composed && *field->value &&
        dice_percent(&citizen->dice, 25)) {
        compose(citizen, app, field);
        return true;
    }
    if (field && !*field->value) {
        write_field(citizen, app, field);
        return true;
    }
    if (field && view_find(app->view, "field.error")) {
        for (size_t i = 0; i < field->max_chars; i++)
            feed(app, "\x7f");
        citizen->refusals++;
        return true;
    }
    if (field && dice_percent(&citizen->dice, 90)) {
        if (!press_id(citizen, app, "footer.go"))
            feed(app, "\r");
        return true;
    }
    return false;
}

/* Things that happen in a hall. */
static void meddle(struct citizen *citizen, struct app *app)
{
    static const char *const lines[] = {
        "reader unplug", "reader plug",  "paper out",     "paper in",
        "cover open",    "cover closed", "printer die 1", "printer wait 1",
        "printer mute",  "reader plug",  "paper in",      "cover closed",
    };
    pretend(app,
            lines[dice_below(&citizen->dice, sizeof lines / sizeof lines[0])]);
}

void citizen_act(struct citizen *citizen, struct app *app)
{
    struct dice *dice = &citizen->dice;

    citizen->next_ms = clock_monotonic_ms() +
                       dice_between(dice, citizen->quick_ms, citizen->slow_ms);
    if (citizen->is_gone)
        return;
    if (++citizen->deeds > DEEDS_MOST ||
        dice_below(dice, 1000) < citizen->leaves) {
        citizen->is_gone = true;
        if (citizen->has_card && dice_percent(dice, 90))
            lift_card(citizen, app);
        return;
    }
    if (citizen->meddles && dice_percent(dice, 2))
        meddle(citizen, app);
    if (dice_percent(dice, citizen->lost))
        press_anything(citizen, app);
    else if (!act_there(citizen, app))
        go_on(citizen, app);
}
