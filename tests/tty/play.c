#include "tests/tty/play.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* A made-up person: the number's check character is right. */
#define PERSON                                                                 \
    "card resident name=测试人 number=411303199003070017 valid_to=long-term"

static void write_text(struct drive *drive, enum drive_hand hand,
                       const char *text)
{
    switch (hand) {
    case HAND_KEYBOARD:
        drive_type(drive, hand, text);
        return;
    case HAND_TOUCH:
        drive_press(drive, hand, "way");
        return;
    case HAND_KEYS:
        drive_press(drive, hand, "footer.go");
        drive_wait(drive, "ways", NULL);
        drive_check_painted(drive);
        drive_press(drive, hand, "way");
        return;
    }
}

void play(struct drive *drive, enum drive_hand hand, const struct scene *scenes,
          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct scene *scene = &scenes[i];
        drive_wait(drive, scene->screen, scene->step);
        drive_check_painted(drive);
        switch (scene->deed) {
        case DEED_PRESS:
            drive_press(drive, hand, scene->what);
            break;
        case DEED_TYPE:
            drive_type(drive, hand, scene->what);
            break;
        case DEED_WRITE:
            write_text(drive, hand, scene->what);
            break;
        case DEED_SIM:
            assert_true(drive_sim(drive, scene->what));
            break;
        case DEED_WAIT:
            break;
        }
    }
}

static void read_receipt(struct drive *drive, char *receipt)
{
    drive_wait(drive, "result", "result");
    const char *value = drive_value(drive, "receipt.number");
    assert_int_equal(strlen(value), 14); /* 4-4-4 */
    snprintf(receipt, 16, "%s", value);
    drive_see(drive, "receipt.code");
    assert_int_equal(strlen(drive_value(drive, "receipt.code")), 4);
}

static const struct scene ending[] = {
    { "result", NULL, DEED_PRESS, "footer.go" },
    { "printing", NULL, DEED_SIM, "clock +5s" },
    { "paper", NULL, DEED_PRESS, "yes" },
    { "bye", NULL, DEED_PRESS, "footer.go" },
};

static void play_ending(struct drive *drive, enum drive_hand hand)
{
    size_t before = drive_count_files(drive, "paper", ".pdf");
    play(drive, hand, ending, sizeof ending / sizeof *ending);
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), before + 1);
}

void play_permit(struct drive *drive, enum drive_hand hand, char *receipt)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.residence-permit" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "registered", DEED_PRESS, "option.yes" },
        { "card", "card", DEED_SIM, PERSON },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_PRESS, "footer.go" },
        { "choice", "county", DEED_PRESS, "option.411303" },
        { "choice", "township", DEED_PRESS, "option.411303005" },
        { "field", "street", DEED_WRITE, "建设路 12 号" },
        { "choice", "ground", DEED_PRESS, "option.work" },
        { "choice", "home_proof", DEED_PRESS, "option.lease" },
        { "choice", "ground_proof", DEED_PRESS, "option.contract" },
        { "field", "phone", DEED_TYPE, "13800001111" },
    };
    static const struct scene rest[] = {
        { "field", "phone", DEED_PRESS, "footer.go" },
        { "review", "review", DEED_PRESS, "footer.go" },
        { "review", "declare", DEED_PRESS, "footer.go" },
    };
    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    drive_wait_element(drive, "confirm.value");
    assert_string_equal(drive_value(drive, "confirm.value"), "138 0000 1111");
    play(drive, hand, rest, sizeof rest / sizeof *rest);
    read_receipt(drive, receipt);
    assert_true(drive_sim(drive, "card lift"));
    play_ending(drive, hand);
}

void play_hotline(struct drive *drive, enum drive_hand hand, char *receipt)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.hotline-12345" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "kind", DEED_PRESS, "option.complaint" },
        { "choice", "topic", DEED_PRESS, "option.pollution" },
        { "choice", "county", DEED_PRESS, "option.411321" },
        { "choice", "township", DEED_PRESS, "option.411321102" },
        { "field", "landmark", DEED_WRITE, "车站对面" },
        { "field", "description", DEED_WRITE, "夜里施工，噪声很大。" },
    };
    static const struct scene anonymous[] = {
        { "choice", "contact_by", DEED_PRESS, "option.anonymous" },
        { "review", "review", DEED_PRESS, "footer.go" },
    };
    static const struct scene called[] = {
        { "choice", "contact_by", DEED_PRESS, "option.phone" },
        { "field", "phone", DEED_TYPE, "13800002222" },
    };
    static const struct scene called_rest[] = {
        { "field", "phone", DEED_PRESS, "footer.go" },
        { "choice", "disclose", DEED_PRESS, "option.no" },
        { "review", "review", DEED_PRESS, "footer.go" },
    };
    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    if (hand == HAND_KEYBOARD) {
        play(drive, hand, anonymous, sizeof anonymous / sizeof *anonymous);
    } else {
        play(drive, hand, called, sizeof called / sizeof *called);
        drive_wait_element(drive, "confirm.value");
        play(drive, hand, called_rest,
             sizeof called_rest / sizeof *called_rest);
    }
    read_receipt(drive, receipt);
    play_ending(drive, hand);
}
