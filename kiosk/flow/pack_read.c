/* Reads a compiled pack: structs filled from its numbers, texts where they
 * stand.  Every number is looked at before it is used; what is wrong ends it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/pack_fields.h"
#include "kiosk/flow/pack_form.h"
#include "kiosk/flow/person.h"

/* The least that a row, a name, an item takes. */
enum { ROW_NUMBERS = 2 + LANGUAGE_COUNT, NAME_NUMBERS = 3, ITEM_NUMBERS = 32 };

struct reader {
    const unsigned char *at, *end;
    const char *texts; /* its last byte is a NUL */
    size_t texts_len;
    struct pack *pack;
    const struct pack_fields *fields; /* as the file has them */
    struct pack_fields *parsed;       /* those, when they are not ours */
    struct loaded *loaded;            /* the item now read */
    bool is_bad;                      /* from now on every number is 0 */
};

static const struct {
    const char *name, *words;
} faults[] = {
#define X(id, name, words) [PACK_FAULT_##id] = { name, words },
    PACK_FAULT_TABLE(X)
#undef X
};

const char *pack_fault_name(enum pack_fault fault)
{
    return faults[fault].name;
}

const char *pack_fault_words(enum pack_fault fault)
{
    return faults[fault].words;
}

enum pack_fault pack_fault_find(const char *name)
{
    for (int i = 0; i < PACK_FAULT_COUNT; i++)
        if (strcmp(faults[i].name, name) == 0)
            return (enum pack_fault)i;
    return PACK_FAULT_NONE;
}

/* ---- Numbers and texts -------------------------------------------------- */

static uint64_t number_at(const unsigned char *at, size_t bytes)
{
    uint64_t number = 0;

    for (size_t i = bytes; i > 0; i--)
        number = number << 8 | at[i - 1];
    return number;
}

static size_t fail(struct reader *reader)
{
    reader->is_bad = true;
    reader->at = reader->end;
    return 0;
}

static size_t left(const struct reader *reader)
{
    return (size_t)(reader->end - reader->at) / PACK_WORD_BYTES;
}

/* A number of at most most. */
static size_t take(struct reader *reader, size_t most)
{
    const unsigned char *at = reader->at;
    size_t number;

    if (left(reader) == 0)
        return fail(reader);
    /* There are very many: so the compiler can make one load of it. */
    number = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
             (uint32_t)at[3] << 24;
    reader->at += PACK_WORD_BYTES;
    return number <= most ? number : fail(reader);
}

/* So many follow, each of at least so many numbers. */
static size_t take_count(struct reader *reader, size_t most, size_t each)
{
    size_t count = take(reader, most);

    return count <= left(reader) / each ? count : fail(reader);
}

static const char *take_text(struct reader *reader)
{
    size_t at = take(reader, reader->texts_len - 1);

    return at ? reader->texts + at : NULL;
}

static const char *take_some_text(struct reader *reader)
{
    const char *text = take_text(reader);

    if (!text)
        (void)fail(reader);
    return text ? text : "";
}

/* In all languages, or in none. */
static void take_words(struct reader *reader, struct words *into)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        into->in[i] = take_text(reader);
        if (!into->in[i] != !into->in[0])
            (void)fail(reader);
    }
}

static void take_hex(struct reader *reader, char into[CRYPTO_HEX_DIGEST])
{
    const char *text = take_some_text(reader);
    size_t len = strlen(text);

    if (len == CRYPTO_HEX_DIGEST - 1 || len == 0)
        memcpy(into, text, len + 1);
    else
        (void)fail(reader);
}

static void take_texts(struct reader *reader, size_t most, const char ***into)
{
    size_t count = take_count(reader, most + 1, 1);

    if (count == 0)
        return;
    *into = mem_new(count * sizeof **into);
    for (size_t i = 0; i + 1 < count; i++)
        (*into)[i] = take_some_text(reader);
}

/* ---- Lists and rules ---------------------------------------------------- */

static const struct list *take_list(struct reader *reader)
{
    size_t at = take(reader, reader->pack->compiled_list_count);

    return at ? &reader->pack->compiled_lists[at - 1] : NULL;
}

static void take_rule(struct reader *reader, struct rule **into)
{
    const char *text = take_text(reader);
    struct rule *rule;

    if (!text)
        return;
    rule = mem_new(sizeof *rule);
    *into = rule; /* freed with the item, whatever comes */
    rule->text = text;
    rule->names = reader->loaded->names;
    rule->known = take(reader, reader->loaded->name_count);
    for (size_t i = 0; i < DIVISION_LISTS; i++)
        rule->divisions[i] = take_list(reader);
}

static void take_rows(struct reader *reader, struct list *list)
{
    size_t count;

    list->name = take_some_text(reader);
    count = take_count(reader, SIZE_MAX, ROW_NUMBERS);
    list->rows = mem_new((count + 1) * sizeof *list->rows);
    list->count = count;
    for (size_t i = 0; i < count; i++) {
        struct list_row *row = &list->rows[i];

        row->value = take_some_text(reader);
        row->parent = take_some_text(reader);
        take_words(reader, &row->text);
        if (!row->text.in[0])
            (void)fail(reader);
    }
}

/* ---- Structs ------------------------------------------------------------ */

static void take_struct(struct reader *reader, enum place place, void *into);

static void take_maps(struct reader *reader, const struct pack_field *field,
                      void *around)
{
    void **array = (void **)(void *)((char *)around + field->offset);
    size_t *count = NULL;
    size_t size = item_entry_size(field->inner, around, &count);
    size_t number = take_count(reader, field->limit, 1);

    if (number == 0)
        return;
    *array = mem_new(number * size);
    *count = number;
    for (size_t i = 0; i < number && !reader->is_bad; i++)
        take_struct(reader, field->inner, (char *)*array + i * size);
}

static void take_ways(struct reader *reader, const struct pack_field *field,
                      struct stop *stop)
{
    stop->way_count = take_count(reader, field->limit, 1);
    for (size_t i = 0; i < stop->way_count; i++) {
        take_words(reader, &stop->ways[i]);
        if (!stop->ways[i].in[0])
            (void)fail(reader);
    }
}

static void take_cells(struct reader *reader, struct slip_cells *cells)
{
    cells->count = take_count(reader, ITEM_SLIP_COLUMNS_MAX, LANGUAGE_COUNT);
    for (size_t i = 0; i < cells->count; i++) {
        take_words(reader, &cells->in[i]);
        if (!cells->in[i].in[0])
            (void)fail(reader);
    }
}

static void take_field(struct reader *reader, const struct pack_field *field,
                       void *into)
{
    void *at = (char *)into + field->offset;

    switch (field->shape) {
    case SHAPE_TEXT:
        *(const char **)at = take_text(reader);
        break;
    case SHAPE_HEX:
        take_hex(reader, at);
        break;
    case SHAPE_WORDS:
        take_words(reader, at);
        break;
    case SHAPE_NUMBER:
        *(int *)at = (int)take(reader, field->limit);
        break;
    case SHAPE_WORD:
        *(int *)at = (int)take(reader, field->limit - 1);
        break;
    case SHAPE_SIZE:
        *(size_t *)at = take(reader, field->limit);
        break;
    case SHAPE_BOOL:
        *(bool *)at = take(reader, 1) == 1;
        break;
    case SHAPE_RULE:
        take_rule(reader, at);
        break;
    case SHAPE_VALUE_RULE:
        take_rule(reader, at);
        if (*(struct rule **)at)
            (*(struct rule **)at)->is_value = true;
        break;
    case SHAPE_LIST:
        *(const struct list **)at = take_list(reader);
        break;
    case SHAPE_TEXTS:
        take_texts(reader, field->limit, at);
        break;
    case SHAPE_WAYS:
        take_ways(reader, field, into);
        break;
    case SHAPE_MAPS:
        take_maps(reader, field, into);
        break;
    case SHAPE_CELLS:
        take_cells(reader, at);
        break;
    case SHAPE_BITS:
        *(int *)at =
            (int)take(reader, ITEM_PAPER_58 | ITEM_PAPER_80 | ITEM_PAPER_A4);
        break;
    }
}

static bool is_given(const struct pack_field *field, const void *from)
{
    const void *at = (const char *)from + field->offset;

    switch (field->shape) {
    case SHAPE_TEXT:
    case SHAPE_RULE:
    case SHAPE_VALUE_RULE:
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_MAPS:
        return *(const void *const *)at != NULL;
    case SHAPE_WORDS:
        return ((const struct words *)at)->in[0] != NULL;
    case SHAPE_WAYS:
        return ((const struct stop *)from)->way_count > 0;
    case SHAPE_CELLS:
        return ((const struct slip_cells *)at)->count > 0;
    case SHAPE_HEX:
    case SHAPE_NUMBER:
    case SHAPE_WORD:
    case SHAPE_SIZE:
    case SHAPE_BOOL:
    case SHAPE_BITS:
        break;
    }
    return true;
}

/* What the pages rely on beside the keys that must be there. */
static bool step_is_whole(const struct step *step, unsigned screen)
{
    return (!(screen &
              (ON_CHOICE | ON_CHOICES | ON_FIELD | ON_COMPUTED | ON_SHARED)) ||
            step->answer) &&
           (screen == ON_SHARED) == (step->records != NULL) &&
           (!(screen == ON_CHOICE || screen == ON_CHOICES) ||
            (step->option_count > 0) != (step->list != NULL)) &&
           (!step->under || step->list) &&
           (!step->group || (step->answer && step->entry >= 1)) &&
           (screen != ON_ANOTHER ||
            (step->group && step->entry_words.in[LANGUAGE_ZH_CN])) &&
           (!step->person || (screen == ON_CARD && step->fields &&
                              step->role.in[LANGUAGE_ZH_CN] &&
                              strlen(step->person) <= PERSON_CHARS_MAX)) &&
           (screen == ON_COMPUTED) == (step->value != NULL);
}

static void take_struct(struct reader *reader, enum place place, void *into)
{
    const struct pack_fields *fields = reader->fields;
    unsigned screen = ON_ALL;

    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        take_field(reader, &fields->list[i], into);
    fields = pack_fields();
    if (place == PLACE_STEP) {
        const struct step *step = into;

        if (!step->screen) {
            (void)fail(reader);
            return;
        }
        screen = item_screen_bit(step->screen);
        if (!step_is_whole(step, screen))
            (void)fail(reader);
    }
    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        if ((fields->list[i].required & screen) &&
            !is_given(&fields->list[i], into))
            (void)fail(reader);
}

static void take_item(struct reader *reader)
{
    struct loaded *loaded = mem_new(sizeof *loaded);

    reader->loaded = loaded;
    reader->pack->items[reader->pack->count++] = loaded;
    loaded->name_count = take_count(reader, ITEM_NAMES_MAX, NAME_NUMBERS);
    item_names_make(loaded, loaded->name_count + 1);
    for (size_t i = 0; i < loaded->name_count; i++) {
        struct rule_declared *name = &loaded->names[i];

        name->name = take_some_text(reader);
        name->kind = (enum rule_kind)take(reader, RULE_ANY);
        name->element = (enum rule_kind)take(reader, RULE_ANY);
    }
    take_struct(reader, PLACE_ITEM, &loaded->item);
    if (!loaded->item.card_fields || !loaded->item.file)
        (void)fail(reader);
}

static void take_pack(struct reader *reader)
{
    struct pack *pack = reader->pack;
    size_t lists = take_count(reader, PACK_LISTS_MAX, 1), items;

    pack->compiled_lists = mem_new((lists + 1) * sizeof *pack->compiled_lists);
    pack->compiled_list_count = lists;
    for (size_t i = 0; i < lists && !reader->is_bad; i++)
        take_rows(reader, &pack->compiled_lists[i]);
    items = take_count(reader, PACK_ITEMS_MAX, ITEM_NUMBERS);
    pack->items = mem_new((items + 1) * sizeof(struct loaded *));
    pack->room = items + 1;
    for (size_t i = 0; i < items && !reader->is_bad; i++)
        take_item(reader);
    if (reader->at != reader->end || items == 0)
        (void)fail(reader);
}

/* ---- The file ----------------------------------------------------------- */

/* Text in a field of the header that NULs fill up. */
static bool header_text(const unsigned char *at, size_t bytes, char *into,
                        size_t size)
{
    size_t len = strnlen((const char *)at, bytes);

    for (size_t i = 0; i < bytes; i++)
        if (i < len ? at[i] <= ' ' || at[i] > '~' : at[i] != 0)
            return false;
    if (len >= size)
        return false;
    memcpy(into, at, len);
    into[len] = '\0';
    return true;
}

static enum pack_fault check_header(const unsigned char *bytes, size_t len)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    if (len < PACK_MAGIC_BYTES ||
        memcmp(bytes, pack_magic, PACK_MAGIC_BYTES) != 0)
        return PACK_FAULT_NO_PACK;
    if (len < PACK_HEADER_BYTES)
        return PACK_FAULT_DAMAGED;
    if (number_at(bytes + PACK_AT_FORMAT, 4) != PACK_FORMAT ||
        number_at(bytes + PACK_AT_HEADER, 4) != PACK_HEADER_BYTES)
        return PACK_FAULT_FORMAT;
    digest_of(bytes + PACK_AT_HASHED, len - PACK_AT_HASHED, digest);
    if (memcmp(digest, bytes + PACK_AT_HASH, sizeof digest) != 0 ||
        number_at(bytes + PACK_AT_LENGTH, 8) != len)
        return PACK_FAULT_DAMAGED;
    return PACK_FAULT_NONE;
}

static bool read_about(const unsigned char *bytes, struct pack_about *about)
{
    uint64_t version = number_at(bytes + PACK_AT_VERSION, 4);
    struct buf hex;

    if (version > PACK_VERSION_MAX ||
        !header_text(bytes + PACK_AT_DIVISION, PACK_DIVISION_BYTES,
                     about->division, sizeof about->division) ||
        !header_text(bytes + PACK_AT_PROGRAM, PACK_PROGRAM_BYTES,
                     about->program, sizeof about->program))
        return false;
    about->version = (int)version;
    buf_init(&hex, PACK_HASH_CHARS);
    buf_add_hex(&hex, bytes + PACK_AT_HASH, CRYPTO_DIGEST_BYTES);
    memcpy(about->hash, hex.text, PACK_HASH_CHARS + 1);
    buf_done(&hex);
    return true;
}

/* False: numbers and texts do not fill the file. */
static bool find_parts(const unsigned char *bytes, size_t len,
                       struct reader *reader)
{
    size_t texts = (size_t)number_at(bytes + PACK_AT_TEXTS, 4);
    size_t room = len - PACK_HEADER_BYTES;

    if (texts < 2 || texts > room || (room - texts) % PACK_WORD_BYTES != 0 ||
        bytes[len - 1] != '\0')
        return false;
    reader->at = bytes + PACK_HEADER_BYTES;
    reader->end = bytes + len - texts;
    reader->texts = (const char *)reader->end;
    reader->texts_len = texts;
    return true;
}

/* Ours, as a rule; else those that its first text says. */
static bool find_fields(const unsigned char *bytes, struct reader *reader)
{
    unsigned char print[PACK_FIELDS_BYTES];

    reader->fields = pack_fields();
    pack_fields_print(print);
    if (memcmp(print, bytes + PACK_AT_FIELDS, sizeof print) == 0)
        return true;
    reader->parsed = mem_new(sizeof *reader->parsed);
    reader->fields = reader->parsed;
    return pack_fields_parse(reader->texts + 1, reader->parsed);
}

static enum pack_fault read_all(const unsigned char *bytes, size_t len,
                                struct reader *reader)
{
    if (!read_about(bytes, &reader->pack->about) ||
        !find_parts(bytes, len, reader))
        return PACK_FAULT_DAMAGED;
    if (!find_fields(bytes, reader))
        return PACK_FAULT_FORMAT;
    take_pack(reader);
    return reader->is_bad ? PACK_FAULT_DAMAGED : PACK_FAULT_NONE;
}

enum pack_fault pack_read(const void *bytes, size_t len, struct pack **ret_pack)
{
    struct reader reader = { .is_bad = false };
    enum pack_fault fault = check_header(bytes, len);

    if (fault)
        return fault;
    reader.pack = mem_new(sizeof *reader.pack);
    fault = read_all(bytes, len, &reader);
    mem_free(reader.parsed);
    if (fault)
        pack_free(reader.pack);
    else
        *ret_pack = reader.pack;
    return fault;
}

static enum pack_fault fault_of(enum err err)
{
    return err == ERR_NOT_FOUND     ? PACK_FAULT_MISSING
           : err == ERR_KEY_EXPOSED ? PACK_FAULT_EXPOSED
           : err == ERR_TOO_BIG     ? PACK_FAULT_DAMAGED
                                    : PACK_FAULT_UNREADABLE;
}

enum pack_fault pack_open(const char *path, bool is_own, struct pack **ret_pack)
{
    const void *bytes = NULL;
    size_t len = 0;
    struct pack *pack = NULL;
    enum file_fault exposed = FILE_FAULT_NONE;
    enum err err = is_own ? file_map_own(path, &bytes, &len, &exposed)
                          : file_map(path, &bytes, &len);

    if (err)
        return fault_of(err);
    enum pack_fault fault = len > PACK_BYTES_MAX ? PACK_FAULT_DAMAGED
                                                 : pack_read(bytes, len, &pack);
    if (fault) {
        file_unmap(bytes, len);
        return fault;
    }
    pack->mapped = bytes;
    pack->mapped_len = len;
    *ret_pack = pack;
    return PACK_FAULT_NONE;
}

const struct pack_about *pack_about(const struct pack *pack)
{
    return &pack->about;
}

bool pack_fits_division(const struct pack_about *about, const char *division)
{
    return !*about->division || strcmp(about->division, division) == 0;
}
