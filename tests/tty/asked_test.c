/* What goes with a question beside its type, through the whole program by ten
 * keys: left empty, not allowed, doubted, known before, computed; what falls
 * away; to the hub, which looks at all of it again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], settings[WORLD_PATH];

static int make_item(void **state)
{
    static const char *const items[] = { "asked.yaml", NULL };

    (void)state;
    world_folder(folder);
    world_items(folder, items, settings);
    return 0;
}

static int remove_item(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

/* ---- One page after the other ---------------------------------------------- */

struct way {
    bool is_english;
    int rows, cols;
};

static const char *words(const struct way *way, const char *zh, const char *en)
{
    return way->is_english ? en : zh;
}

static void keys(struct drive *drive, const char *typed)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, typed, strlen(typed));
}

/* The field's page stands, with what is to be seen on it. */
static void at(struct drive *drive, const char *screen, const char *step,
               const char *element)
{
    drive_wait(drive, screen, step);
    drive_wait_element(drive, element);
    if (strcmp(screen, "choice") == 0)
        drive_check_painted(drive);
}

static void says(struct drive *drive, const char *element, const char *text)
{
    drive_wait_element(drive, element);
    if (!strstr(drive_text(drive, element), text))
        fail_msg("%s: %s", element, drive_text(drive, element));
}

static void reads(struct drive *drive, const char *element, const char *value)
{
    drive_see(drive, element);
    assert_string_equal(drive_value(drive, element), value);
}

static void begin(struct drive *drive, const struct way *way)
{
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (way->is_english) {
        drive_press(drive, HAND_KEYS, "footer.help");
        drive_wait(drive, "help", NULL);
        drive_press(drive, HAND_KEYS, "language");
        drive_wait(drive, "home", NULL);
    }
    drive_press(drive, HAND_KEYS, "item.asked");
    drive_wait(drive, "card", "card");
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
}

/* What the card said: one can be confirmed only, the other be changed. */
static void answer_known(struct drive *drive, const struct way *way)
{
    at(drive, "field", "owner", "standing");
    assert_string_equal(drive_value(drive, "standing"), PERSON_NAME);
    says(drive, "from", words(way, "来自身份证", "From your ID card"));
    drive_press(drive, HAND_KEYS, "footer.go");
    at(drive, "field", "born", "born");
    assert_string_equal(drive_value(drive, "born"), "19900307");
    says(drive, "from", words(way, "来自身份证", "From your ID card"));
    keys(drive, "********20150307#");
    says(drive, "field.error", words(way, "要满 18 岁。", "18 or older."));
    keys(drive, "********19900307#");
}

static void answer_speed(struct drive *drive, const struct way *way)
{
    at(drive, "choice", "speed", "option.today");
    drive_press(drive, HAND_KEYS, "option.today");
    says(drive, "field.error", words(way, "今天办不完。", "be done today."));
    drive_press(drive, HAND_KEYS, "option.fast");
    says(drive, "said.costs", words(way, "多付 20 元", "20 yuan more"));
    says(drive, "confirm.ask", words(way, "您确定吗", "Are you sure"));
    reads(drive, "confirm.value", words(way, "加急", "Fast"));
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "footer.back");
    at(drive, "choice", "speed", "option.normal");
    /* Nobody chose yet: # takes what stands there. */
    drive_press(drive, HAND_KEYS, "footer.go");
}

static void answer_rooms(struct drive *drive, const struct way *way)
{
    at(drive, "field", "rooms", "rooms");
    assert_string_equal(drive_value(drive, "rooms"), "2");
    keys(drive, "*0#");
    says(drive, "field.error", words(way, "至少要有一间房。", "At least one"));
    keys(drive, "*30#");
    says(drive, "said.many", words(way, "房间很多", "many rooms"));
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
}

static void leave_the_rest(struct drive *drive, const struct way *way)
{
    at(drive, "field", "why_fast", "leave");
    drive_press(drive, HAND_KEYS, "footer.go");
    at(drive, "field", "postcode", "leave");
    says(drive, "leave", words(way, "可以不填", "may be left empty"));
    keys(drive, "473000#");
    drive_wait_element(drive, "confirm.value");
    reads(drive, "confirm.value", "473000");
    drive_press(drive, HAND_KEYS, "footer.go");
    at(drive, "field", "letters", "from");
    says(drive, "from", words(way, "邮政编码", "Postcode"));
    keys(drive, "#");
    at(drive, "field", "car", "car");
    keys(drive, "#");
    drive_wait_element(drive, "writing.back");
    keys(drive, "#");
    at(drive, "choice", "mood", "leave");
    drive_press(drive, HAND_KEYS, "leave");
}

/* What was taken over from it is asked again, with the new one. */
static void change_postcode(struct drive *drive)
{
    drive_see(drive, "change.postcode");
    drive_press(drive, HAND_KEYS, "change.postcode");
    at(drive, "field", "postcode", "postcode");
    keys(drive, "******473001#");
    drive_wait_element(drive, "confirm.value");
    reads(drive, "confirm.value", "473001");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "falls.letters");
    drive_press(drive, HAND_KEYS, "change");
    at(drive, "field", "letters", "letters");
    assert_string_equal(drive_value(drive, "letters"), "473001");
    keys(drive, "#");
    drive_wait(drive, "review", "review");
}

static void check_review(struct drive *drive, const struct way *way)
{
    drive_wait(drive, "review", "review");
    reads(drive, "change.owner", PERSON_NAME);
    reads(drive, "change.mood", words(way, "没有填", "Not given"));
    reads(drive, "computed.price", words(way, "300 元", "300 yuan"));
    assert_null(drive_element(drive, "computed.desk"));
}

static void check_held(struct drive *drive, const struct way *way)
{
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.title");
    /* In their order: pages are turned one way. */
    reads(drive, "held.answer.car", words(way, "没有填", "left empty"));
    reads(drive, "held.answer.desk",
          words(way, "由您填的内容算出", "worked out from your answers"));
    for (int i = 0; i < 8 && strcmp(drive_screen(drive), "review") != 0; i++) {
        drive_press(drive, HAND_KEYS, "footer.back");
        drive_swallowed(drive);
        assert_true(drive_sim(drive, "clock +1s"));
    }
}

static void go(const struct way *way)
{
    const struct drive_options options = { .rows = way->rows,
                                           .cols = way->cols,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    begin(drive, way);
    answer_known(drive, way);
    answer_speed(drive, way);
    answer_rooms(drive, way);
    leave_the_rest(drive, way);
    drive_wait(drive, "review", "review");
    change_postcode(drive);
    check_review(drive, way);
    check_held(drive, way);
    drive_wait(drive, "review", "review");
    drive_press(drive, HAND_KEYS, "footer.go");
    person_sees(drive, "state.delivered");
    reads(drive, "line.owner", words(way, "欧***，300 元", "欧***, 300 yuan"));
    reads(drive, "line.big",
          words(way, "有人来看房。", "Somebody comes to look."));
    assert_null(drive_element(drive, "line.car"));
    assert_int_equal(drive_end(drive), 0);
}

static void test_small(void **state)
{
    (void)state;
    go(&(struct way){ .rows = 15, .cols = 40 });
}

static void test_small_english(void **state)
{
    (void)state;
    go(&(struct way){ .is_english = true, .rows = 15, .cols = 40 });
}

static void test_large(void **state)
{
    (void)state;
    go(&(struct way){ .rows = 32, .cols = 100 });
}

static void test_large_english(void **state)
{
    (void)state;
    go(&(struct way){ .is_english = true, .rows = 32, .cols = 100 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_small_english),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_large_english),
    };

    return cmocka_run_group_tests_name("asked", tests, make_item, remove_item);
}
