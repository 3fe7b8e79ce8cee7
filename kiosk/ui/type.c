/* What keys mean while a field is written: they write. */
#include "kiosk/ui/ui_state.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/text.h"

#include <string.h>

/* The pad has it beside its digits: X, or a point. */
static bool takes(const struct ui *ui, char key)
{
    for (size_t i = 0; i < view_count(ui->view); i++) {
        const struct element *element = view_element(ui->view, i);
        if (element->kind == ELEMENT_KEYS && element->more_key == key)
            return true;
    }
    return false;
}

static struct typed *begin(struct ui *ui, const struct element *field)
{
    return typed_begin(view_typed_set(ui->view), view_scope(ui->view),
                       field->id, field->value, field->max_chars);
}

static bool is_empty(const struct ui *ui, const struct element *field)
{
    const struct typed *typed = ui_typed(ui);
    return typed ? typed_is_empty(typed) : !*field->value;
}

static bool has_focus(const struct ui *ui, const struct element *field)
{
    return strcmp(ui->focus.id, field->id) == 0;
}

/* The page turns to the field, so that a person sees what they write. */
static void typed_now(struct ui *ui, bool was_cut)
{
    ui->focus = (struct target){ 0 };
    ui->has_moved = false;
    if (ui->layout->field_turn > 0)
        ui->turn = ui->layout->field_turn;
    ui_changed(ui, was_cut);
}

/* ---- Writing ----------------------------------------------------------- */

/* A letter that stands on the pad's key of a digit writes that digit, as on a
 * telephone; '\0': there is none. */
static char key_of_letter(const struct ui *ui, char letter)
{
    char capital =
        letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;

    if (capital < 'A' || capital > 'Z')
        return '\0';
    for (size_t i = 0; i < view_count(ui->view); i++) {
        const struct element *element = view_element(ui->view, i);
        for (size_t j = 0; j < element->pad_count; j++) {
            char key = *element->pad[j].key;
            if (key >= '0' && key <= '9' &&
                strchr(element->pad[j].text, capital))
                return key;
        }
    }
    return '\0';
}

/* Spaces, dashes and full-width forms are taken out first; what is then no
 * digit is not for this field. */
static void keep_digits(const struct ui *ui, const char *text, size_t len,
                        struct buf *out)
{
    struct text_change change;
    struct buf valid, tidy;

    buf_init(&valid, PASTE_BYTES_MAX * 2);
    buf_init(&tidy, PASTE_BYTES_MAX * 2);
    text_accept(text, len, PASTE_BYTES_MAX, &valid, &change);
    text_tidy_number(valid.text, &tidy);
    for (const char *c = tidy.text; *c; c++) {
        if (*c >= '0' && *c <= '9')
            buf_add_char(out, *c);
        else if ((*c == 'x' || *c == 'X') && takes(ui, 'X'))
            buf_add_char(out, 'X');
        else if (*c == '.' && takes(ui, '.'))
            buf_add_char(out, '.');
        else if (key_of_letter(ui, *c))
            buf_add_char(out, key_of_letter(ui, *c));
    }
    buf_done(&tidy);
    buf_done(&valid);
}

static void insert(struct ui *ui, const struct element *field, const char *text,
                   size_t len, bool was_cut)
{
    struct typed *typed = begin(ui, field);
    bool fits = true;

    if (field->typing == TYPING_DIGITS) {
        struct buf digits;
        buf_init(&digits, PASTE_BYTES_MAX * 2);
        keep_digits(ui, text, len, &digits);
        fits = typed_insert(typed, digits.text, digits.len);
        buf_done(&digits);
    } else {
        fits = typed_insert(typed, text, len);
    }
    typed_now(ui, typed->text && (!fits || was_cut));
    if (!typed->text)
        ui_send(ui, &(struct ui_input){ .kind = UI_NO_ROOM });
}

static size_t encode(uint32_t code_point, char bytes[4])
{
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    size_t count = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = count - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    bytes[0] = (char)(first[count] | code_point);
    return count;
}

static void write_char(struct ui *ui, const struct element *field,
                       uint32_t code_point)
{
    char bytes[4];
    size_t len = encode(code_point, bytes);
    insert(ui, field, bytes, len, false);
}

/* ---- Signs ------------------------------------------------------------- */

static void end_field(struct ui *ui, const struct element *field)
{
    const struct typed *typed = ui_typed(ui);
    struct ui_input input = {
        .kind = UI_ENTERED,
        .id = field->id,
        .text = typed && typed->text ? typed->text : field->value,
    };
    ui->has_pressed = true;
    ui->has_entered = true;
    ui->ended_ms = clock_monotonic_ms();
    ui_send(ui, &input);
}

static void delete_or_back(struct ui *ui, const struct element *field)
{
    if (is_empty(ui, field)) {
        press_sign(ui, '*');
        return;
    }
    typed_delete_back(begin(ui, field));
    typed_now(ui, false);
}

/* A field that was ended may be empty by now, and asked for again: whoever
 * pressed twice did not mean what the key is on such a page. */
void type_go(struct ui *ui)
{
    const struct element *field = ui_field(ui);
    bool is_second = clock_monotonic_ms() - ui->ended_ms < UI_DEAF_MS;

    if (field && !is_empty(ui, field))
        end_field(ui, field);
    else if (!is_second)
        press_sign(ui, '#');
}

static void type_char(struct ui *ui, const struct element *field,
                      uint32_t code_point)
{
    if (code_point == '*')
        delete_or_back(ui, field);
    else if (code_point == '#' &&
             (field->typing == TYPING_DIGITS || is_empty(ui, field)))
        type_go(ui);
    else
        write_char(ui, field, code_point);
}

/* Its text is composed elsewhere. */
static void tell_key(struct ui *ui, const char *key, bool was_touched)
{
    struct ui_input input = { .kind = UI_WRITING,
                              .text = key,
                              .is_empty = is_empty(ui, ui_field(ui)),
                              .was_touched = was_touched };

    ui->focus = (struct target){ 0 };
    ui->has_moved = false;
    ui_send(ui, &input);
}

static void tell_char(struct ui *ui, uint32_t code_point)
{
    char key[5];

    key[encode(code_point, key)] = '\0';
    tell_key(ui, key, false);
}

/* A control character is no key of a composing field. */
static bool is_told(const struct element *field, uint32_t code_point)
{
    return field->is_composed && code_point >= ' ' && code_point != 0x7f;
}

bool type_footer_go(struct ui *ui, bool has_sign)
{
    const struct element *field = ui_field(ui);

    /* As a character, # is typed; on the glass it ends the text. */
    if (field && field->is_composed && field->typing != TYPING_TEXT)
        tell_key(ui, "#", true);
    else if (has_sign || (field && !is_empty(ui, field)))
        type_go(ui);
    else
        return false;
    return true;
}

void type_pad(struct ui *ui, const char *key)
{
    const struct element *field = ui_field(ui);

    if (!field)
        return;
    if (field->is_composed) {
        tell_key(ui, key, true);
        return;
    }
    if (*key == '#')
        type_go(ui);
    else
        type_char(ui, field, (unsigned char)*key);
}

static void move_caret(struct ui *ui, const struct element *field,
                       enum key_kind kind)
{
    long by = kind == KEY_LEFT    ? -1
              : kind == KEY_RIGHT ? 1
              : kind == KEY_HOME  ? -(long)TYPED_CHARS_MAX
                                  : (long)TYPED_CHARS_MAX;
    typed_move(begin(ui, field), by);
    typed_now(ui, false);
}

static bool type_with_focus(struct ui *ui, const struct element *field,
                            const struct key *key)
{
    /* Where one chooses, arrows lead to what is offered. */
    if (field->holds_caret && key->kind != KEY_ENTER)
        return false;
    switch (key->kind) {
    case KEY_LEFT:
    case KEY_RIGHT:
    case KEY_HOME:
    case KEY_END:
        move_caret(ui, field, key->kind);
        return true;
    case KEY_ENTER:
        if (field->is_composed)
            tell_key(ui, "\n", false);
        else
            type_go(ui);
        return true;
    case KEY_DELETE:
        typed_delete_forward(begin(ui, field));
        typed_now(ui, false);
        return true;
    default:
        return false;
    }
}

bool type_key(struct ui *ui, const struct key *key)
{
    const struct element *field = ui_field(ui);

    if (!field)
        return false;
    bool is_elsewhere = ui->has_moved && !has_focus(ui, field);
    switch (key->kind) {
    case KEY_CHAR:
        if (is_elsewhere && key->code_point == ' ')
            return false;
        if (is_told(field, key->code_point))
            tell_char(ui, key->code_point);
        else
            type_char(ui, field, key->code_point);
        return true;
    case KEY_ESCAPE:
    case KEY_BACKSPACE:
        if (field->is_composed)
            tell_key(ui, "*", false);
        else
            delete_or_back(ui, field);
        return true;
    case KEY_PASTE:
        insert(ui, field, key->text, key->len, key->was_cut);
        return true;
    default:
        return !is_elsewhere && type_with_focus(ui, field, key);
    }
}

/* ---- For who composes --------------------------------------------------- */

void ui_write(struct ui *ui, const char *text, size_t len)
{
    const struct element *field = ui_field(ui);

    if (field)
        insert(ui, field, text, len, false);
}

void ui_move_caret(struct ui *ui, long by)
{
    const struct element *field = ui_field(ui);

    if (!field)
        return;
    typed_move(begin(ui, field), by);
    typed_now(ui, false);
}

void ui_sign(struct ui *ui, char sign)
{
    const struct element *field = ui_field(ui);

    if (!field)
        return;
    if (sign == '\n' || (sign == '#' && field->typing == TYPING_STROKES))
        type_go(ui);
    else
        type_char(ui, field, (unsigned char)sign);
}
