/* What goes wrong at the last moment in two of the hall's matters, the page of
 * each: a place in time that somebody else was quicker to take, one's own card
 * laid for the other person's, and money that never comes, comes late, twice or
 * after the session.  Nothing is lost: what was answered stands, what was paid is
 * found. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/heard.h"
#include "tests/tty/own_walk.h"
#include "tests/tty/payments.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/rival.h"
#include "tests/tty/world.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

enum { BODY_BYTES = 128 * 1024, KEY_BYTES = 160, HOLDS_MOST = 20 };

static char folder[WORLD_PATH];
static struct pack *pack;

static int make_world(void **state)
{
    char path[WORLD_PATH];
    struct problems problems;

    (void)state;
    world_folder(folder);
    rival_install(folder);
    world_program(path, "share/items");
    problems_init(&problems);
    enum err err = pack_load(path, &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int remove_world(void **state)
{
    (void)state;
    pack_free(pack);
    world_remove(folder);
    return 0;
}

/* ---- One visit after the other ------------------------------------------------- */

struct visits {
    bool is_english;
    int rows, cols;
    struct drive *drive;
    struct own_test test;
    struct own_walk walk;
    struct own_walk_case last;
};

static const char *words(const struct visits *visits, const char *zh,
                         const char *en)
{
    return visits->is_english ? en : zh;
}

static void begin(struct visits *visits, const char *item, const char *name)
{
    char program[WORLD_PATH];

    world_join(program, folder, "kiosk");
    visits->drive = drive_start(&(struct drive_options){
        .rows = visits->rows, .cols = visits->cols, .program = program });
    person_awaits_hub(visits->drive);
    if (!own_tests_find(pack_find(pack, item), name,
                        own_walk_noon(visits->drive), &visits->test))
        fail_msg("%s: no \"%s\"", item, name);
    visits->walk = (struct own_walk){ .drive = visits->drive,
                                      .test = &visits->test,
                                      .is_english = visits->is_english,
                                      .last = &visits->last };
}

static void end(struct visits *visits)
{
    heard_check(visits->drive, 0);
    assert_int_equal(drive_end(visits->drive), 0);
    own_test_done(&visits->test);
}

static bool is_asked_or_over(struct drive *drive)
{
    return drive_element(drive, "end.confirm") ||
           strcmp(drive_screen(drive), "attract") == 0;
}

static void end_session(const struct visits *visits)
{
    drive_press(visits->drive, HAND_TOUCH, "footer.end");
    drive_wait_until(visits->drive, is_asked_or_over, "the end");
    if (drive_element(visits->drive, "end.confirm"))
        drive_press(visits->drive, HAND_KEYS, "end");
    drive_wait(visits->drive, "attract", NULL);
}

static void says(const struct visits *visits, const char *id, const char *zh,
                 const char *en)
{
    const char *text = words(visits, zh, en);

    drive_see(visits->drive, id);
    drive_check_painted(visits->drive);
    if (!strstr(drive_text(visits->drive, id), text) &&
        !strstr(drive_value(visits->drive, id), text))
        fail_msg("%s: %s %s", id, drive_text(visits->drive, id),
                 drive_value(visits->drive, id));
}

/* To the end; on some page of it that stands. */
static void ends_saying(const struct visits *visits, const char *zh,
                        const char *en)
{
    size_t mark = drive_mark(visits->drive);

    own_walk_on(NULL);
    assert_true(drive_said(visits->drive, mark, words(visits, zh, en)));
}

#define EACH_WAY(name)                                                         \
    static void test_##name(void **state)                                      \
    {                                                                          \
        (void)state;                                                           \
        name(&(struct visits){ .rows = 15, .cols = 40 });                      \
        name(&(struct visits){ .is_english = true, .rows = 32, .cols = 100 }); \
    }

/* ---- A place in time ------------------------------------------------------------ */

#define COUPLE "a couple with both cards, and the first time of all"

static bool has_days(struct drive *drive)
{
    char id[64];

    return play_first(drive, "day.", id);
}

static bool has_times(struct drive *drive)
{
    char id[64];

    return play_first(drive, "time.", id);
}

/* What the hub has free at the place of the test. */
static json_t *free_slots(const struct visits *visits)
{
    static char body[BODY_BYTES];
    char json[128];

    snprintf(json, sizeof json,
             "{\"item\":\"marriage-appoint\",\"place\":\"%s\"}",
             answers_get(visits->test.answers, "registry"));
    rival_ahead(drive_moved_s(visits->drive) * 1000);
    assert_int_equal(
        rival_ask(folder, "POST", "/v1/slots/find", json, body, sizeof body),
        200);
    json_t *root = json_loads(body, 0, NULL);
    assert_non_null(root);
    return root;
}

/* The hub's own name of that time, out of "day.DATE" and "time.FROM". */
static void find_key(const struct visits *visits, const char *day,
                     const char *from, char key[KEY_BYTES])
{
    json_t *root = free_slots(visits), *entry, *slot;
    size_t i, j;

    key[0] = '\0';
    json_array_foreach(json_object_get(root, "days"), i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "date")), day))
            continue;
        json_array_foreach(json_object_get(entry, "slots"), j, slot)
        {
            if (strcmp(json_string_value(json_object_get(slot, "from")),
                       from) == 0)
                snprintf(key, KEY_BYTES, "%s",
                         json_string_value(json_object_get(slot, "id")));
        }
    }
    json_decref(root);
    assert_true(*key);
}

/* Times of which one place is taken and another is not; key: of the last one. */
static size_t count_half_taken(const struct visits *visits, char key[KEY_BYTES])
{
    json_t *root = free_slots(visits), *entry, *slot;
    size_t i, j, count = 0;

    json_array_foreach(json_object_get(root, "days"), i, entry)
    {
        json_array_foreach(json_object_get(entry, "slots"), j, slot)
        {
            if (json_integer_value(json_object_get(slot, "left")) != 1)
                continue;
            snprintf(key, KEY_BYTES, "%s",
                     json_string_value(json_object_get(slot, "id")));
            count++;
        }
    }
    json_decref(root);
    return count;
}

/* Every place of that time is held by others. */
static void take_all(const char *key)
{
    char json[256], body[1024];
    int status = 200;

    for (int i = 0; status == 200; i++) {
        assert_true(i < HOLDS_MOST);
        snprintf(json, sizeof json, "{\"slot\":\"%s\",\"request\":\"%032d\"}",
                 key, i);
        status = rival_ask(folder, "POST", "/v1/slots/hold", json, body,
                           sizeof body);
    }
    assert_int_equal(status, 409);
}

/* Under 查进度, by the card. */
static void to_case(struct visits *visits)
{
    struct own_test test;
    const struct own_walk walk = { .drive = visits->drive,
                                   .test = &test,
                                   .is_english = visits->is_english,
                                   .last = &visits->last };

    if (!own_tests_find(pack_find(pack, "case-progress"), "by the card",
                        own_walk_now_ms(visits->drive), &test))
        fail_msg("no \"by the card\"");
    own_walk_to(&walk, "cases");
    drive_wait_gone(visits->drive, "cases.wait");
    drive_press(visits->drive, HAND_KEYS, "case.0");
    drive_wait_element(visits->drive, "case.state");
    drive_check_painted(visits->drive);
    own_test_done(&test);
}

static void cancel(struct visits *visits)
{
    to_case(visits);
    says(visits, "case.booking", "卧龙区", "Wolong");
    drive_press(visits->drive, HAND_KEYS, "cancel");
    drive_wait(visits->drive, "cancel", NULL);
    drive_check_painted(visits->drive);
    drive_press(visits->drive, HAND_KEYS, "cancel-now");
    drive_wait_element(visits->drive, "cancel.done");
    says(visits, "cancel.done", "这个预约没有了", "not have this appointment");
    drive_press(visits->drive, HAND_KEYS, "footer.go");
    drive_wait(visits->drive, "progress", NULL);
    says(visits, "case.state", "已撤回", "withdrawn");
    end_session(visits);
}

static void slot_lost(struct visits *visits)
{
    char day[64], at[64], key[KEY_BYTES];

    begin(visits, "marriage-appoint", COUPLE);
    own_walk_to(&visits->walk, "visit");
    drive_wait_until(visits->drive, has_days, "days");
    assert_true(play_first(visits->drive, "day.", day));
    drive_press(visits->drive, HAND_KEYS, day);
    drive_wait_until(visits->drive, has_times, "times");
    assert_true(play_first(visits->drive, "time.", at));
    find_key(visits, day + strlen("day."), at + strlen("time."), key);
    take_all(key);
    drive_press(visits->drive, HAND_KEYS, at);
    drive_wait_element(visits->drive, "slot.taken");
    says(visits, "slot.taken", "您填的内容都在，请另选一个时间",
         "What you entered is still here");
    own_walk_on("review");
    says(visits, "change.phone", "137 0377 4615", "137 0377 4615");
    says(visits, "change.registry", "卧龙区", "Wolong");
    own_walk_on(NULL);
    assert_int_equal(count_half_taken(visits, key), 1);
    cancel(visits);
    assert_int_equal(count_half_taken(visits, key), 0);
    end(visits);
}
EACH_WAY(slot_lost)

/* Longer than a time is held, of somebody who is awake all the while. */
static void pass_time(const struct visits *visits)
{
    enum { ROUNDS = 16 };

    for (int i = 0; i < ROUNDS; i++) {
        assert_true(drive_sim(visits->drive, "clock +40s"));
        drive_bytes(visits->drive, "\t", 1);
        drive_swallowed(visits->drive);
    }
}

/* Sent without a network; until there is one again others have the time. */
static void slot_lost_on_the_way(struct visits *visits)
{
    char key[KEY_BYTES];
    size_t mark;

    begin(visits, "marriage-appoint", COUPLE);
    own_walk_to(&visits->walk, "review");
    assert_int_equal(count_half_taken(visits, key), 1);
    assert_true(drive_sim(visits->drive, "network down"));
    own_walk_on("declare");
    drive_press(visits->drive, HAND_KEYS, "footer.go");
    drive_wait_element(visits->drive, "state.saved");
    drive_check_painted(visits->drive);
    pass_time(visits);
    rival_ahead(drive_moved_s(visits->drive) * 1000);
    take_all(key);
    assert_true(drive_sim(visits->drive, "network up"));
    person_comes_to(visits->drive, "state.lost");
    mark = drive_mark(visits->drive);
    says(visits, "state.lost", "这个时间已被别人约满。请重新预约",
         "make another appointment");
    visits->walk.prints = true;
    own_walk_on(NULL);
    assert_false(drive_said(visits->drive, mark, "line.come"));
    assert_true(play_paper_says(
        visits->drive, words(visits, "请重新预约", "another appointment")));
    to_case(visits);
    says(visits, "case.state", "没有约上", "no appointment");
    says(visits, "case.next", "请重新预约", "make another appointment");
    says(visits, "case.booking", "卧龙区", "Wolong");
    assert_null(drive_element(visits->drive, "cancel"));
    end_session(visits);
    end(visits);
}
EACH_WAY(slot_lost_on_the_way)

/* The one card for both of a couple: told, and the other one can be laid. */
static void same_card(struct visits *visits)
{
    static const struct step own = { .screen = "card" };
    char number[32], line[128];

    begin(visits, "marriage-appoint", COUPLE);
    own_walk_to(&visits->walk, "partner");
    own_test_number(&visits->test, &own, number);
    snprintf(line, sizeof line,
             "card resident name=某某 number=%s valid_to=long-term", number);
    person_lay(visits->drive, line);
    drive_wait(visits->drive, "stop", "partner");
    says(visits, "card.same", "在这件事里已经有了", "is part of this matter");
    drive_see(visits->drive, "stop.done");
    drive_check_painted(visits->drive);
    assert_true(drive_sim(visits->drive, "card lift"));
    drive_press(visits->drive, HAND_KEYS, "again");
    drive_wait(visits->drive, "card", "partner");
    own_walk_on("review");
    says(visits, "change.purpose", "结婚登记", "marriage");
    own_walk_on(NULL);
    assert_true(*visits->last.receipt);
    end(visits);
}
EACH_WAY(same_card)

/* ---- Money ------------------------------------------------------------------------ */

#define FINE "one fine, paid at once"

static void to_payment(struct visits *visits)
{
    begin(visits, "traffic-fine", FINE);
    own_walk_to(&visits->walk, "paying");
    drive_wait_element(visits->drive, "payment.wait");
    drive_check_painted(visits->drive);
}

static bool is_over(struct drive *drive)
{
    assert_true(drive_sim(drive, "clock +4s"));
    return drive_element(drive, "payment.expired") != NULL;
}

/* Who stays awake sees the code grow old. */
static void wait_in_vain(const struct visits *visits)
{
    for (int i = 0; i < 4; i++) {
        assert_true(drive_sim(visits->drive, "clock +250s"));
        drive_press(visits->drive, HAND_KEYS, "footer.help");
        drive_wait(visits->drive, "help", NULL);
        drive_press(visits->drive, HAND_KEYS, "footer.back");
        drive_wait(visits->drive, "payment", "paying");
    }
    drive_wait_until(visits->drive, is_over, "that the code is too old");
    says(visits, "payment.expired", "不要再用它缴款", "Do not pay by it");
    says(visits, "stop.done", "还没有缴款", "Nothing is paid yet");
    says(visits, "payment.just", "刚才已经付了的，钱不会丢",
         "If you have just paid, the money is not lost");
}

/* The same person comes once more; the row of the same decision. */
static const char *come_again(const struct visits *visits)
{
    static const char *const rows[] = { "record.0", "record.1" };
    const char *row = rows[visits->is_english];

    drive_wait(visits->drive, "attract", NULL);
    own_walk_to(&visits->walk, "decision");
    drive_wait_gone(visits->drive, "record.wait");
    drive_see(visits->drive, row);
    drive_check_painted(visits->drive);
    return row;
}

static void is_settled(const struct visits *visits)
{
    const char *row = come_again(visits);

    says(visits, row, "已经缴清", "paid");
    drive_press(visits->drive, HAND_KEYS, row);
    drive_wait(visits->drive, "closing", "settled");
    says(visits, "line.good", "缴清了，不用再缴", "do not pay again");
    says(visits, "line.twice", "多付的钱退给您", "is given back");
    says(visits, "line.slip", "查办理进度", "Check progress");
    end_session(visits);
}

static void never_comes(struct visits *visits)
{
    to_payment(visits);
    wait_in_vain(visits);
    drive_press(visits->drive, HAND_KEYS, "footer.back");
    drive_wait(visits->drive, "choice", "now");
    drive_press(visits->drive, HAND_KEYS, "option.not_today");
    drive_wait(visits->drive, "closing", "not_today");
    says(visits, "line.open", "还没有缴清，没有提交任何内容",
         "Nothing was sent");
    says(visits, "line.back", "随时可以再到这里缴", "at any time");
    end_session(visits);
    says(visits, come_again(visits), "还没有缴", "not paid yet");
    end_session(visits);
    end(visits);
}
EACH_WAY(never_comes)

static bool is_on_its_way_back(struct drive *drive)
{
    assert_true(drive_sim(drive, "clock +4s"));
    return drive_element(drive, "payment.refunding") != NULL;
}

/* By the old code: who is here still is told, who comes again, too; and the fine
 * can be paid all the same. */
static void comes_late(struct visits *visits)
{
    to_payment(visits);
    wait_in_vain(visits);
    assert_true(drive_sim(visits->drive, "cashier pay"));
    drive_wait_until(visits->drive, is_on_its_way_back, "that it is told");
    says(visits, "payment.refunding", "自动退还给您", "given back");
    end_session(visits);
    payments_say(visits->drive, "GIVE BACK 1 times");
    const char *row = come_again(visits);
    says(visits, row, "钱正在退", "being given back");
    drive_press(visits->drive, HAND_KEYS, row);
    drive_wait(visits->drive, "choice", "again");
    drive_check_painted(visits->drive);
    drive_press(visits->drive, HAND_KEYS, "option.yes");
    drive_wait(visits->drive, "choice", "now");
    ends_saying(visits, "上次来晚的那笔钱退给您",
                "What came too late last time is given back");
    payments_say(visits->drive, "PAID, receipt");
    is_settled(visits);
    end(visits);
}
EACH_WAY(comes_late)

static void comes_after_the_session(struct visits *visits)
{
    to_payment(visits);
    person_comes_to(visits->drive, "attract.begin"); /* walked away */
    assert_true(drive_sim(visits->drive, "cashier pay"));
    payments_say(visits->drive, "PAID, receipt");
    is_settled(visits);
    end(visits);
}
EACH_WAY(comes_after_the_session)

static void comes_twice(struct visits *visits)
{
    to_payment(visits);
    own_walk_on("review");
    says(visits, "review.paid", "已经缴款，不能再改", "paid for");
    assert_null(drive_element(visits->drive, "review.how"));
    assert_true(drive_sim(visits->drive, "cashier pay"));
    payments_say(visits->drive, "GIVE BACK 1 times");
    payments_say(visits->drive, "PAID, receipt");
    ends_saying(visits, "多的钱退给您", "what is too much is given back");
    is_settled(visits);
    end(visits);
}
EACH_WAY(comes_twice)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slot_lost),
        cmocka_unit_test(test_slot_lost_on_the_way),
        cmocka_unit_test(test_same_card),
        cmocka_unit_test(test_never_comes),
        cmocka_unit_test(test_comes_late),
        cmocka_unit_test(test_comes_after_the_session),
        cmocka_unit_test(test_comes_twice),
    };

    return cmocka_run_group_tests_name("hard moments", tests, make_world,
                                       remove_world);
}
