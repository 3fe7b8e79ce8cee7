/* Overlays: what a county says otherwise of a city's item. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/unit/item_pages.h"

static const char county[] =
    "over: small\n"
    "contact: {zh_CN: 邓州某人, en: Someone in Dengzhou}\n"
    "needs: {printer: wished}\n"
    "steps:\n"
    "  - id: kind\n"
    "    hint: {zh_CN: 邓州的说明, en: A hint for Dengzhou}\n"
    "    options:\n"
    "      - {value: a, text: {zh_CN: 邓州甲, en: A of Dengzhou}}\n"
    "      - {value: c, after: a, text: {zh_CN: 丙, en: C}}\n"
    "  - id: word\n"
    "    after: kind\n"
    "    screen: field\n"
    "    ask: {zh_CN: 邓州多问一句, en: One more question}\n"
    "    label: {zh_CN: 一句, en: A word}\n"
    "    type: text\n"
    "    max: 20\n"
    "  - id: phone\n"
    "    when: kind == \"b\" && word != \"x\"\n"
    "tests:\n"
    "  - name: in Dengzhou\n"
    "    card: {birth: 1990-01-01}\n"
    "    answers: {kind: c, word: 话}\n"
    "    pages: [card, kind, word, review, send, result]\n";

static void test_laid_over(void **state)
{
    struct pack *pack, *city;
    const struct item *item;
    const struct step *kind;

    (void)state;
    item_write("overlays/411381/small.yaml", county);
    pack = item_load_silently("411381");
    city = item_load_silently("411303");
    item = pack_item(pack, 0);
    assert_string_equal(item->contact.in[LANGUAGE_EN], "Someone in Dengzhou");
    assert_string_equal(item->unit.in[LANGUAGE_EN], "Office");
    assert_int_equal(item->printer, NEED_WISHED);
    assert_int_equal(item->reader, NEED_MUST);
    assert_int_equal(item->step_count, 7);
    kind = item_step(item, "kind");
    assert_string_equal(kind->hint.in[LANGUAGE_EN], "A hint for Dengzhou");
    assert_string_equal(kind->ask.in[LANGUAGE_EN], "Ask");
    assert_int_equal(kind->option_count, 3);
    assert_string_equal(kind->options[0].text.in[LANGUAGE_EN], "A of Dengzhou");
    assert_string_equal(kind->options[1].value, "c");
    assert_string_equal(kind->options[2].value, "b");
    assert_ptr_equal(item_step(item, "word"), kind + 1);
    /* A case tells by its hash what was asked. */
    assert_string_not_equal(item->hash, pack_item(city, 0)->hash);
    assert_null(item_step(pack_item(city, 0), "word"));
    pack_free(pack);
    pack_free(city);
}

/* The city's own lies over the item, the county's over both. */
static void test_levels(void **state)
{
    struct pack *pack;

    (void)state;
    item_write("overlays/411300/small.yaml",
               "over: small\n"
               "unit: {zh_CN: 南阳, en: Nanyang}\n"
               "contact: {zh_CN: 南阳, en: Nanyang}\n");
    item_write("overlays/411381/small.yaml",
               "over: small\ncontact: {zh_CN: 邓州, en: Dengzhou}\n");
    pack = item_load_silently("411381");
    assert_string_equal(pack_item(pack, 0)->unit.in[LANGUAGE_EN], "Nanyang");
    assert_string_equal(pack_item(pack, 0)->contact.in[LANGUAGE_EN],
                        "Dengzhou");
    pack_free(pack);
    pack = item_load_silently("411300");
    assert_string_equal(pack_item(pack, 0)->contact.in[LANGUAGE_EN], "Nanyang");
    pack_free(pack);
    pack = item_load_silently("");
    assert_string_equal(pack_item(pack, 0)->contact.in[LANGUAGE_EN], "Someone");
    pack_free(pack);
}

static void tells(const char *overlay, const char *lines)
{
    item_write("overlays/411381/small.yaml", overlay);
    item_folder_tells("411381", lines);
}

#define OVER "overlays/411381/small.yaml:"

static void test_mistakes(void **state)
{
    (void)state;
    tells("contact: {zh_CN: 人, en: Man}\n",
          OVER "1:1: error: an overlay lacks \"over\": the id of the item over "
               "which it is laid\n");
    tells("over: smal\n", OVER "1:7: error: expected \"small\", the item that "
                               "this file is named after\n");
    tells("over: small\ncontcat: {zh_CN: 人, en: Man}\n",
          OVER "2:1: error: unknown key \"contcat\" here; did you mean "
               "\"contact\"?\n");
    tells("over: small\ncontact: {zh_CN: 人}\n",
          OVER "2:10: error: the text in en is missing\n");
    tells("over: small\ncontact: {zh_CN: '人,', en: Man}\n",
          OVER "2:20: error: \",\" is half width beside Chinese: write \"，\" "
               "instead\n");
    tells("over: small\nid: small\n",
          OVER "2:1: error: an overlay cannot change \"id\": it is what the "
               "case means to the office\n");
    tells("over: small\naudience: both\narea: T1\n",
          OVER "2:1: error: an overlay cannot change \"audience\": it is what "
               "the case means to the office\n" OVER
               "3:1: error: an overlay cannot change \"area\": it is what the "
               "case means to the office\n");
    tells("over: small\nsteps:\n  - {id: kind, screen: field}\n",
          OVER "3:16: error: an overlay cannot change \"screen\": it is what "
               "the case means to the office\n");
    tells("over: small\nsteps:\n  - {id: knid, screen: review}\n",
          OVER "3:5: error: a step that the item has not: expected after (or "
               "before), with the name of the one where it goes\n");
    tells("over: small\nsteps:\n  - {id: more, after: knid, screen: review}\n",
          OVER "3:23: error: the item has no \"knid\" here: expected one that "
               "it has\n");
    tells("over: small\nsteps:\n  - {id: kind, when: agee > 1}\n",
          OVER "3:22: error: unknown name \"agee\": expected \"age\"?\n");
    tells("over: small\nsteps: 7\n",
          OVER "2:8: error: expected a list of 1 to 512 entries: the pages, in "
               "their order\n");
    /* The city's own tests do not hold here any more. */
    tells("over: small\nsteps:\n  - {id: kind, when: age != 18 && age != 4}\n",
          "small.yaml:48:19: error: test \"grown up\": the page \"review\" "
          "comes where \"kind\" is expected (so far: card, review) (with "
          "overlays/411381/small.yaml laid over it: expected tests of its own "
          "there)\n"
          "small.yaml:54:19: error: test \"small child\": the page \"review\" "
          "comes where \"kind\" is expected (so far: card, review) (with "
          "overlays/411381/small.yaml laid over it: expected tests of its own "
          "there)\n");
}

static void test_stray(void **state)
{
    (void)state;
    item_write("overlays/411381/smal.yaml", "over: smal\n");
    item_folder_tells("411381",
                      "overlays/411381/smal.yaml:1:1: error: there is no item "
                      "smal.yaml to lay this over: expected the name of an "
                      "item's file\n");
    item_folder_tells("411303", "");
}

static void copy_item_file(const char *name)
{
    char path[128], *text = NULL;
    size_t len;

    snprintf(path, sizeof path, "screens/items/%s", name);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    item_write(name, text);
    mem_free(text);
}

/* The README's overlay, laid over the shipped item, passes with its test. */
static void test_readme(void **state)
{
    char *text = NULL, *example, *end;
    size_t len;

    (void)state;
    assert_int_equal(
        file_read("screens/items/README.md", 1024 * 1024, &text, &len), ERR_OK);
    example = strstr(text, "```yaml\nover: residence-permit\n");
    assert_non_null(example);
    example += strlen("```yaml\n");
    end = strstr(example, "```");
    assert_non_null(end);
    *end = '\0';
    item_write("overlays/411381/residence-permit.yaml", example);
    mem_free(text);
    copy_item_file("residence-permit.yaml");
    copy_item_file("lists/counties.tsv");
    copy_item_file("lists/townships.tsv");
    struct pack *pack = item_load_silently("411381");
    assert_non_null(item_step(pack_find(pack, "residence-permit"), "landlord"));
    pack_free(pack);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_laid_over), TEST(test_levels), TEST(test_mistakes),
        TEST(test_stray),     TEST(test_readme),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
