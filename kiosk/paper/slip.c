#include "kiosk/paper/slip.h"

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

#include <jansson.h>
#include <string.h>

static enum err complain(struct buf *why, enum err err, const char *place,
                         const char *what)
{
    buf_clear(why);
    buf_add_format(why, "%s: %s", place, what);
    return err;
}

/* --- keys --------------------------------------------------------------- */

/* A key is quoted only when it looks like one: it might be a value that slid
 * out of its place. */
static bool looks_like_key(const char *key)
{
    size_t len = strspn(key, "abcdefghijklmnopqrstuvwxyz_");

    return len > 0 && len <= 24 && key[len] == '\0';
}

static bool is_in(const char *name, const char *const *names)
{
    for (; *names; names++) {
        if (strcmp(name, *names) == 0)
            return true;
    }
    return false;
}

/* An object with no keys but those of names. */
static enum err check_object(const json_t *object, const char *place,
                             const char *const *names, struct buf *why)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return complain(why, ERR_BAD_INPUT, place, "expected an object");
    json_object_foreach((json_t *)object, key, value)
    {
        if (is_in(key, names))
            continue;
        buf_clear(why);
        buf_add_format(why, "%s: unknown key \"%s\"; it takes", place,
                       looks_like_key(key) ? key : "?");
        for (size_t i = 0; names[i]; i++)
            buf_add_format(why, "%s %s", i ? "," : "", names[i]);
        return ERR_BAD_INPUT;
    }
    return ERR_OK;
}

/* --- texts -------------------------------------------------------------- */

static bool has_control(const char *text)
{
    for (const char *at = text; *at;) {
        uint32_t c = text_next(&at);

        if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0))
            return true;
    }
    return false;
}

/* Reads the string object[name] into *ret; NULL where an optional one is not
 * there. */
static enum err read_text(const json_t *object, const char *place,
                          const char *name, bool is_wanted, const char **ret,
                          struct buf *why)
{
    static const char too_long[] = "longer than 4096 bytes";
    const json_t *value = json_object_get(object, name);
    char where[80];
    struct buf path;
    const char *wrong = NULL;

    if (!value && !is_wanted)
        return ERR_OK;
    if (!value)
        wrong = "missing";
    else if (!json_is_string(value))
        wrong = "expected a text";
    else if (json_string_length(value) > SLIP_TEXT_BYTES)
        wrong = too_long;
    else if (strlen(json_string_value(value)) != json_string_length(value) ||
             has_control(json_string_value(value)))
        wrong = "holds a control character";
    else
        *ret = json_string_value(value);
    if (!wrong)
        return ERR_OK;
    buf_init(&path, sizeof(where) - 1);
    buf_add_format(&path, "%s.%s", place, name);
    memcpy(where, path.text, path.len + 1);
    buf_done(&path);
    return complain(why, wrong == too_long ? ERR_TOO_BIG : ERR_BAD_INPUT, where,
                    wrong);
}

static enum err read_flag(const json_t *object, const char *place,
                          const char *name, bool *ret, struct buf *why)
{
    const json_t *value = json_object_get(object, name);

    if (!value)
        return ERR_OK;
    if (!json_is_boolean(value)) {
        buf_clear(why);
        buf_add_format(why, "%s.%s: expected true or false", place, name);
        return ERR_BAD_INPUT;
    }
    *ret = json_is_true(value);
    return ERR_OK;
}

/* --- blocks ------------------------------------------------------------- */

static const struct kind {
    const char *name;
    const char *const *keys;
} kinds[BLOCK_KIND_COUNT] = {
    [BLOCK_FACT] = { "fact", (const char *const[]){ "kind", "label", "value",
                                                    "large", NULL } },
    [BLOCK_TEXT] = { "text", (const char *const[]){ "kind", "text", NULL } },
    [BLOCK_SMALL] = { "small", (const char *const[]){ "kind", "text", NULL } },
    [BLOCK_RULE] = { "rule", (const char *const[]){ "kind", NULL } },
    [BLOCK_QR] = { "qr",
                   (const char *const[]){ "kind", "payload", "text", NULL } },
    [BLOCK_TABLE] = { "table", (const char *const[]){ "kind", "head", "rows",
                                                      "fold", NULL } },
};

static enum err read_kind(const json_t *json, const char *place,
                          struct block *block, struct buf *why)
{
    const char *name = json_string_value(json_object_get(json, "kind"));

    for (int i = 0; name && i < BLOCK_KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            block->kind = (enum block_kind)i;
            return check_object(json, place, kinds[i].keys, why);
        }
    }
    buf_clear(why);
    buf_add_format(why,
                   "%s.kind: %s%s%s; known are fact, text, small, rule, qr, "
                   "table",
                   place, name ? "unknown kind \"" : "missing",
                   !name                  ? ""
                   : looks_like_key(name) ? name
                                          : "?",
                   name ? "\"" : "");
    return ERR_BAD_INPUT;
}

static enum err read_qr(const json_t *json, const char *place,
                        struct block *block, struct buf *why)
{
    enum err err =
        read_text(json, place, "payload", true, &block->payload, why);

    if (!err && !*block->payload)
        return complain(why, ERR_BAD_INPUT, place, "the payload is empty");
    if (!err)
        err = read_text(json, place, "text", false, &block->text, why);
    return err;
}

/* One row's texts into cells; each row is as long as the head. */
static enum err read_row(const json_t *row, const char *place,
                         const struct block *block, size_t at, struct buf *why)
{
    size_t count = block->column_count;
    const char **cells = block->cells + at * count;
    size_t most =
        block->folds ? SLIP_TEXT_BYTES : SLIP_TEXT_BYTES / SLIP_COLUMNS;

    if (!json_is_array(row) || json_array_size(row) != count)
        return complain(why, ERR_BAD_INPUT, place,
                        "expected 2 to 13 texts in head and in each row");
    for (size_t i = 0; i < count; i++) {
        const json_t *cell = json_array_get(row, i);

        if (!json_is_string(cell))
            return complain(why, ERR_BAD_INPUT, place, "expected a text");
        if (json_string_length(cell) > most)
            return complain(why, ERR_TOO_BIG, place,
                            block->folds ? "a cell is longer than 4096 bytes"
                                         : "a cell is longer than 315 bytes");
        if (strlen(json_string_value(cell)) != json_string_length(cell) ||
            has_control(json_string_value(cell)))
            return complain(why, ERR_BAD_INPUT, place,
                            "holds a control character");
        cells[i] = json_string_value(cell);
    }
    return ERR_OK;
}

static enum err read_table(const json_t *json, const char *place,
                           struct block *block, struct buf *why)
{
    const json_t *head = json_object_get(json, "head");
    const json_t *rows = json_object_get(json, "rows");
    size_t columns = json_array_size(head), count = json_array_size(rows);
    enum err err;

    if (columns < 2 || columns > SLIP_COLUMNS)
        return complain(why, ERR_BAD_INPUT, place,
                        "expected 2 to 13 texts in head and in each row");
    if (!json_is_array(rows) || count == 0)
        return complain(why, ERR_BAD_INPUT, place, "expected rows, a list");
    if (count > SLIP_ROWS)
        return complain(why, ERR_TOO_BIG, place, "more than 60 rows");
    block->cells = mem_new((count + 1) * columns * sizeof(*block->cells));
    block->column_count = columns;
    block->row_count = count + 1;
    err = read_flag(json, place, "fold", &block->folds, why);
    if (!err)
        err = read_row(head, place, block, 0, why);
    for (size_t i = 0; !err && i < count; i++)
        err = read_row(json_array_get(rows, i), place, block, i + 1, why);
    return err;
}

static enum err read_block(const json_t *json, size_t at, struct block *block,
                           struct buf *why)
{
    char place[32];
    struct buf path;
    enum err err;

    buf_init(&path, sizeof(place) - 1);
    buf_add_format(&path, "slip.blocks[%zu]", at);
    memcpy(place, path.text, path.len + 1);
    buf_done(&path);

    if (!json_is_object(json))
        return complain(why, ERR_BAD_INPUT, place, "expected an object");
    err = read_kind(json, place, block, why);
    if (err)
        return err;
    switch (block->kind) {
    case BLOCK_FACT:
        err = read_text(json, place, "label", true, &block->label, why);
        if (!err)
            err = read_text(json, place, "value", true, &block->value, why);
        if (!err)
            err = read_flag(json, place, "large", &block->is_large, why);
        return err;
    case BLOCK_TEXT:
    case BLOCK_SMALL:
        return read_text(json, place, "text", true, &block->text, why);
    case BLOCK_QR:
        return read_qr(json, place, block, why);
    case BLOCK_TABLE:
        return read_table(json, place, block, why);
    case BLOCK_RULE:
    case BLOCK_KIND_COUNT:
        break;
    }
    return ERR_OK;
}

static enum err read_blocks(const json_t *array, struct slip *slip,
                            struct buf *why)
{
    size_t count = json_array_size(array);
    enum err err = ERR_OK;

    if (!json_is_array(array))
        return complain(why, ERR_BAD_INPUT, "slip.blocks", "expected a list");
    if (count > (slip->is_form ? SLIP_FORM_BLOCKS : SLIP_BLOCKS))
        return complain(why, ERR_TOO_BIG, "slip.blocks",
                        slip->is_form ? "more than 4000 blocks"
                                      : "more than 200 blocks");
    slip->blocks = mem_new((count + 1) * sizeof(*slip->blocks));
    slip->block_count = count;
    for (size_t i = 0; !err && i < count; i++)
        err = read_block(json_array_get(array, i), i, &slip->blocks[i], why);
    return err;
}

/* --- the request -------------------------------------------------------- */

static enum err read_slip(const json_t *json, struct slip *slip,
                          struct buf *why)
{
    static const char *const names[] = { "title",     "subtitle", "demo",
                                         "blocks",    "footer",   "running",
                                         "watermark", "plain",    "form",
                                         NULL };
    enum err err = check_object(json, "slip", names, why);

    if (!err)
        err = read_text(json, "slip", "title", true, &slip->title, why);
    if (!err)
        err = read_text(json, "slip", "subtitle", false, &slip->subtitle, why);
    if (!err)
        err = read_text(json, "slip", "demo", false, &slip->demo, why);
    if (!err)
        err = read_text(json, "slip", "footer", false, &slip->footer, why);
    if (!err)
        err = read_text(json, "slip", "running", false, &slip->running, why);
    if (!err)
        err =
            read_text(json, "slip", "watermark", false, &slip->watermark, why);
    if (!err)
        err = read_flag(json, "slip", "plain", &slip->is_plain, why);
    if (!err)
        err = read_flag(json, "slip", "form", &slip->is_form, why);
    if (!err)
        err = read_blocks(json_object_get(json, "blocks"), slip, why);
    return err;
}

static enum err read_paper(const json_t *json, struct slip *slip,
                           struct buf *why)
{
    static const char *const names[SLIP_PAPER_COUNT] = { "58mm", "80mm", "A4" };
    const char *name = json_string_value(json);

    for (int i = 0; name && i < SLIP_PAPER_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            slip->paper = (enum slip_paper)i;
            return ERR_OK;
        }
    }
    return complain(why, ERR_BAD_INPUT, "paper", "expected 58mm, 80mm or A4");
}

/* The texts come composed: this only says which languages they are in. */
static enum err check_languages(const json_t *json, struct buf *why)
{
    size_t count = json_array_size(json);

    if (!json)
        return ERR_OK;
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(json, i));

        if (!name || (strcmp(name, "zh_CN") != 0 && strcmp(name, "en") != 0))
            count = 0;
    }
    if (count == 0 || count > 2)
        return complain(why, ERR_BAD_INPUT, "languages",
                        "expected one or two of \"zh_CN\" and \"en\"");
    return ERR_OK;
}

static enum err read_request(struct slip *slip, struct buf *why)
{
    static const char *const names[] = { "draw", "paper", "languages", "slip",
                                         NULL };
    const json_t *number = json_object_get(slip->root, "draw");
    enum err err;

    if (json_is_integer(number))
        slip->number = json_integer_value(number);
    err = check_object(slip->root, "request", names, why);
    if (!err && !json_is_integer(number))
        err = complain(why, ERR_BAD_INPUT, "draw",
                       "expected a whole number, given back in the answer");
    if (!err)
        err = read_paper(json_object_get(slip->root, "paper"), slip, why);
    if (!err)
        err = check_languages(json_object_get(slip->root, "languages"), why);
    if (!err)
        err = read_slip(json_object_get(slip->root, "slip"), slip, why);
    return err;
}

enum err slip_read(const char *json, size_t len, struct slip *slip,
                   struct buf *why)
{
    json_error_t error;

    *slip = (struct slip){ 0 };
    if (len > SLIP_LINE_BYTES)
        return complain(why, ERR_TOO_BIG, "request", "longer than 256 KiB");
    slip->root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
    if (!slip->root) {
        /* jansson's own words quote what stands there. */
        buf_clear(why);
        buf_add_format(why, "%d:%d: this is not JSON, or a key stands twice",
                       error.line, error.column);
        return ERR_BAD_INPUT;
    }
    return read_request(slip, why);
}

void slip_done(struct slip *slip)
{
    for (size_t i = 0; i < slip->block_count; i++)
        mem_free(slip->blocks[i].cells);
    mem_free(slip->blocks);
    json_decref(slip->root);
    *slip = (struct slip){ 0 };
}
