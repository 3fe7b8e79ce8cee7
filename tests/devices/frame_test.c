/* Frames of the readers' protocol and the records in cards, byte by byte. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "devices/card/frame.h"
#include "devices/card/record.h"
#include "tests/usb/bus.h"

#include <stdio.h>
#include <string.h>

/* As the public papers print them. */
static void test_commands(void **state)
{
    static const struct {
        struct frame_command command;
        uint8_t check;
    } known[] = {
        { { 0x10, 0xFF }, 0xEC }, { { 0x11, 0xFF }, 0xED },
        { { 0x12, 0xFF }, 0xEE }, { { 0x20, 0x01 }, 0x22 },
        { { 0x20, 0x02 }, 0x21 }, { { 0x30, 0x01 }, 0x32 },
        { { 0x30, 0x03 }, 0x30 },
    };
    static const uint8_t head[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3 };
    uint8_t bytes[FRAME_COMMAND_BYTES];
    (void)state;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        frame_write(&known[i].command, bytes);
        assert_memory_equal(bytes, head, sizeof head);
        assert_int_equal(bytes[7], known[i].command.command);
        assert_int_equal(bytes[8], known[i].command.parameter);
        assert_int_equal(bytes[9], known[i].check);
    }
}

static const uint8_t found[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x08, 0,
                                 0,    0x9F, 0,    0,    0,    0,    0x97 };
static const uint8_t no_card[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00,
                                   0x04, 0,    0,    0x80, 0x84 };

static void takes(struct frame_stream *stream, uint8_t status, size_t len)
{
    struct frame_answer answer;
    assert_int_equal(frame_next(stream, &answer), FRAME_WHOLE);
    assert_int_equal(answer.status[2], status);
    assert_int_equal(answer.len, len);
}

static void test_answers(void **state)
{
    static struct frame_stream stream;
    struct frame_answer answer;
    bool is_head;
    (void)state;

    /* Byte by byte, it is known what is missing. */
    for (size_t i = 0; i < sizeof found; i++) {
        assert_int_equal(frame_next(&stream, &answer), FRAME_MORE);
        size_t lacks = frame_lacks(&stream, &is_head);
        assert_int_equal(is_head, i < 7);
        assert_int_equal(lacks, i < 7 ? 7 - i : sizeof found - i);
        frame_stream_add(&stream, found + i, 1);
    }
    takes(&stream, 0x9F, 4);

    /* Two at once, behind garbage that looks like a beginning. */
    frame_stream_add(&stream, found, 4);
    frame_stream_add(&stream, no_card, sizeof no_card);
    frame_stream_add(&stream, found, sizeof found);
    takes(&stream, 0x80, 0);
    takes(&stream, 0x9F, 4);
    assert_int_equal(frame_next(&stream, &answer), FRAME_MORE);
}

static void test_broken_answers(void **state)
{
    static struct frame_stream stream;
    struct frame_answer answer;
    uint8_t bytes[sizeof found];
    (void)state;

    /* Each flipped bit is found, and the next frame is read all the same. */
    for (size_t bit = 0; bit < sizeof found * 8; bit++) {
        memcpy(bytes, found, sizeof found);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        frame_stream_clear(&stream);
        frame_stream_add(&stream, bytes, sizeof bytes);
        enum frame_found what = frame_next(&stream, &answer);
        assert_int_not_equal(what, FRAME_WHOLE);
        static const uint8_t quiet[FRAME_LENGTH_MAX + 16];
        frame_stream_add(&stream, quiet, sizeof quiet);
        frame_stream_add(&stream, no_card, sizeof no_card);
        while ((what = frame_next(&stream, &answer)) == FRAME_BROKEN)
            continue;
        assert_int_equal(what, FRAME_WHOLE);
        assert_int_equal(answer.status[2], 0x80);
    }
    /* A length that no frame has. */
    frame_stream_clear(&stream);
    memcpy(bytes, found, sizeof found);
    bytes[5] = bytes[6] = 0xFF;
    frame_stream_add(&stream, bytes, sizeof bytes);
    assert_int_equal(frame_next(&stream, &answer), FRAME_BROKEN);
    assert_int_equal(frame_next(&stream, &answer), FRAME_MORE);
}

static void test_records(void **state)
{
    uint8_t record[BUS_RECORD_BYTES];
    (void)state;

    for (int kind = 0; kind < CARD_KIND_COUNT; kind++) {
        struct card card;
        bus_encode(&bus_people[kind], record);
        assert_int_equal(record_read(record, sizeof record, &card), ERR_OK);
        for (const char *const *name = card_field_names; *name; name++)
            assert_string_equal(card_field(&card, *name),
                                card_field(&bus_people[kind], *name));
        assert_int_equal(record_read(record, 255, &card), ERR_BAD_INPUT);
        assert_int_equal(record_read(record, 0, &card), ERR_BAD_INPUT);
        record[249] = 1;
        assert_int_equal(record_read(record, sizeof record, &card),
                         ERR_CARD_UNKNOWN);
    }
}

/* Padding goes at the right end only; an inner space is part of the text. */
static void test_padding(void **state)
{
    uint8_t record[BUS_RECORD_BYTES];
    struct card card, person = bus_people[CARD_RESIDENT];
    (void)state;

    snprintf(person.name, sizeof person.name, "%s", " 买买提 江");
    bus_encode(&person, record);
    memset(record + 24, 0xff, 6);
    memset(record + 158, 0, 30);
    assert_int_equal(record_read(record, sizeof record, &card), ERR_OK);
    assert_string_equal(card.name, " 买买提 江");
    assert_string_equal(card.authority, "");
}

static void test_unknown_codes(void **state)
{
    uint8_t record[BUS_RECORD_BYTES];
    struct card card;
    (void)state;

    bus_encode(&bus_people[CARD_RESIDENT], record);
    record[30] = '7';
    record[32] = '5';
    record[34] = '8';
    assert_int_equal(record_read(record, sizeof record, &card), ERR_OK);
    assert_string_equal(card.sex, "unknown");
    assert_string_equal(card.ethnic, "58");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_broken_answers),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_unknown_codes),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
