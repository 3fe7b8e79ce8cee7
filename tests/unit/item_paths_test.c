/* An item drawn: its pages and what each edge needs, and its paper form. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "kiosk/item_form.h"
#include "tests/unit/item_pages.h"

enum { TEXT_BYTES = 256 * 1024 };

static void test_text(void **state)
{
    struct pack *pack = item_load_silently("");
    struct buf text;

    (void)state;
    buf_init(&text, TEXT_BYTES);
    item_paths_text(pack_item(pack, 0), &text);
    assert_string_equal(text.text,
                        "small: 小事\n"
                        "\n"
                        "    begin\n"
                        "      ->  1 card\n"
                        "\n"
                        "  1 card           card\n"
                        "      ->  2 kind\n"
                        "\n"
                        "  2 kind           choice       问\n"
                        "      => stop halt          kind == \"a\" && age < 6\n"
                        "      ->  3 phone           kind == \"b\"\n"
                        "      ->  4 review          !(kind == \"b\")\n"
                        "\n"
                        "  3 phone          field        问\n"
                        "      ->  4 review\n"
                        "\n"
                        "  4 review         review\n"
                        "      ->  5 send\n"
                        "\n"
                        "  5 send           send\n"
                        "      ->  6 result\n"
                        "\n"
                        "  6 result         result\n"
                        "      -> end\n");
    buf_done(&text);
    pack_free(pack);
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;

    for (; (text = strstr(text, what)); text++)
        count++;
    return count;
}

static void test_picture(void **state)
{
    struct pack *pack = item_load_silently("");
    struct buf text;

    (void)state;
    buf_init(&text, TEXT_BYTES);
    item_paths_svg(pack_item(pack, 0), &text);
    assert_int_equal(strncmp(text.text, "<svg xmlns=", 11), 0);
    assert_non_null(strstr(text.text, "</svg>\n"));
    /* Six pages and the end, one stop; eight edges and the stop's. */
    assert_int_equal(count_of(text.text, "<rect class=\"page"), 7);
    assert_int_equal(count_of(text.text, "<rect class=\"page sometimes"), 1);
    assert_int_equal(count_of(text.text, "<rect class=\"stop"), 1);
    assert_int_equal(count_of(text.text, "<path class=\"edge"), 9);
    /* A rule's signs are no marks of the picture. */
    assert_non_null(strstr(text.text, "kind == \"a\" &amp;&amp; age &lt; 6"));
    buf_done(&text);
    pack_free(pack);
}

static void add_texts(const json_t *blocks, struct buf *out)
{
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        const char *text = json_string_value(json_object_get(block, "text"));
        const char *label = json_string_value(json_object_get(block, "label"));

        buf_add_format(out, "%s\n", text ? text : label ? label : "--");
    }
}

/* Every question with its answers; nothing of pages that a machine needs. */
static void test_form(void **state)
{
    struct pack *pack = item_load_silently("");
    struct buf text, seen;
    json_t *request;

    (void)state;
    buf_init(&text, TEXT_BYTES);
    buf_init(&seen, TEXT_BYTES);
    item_form_compose(pack_item(pack, 0), &text);
    request = json_loadb(text.text, text.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(request);
    add_texts(json_object_get(json_object_get(request, "slip"), "blocks"),
              &seen);
    json_decref(request);
    assert_string_equal(
        seen.text,
        "Fill this in while the machine does not work, and hand it in at the "
        "counter. Tick what applies.\n"
        "某处　Office\n"
        "--\n"
        "Name　Name\n"
        "ID number　ID number\n"
        "--\n"
        "1. 问　Ask\n"
        "[  ] 甲　A\n"
        "[  ] 乙　B\n"
        "--\n"
        "2. 问　Ask\n"
        "Leave this out if it does not apply to you.\n"
        "|__|__|__|  |__|__|__|__|  |__|__|__|__|\n"
        "[  ] 再补　Later\n"
        "--\n"
        "Signature　Signature\n"
        "Date　Date\n");
    buf_done(&seen);
    buf_done(&text);
    pack_free(pack);
}

static void form_holds(const char *file, const char *const *lines)
{
    struct problems problems;
    struct pack *pack = NULL;
    struct buf text, seen;

    problems_init(&problems);
    assert_int_equal(pack_load_one(file, &problems, &pack), ERR_OK);
    problems_done(&problems);
    buf_init(&text, TEXT_BYTES);
    buf_init(&seen, TEXT_BYTES);
    item_form_compose(pack_item(pack, 0), &text);
    json_t *request =
        json_loadb(text.text, text.len, JSON_REJECT_DUPLICATES, NULL);
    add_texts(json_object_get(json_object_get(request, "slip"), "blocks"),
              &seen);
    json_decref(request);
    for (; *lines; lines++)
        if (!strstr(seen.text, *lines))
            fail_msg("%s lacks: %s", file, *lines);
    buf_done(&seen);
    buf_done(&text);
    pack_free(pack);
}

/* Boxes say what goes into them; parts have their names; of several answers all
 * are ticked; who has no card writes the name. */
static void test_form_of_all_kinds(void **state)
{
    static const char *const fields[] = {
        "|__|__|__|__| 年  |__|__| 月  |__|__| 日\n",
        "|__|__|__|__| 年  |__|__| 月\n", "Name　Name\nSignature　Signature\n",
        NULL
    };
    static const char *const parts[] = {
        "--\n店面　The place\n--\n2. 店在哪里？",
        "Tick all that apply.\n[  ] 有包装的"
        "　Packed\n[  ] 现做的",
        NULL
    };

    (void)state;
    form_holds("tests/tty/every-field.yaml", fields);
    form_holds("tests/tty/parts.yaml", parts);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_text),
        TEST(test_picture),
        TEST(test_form),
        TEST(test_form_of_all_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
