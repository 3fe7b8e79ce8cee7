/* How answers read, and what of theirs is accepted; by the shipped items. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "kiosk/flow/walk.h"

static struct pack *pack;
static const struct item *permit;

static int load(void **state)
{
    struct problems problems;
    enum err err;

    (void)state;
    problems_init(&problems);
    err = pack_load("screens/items", &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    if (err)
        return -1;
    permit = pack_find(pack, "residence-permit");
    return permit ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static int set_up(void **state)
{
    *state = answers_new();
    return 0;
}

static int tear_down(void **state)
{
    answers_free(*state);
    return 0;
}

static void set(struct answers *answers, const char *name, const char *value)
{
    enum source source =
        strcmp(value, "later") == 0 ? SOURCE_LATER : SOURCE_CITIZEN;

    assert_int_equal(answers_set(answers, name, value, source), ERR_OK);
}

static void expect_text(const struct item *item, const char *id,
                        const struct answers *answers, enum language language,
                        const char *expected)
{
    struct buf text;

    buf_init(&text, 4096);
    walk_text(item, item_step(item, id), answers, language, &text);
    assert_string_equal(text.text, expected);
    buf_done(&text);
}

static void test_texts(void **state)
{
    struct answers *answers = *state;

    expect_text(permit, "phone", answers, LANGUAGE_ZH_CN, "");
    expect_text(permit, "guide", answers, LANGUAGE_ZH_CN, "");
    set(answers, "phone", "13812345678");
    expect_text(permit, "phone", answers, LANGUAGE_EN, "138 1234 5678");
    /* Eleven bytes that are no digits: found by the envelope's fuzz target. */
    set(answers, "phone", "1中2345678");
    expect_text(permit, "phone", answers, LANGUAGE_EN, "1中2345678");
    set(answers, "phone", "later");
    expect_text(permit, "phone", answers, LANGUAGE_ZH_CN,
                "没有手机，到派出所当面告诉我");
    set(answers, "county", "411303");
    expect_text(permit, "county", answers, LANGUAGE_ZH_CN, "卧龙区");
    expect_text(permit, "county", answers, LANGUAGE_EN, "Wolong District");
    set(answers, "ground", "work");
    expect_text(permit, "ground", answers, LANGUAGE_EN, "Stable work");
    set(answers, "street", "某路 {county}");
    expect_text(permit, "street", answers, LANGUAGE_EN, "某路 {county}");
    set(answers, "street", "13812345678");
    expect_text(permit, "street", answers, LANGUAGE_EN, "13812345678");
}

static void test_fill(void **state)
{
    struct answers *answers = *state;
    const struct words words = {
        { "到{county}{township}，{street}{unit}{nobody}{",
          "At {township}, {county}, by {authority} {}" }
    };
    struct buf text;

    set(answers, "county", "411303");
    set(answers, "street", "{unit}");
    buf_init(&text, 1024);
    walk_fill(permit, &words, answers, LANGUAGE_ZH_CN, &text);
    assert_string_equal(text.text, "到卧龙区，{unit}居住地所属派出所{nobody}{");
    buf_clear(&text);
    set(answers, "township", "411303002");
    walk_fill(permit, &words, answers, LANGUAGE_EN, &text);
    assert_string_equal(text.text,
                        "At Qiyi Subdistrict, Wolong District, by Nanyang "
                        "Public Security Bureau {}");
    buf_done(&text);
}

static void expect_accept(const struct step *step, const char *given,
                          const char *expected)
{
    const char *said = NULL;
    struct buf value;
    enum err err;

    buf_init(&value, 8192);
    err = walk_accept(step, given, &value, &said);
    if (expected) {
        assert_int_equal(err, ERR_OK);
        assert_string_equal(value.text, expected);
        assert_null(said);
    } else {
        assert_int_equal(err, ERR_BAD_INPUT);
        assert_int_equal(value.len, 0);
        assert_non_null(said);
    }
    buf_done(&value);
}

static void test_accept_mobile(void **state)
{
    const struct step *phone = item_step(permit, "phone");

    (void)state;
    expect_accept(phone, "13812345678", "13812345678");
    expect_accept(phone, " １３８ 1234-5678", "13812345678");
    expect_accept(phone, "+86 138 1234 5678", "13812345678");
    expect_accept(phone, "8613812345678", "13812345678");
    expect_accept(phone, "", NULL);
    expect_accept(phone, "1381234567", NULL);
    expect_accept(phone, "138123456789", NULL);
    expect_accept(phone, "12812345678", NULL);
    expect_accept(phone, "1381234567a", NULL);
    expect_accept(phone, "138123456781381234567813812345678138123456781381234",
                  NULL);
}

static void test_accept_text(void **state)
{
    const struct step *street = item_step(permit, "street");
    struct buf sixty;

    (void)state;
    expect_accept(street, "  某路 3号　", "某路 3号");
    expect_accept(street, "某\a路\n3号", "某路 3号");
    expect_accept(street, "", NULL);
    expect_accept(street, " 　 ", NULL);
    expect_accept(street, "\a", NULL);
    buf_init(&sixty, 1024);
    for (int i = 0; i < 60; i++)
        buf_add_text(&sixty, "𠮷");
    expect_accept(street, sixty.text, sixty.text);
    buf_add_text(&sixty, "𠮷");
    expect_accept(street, sixty.text, NULL);
    buf_done(&sixty);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_texts),
        TEST(test_fill),
        TEST(test_accept_mobile),
        TEST(test_accept_text),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
