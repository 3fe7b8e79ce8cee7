#include "tests/usb/bus.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MS = 60000 };

static int control = -1;
static int commands, claims;

const struct card bus_people[CARD_KIND_COUNT] = {
    [CARD_RESIDENT] = { .kind = CARD_RESIDENT,
                        .name = "欧阳㼆昕",
                        .sex = "female",
                        .ethnic = "03",
                        .birth = "19560229",
                        .address = "河南省南阳市卧龙区某路 5 号",
                        .number = "411303195602290029",
                        .authority = "南阳市公安局卧龙分局",
                        .valid_from = "20110704",
                        .valid_to = "long-term" },
    [CARD_HMT] = { .kind = CARD_HMT,
                   .name = "陳大文",
                   .sex = "male",
                   .birth = "19900307",
                   .address = "河南省南阳市宛城区某街 8 号",
                   .number = "810000199003070013",
                   .authority = "南阳市公安局",
                   .valid_from = "20220101",
                   .valid_to = "20270101",
                   .permit_number = "H12345678",
                   .issue_count = "01" },
    [CARD_FOREIGNER_2017] = { .kind = CARD_FOREIGNER_2017,
                              .name = "安娜",
                              .sex = "female",
                              .birth = "19850101",
                              .number = "CAN410085010112",
                              .authority = "4113",
                              .valid_from = "20190601",
                              .valid_to = "20290601",
                              .english_name = "SILVA, ANA MARIA",
                              .nationality = "CAN",
                              .version = "01" },
    [CARD_FOREIGNER_2023] = { .kind = CARD_FOREIGNER_2023,
                              .name = "安娜",
                              .sex = "unstated",
                              .birth = "19850101",
                              .number = "932682198501010017",
                              .valid_from = "20240601",
                              .valid_to = "20340601",
                              .english_name = "VAN DER SILVA-FERNANDES, MARIA "
                                              "ANNA ELISABETH",
                              .nationality = "LBN",
                              .renewals = "02" },
};

/* ---- The lines --------------------------------------------------------- */

static void read_answer(char *answer, size_t size)
{
    size_t len = 0;

    while (len + 1 < size) {
        struct pollfd fd = { .fd = control, .events = POLLIN };
        int ready = poll(&fd, 1, ANSWER_MS);
        if (ready < 0 && errno == EINTR)
            continue; /* a child of the test ended */
        assert_int_equal(ready, 1);
        assert_int_equal(read(control, answer + len, 1), 1);
        if (answer[len] == '\n')
            break;
        len++;
    }
    answer[len] = '\0';
}

void bus_tell(const char *format, ...)
{
    char line[4096], answer[64];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    assert_in_range(len, 1, sizeof line - 2);
    line[len] = '\n';
    assert_int_equal(write(control, line, (size_t)len + 1), len + 1);
    read_answer(answer, sizeof answer);
    char *at = answer;
    bool is_ok = strncmp(answer, "ok ", 3) == 0;
    at += strcspn(at, " ");
    commands = (int)strtol(at, &at, 10);
    claims = (int)strtol(at, &at, 10);
    if (!is_ok)
        fail_msg("the emulator does not know: %s", line);
}

int bus_commands(int place)
{
    bus_tell("count %d", place);
    return commands;
}

int bus_claims(int place)
{
    bus_tell("count %d", place);
    return claims;
}

/* ---- Cards ------------------------------------------------------------- */

static size_t put_unit(uint8_t *to, uint32_t unit)
{
    to[0] = (uint8_t)unit;
    to[1] = (uint8_t)(unit >> 8);
    return 2;
}

/* UTF-16LE, padded; what does not fit is left out. */
static void put(uint8_t *record, size_t at, size_t len, const char *text)
{
    uint8_t *to = record + at, *end = to + len;
    uint32_t c;

    while ((c = text_next(&text)) && to + (c > 0xffff ? 4 : 2) <= end) {
        if (c > 0xffff) {
            c -= 0x10000;
            to += put_unit(to, 0xd800 + (c >> 10));
            c = 0xdc00 + (c & 0x3ff);
        }
        to += put_unit(to, c);
    }
    while (to < end)
        to += put_unit(to, ' ');
}

static const char *sex_code(const char *sex)
{
    return strcmp(sex, "male") == 0       ? "1"
           : strcmp(sex, "female") == 0   ? "2"
           : strcmp(sex, "unstated") == 0 ? "9"
                                          : "0";
}

static void put_common(uint8_t *record, const struct card *card)
{
    bool is_long = strcmp(card->valid_to, "long-term") == 0;

    put(record, 0, 30, card->name);
    put(record, 30, 2, sex_code(card->sex));
    put(record, 36, 16, card->birth);
    put(record, 122, 36, card->number);
    put(record, 188, 16, card->valid_from);
    put(record, 204, 16, is_long ? "长期" : card->valid_to);
}

static void put_2017(uint8_t *record, const struct card *card)
{
    put(record, 0, 120, card->english_name);
    put(record, 120, 2, sex_code(card->sex));
    put(record, 122, 30, card->number);
    put(record, 152, 6, card->nationality);
    put(record, 158, 30, card->name);
    put(record, 188, 16, card->valid_from);
    put(record, 204, 16, card->valid_to);
    put(record, 220, 16, card->birth);
    put(record, 236, 4, card->version);
    put(record, 240, 8, card->authority);
    put(record, 248, 2, "I");
}

void bus_encode(const struct card *card, uint8_t record[BUS_RECORD_BYTES])
{
    put(record, 0, BUS_RECORD_BYTES, "");
    if (card->kind == CARD_FOREIGNER_2017) {
        put_2017(record, card);
        return;
    }
    put_common(record, card);
    if (card->kind == CARD_FOREIGNER_2023) {
        size_t first = text_offset(card->english_name, 35);
        put(record, 32, 4, card->renewals);
        put(record, 52, 70, card->english_name);
        put(record, 220, 22, card->english_name + first);
        put(record, 242, 6, card->nationality);
        put(record, 248, 2, "Y");
        return;
    }
    put(record, 52, 70, card->address);
    put(record, 158, 30, card->authority);
    put(record, 32, 4, card->ethnic);
    if (card->kind != CARD_HMT)
        return;
    put(record, 220, 18, card->permit_number);
    put(record, 238, 4, card->issue_count);
    put(record, 248, 2, "J");
}

static void lay(int place, const uint8_t *record, size_t len,
                const char *address)
{
    uint8_t appended[70];
    struct buf text, hex;

    buf_init(&text, 1024);
    buf_init(&hex, 1024);
    buf_add_hex(&text, record, len);
    if (address) {
        put(appended, 0, sizeof appended, address);
        buf_add_hex(&hex, appended, sizeof appended);
    } else {
        buf_add_text(&hex, "-");
    }
    bus_tell("card %d %s + %s", place, text.text, hex.text);
    buf_done(&text);
    buf_done(&hex);
}

void bus_lay_record(int place, const uint8_t *record, size_t len)
{
    lay(place, record, len, NULL);
}

void bus_lay(int place, const struct card *card, const char *address)
{
    uint8_t record[BUS_RECORD_BYTES];

    bus_encode(card, record);
    lay(place, record, sizeof record, address);
}

/* ---- Below the emulator ------------------------------------------------ */

static void run_again(char **argv)
{
    char emulator[512], ours[16], theirs[16];
    int pair[2];
    const char *build = getenv("KIOSK_BUILD");

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
        return;
    snprintf(emulator, sizeof emulator, "%s/tests/usb/emulator/emulator",
             build ? build : "build");
    snprintf(ours, sizeof ours, "%d", pair[0]);
    snprintf(theirs, sizeof theirs, "%d", pair[1]);
    setenv("BUS_CONTROL", ours, 1);
    const char *words[16] = { emulator, "--control", theirs,
                              "--keep", ours,        "--" };
    for (int i = 0; argv[i] && i < 8; i++)
        words[6 + i] = argv[i];
    execv(emulator, (char **)words);
}

bool bus_enter(char **argv, const char **ret_why)
{
    const char *word = getenv("BUS_CONTROL");

    if (!word) {
        run_again(argv);
        *ret_why = "the emulator of the bus cannot be run";
        return false;
    }
    control = (int)strtol(word, NULL, 10);
    return true;
}
