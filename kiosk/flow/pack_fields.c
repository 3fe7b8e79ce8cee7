#include "kiosk/flow/pack_fields.h"

#include <assert.h>
#include <string.h>

#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/field.h"

/* Whose structs are arrays of their own; other maps lie within one of them.
 * Written by their places here: new ones go to the end. */
static const enum place structs[] = { PLACE_ITEM,     PLACE_STEP,
                                      PLACE_OPTION,   PLACE_STOP,
                                      PLACE_LINE,     PLACE_SLIP_PART,
                                      PLACE_SLIP_ROW, PLACE_ALLOWED };

/* What the loader finds out beside the keys. */
static const struct pack_field beside[] = {
    { .place = PLACE_ITEM,
      .name = "(file)",
      .shape = SHAPE_TEXT,
      .offset = offsetof(struct item, file) },
    { .place = PLACE_ITEM,
      .name = "(overlay)",
      .shape = SHAPE_TEXT,
      .offset = offsetof(struct item, overlay) },
    { .place = PLACE_ITEM,
      .name = "(hash)",
      .shape = SHAPE_HEX,
      .offset = offsetof(struct item, hash) },
    { .place = PLACE_ITEM,
      .name = "(notice hash)",
      .shape = SHAPE_HEX,
      .offset = offsetof(struct item, notice_hash) },
    { .place = PLACE_STEP,
      .name = "(when)",
      .shape = SHAPE_TEXT,
      .offset = offsetof(struct step, when_text) },
    { .place = PLACE_STEP,
      .name = "(chars)",
      .shape = SHAPE_SIZE,
      .offset = offsetof(struct step, max_chars),
      .limit = FIELD_CHARS_MAX },
    { .place = PLACE_STEP,
      .name = "(holidays)",
      .shape = SHAPE_LIST,
      .offset = offsetof(struct step, holidays) },
    { .place = PLACE_STEP,
      .name = "(group)",
      .shape = SHAPE_TEXT,
      .offset = offsetof(struct step, group) },
    { .place = PLACE_STEP,
      .name = "(entry)",
      .shape = SHAPE_NUMBER,
      .offset = offsetof(struct step, entry),
      .limit = ITEM_ENTRIES_MAX },
    { .place = PLACE_STEP,
      .name = "(least entries)",
      .shape = SHAPE_NUMBER,
      .offset = offsetof(struct step, least_entries),
      .limit = ITEM_ENTRIES_MAX },
    { .place = PLACE_STEP,
      .name = "(most entries)",
      .shape = SHAPE_NUMBER,
      .offset = offsetof(struct step, most_entries),
      .limit = ITEM_ENTRIES_MAX },
    { .place = PLACE_STEP,
      .name = "(entry words)",
      .shape = SHAPE_WORDS,
      .offset = offsetof(struct step, entry_words) },
    { .place = PLACE_STOP,
      .name = "(when)",
      .shape = SHAPE_TEXT,
      .offset = offsetof(struct stop, when_text) },
};

/* False: what stands behind such a key is in no struct.  Without a default, so
 * that a new kind of value cannot be forgotten here. */
static bool find_shape(enum takes kind, enum pack_shape *ret_shape)
{
    switch (kind) {
    case TAKES_ITEM_ID:
    case TAKES_CODE:
    case TAKES_HOURS:
    case TAKES_NAME:
    case TAKES_VALUE:
    case TAKES_SCREEN:
    case TAKES_LIMIT:
    case TAKES_FILLED:
        *ret_shape = SHAPE_TEXT;
        return true;
    case TAKES_NUMBER:
    case TAKES_COUNT:
        *ret_shape = SHAPE_NUMBER;
        return true;
    case TAKES_BOOL:
        *ret_shape = SHAPE_BOOL;
        return true;
    case TAKES_WORD:
        *ret_shape = SHAPE_WORD;
        return true;
    case TAKES_WORDS:
        *ret_shape = SHAPE_WORDS;
        return true;
    case TAKES_RULE:
        *ret_shape = SHAPE_RULE;
        return true;
    case TAKES_VALUE_RULE:
        *ret_shape = SHAPE_VALUE_RULE;
        return true;
    case TAKES_LIST:
        *ret_shape = SHAPE_LIST;
        return true;
    case TAKES_CARD_FIELDS:
    case TAKES_DIVISIONS:
    case TAKES_SOURCES:
    case TAKES_RECORDS:
        *ret_shape = SHAPE_TEXTS;
        return true;
    case TAKES_WAYS:
        *ret_shape = SHAPE_WAYS;
        return true;
    case TAKES_CELLS:
        *ret_shape = SHAPE_CELLS;
        return true;
    case TAKES_PAPERS:
        *ret_shape = SHAPE_BITS;
        return true;
    case TAKES_MAPS:
        *ret_shape = SHAPE_MAPS;
        return true;
    case TAKES_TEXT: /* of tests, which are run before it is compiled */
    case TAKES_DATE:
    case TAKES_NAMES:
    case TAKES_ANSWERS:
    case TAKES_OFFERS:
    case TAKES_REFUSED:
    case TAKES_WARNED:
    case TAKES_CARDS:
    case TAKES_TEST_RECORDS:
    case TAKES_TESTS:
    case TAKES_PAGES:      /* of compound steps, which are others by then */
    case TAKES_CONDITIONS: /* put into the rules that name them */
    case TAKES_MAP:        /* gone into */
        break;
    }
    return false;
}

static size_t count_words(const char *words)
{
    size_t count = 0, len;

    while (item_nth_word(words, count, &len))
        count++;
    return count;
}

static void add(struct pack_fields *fields, const struct pack_field *field)
{
    assert(fields->count < PACK_FIELDS_MAX);
    fields->list[fields->count++] = *field;
}

/* base: where the place's struct lies in that of root. */
static void add_place(struct pack_fields *fields, enum place root,
                      enum place place, size_t base)
{
    for (size_t i = 0; i < item_key_count; i++) {
        const struct key_row *row = &item_keys[i];
        struct pack_field field = {
            .place = root,
            .name = row->name,
            .offset = base + row->offset,
            .limit = row->limit,
            .inner = row->inner,
            .required = root == place ? row->required : 0,
            .words = row->words,
        };

        if (row->place != place || item_key_is_compound(row))
            continue;
        if (row->kind == TAKES_MAP)
            add_place(fields, root, row->inner, base + row->offset);
        if (!find_shape(row->kind, &field.shape))
            continue;
        if (field.shape == SHAPE_WORD)
            field.limit = count_words(row->words);
        if (field.shape == SHAPE_TEXTS && field.limit > PACK_TEXTS_MAX)
            field.limit = PACK_TEXTS_MAX;
        add(fields, &field);
    }
}

enum { STRUCTS = sizeof structs / sizeof *structs };

static void make(struct pack_fields *fields)
{
    for (size_t i = 0; i < STRUCTS; i++) {
        enum place place = structs[i];

        fields->first[place] = fields->count;
        add_place(fields, place, place, 0);
        for (size_t j = 0; j < sizeof beside / sizeof *beside; j++)
            if (beside[j].place == place)
                add(fields, &beside[j]);
        fields->end[place] = fields->count;
    }
}

const struct pack_fields *pack_fields(void)
{
    static struct pack_fields fields;

    if (fields.count == 0)
        make(&fields);
    return &fields;
}

size_t pack_shape_bytes(enum pack_shape shape)
{
    switch (shape) {
    case SHAPE_HEX:
        return CRYPTO_HEX_DIGEST;
    case SHAPE_WORDS:
        return sizeof(struct words);
    case SHAPE_NUMBER:
    case SHAPE_WORD:
    case SHAPE_BITS:
        return sizeof(int);
    case SHAPE_CELLS:
        return sizeof(struct slip_cells);
    case SHAPE_SIZE:
        return sizeof(size_t);
    case SHAPE_BOOL:
        return sizeof(bool);
    case SHAPE_WAYS:
        return sizeof(((struct stop *)0)->ways);
    case SHAPE_TEXT:
    case SHAPE_RULE:
    case SHAPE_VALUE_RULE:
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_MAPS:
        break;
    }
    return sizeof(void *);
}

/* ---- As text ------------------------------------------------------------ */

/* A line each: struct, shape, name, a tab, an enum's words.  Without a format:
 * it is done at every start. */
void pack_fields_write(struct buf *out)
{
    const struct pack_fields *fields = pack_fields();

    for (size_t i = 0; i < STRUCTS; i++)
        for (size_t j = fields->first[structs[i]]; j < fields->end[structs[i]];
             j++) {
            const struct pack_field *field = &fields->list[j];

            buf_add_char(out, (char)('A' + i));
            buf_add_char(out, (char)('a' + (int)field->shape));
            buf_add_text(out, field->name);
            buf_add_char(out, '\t');
            buf_add_text(out, field->words ? field->words : "");
            buf_add_char(out, '\n');
        }
}

void pack_fields_print(unsigned char print[8])
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    struct buf text;

    buf_init(&text, PACK_FIELDS_TEXT_MAX);
    pack_fields_write(&text);
    digest_of(text.text, text.len, digest);
    memcpy(print, digest, 8);
    buf_done(&text);
}

/* One line of such a text. */
struct line_of {
    size_t place; /* in structs */
    int shape;
    const char *name, *words;
    size_t name_len, words_len;
};

/* NULL: it is none; else what follows it. */
static const char *cut_line(const char *at, struct line_of *line)
{
    line->place = (size_t)(*at - 'A');
    if (*at < 'A' || line->place >= STRUCTS || at[1] < 'a' || at[1] > 'z')
        return NULL;
    line->shape = at[1] - 'a';
    line->name = at + 2;
    line->name_len = strcspn(line->name, "\t\n");
    if (line->name[line->name_len] != '\t')
        return NULL;
    line->words = line->name + line->name_len + 1;
    line->words_len = strcspn(line->words, "\n");
    return line->words[line->words_len] == '\n'
               ? line->words + line->words_len + 1
               : NULL;
}

/* Words may have been added behind those that the line has. */
static bool is_same(const struct pack_field *field, const struct line_of *line)
{
    const char *words = field->words ? field->words : "";

    return (int)field->shape == line->shape &&
           strlen(field->name) == line->name_len &&
           memcmp(field->name, line->name, line->name_len) == 0 &&
           strncmp(words, line->words, line->words_len) == 0 &&
           (words[line->words_len] == '\0' || words[line->words_len] == '|');
}

/* Ours, unless the text has had it already; or NULL. */
static const struct pack_field *find_field(const struct line_of *line,
                                           bool *is_used)
{
    const struct pack_fields *fields = pack_fields();
    enum place place = structs[line->place];

    for (size_t i = fields->first[place]; i < fields->end[place]; i++) {
        if (is_used[i] || !is_same(&fields->list[i], line))
            continue;
        is_used[i] = true;
        return &fields->list[i];
    }
    return NULL;
}

bool pack_fields_parse(const char *text, struct pack_fields *ret_fields)
{
    bool is_used[PACK_FIELDS_MAX] = { false };
    size_t place = 0;

    memset(ret_fields, 0, sizeof *ret_fields);
    while (*text) {
        struct line_of line;
        const struct pack_field *field;

        text = cut_line(text, &line);
        field = text && line.place >= place ? find_field(&line, is_used) : NULL;
        if (!field)
            return false;
        if (line.place > place || ret_fields->count == 0)
            ret_fields->first[field->place] = ret_fields->count;
        place = line.place;
        add(ret_fields, field);
        ret_fields->end[field->place] = ret_fields->count;
    }
    return true;
}
