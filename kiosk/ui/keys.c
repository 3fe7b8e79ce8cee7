#include "kiosk/ui/keys.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    SEQUENCE_WAIT_MS = 50,
    PASTE_WAIT_MS = 1000,
    BYTE_ESCAPE = 0x1b,
    BYTE_DELETE = 0x7f,
    X10_BYTES = 3,     /* button, column and row of the oldest mouse report */
    MOUSE_BUTTONS = 3, /* these two bits name the button, 0 is the left one */
    MOUSE_OTHER = 32 | 64 | 128, /* movement, wheel, further buttons */
    PARAMETERS_MAX = 4,
    NUMBER_MAX = 9999
};

enum state {
    STATE_GROUND,
    STATE_UTF8,
    STATE_ESCAPE,  /* ESC came */
    STATE_CSI,     /* ESC [ came */
    STATE_CONSOLE, /* ESC [ [ came: F1 to F5 of the Linux console */
    STATE_SS3,     /* ESC O came */
    STATE_STRING,  /* ESC ] P ^ _ X came: up to BEL or ESC \, dropped */
    STATE_X10,     /* ESC [ M came: three bytes, dropped */
    STATE_PASTE
};

static const char paste_end[] = "\x1b[201~";

struct keys {
    key_fn on_key;
    void *owner;
    enum state state;
    char sequence[SEQUENCE_BYTES_MAX]; /* after its introducer */
    size_t len;
    bool is_too_long;
    uint32_t code_point;
    uint32_t lowest; /* a smaller code point would be an overlong form */
    int bytes_missing;
    struct buf paste;
    size_t end_seen; /* bytes of paste_end that came just now */
};

struct keys *keys_new(key_fn on_key, void *owner)
{
    struct keys *keys = mem_new(sizeof *keys);
    keys->on_key = on_key;
    keys->owner = owner;
    buf_init(&keys->paste, PASTE_BYTES_MAX);
    return keys;
}

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    buf_done(&keys->paste);
    mem_free(keys);
}

void keys_clear(struct keys *keys)
{
    keys->state = STATE_GROUND;
    mem_wipe(keys->sequence, sizeof keys->sequence);
    keys->len = 0;
    keys->is_too_long = false;
    keys->code_point = 0;
    keys->end_seen = 0;
    buf_clear(&keys->paste);
    keys->paste.is_cut = false;
}

static void enter(struct keys *keys, enum state state)
{
    keys->state = state;
    keys->len = 0;
    keys->is_too_long = false;
}

static void emit(struct keys *keys, enum key_kind kind, int number)
{
    struct key key = { .kind = kind, .number = number };
    keys->on_key(keys->owner, &key);
}

static void emit_char(struct keys *keys, uint32_t code_point)
{
    struct key key = { .kind = KEY_CHAR, .code_point = code_point };
    keys->on_key(keys->owner, &key);
}

/* ---- Single bytes and UTF-8 -------------------------------------------- */

static void on_control(struct keys *keys, unsigned char byte)
{
    switch (byte) {
    case 0x03: /* ^C */
    case 0x1a: /* ^Z */
    case 0x1c: /* ^\ */
        emit(keys, KEY_INTERRUPT, byte);
        break;
    case '\b':
    case BYTE_DELETE:
        emit(keys, KEY_BACKSPACE, 0);
        break;
    case '\t':
        emit(keys, KEY_TAB, 0);
        break;
    case '\r':
    case '\n':
        emit(keys, KEY_ENTER, 0);
        break;
    case BYTE_ESCAPE:
        enter(keys, STATE_ESCAPE);
        break;
    default:
        break; /* says nothing to us */
    }
}

static void begin_utf8(struct keys *keys, unsigned char byte)
{
    if (byte >= 0xc2 && byte <= 0xdf) {
        keys->bytes_missing = 1;
        keys->lowest = 0x80;
        keys->code_point = byte & 0x1fu;
    } else if (byte >= 0xe0 && byte <= 0xef) {
        keys->bytes_missing = 2;
        keys->lowest = 0x800;
        keys->code_point = byte & 0x0fu;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
        keys->bytes_missing = 3;
        keys->lowest = 0x10000;
        keys->code_point = byte & 0x07u;
    } else {
        return; /* cannot begin a character: dropped */
    }
    enter(keys, STATE_UTF8);
}

static void on_ground(struct keys *keys, unsigned char byte)
{
    if (byte < 0x20 || byte == BYTE_DELETE)
        on_control(keys, byte);
    else if (byte < 0x80)
        emit_char(keys, byte);
    else
        begin_utf8(keys, byte);
}

static void on_utf8(struct keys *keys, unsigned char byte)
{
    if ((byte & 0xc0) != 0x80) {
        enter(keys, STATE_GROUND); /* the broken character is dropped */
        on_ground(keys, byte);
        return;
    }
    keys->code_point = keys->code_point << 6 | (byte & 0x3fu);
    keys->bytes_missing--;
    if (keys->bytes_missing > 0)
        return;
    uint32_t code_point = keys->code_point;
    enter(keys, STATE_GROUND);
    if (code_point < keys->lowest || code_point > 0x10ffff ||
        (code_point >= 0xd800 && code_point <= 0xdfff) || code_point < 0xa0)
        return;
    emit_char(keys, code_point);
}

/* ---- Sequences --------------------------------------------------------- */

/* The keys of ESC [ … letter and ESC O letter. */
static const struct {
    char final;
    enum key_kind kind;
    int number;
} letter_keys[] = {
    { 'A', KEY_UP, 0 },       { 'B', KEY_DOWN, 0 },
    { 'C', KEY_RIGHT, 0 },    { 'D', KEY_LEFT, 0 },
    { 'H', KEY_HOME, 0 },     { 'F', KEY_END, 0 },
    { 'Z', KEY_TAB_BACK, 0 }, { 'P', KEY_FUNCTION, 1 },
    { 'Q', KEY_FUNCTION, 2 }, { 'R', KEY_FUNCTION, 3 },
    { 'S', KEY_FUNCTION, 4 },
};

/* The keys of ESC [ number ~, as vt220, xterm, rxvt and the console have
 * them. */
static const struct {
    int code;
    enum key_kind kind;
    int number;
} tilde_keys[] = {
    { 1, KEY_HOME, 0 },       { 3, KEY_DELETE, 0 },
    { 4, KEY_END, 0 },        { 5, KEY_PAGE_UP, 0 },
    { 6, KEY_PAGE_DOWN, 0 },  { 7, KEY_HOME, 0 },
    { 8, KEY_END, 0 },        { 11, KEY_FUNCTION, 1 },
    { 12, KEY_FUNCTION, 2 },  { 13, KEY_FUNCTION, 3 },
    { 14, KEY_FUNCTION, 4 },  { 15, KEY_FUNCTION, 5 },
    { 17, KEY_FUNCTION, 6 },  { 18, KEY_FUNCTION, 7 },
    { 19, KEY_FUNCTION, 8 },  { 20, KEY_FUNCTION, 9 },
    { 21, KEY_FUNCTION, 10 }, { 23, KEY_FUNCTION, 11 },
    { 24, KEY_FUNCTION, 12 },
};

static void on_letter(struct keys *keys, char final)
{
    for (size_t i = 0; i < sizeof letter_keys / sizeof letter_keys[0]; i++)
        if (letter_keys[i].final == final)
            emit(keys, letter_keys[i].kind, letter_keys[i].number);
}

/* Numbers between semicolons; the count, or -1 when it is anything else. */
static int read_numbers(const char *text, size_t len,
                        int numbers[PARAMETERS_MAX])
{
    int count = 1;

    memset(numbers, 0, sizeof *numbers * PARAMETERS_MAX);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == ';' && count < PARAMETERS_MAX) {
            count++;
        } else if (text[i] >= '0' && text[i] <= '9') {
            int *number = &numbers[count - 1];
            *number = *number * 10 + (text[i] - '0');
            if (*number > NUMBER_MAX)
                return -1;
        } else {
            return -1;
        }
    }
    return count;
}

static void on_mouse(struct keys *keys, char final)
{
    int numbers[PARAMETERS_MAX];

    if (read_numbers(keys->sequence + 1, keys->len - 1, numbers) != 3)
        return;
    if (numbers[0] & (MOUSE_BUTTONS | MOUSE_OTHER))
        return;
    if (numbers[1] < 1 || numbers[2] < 1)
        return;
    struct key key = {
        .kind = final == 'M' ? KEY_TOUCH : KEY_LIFT,
        .row = numbers[2],
        .col = numbers[1],
    };
    keys->on_key(keys->owner, &key);
}

static void on_tilde(struct keys *keys)
{
    int numbers[PARAMETERS_MAX];

    if (read_numbers(keys->sequence, keys->len, numbers) < 1)
        return;
    if (numbers[0] == 200) {
        buf_clear(&keys->paste);
        keys->paste.is_cut = false;
        keys->end_seen = 0;
        enter(keys, STATE_PASTE);
        return;
    }
    for (size_t i = 0; i < sizeof tilde_keys / sizeof tilde_keys[0]; i++)
        if (tilde_keys[i].code == numbers[0])
            emit(keys, tilde_keys[i].kind, tilde_keys[i].number);
}

static void on_csi_end(struct keys *keys, char final)
{
    bool is_mouse = keys->len > 0 && keys->sequence[0] == '<';
    int numbers[PARAMETERS_MAX];

    keys->state = STATE_GROUND;
    if (keys->is_too_long)
        return;
    if (is_mouse && (final == 'M' || final == 'm'))
        on_mouse(keys, final);
    else if (final == 'M' && keys->len == 0)
        enter(keys, STATE_X10);
    else if (final == '~')
        on_tilde(keys);
    else if (read_numbers(keys->sequence, keys->len, numbers) > 0)
        on_letter(keys, final);
}

static void on_csi(struct keys *keys, unsigned char byte)
{
    if (byte < 0x20 || byte > 0x7e) { /* broken off: begin anew with it */
        enter(keys, STATE_GROUND);
        on_ground(keys, byte);
    } else if (byte == '[' && keys->len == 0) {
        enter(keys, STATE_CONSOLE);
    } else if (byte >= 0x40) {
        on_csi_end(keys, (char)byte);
    } else if (keys->len < sizeof keys->sequence) {
        keys->sequence[keys->len++] = (char)byte;
    } else {
        keys->is_too_long = true;
    }
}

static void on_console(struct keys *keys, unsigned char byte)
{
    enter(keys, STATE_GROUND);
    if (byte >= 'A' && byte <= 'E')
        emit(keys, KEY_FUNCTION, byte - 'A' + 1);
    else if (byte < 0x20)
        on_ground(keys, byte);
}

/* ESC O j and so on: the number block in its application mode. */
static void on_ss3(struct keys *keys, unsigned char byte)
{
    enter(keys, STATE_GROUND);
    if (byte < 0x20)
        on_ground(keys, byte);
    else if (byte == 'M')
        emit(keys, KEY_ENTER, 0);
    else if (byte == 'j')
        emit_char(keys, '*');
    else if (byte >= 'p' && byte <= 'y')
        emit_char(keys, '0' + (uint32_t)(byte - 'p'));
    else
        on_letter(keys, (char)byte);
}

static void on_escape(struct keys *keys, unsigned char byte)
{
    switch (byte) {
    case BYTE_ESCAPE: /* the first one stood alone */
        emit(keys, KEY_ESCAPE, 0);
        enter(keys, STATE_ESCAPE);
        return;
    case '[':
        enter(keys, STATE_CSI);
        return;
    case 'O':
        enter(keys, STATE_SS3);
        return;
    case ']':
    case 'P':
    case '^':
    case '_':
    case 'X':
        enter(keys, STATE_STRING);
        return;
    default:
        enter(keys, STATE_GROUND); /* a key with Alt: means nothing here */
        if (byte < 0x20)
            on_ground(keys, byte);
    }
}

static void on_string(struct keys *keys, unsigned char byte)
{
    if (byte == '\a')
        enter(keys, STATE_GROUND);
    else if (byte == BYTE_ESCAPE)
        enter(keys, STATE_ESCAPE); /* its backslash is then dropped there */
}

static void on_x10(struct keys *keys)
{
    keys->len++;
    if (keys->len == X10_BYTES)
        enter(keys, STATE_GROUND);
}

/* ---- Paste ------------------------------------------------------------- */

static void emit_paste(struct keys *keys)
{
    struct key key = {
        .kind = KEY_PASTE,
        .text = keys->paste.text,
        .len = keys->paste.len,
        .was_cut = keys->paste.is_cut,
    };
    enter(keys, STATE_GROUND);
    keys->on_key(keys->owner, &key);
    keys_clear(keys);
}

static void on_paste(struct keys *keys, unsigned char byte)
{
    if (byte == (unsigned char)paste_end[keys->end_seen]) {
        keys->end_seen++;
        if (keys->end_seen == sizeof paste_end - 1)
            emit_paste(keys);
        return;
    }
    /* No proper end of paste_end is its beginning, so what was held back is
     * text, and only this byte may begin it anew. */
    buf_add(&keys->paste, paste_end, keys->end_seen);
    keys->end_seen = 0;
    if (byte == BYTE_ESCAPE)
        keys->end_seen = 1;
    else
        buf_add_char(&keys->paste, (char)byte);
}

/* ---- The whole --------------------------------------------------------- */

static void on_byte(struct keys *keys, unsigned char byte)
{
    switch (keys->state) {
    case STATE_GROUND:
        on_ground(keys, byte);
        break;
    case STATE_UTF8:
        on_utf8(keys, byte);
        break;
    case STATE_ESCAPE:
        on_escape(keys, byte);
        break;
    case STATE_CSI:
        on_csi(keys, byte);
        break;
    case STATE_CONSOLE:
        on_console(keys, byte);
        break;
    case STATE_SS3:
        on_ss3(keys, byte);
        break;
    case STATE_STRING:
        on_string(keys, byte);
        break;
    case STATE_X10:
        on_x10(keys);
        break;
    case STATE_PASTE:
        on_paste(keys, byte);
        break;
    }
}

void keys_feed(struct keys *keys, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        on_byte(keys, (unsigned char)bytes[i]);
}

int keys_wait_ms(const struct keys *keys)
{
    switch (keys->state) {
    case STATE_GROUND:
        return 0;
    case STATE_PASTE:
        return PASTE_WAIT_MS;
    case STATE_UTF8:
    case STATE_ESCAPE:
    case STATE_CSI:
    case STATE_CONSOLE:
    case STATE_SS3:
    case STATE_STRING:
    case STATE_X10:
        return SEQUENCE_WAIT_MS;
    }
    abort();
}

void keys_time_is_up(struct keys *keys)
{
    enum state state = keys->state;

    if (state == STATE_PASTE) {
        emit_paste(keys);
        return;
    }
    keys_clear(keys);
    if (state == STATE_ESCAPE)
        emit(keys, KEY_ESCAPE, 0);
}
