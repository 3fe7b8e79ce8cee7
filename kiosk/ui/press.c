/* What a key or a touch means on a page for choosing. */
#include "kiosk/ui/ui_state.h"

#include "kiosk/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_NUMBER_LAST = 99,
    FULL_WIDTH_ZERO = 0xff10,
    KNOCK_STARS = 2,
    KNOCK_WITHIN_MS = 5000
};

static bool is_digit_char(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- Pressing ---------------------------------------------------------- */

void press_element(struct ui *ui, const char *id, const char *value)
{
    struct ui_input input = { .kind = UI_PRESSED, .id = id, .text = value };

    ui->pending[0] = '\0';
    ui->has_pressed = true;
    ui->has_entered = true;
    ui_send(ui, &input);
}

/* "10" to "99"; keys of lists are their rows' numbers. */
static bool row_at(const struct element *list, const char *key, size_t *ret_at)
{
    size_t number = 0;

    for (const char *c = key; *c; c++) {
        if (!is_digit_char(*c))
            return false;
        number = number * 10 + (size_t)(*c - '0');
    }
    if (number < list->first_number || number > ROW_NUMBER_LAST)
        return false;
    *ret_at = number - list->first_number;
    return *ret_at < list->count;
}

/* What is pressed by one digit must be seen; a number of two is meant, and good
 * on every turn, as those of a list's rows are. */
static bool is_seen(const struct ui *ui, const struct element *element)
{
    bool has_two_digits = is_digit_char(element->key[0]) && element->key[1];

    if (element->is_footer || element->kind == ELEMENT_LIST || has_two_digits)
        return true;
    for (size_t i = 0; i < ui->layout->place_count; i++)
        if (ui->layout->places[i].element == element)
            return true;
    return false;
}

/* Whether something has this key; and, when is_pressed, presses it. */
static bool has_key(struct ui *ui, const char *key, bool is_pressed)
{
    for (size_t i = 0; i < view_count(ui->view); i++) {
        const struct element *element = view_element(ui->view, i);
        const char *value = NULL, *text = NULL;
        size_t at;

        if (element->is_off || !is_seen(ui, element))
            continue;
        if (element->kind == ELEMENT_LIST && row_at(element, key, &at))
            element->row(element->row_owner, at, &value, &text);
        else if (strcmp(element->key, key) != 0)
            continue;
        if (is_pressed)
            press_element(ui, element->id, value);
        return true;
    }
    return false;
}

/* Whether some number of two digits begins with this one. */
static bool begins_number(struct ui *ui, char digit)
{
    for (char second = '0'; second <= '9'; second++) {
        const char key[] = { digit, second, '\0' };
        if (has_key(ui, key, false))
            return true;
    }
    return false;
}

static void press_digit(struct ui *ui, char digit)
{
    const char one[] = { digit, '\0' };
    const char two[] = { ui->pending[0], digit, '\0' };

    if (ui->pending[0]) {
        ui->pending[0] = '\0';
        if (!has_key(ui, two, true))
            ui_changed(ui, false);
        return;
    }
    if (has_key(ui, one, true))
        return;
    if (!begins_number(ui, digit))
        return;
    ui->pending[0] = digit;
    ui_changed(ui, false);
}

void press_sign(struct ui *ui, char sign)
{
    const char key[] = { sign, '\0' };

    if (ui->pending[0]) {
        ui->pending[0] = '\0';
        ui_changed(ui, false);
        if (sign == '*')
            return;
    }
    if (sign == '#' && ui->turn < ui->layout->turns)
        ui_begin_turn(ui, ui->turn + 1);
    else if (sign == '*' && ui->turn > 1)
        ui_begin_turn(ui, ui->turn - 1);
    else
        (void)has_key(ui, key, true);
}

/* ---- Focus ------------------------------------------------------------- */

static bool is_reachable(const struct ui_place *place)
{
    return place->can_press && place->rows > 0;
}

static void focus_on(struct ui *ui, const struct ui_place *place)
{
    ui->focus = ui_target_of(place);
    ui->has_moved = true;
    ui->pending[0] = '\0';
    ui_changed(ui, false);
}

static int next_in_order(const struct ui *ui, int from, int step)
{
    int count = (int)ui->layout->place_count;

    for (int i = 1; i <= count; i++) {
        int at = ((from + step * i) % count + count) % count;
        if (is_reachable(&ui->layout->places[at]))
            return at;
    }
    return -1;
}

/* How far a place is in a direction, or -1 when it is not there. */
static int distance(const struct ui_place *from, const struct ui_place *to,
                    enum key_kind kind)
{
    int down = to->row - from->row;
    int right = to->col - from->col;
    bool is_beside =
        to->row < from->row + from->rows && from->row < to->row + to->rows;

    if (kind == KEY_LEFT || kind == KEY_RIGHT) {
        int along = kind == KEY_RIGHT ? right : -right;
        return is_beside && along > 0 ? along : -1;
    }
    int along = kind == KEY_DOWN ? down : -down;
    if (is_beside || along <= 0)
        return -1;
    return along * 100 + abs(right);
}

static int nearest(const struct ui *ui, int from, enum key_kind kind)
{
    const struct ui_place *places = ui->layout->places;
    int best = -1, best_distance = 0;

    for (size_t i = 0; i < ui->layout->place_count; i++) {
        if (!is_reachable(&places[i]) || (int)i == from)
            continue;
        int far = distance(&places[from], &places[i], kind);
        if (far >= 0 && (best < 0 || far < best_distance)) {
            best = (int)i;
            best_distance = far;
        }
    }
    return best;
}

static void move_focus(struct ui *ui, enum key_kind kind)
{
    int from = ui_focus_at(ui), to = -1;

    if (ui->layout->place_count == 0)
        return;
    if (from < 0)
        to = next_in_order(ui, -1, 1);
    else if (kind == KEY_TAB)
        to = next_in_order(ui, from, 1);
    else if (kind == KEY_TAB_BACK)
        to = next_in_order(ui, from, -1);
    else
        to = nearest(ui, from, kind);
    if (to < 0 && (kind == KEY_LEFT || kind == KEY_RIGHT))
        to = next_in_order(ui, from, kind == KEY_RIGHT ? 1 : -1);
    if (to >= 0)
        focus_on(ui, &ui->layout->places[to]);
}

/* ---- Touch ------------------------------------------------------------- */

/* While something is typed the footer has two keys: back, which is touched, and
 * delete, which is what the key * means then. */
static bool is_delete(const struct element *element)
{
    return strcmp(element->id, "footer.delete") == 0;
}

/* Its # is the composer's, not the one that ends the field. */
static bool is_composers(const struct ui *ui, const struct element *element)
{
    const struct element *field = ui_field(ui);

    return field && field->is_composed && element->is_footer &&
           *element->key == '#' && strcmp(element->id, "footer.go") != 0;
}

/* Where keys are composed, # may stand on another key of the footer. */
static bool is_go(const struct ui *ui, const struct element *element)
{
    const struct element *field = ui_field(ui);

    if (!element->is_footer)
        return false;
    return field && field->is_composed ? strcmp(element->id, "footer.go") == 0
                                       : *element->key == '#';
}

static void activate(struct ui *ui, const struct ui_place *place)
{
    const struct element *element = place->element;

    if (element->kind == ELEMENT_KEYS) {
        type_pad(ui, place->row_key);
    } else if (is_composers(ui, element)) {
        type_pad(ui, element->key);
    } else if (element->typing != TYPING_NONE) {
        focus_on(ui, place);
        ui->has_moved = false;
    } else if (is_go(ui, element) && type_footer_go(ui, *element->key == '#')) {
        return;
    } else if (is_delete(element)) {
        type_pad(ui, "*");
    } else if (element->is_footer && *element->key == '*' && ui->turn > 1) {
        press_sign(ui, '*');
    } else {
        press_element(ui, element->id, place->row_value);
    }
}

static const struct ui_place *place_under(const struct ui *ui, int row, int col)
{
    for (size_t i = 0; i < ui->layout->place_count; i++) {
        const struct ui_place *place = &ui->layout->places[i];
        if (is_reachable(place) && row >= place->row &&
            row < place->row + place->rows && col >= place->col &&
            col < place->col + place->cols)
            return place;
    }
    return NULL;
}

static void press_touch(struct ui *ui, const struct key *key)
{
    const struct ui_place *place = place_under(ui, key->row, key->col);
    const char *any_key = view_any_key_id(ui->view);

    if (key->kind == KEY_TOUCH) {
        ui->touched = (struct target){ 0 };
        if (place)
            ui->touched = ui_target_of(place);
        ui->is_touching = true;
        return;
    }
    if (!ui->is_touching)
        return;
    ui->is_touching = false;
    if (place && ui_is_target(&ui->touched, place))
        activate(ui, place);
    else if (any_key)
        press_element(ui, any_key, NULL);
}

/* ---- Keys -------------------------------------------------------------- */

static void press_char(struct ui *ui, uint32_t code_point)
{
    int at = ui_focus_at(ui);

    if (code_point >= FULL_WIDTH_ZERO && code_point <= FULL_WIDTH_ZERO + 9)
        code_point = '0' + (code_point - FULL_WIDTH_ZERO);
    if (code_point >= '0' && code_point <= '9')
        press_digit(ui, (char)code_point);
    else if (code_point == '#' || code_point == '*')
        press_sign(ui, (char)code_point);
    else if (code_point == ' ' && ui->has_moved && at >= 0)
        activate(ui, &ui->layout->places[at]);
}

static void choose(struct ui *ui, const struct key *key)
{
    int at = ui_focus_at(ui);

    switch (key->kind) {
    case KEY_CHAR:
        press_char(ui, key->code_point);
        break;
    case KEY_ENTER:
        if (ui->has_moved && at >= 0)
            activate(ui, &ui->layout->places[at]);
        else
            press_sign(ui, '#');
        break;
    case KEY_ESCAPE:
    case KEY_BACKSPACE:
        press_sign(ui, '*');
        break;
    case KEY_LEFT:
    case KEY_RIGHT:
    case KEY_UP:
    case KEY_DOWN:
    case KEY_TAB:
    case KEY_TAB_BACK:
        move_focus(ui, key->kind);
        break;
    case KEY_PAGE_DOWN:
        if (ui->turn < ui->layout->turns)
            ui_begin_turn(ui, ui->turn + 1);
        break;
    case KEY_PAGE_UP:
        if (ui->turn > 1)
            ui_begin_turn(ui, ui->turn - 1);
        break;
    case KEY_NONE:
    case KEY_HOME:
    case KEY_END:
    case KEY_DELETE:
    case KEY_FUNCTION:
    case KEY_INTERRUPT:
    case KEY_TOUCH:
    case KEY_LIFT:
    case KEY_PASTE:
    case KEY_COUNT:
        break;
    }
}

static bool is_star(const struct key *key)
{
    return key->kind == KEY_CHAR && key->code_point == '*';
}

/* On a page that any key answers, what has a key of its own keeps its meaning;
 * where somebody may knock, so do the star and the function keys. */
static bool answers_any(struct ui *ui, const struct key *key)
{
    bool may_knock = view_knock_id(ui->view);

    if (!view_any_key_id(ui->view) || key->kind == KEY_PASTE)
        return false;
    if (key->kind == KEY_FUNCTION || key->kind == KEY_INTERRUPT)
        return !may_knock;
    if (key->kind != KEY_CHAR)
        return true;
    const char text[] = { key->code_point < 0x80 ? (char)key->code_point : '?',
                          '\0' };
    return !(may_knock && is_star(key)) && !has_key(ui, text, false);
}

static bool is_hash(const struct key *key)
{
    return (key->kind == KEY_CHAR && key->code_point == '#') ||
           key->kind == KEY_ENTER;
}

/* * * #, within a few seconds, so that nobody who comes later finds the door
 * half open.  True when the key was for this. */
static bool knocks(struct ui *ui, const struct key *key)
{
    int64_t now_ms = clock_monotonic_ms();

    if (!view_knock_id(ui->view))
        return false;
    if (now_ms - ui->star_ms > KNOCK_WITHIN_MS)
        ui->stars = 0;
    if (is_star(key)) {
        ui->stars++;
        ui->star_ms = now_ms;
        return true;
    }
    bool is_door = is_hash(key) && ui->stars >= KNOCK_STARS;
    ui->stars = 0;
    if (is_door)
        press_element(ui, view_knock_id(ui->view), NULL);
    return is_door;
}

static bool hears(struct ui *ui)
{
    return ui_is_alive(ui) && !ui->layout->is_too_small && !ui->has_pressed &&
           clock_monotonic_ms() - ui->page_ms >= UI_DEAF_MS;
}

/* Function keys are for the staff and for who plays with the demonstration;
 * who presses one is there all the same. */
static void press_number(struct ui *ui, const struct key *key)
{
    struct ui_input input = {
        .kind = key->kind == KEY_FUNCTION ? UI_FUNCTION : UI_INTERRUPT,
        .number = key->number,
    };

    if (hears(ui) && answers_any(ui, key))
        press_element(ui, view_any_key_id(ui->view), NULL);
    ui_send(ui, &input);
}

void press_key(struct ui *ui, const struct key *key)
{
    if (key->kind == KEY_FUNCTION || key->kind == KEY_INTERRUPT) {
        press_number(ui, key);
        return;
    }
    if (!hears(ui)) {
        ui->is_touching = false;
        return;
    }
    if (knocks(ui, key))
        return;
    if (key->kind == KEY_TOUCH || key->kind == KEY_LIFT)
        press_touch(ui, key);
    else if (answers_any(ui, key))
        press_element(ui, view_any_key_id(ui->view), NULL);
    else if (!type_key(ui, key))
        choose(ui, key);
}
