/* Every member of an item's structs is compiled, or left out on purpose. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/pack_fields.h"

#include <stdio.h>
#include <string.h>

enum { STRUCT_BYTES = 1024 };

static void mark(bool *bytes, size_t offset, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[offset + i] = true;
}

/* Members that are not compiled, and why. */
static const struct {
    enum place place;
    size_t offset, size;
} left_out[] = {
    { PLACE_ITEM, offsetof(struct item, root), sizeof(void *) },  /* YAML */
    { PLACE_ITEM, offsetof(struct item, tests), sizeof(void *) }, /* run */
    { PLACE_STEP, offsetof(struct step, at), sizeof(void *) },    /* YAML */
    { PLACE_OPTION, offsetof(struct option, at), sizeof(void *) },
    { PLACE_STOP, offsetof(struct stop, at), sizeof(void *) },
    { PLACE_LINE, offsetof(struct line, at), sizeof(void *) },
    { PLACE_SLIP_PART, offsetof(struct slip_part, at), sizeof(void *) },
    { PLACE_SLIP_ROW, offsetof(struct slip_row, at), sizeof(void *) },
    { PLACE_ALLOWED, offsetof(struct allowed, at), sizeof(void *) },
    /* Beside its ways, with which it is written. */
    { PLACE_STOP, offsetof(struct stop, way_count), sizeof(size_t) },
};

static void mark_field(bool *bytes, const struct pack_field *field,
                       const char *around)
{
    size_t *count = NULL;

    mark(bytes, field->offset, pack_shape_bytes(field->shape));
    if (field->shape != SHAPE_MAPS)
        return;
    (void)item_entry_size(field->inner, (void *)around, &count);
    mark(bytes, (size_t)((const char *)count - around), sizeof *count);
}

/* What is covered by nothing can only be room between members, less than a
 * pointer; what is so small that it may hide there is counted below. */
static void check_cover(enum place place, size_t size)
{
    const struct pack_fields *fields = pack_fields();
    static _Alignas(max_align_t) char around[STRUCT_BYTES];
    bool bytes[STRUCT_BYTES] = { false };

    assert_true(size <= STRUCT_BYTES);
    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        mark_field(bytes, &fields->list[i], around);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (left_out[i].place == place)
            mark(bytes, left_out[i].offset, left_out[i].size);
    for (size_t at = 0; at < size; at++) {
        size_t end = at;

        while (end < size && !bytes[end])
            end++;
        if (end == at)
            continue;
        if (end - at >= sizeof(void *))
            fail_msg("bytes %zu to %zu of place %d are not compiled", at, end,
                     place);
        at = end;
    }
}

static void test_every_byte_is_compiled(void **state)
{
    (void)state;
    check_cover(PLACE_ITEM, sizeof(struct item));
    check_cover(PLACE_STEP, sizeof(struct step));
    check_cover(PLACE_OPTION, sizeof(struct option));
    check_cover(PLACE_STOP, sizeof(struct stop));
    check_cover(PLACE_LINE, sizeof(struct line));
    check_cover(PLACE_SLIP_PART, sizeof(struct slip_part));
    check_cover(PLACE_SLIP_ROW, sizeof(struct slip_row));
    check_cover(PLACE_ALLOWED, sizeof(struct allowed));
}

/* ---- Small members, which may hide between others --------------------------- */

/* Members of that type in the struct as item.h declares it. */
static size_t count_declared(const char *header, const char *name,
                             const char *type)
{
    char begin[64];
    const char *at, *end;
    size_t count = 0, len = strlen(type);

    snprintf(begin, sizeof begin, "\nstruct %s {", name);
    at = strstr(header, begin);
    assert_non_null(at);
    end = strstr(at, "\n};");
    assert_non_null(end);
    for (const char *line = strchr(at + 1, '\n'); line && line < end;
         line = strchr(line + 1, '\n')) {
        const char *member = line + 1 + strspn(line + 1, " ");
        const char *stop = strpbrk(member, ";\n");

        if (strncmp(member, type, len) != 0)
            continue;
        count++;
        for (const char *c = member; stop && c < stop; c++)
            count += *c == ',';
    }
    return count;
}

static size_t count_keys(const enum place *places, size_t place_count,
                         enum takes kind)
{
    size_t count = 0;

    for (size_t i = 0; i < item_key_count; i++)
        for (size_t j = 0; j < place_count; j++)
            count += item_keys[i].place == places[j] &&
                     item_keys[i].kind == kind &&
                     !item_key_is_compound(&item_keys[i]);
    return count;
}

/* What the loader finds out beside the keys is compiled under a name in
 * brackets. */
static size_t count_beside(enum place place, enum pack_shape shape)
{
    const struct pack_fields *fields = pack_fields();
    size_t count = 0;

    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        count +=
            fields->list[i].name[0] == '(' && fields->list[i].shape == shape;
    return count;
}

/* They are counted as they are declared. */
static void test_every_small_member_has_a_key(void **state)
{
    static const struct {
        const char *name;
        enum place places[6];
        size_t place_count;
        const char *within; /* a struct that is a member of it, or NULL */
    } structs[] = {
        { "item",
          { PLACE_ITEM, PLACE_NEEDS, PLACE_NOTICE, PLACE_ANONYMOUS,
            PLACE_CODES },
          5,
          NULL },
        { "item_time", { PLACE_TIME }, 1, NULL },
        { "item_fact", { PLACE_FACT }, 1, NULL },
        { "step", { PLACE_STEP, PLACE_SECTION }, 2, "field_check" },
        { "option", { PLACE_OPTION }, 1, NULL },
        { "stop", { PLACE_STOP }, 1, NULL },
        { "line", { PLACE_LINE }, 1, NULL },
        { "allowed", { PLACE_ALLOWED }, 1, NULL },
    };
    char *header = NULL;
    size_t len = 0;

    (void)state;
    assert_int_equal(file_read("kiosk/flow/item.h", 1024 * 1024, &header, &len),
                     ERR_OK);
    for (size_t i = 0; i < sizeof structs / sizeof *structs; i++) {
        size_t within = structs[i].within
                            ? count_declared(header, structs[i].within, "bool ")
                            : 0;
        assert_int_equal(
            count_declared(header, structs[i].name, "bool ") + within,
            count_keys(structs[i].places, structs[i].place_count, TAKES_BOOL));
        assert_int_equal(count_declared(header, structs[i].name, "int "),
                         count_keys(structs[i].places, structs[i].place_count,
                                    TAKES_NUMBER) +
                             count_keys(structs[i].places,
                                        structs[i].place_count, TAKES_COUNT) +
                             count_beside(structs[i].places[0], SHAPE_NUMBER));
        assert_int_equal(
            count_declared(header, structs[i].name, "enum "),
            count_keys(structs[i].places, structs[i].place_count, TAKES_WORD));
    }
    mem_free(header);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte_is_compiled),
        cmocka_unit_test(test_every_small_member_has_a_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
