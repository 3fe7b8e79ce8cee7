/* Compiles a pack that was loaded: numbers in the order of pack_fields(), each
 * text once. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/pack_fields.h"
#include "kiosk/flow/pack_form.h"

enum { SLOTS_FIRST = 1024 };

/* slots: where texts begin, found by their hash; 0: free.  Always a power of
 * two, and more than twice as many as there are texts. */
struct writer {
    struct buf numbers, texts;
    uint32_t *slots;
    size_t slot_count, text_count;
    const struct list *lists[PACK_LISTS_MAX];
    size_t list_count;
    bool is_too_big;
};

static void write_number(unsigned char *at, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(number >> 8 * i);
}

static void put(struct writer *writer, size_t number)
{
    unsigned char bytes[PACK_WORD_BYTES];

    writer->is_too_big = writer->is_too_big || number > UINT32_MAX;
    write_number(bytes, number, sizeof bytes);
    buf_add(&writer->numbers, bytes, sizeof bytes);
}

/* ---- Texts -------------------------------------------------------------- */

static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

/* The slot where it is, or where it goes. */
static size_t find_slot(const struct writer *writer, const char *text)
{
    size_t at = hash_of(text) & (writer->slot_count - 1);

    while (writer->slots[at] &&
           strcmp(writer->texts.text + writer->slots[at], text) != 0)
        at = (at + 1) & (writer->slot_count - 1);
    return at;
}

static void make_slots(struct writer *writer, size_t count)
{
    uint32_t *old = writer->slots;
    size_t old_count = writer->slot_count;

    writer->slots = mem_new(count * sizeof *writer->slots);
    writer->slot_count = count;
    for (size_t i = 0; i < old_count; i++)
        if (old[i])
            writer->slots[find_slot(writer, writer->texts.text + old[i])] =
                old[i];
    mem_free(old);
}

static void put_text(struct writer *writer, const char *text)
{
    size_t slot;

    if (!text) {
        put(writer, 0);
        return;
    }
    if (2 * (writer->text_count + 1) > writer->slot_count)
        make_slots(writer, 2 * writer->slot_count);
    slot = find_slot(writer, text);
    if (!writer->slots[slot]) {
        writer->slots[slot] = (uint32_t)writer->texts.len;
        writer->text_count++;
        buf_add(&writer->texts, text, strlen(text) + 1);
    }
    put(writer, writer->slots[slot]);
}

static void put_words(struct writer *writer, const struct words *words)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        put_text(writer, words->in[i]);
}

/* 0: NULL; else one more than there are. */
static void put_texts(struct writer *writer, const char *const *texts)
{
    size_t count = 0;

    if (!texts) {
        put(writer, 0);
        return;
    }
    while (texts[count])
        count++;
    put(writer, count + 1);
    for (size_t i = 0; i < count; i++)
        put_text(writer, texts[i]);
}

/* ---- Lists and rules ---------------------------------------------------- */

/* Its place, from 1; 0: none. */
static void put_list(struct writer *writer, const struct list *list)
{
    size_t at = 0;

    if (!list) {
        put(writer, 0);
        return;
    }
    while (at < writer->list_count && writer->lists[at] != list)
        at++;
    if (at == PACK_LISTS_MAX) {
        writer->is_too_big = true;
        return;
    }
    writer->lists[at] = list;
    if (at == writer->list_count)
        writer->list_count++;
    put(writer, at + 1);
}

static void put_rule(struct writer *writer, const struct rule *rule)
{
    put_text(writer, rule ? rule->text : NULL);
    if (!rule)
        return;
    put(writer, rule->known);
    for (size_t i = 0; i < DIVISION_LISTS; i++)
        put_list(writer, rule->divisions[i]);
}

static void put_rows(struct writer *writer, const struct list *list)
{
    put_text(writer, list->name);
    put(writer, list->count);
    for (size_t i = 0; i < list->count; i++) {
        put_text(writer, list->rows[i].value);
        put_text(writer, list->rows[i].parent);
        put_words(writer, &list->rows[i].text);
    }
}

/* ---- Structs ------------------------------------------------------------ */

static void put_struct(struct writer *writer, enum place place,
                       const void *from);

static void put_maps(struct writer *writer, const struct pack_field *field,
                     const void *around)
{
    const char *array =
        *(const char *const *)(const void *)((const char *)around +
                                             field->offset);
    size_t *count = NULL;
    size_t size = item_entry_size(field->inner, (void *)around, &count);

    put(writer, *count);
    for (size_t i = 0; i < *count; i++)
        put_struct(writer, field->inner, array + i * size);
}

static void put_ways(struct writer *writer, const struct stop *stop)
{
    put(writer, stop->way_count);
    for (size_t i = 0; i < stop->way_count; i++)
        put_words(writer, &stop->ways[i]);
}

static void put_cells(struct writer *writer, const struct slip_cells *cells)
{
    put(writer, cells->count);
    for (size_t i = 0; i < cells->count; i++)
        put_words(writer, &cells->in[i]);
}

static void put_field(struct writer *writer, const struct pack_field *field,
                      const void *from)
{
    const void *at = (const char *)from + field->offset;

    switch (field->shape) {
    case SHAPE_TEXT:
        put_text(writer, *(const char *const *)at);
        break;
    case SHAPE_HEX:
        put_text(writer, at);
        break;
    case SHAPE_WORDS:
        put_words(writer, at);
        break;
    case SHAPE_NUMBER:
    case SHAPE_WORD:
    case SHAPE_BITS:
        put(writer, (size_t) * (const int *)at);
        break;
    case SHAPE_SIZE:
        put(writer, *(const size_t *)at);
        break;
    case SHAPE_BOOL:
        put(writer, *(const bool *)at);
        break;
    case SHAPE_RULE:
    case SHAPE_VALUE_RULE:
        put_rule(writer, *(const struct rule *const *)at);
        break;
    case SHAPE_LIST:
        put_list(writer, *(const struct list *const *)at);
        break;
    case SHAPE_TEXTS:
        put_texts(writer, *(const char *const *const *)at);
        break;
    case SHAPE_WAYS:
        put_ways(writer, from);
        break;
    case SHAPE_MAPS:
        put_maps(writer, field, from);
        break;
    case SHAPE_CELLS:
        put_cells(writer, at);
        break;
    }
}

static void put_struct(struct writer *writer, enum place place,
                       const void *from)
{
    const struct pack_fields *fields = pack_fields();

    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        put_field(writer, &fields->list[i], from);
}

static void put_item(struct writer *writer, const struct loaded *loaded)
{
    put(writer, loaded->name_count);
    for (size_t i = 0; i < loaded->name_count; i++) {
        put_text(writer, loaded->names[i].name);
        put(writer, loaded->names[i].kind);
        put(writer, loaded->names[i].element);
    }
    put_struct(writer, PLACE_ITEM, &loaded->item);
}

/* ---- The file ----------------------------------------------------------- */

static void fill_header(unsigned char header[PACK_HEADER_BYTES],
                        const struct writer *writer, size_t number_bytes,
                        const struct pack_about *about)
{
    size_t len = PACK_HEADER_BYTES + number_bytes + writer->texts.len;

    memset(header, 0, PACK_HEADER_BYTES);
    memcpy(header + PACK_AT_MAGIC, pack_magic, PACK_MAGIC_BYTES);
    write_number(header + PACK_AT_FORMAT, PACK_FORMAT, 4);
    write_number(header + PACK_AT_HEADER, PACK_HEADER_BYTES, 4);
    write_number(header + PACK_AT_LENGTH, len, 8);
    pack_fields_print(header + PACK_AT_FIELDS);
    write_number(header + PACK_AT_VERSION, (uint64_t)about->version, 4);
    memcpy(header + PACK_AT_DIVISION, about->division, PACK_DIVISION_CHARS);
    memcpy(header + PACK_AT_PROGRAM, about->program, PACK_PROGRAM_BYTES - 1);
    write_number(header + PACK_AT_TEXTS, writer->texts.len, 4);
}

static enum err put_file(const struct writer *writer, const struct buf *numbers,
                         struct pack_about *about, struct buf *out)
{
    unsigned char header[PACK_HEADER_BYTES], digest[CRYPTO_DIGEST_BYTES];
    size_t begin = out->len;

    memset(about->program, 0, sizeof about->program);
    memcpy(about->program, KIOSK_VERSION, sizeof KIOSK_VERSION);
    fill_header(header, writer, numbers->len, about);
    buf_add(out, header, sizeof header);
    buf_add(out, numbers->text, numbers->len);
    buf_add(out, writer->texts.text, writer->texts.len);
    if (out->is_cut)
        return ERR_TOO_BIG;
    digest_of(out->text + begin + PACK_AT_HASHED,
              out->len - begin - PACK_AT_HASHED, digest);
    memcpy(out->text + begin + PACK_AT_HASH, digest, sizeof digest);
    digest_hex(out->text + begin + PACK_AT_HASHED,
               out->len - begin - PACK_AT_HASHED, about->hash);
    return ERR_OK;
}

enum err pack_compile(const struct pack *pack, struct pack_about *about,
                      struct buf *out)
{
    struct writer writer = { .is_too_big = false };
    struct buf numbers;
    enum err err = ERR_TOO_BIG;

    _Static_assert(sizeof KIOSK_VERSION <= PACK_PROGRAM_BYTES, "it fits");
    assert(about->version >= 0 && about->version <= PACK_VERSION_MAX);
    buf_init(&numbers, PACK_BYTES_MAX);
    buf_init(&writer.numbers, PACK_BYTES_MAX);
    buf_init(&writer.texts, PACK_BYTES_MAX);
    make_slots(&writer, SLOTS_FIRST);
    buf_add_char(&writer.texts, '\0'); /* at 0 is no text */
    pack_fields_write(&writer.texts);  /* it begins at 1 */
    buf_add_char(&writer.texts, '\0');
    put(&writer, pack->count);
    for (size_t i = 0; i < pack->count; i++)
        put_item(&writer, pack->items[i]);
    /* Only now it is known which lists there are; they come first. */
    buf_add(&numbers, writer.numbers.text, writer.numbers.len);
    buf_clear(&writer.numbers);
    put(&writer, writer.list_count);
    for (size_t i = 0; i < writer.list_count; i++)
        put_rows(&writer, writer.lists[i]);
    buf_add(&writer.numbers, numbers.text, numbers.len);
    if (!writer.is_too_big && !numbers.is_cut && !writer.numbers.is_cut &&
        !writer.texts.is_cut)
        err = put_file(&writer, &writer.numbers, about, out);
    mem_free(writer.slots);
    buf_done(&writer.texts);
    buf_done(&writer.numbers);
    buf_done(&numbers);
    return err;
}
