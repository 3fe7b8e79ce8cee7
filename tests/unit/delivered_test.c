/* The items delivered: what was compiled of them is used, and read from no YAML,
 * exactly as long as every file of theirs is what it was compiled from. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/build.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivered.h"
#include "kiosk/flow/pack_sources.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 256, FLIPS = 40 };

static const char city_overlay[] =
    "over: small\ncontact: {zh_CN: 市里的人, en: City}\n";
static const char county_overlay[] =
    "over: small\nunit: {zh_CN: 县里的处, en: County}\n";

static void path_in_folder(char path[PATH_BYTES], const char *name)
{
    snprintf(path, PATH_BYTES, "%s/%s", item_folder(), name);
}

static void write_bytes(const char *name, const char *bytes, size_t len)
{
    char path[PATH_BYTES];

    path_in_folder(path, name);
    assert_int_equal(file_replace(path, bytes, len, 0600), ERR_OK);
}

static char *read_bytes(const char *name, size_t *ret_len)
{
    char path[PATH_BYTES];
    char *bytes = NULL;

    path_in_folder(path, name);
    assert_int_equal(file_read(path, PACK_BYTES_MAX, &bytes, ret_len), ERR_OK);
    return bytes;
}

static void remove_file(const char *name)
{
    char path[PATH_BYTES];

    path_in_folder(path, name);
    assert_int_equal(file_remove(path), ERR_OK);
}

/* The good item with another title. */
static void write_item(const char *name, const char *title)
{
    const char *at = strstr(item_good, "Small");
    struct buf text;

    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_format(&text, "%s%s", title, at + strlen("Small"));
    write_bytes(name, text.text, text.len);
    buf_done(&text);
}

static size_t deliver(void)
{
    struct problems problems;
    size_t count = 0;

    problems_init(&problems);
    assert_int_equal(delivered_compile(item_folder(), &problems, &count),
                     ERR_OK);
    assert_int_equal(problems.count, 0);
    problems_done(&problems);
    return count;
}

static struct pack *start(const char *division)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    assert_int_equal(delivered_open(item_folder(), division, &problems, &pack),
                     ERR_OK);
    problems_done(&problems);
    return pack;
}

enum from { FROM_YAML, FROM_PACK };

static void starts_from(enum from from, const char *division,
                        const char *contact, const char *unit)
{
    struct pack *pack = start(division);
    const struct item *item = pack_item(pack, 0);

    assert_int_equal(*pack_about(pack)->hash ? FROM_PACK : FROM_YAML, from);
    assert_int_equal(pack_about(pack)->version, 0);
    assert_string_equal(item->contact.in[LANGUAGE_EN], contact);
    assert_string_equal(item->unit.in[LANGUAGE_EN], unit);
    pack_free(pack);
}

static void starts(enum from from)
{
    starts_from(from, "", "Someone", "Office");
}

static void has_title(enum from from, const char *title)
{
    struct pack *pack = start("");

    assert_int_equal(*pack_about(pack)->hash ? FROM_PACK : FROM_YAML, from);
    assert_string_equal(pack_item(pack, 0)->title.in[LANGUAGE_EN], title);
    pack_free(pack);
}

static void test_nothing_compiled(void **unused)
{
    (void)unused;
    starts(FROM_YAML);
    assert_int_equal(deliver(), 1);
    starts(FROM_PACK);
    starts_from(FROM_PACK, "411381", "Someone", "Office");
}

/* One with another title, which claims to be compiled from these very files:
 * who shows its title has read no YAML. */
static void test_no_yaml_is_read(void **unused)
{
    char sources[PACK_HASH_CHARS + 1], proof[2 * PACK_HASH_CHARS + 3];
    struct pack *pack = NULL;
    char path[PATH_BYTES];

    (void)unused;
    write_item("small.yaml", "Planted");
    assert_int_equal(deliver(), 1);
    write_bytes("small.yaml", item_good, strlen(item_good));
    has_title(FROM_YAML, "Small");
    path_in_folder(path, DELIVERED_PACK);
    assert_int_equal(pack_open(path, false, &pack), PACK_FAULT_NONE);
    assert_int_equal(pack_sources(item_folder(), "", sources), ERR_OK);
    snprintf(proof, sizeof proof, "%s %s\n", sources, pack_about(pack)->hash);
    pack_free(pack);
    write_bytes(DELIVERED_PROOF, proof, strlen(proof));
    has_title(FROM_PACK, "Planted");
}

static void test_what_is_edited_counts(void **unused)
{
    (void)unused;
    item_write("lists/unused.tsv", "value\tparent\tzh_CN\ten\na\t\t甲\tA\n");
    deliver();
    has_title(FROM_PACK, "Small");
    write_item("small.yaml", "Other");
    has_title(FROM_YAML, "Other");
    write_bytes("small.yaml", item_good, strlen(item_good));
    has_title(FROM_PACK, "Small"); /* what it was compiled from is back */
    item_write("lists/unused.tsv", "value\tparent\tzh_CN\ten\nb\t\t甲\tA\n");
    starts(FROM_YAML);
    remove_file("lists/unused.tsv");
    starts(FROM_YAML);
    deliver();
    starts(FROM_PACK);
    item_write("lists/new.tsv", "value\tparent\tzh_CN\ten\na\t\t甲\tA\n");
    starts(FROM_YAML);
}

static void test_another_item_counts(void **unused)
{
    static const char id[] = "id: small\n";
    const char *rest = strstr(item_good, id) + strlen(id);
    struct buf text;

    (void)unused;
    deliver();
    buf_init(&text, 64 * 1024);
    buf_add_format(&text, "id: second\n%s", rest);
    write_bytes("second.yaml", text.text, text.len);
    buf_done(&text);
    struct pack *pack = start("");
    assert_int_equal(pack_count(pack), 2);
    pack_free(pack);
    deliver();
    remove_file("second.yaml");
    pack = start("");
    assert_int_equal(pack_count(pack), 1);
    pack_free(pack);
}

static void test_divisions(void **unused)
{
    (void)unused;
    deliver();
    item_write("overlays/411300/small.yaml", city_overlay);
    starts(FROM_PACK);
    starts_from(FROM_YAML, "411303", "City", "Office");
    assert_int_equal(deliver(), 2);
    starts_from(FROM_PACK, "411303", "City", "Office");
    starts_from(FROM_PACK, "411300", "City", "Office");
    item_write("overlays/411381/small.yaml", county_overlay);
    starts_from(FROM_YAML, "411381", "City", "County");
    starts_from(FROM_PACK, "411303", "City", "Office"); /* not its own */
    assert_int_equal(deliver(), 3);
    starts_from(FROM_PACK, "411381", "City", "County");
    starts_from(FROM_PACK, "411303", "City", "Office");
    starts_from(FROM_PACK, "", "Someone", "Office");
    starts_from(FROM_PACK, "510100", "Someone", "Office");
    item_write("overlays/411300/small.yaml", county_overlay);
    starts_from(FROM_YAML, "411381", "Someone", "County");
    starts_from(FROM_YAML, "411303", "Someone", "County");
    starts_from(FROM_PACK, "", "Someone", "Office");
}

static void flip(const char *name, size_t place)
{
    size_t len = 0;
    char *bytes = read_bytes(name, &len);

    bytes[place * (len - 1) / FLIPS] ^= 1;
    write_bytes(name, bytes, len);
    mem_free(bytes);
}

static void test_damage(void **unused)
{
    static const char *const names[] = { DELIVERED_PACK, DELIVERED_PROOF };

    (void)unused;
    deliver();
    for (size_t i = 0; i < 2; i++) {
        size_t len = 0;
        char *bytes = read_bytes(names[i], &len);

        for (size_t place = 0; place <= FLIPS; place++) {
            flip(names[i], place);
            starts(FROM_YAML);
            write_bytes(names[i], bytes, len);
        }
        write_bytes(names[i], bytes, len - 1);
        starts(FROM_YAML);
        write_bytes(names[i], "", 0);
        starts(FROM_YAML);
        remove_file(names[i]);
        starts(FROM_YAML);
        write_bytes(names[i], bytes, len);
        starts(FROM_PACK);
        mem_free(bytes);
    }
}

/* By which the digest tells programs apart. */
static void test_of_this_build(void **unused)
{
    char build[BUILD_ID_CHARS + 1];

    (void)unused;
    assert_true(build_id(build));
    assert_int_equal(strspn(build, "0123456789abcdef"), BUILD_ID_CHARS);
}

static void test_mistakes_are_told(void **unused)
{
    struct problems problems;
    struct pack *pack = NULL;
    size_t count = 0;

    (void)unused;
    deliver();
    item_write("small.yaml", "id: small\nversion: nothing\n");
    for (int i = 0; i < 2; i++) {
        problems_init(&problems);
        assert_int_equal(delivered_open(item_folder(), "", &problems, &pack),
                         ERR_BAD_INPUT);
        assert_null(pack);
        assert_non_null(strstr(problems.text.text, "small.yaml:2:10: "));
        problems_done(&problems);
        /* And the second time, after somebody tried to compile that. */
        problems_init(&problems);
        assert_int_equal(delivered_compile(item_folder(), &problems, &count),
                         ERR_BAD_INPUT);
        assert_int_equal(count, 0);
        assert_non_null(strstr(problems.text.text, "small.yaml:2:10: "));
        problems_done(&problems);
    }
}

/* What is wrong for one division stops the start there, and nowhere else. */
static void test_mistake_of_an_overlay(void **unused)
{
    struct problems problems;
    struct pack *pack = NULL;
    size_t count = 0;

    (void)unused;
    item_write("overlays/411381/smal.yaml", county_overlay);
    problems_init(&problems);
    assert_int_equal(delivered_compile(item_folder(), &problems, &count),
                     ERR_BAD_INPUT);
    assert_int_equal(count, 1);
    assert_non_null(strstr(problems.text.text, "there is no item smal.yaml"));
    problems_done(&problems);
    starts(FROM_PACK);
    problems_init(&problems);
    assert_int_equal(delivered_open(item_folder(), "411381", &problems, &pack),
                     ERR_BAD_INPUT);
    assert_non_null(strstr(problems.text.text, "there is no item smal.yaml"));
    problems_done(&problems);
}

/* ---- The items shipped --------------------------------------------------- */

struct shipped {
    char part[PATH_BYTES]; /* of both folders, with a slash behind; or "" */
    size_t files;
};

static void copy_one(void *owner, const char *name);

static void copy_part(struct shipped *shipped, const char *part)
{
    char path[2 * PATH_BYTES];

    snprintf(shipped->part, sizeof shipped->part, "%.200s", part);
    snprintf(path, sizeof path, "screens/items/%s", part);
    assert_int_equal(file_list(path, "", copy_one, shipped), ERR_OK);
}

static bool is_of_an_item(const char *name)
{
    const char *end = strrchr(name, '.');

    return name[0] != '.' && end && strcmp(end, ".md") != 0 &&
           strcmp(end, ".json") != 0;
}

static void copy_one(void *owner, const char *name)
{
    struct shipped *shipped = owner;
    char from[2 * PATH_BYTES], to[2 * PATH_BYTES];
    char *text = NULL;
    size_t len = 0;

    snprintf(from, sizeof from, "screens/items/%s%s", shipped->part, name);
    snprintf(to, sizeof to, "%s%s", shipped->part, name);
    if (file_is_folder(from)) {
        struct shipped below = { .files = 0 };

        snprintf(to, sizeof to, "%s%s/", shipped->part, name);
        copy_part(&below, to);
        shipped->files += below.files;
        return;
    }
    if (!is_of_an_item(name))
        return;
    assert_int_equal(file_read(from, PACK_BYTES_MAX, &text, &len), ERR_OK);
    item_write(to, text);
    mem_free(text);
    shipped->files++;
}

struct touched {
    char part[PATH_BYTES];
    size_t files;
};

/* Whose pack a file is in: its own county's, or any. */
static void division_of(const char *part, char division[7])
{
    static const char overlays[] = "overlays/";
    bool is_overlay = strncmp(part, overlays, strlen(overlays)) == 0;

    snprintf(division, 7, "%.6s",
             is_overlay ? part + strlen(overlays) : "411381");
}

static void touch_one(void *owner, const char *name)
{
    struct touched *touched = owner;
    char path[2 * PATH_BYTES], division[7];
    char before[PACK_HASH_CHARS + 1], after[PACK_HASH_CHARS + 1];

    snprintf(path, sizeof path, "%s/%s%s", item_folder(), touched->part, name);
    if (file_is_folder(path)) {
        struct touched below = *touched;

        snprintf(below.part, sizeof below.part, "%.100s%.100s/", touched->part,
                 name);
        below.files = 0;
        assert_int_equal(file_list(path, "", touch_one, &below), ERR_OK);
        touched->files += below.files;
        return;
    }
    division_of(touched->part, division);
    assert_int_equal(pack_sources(item_folder(), division, before), ERR_OK);
    assert_int_equal(file_append(path, "#", 1), ERR_OK);
    assert_int_equal(pack_sources(item_folder(), division, after), ERR_OK);
    if (strcmp(before, after) == 0)
        fail_msg("%s: nobody sees that it changed: pack_sources.c", path);
    touched->files++;
}

/* Whatever is shipped for items, of which kind ever, is part of the digest. */
static void test_every_shipped_file_counts(void **unused)
{
    struct shipped shipped = { .files = 0 };
    struct touched touched = { .files = 0 };

    (void)unused;
    remove_file("small.yaml");
    copy_part(&shipped, "");
    assert_int_equal(file_list(item_folder(), "", touch_one, &touched), ERR_OK);
    assert_true(shipped.files >= 7);
    assert_int_equal(touched.files, shipped.files);
}

static void test_no_such_folder(void **unused)
{
    char sources[PACK_HASH_CHARS + 1];

    (void)unused;
    assert_int_equal(pack_sources("/nowhere/at/all", "", sources),
                     ERR_NOT_FOUND);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_compiled),
        TEST(test_no_yaml_is_read),
        TEST(test_what_is_edited_counts),
        TEST(test_another_item_counts),
        TEST(test_divisions),
        TEST(test_damage),
        TEST(test_of_this_build),
        TEST(test_mistakes_are_told),
        TEST(test_mistake_of_an_overlay),
        TEST(test_every_shipped_file_counts),
        TEST(test_no_such_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
