/* Bytes from anywhere, read as an envelope. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/flow/envelope.h"

static void test_random_bytes(void **state)
{
    unsigned char bytes[512];
    struct envelope envelope;

    (void)state;
    chance_seed(7);
    for (int i = 0; i < 20000; i++) {
        size_t len = chance_below(sizeof bytes);

        chance_bytes(bytes, len);
        if (len > 5) {
            bytes[0] = ENVELOPE_SUITE;
            bytes[1] = bytes[2] = bytes[3] = 0;
        }
        assert_int_equal(envelope_read(bytes, len, &envelope), ERR_BAD_INPUT);
    }
    chance_seed_end();
}

/* An envelope with this header around nothing. */
static enum err read_header(const char *header)
{
    struct envelope envelope;
    struct buf bytes;
    size_t len = strlen(header);
    enum err err;

    buf_init(&bytes, ENVELOPE_MAX);
    buf_add_char(&bytes, ENVELOPE_SUITE);
    buf_add_char(&bytes, 0);
    buf_add_char(&bytes, 0);
    buf_add_char(&bytes, (char)(len >> 8));
    buf_add_char(&bytes, (char)(len & 0xff));
    buf_add_text(&bytes, header);
    for (int i = 0; i < 32 + 3; i++)
        buf_add_char(&bytes, 0);
    buf_add_char(&bytes, 20);
    for (int i = 0; i < 20 + 64; i++)
        buf_add_char(&bytes, 0);
    err = envelope_read(bytes.text, bytes.len, &envelope);
    buf_done(&bytes);
    return err;
}

#define HEX "0123456789abcdef0123456789abcdef"

static const char header[] =
    "{\"assurance\":\"card\",\"case\":\"" HEX "\",\"digest\":\"" HEX HEX
    "\",\"item\":\"x-1\",\"item_hash\":\"" HEX HEX "\",\"machine\":\"" HEX HEX
    "\",\"notice_hash\":\"\",\"notice_version\":0,\"number\":1,"
    "\"office_key\":\"" HEX HEX "\",\"receipt\":\"310063270014\",\"suite\":1,"
    "\"time\":\"2026-11-23T14\",\"version\":1}";

static void refuse(const char *from, const char *to)
{
    const char *at = strstr(header, from);
    struct buf text;

    assert_non_null(at);
    buf_init(&text, 8192);
    buf_add(&text, header, (size_t)(at - header));
    buf_add_text(&text, to);
    buf_add_text(&text, at + strlen(from));
    if (read_header(text.text) != ERR_BAD_INPUT)
        fail_msg("taken: %s", text.text);
    buf_done(&text);
}

static void test_headers(void **state)
{
    struct buf deep;

    (void)state;
    assert_int_equal(read_header(header), ERR_OK);
    refuse("\"case\":\"0", "\"case\":\"g");
    refuse("\"case\":\"0", "\"case\":\"");
    refuse("\"case\":\"" HEX "\"", "\"case\":7");
    refuse("\"case\":\"" HEX "\"", "\"case\":null");
    refuse("\"case\"", "\"cas\"");
    refuse("\"digest\":\"0", "\"digest\":\"A");
    refuse("\"item\":\"x-1\"", "\"item\":\"../x\"");
    refuse("\"item\":\"x-1\"", "\"item\":\"\"");
    refuse("\"item\":\"x-1\"", "\"item\":\"x\\u00001\"");
    refuse("\"card\"", "\"sure\"");
    refuse("\"number\":1", "\"number\":0");
    refuse("\"number\":1", "\"number\":-1");
    refuse("\"number\":1", "\"number\":1.0");
    refuse("\"number\":1", "\"number\":\"1\"");
    refuse("\"number\":1", "\"number\":99999999999999999999");
    refuse("\"suite\":1", "\"suite\":2");
    refuse("\"version\":1}", "\"version\":2147483648}");
    refuse("\"version\":1}", "\"version\":1,\"version\":1}");
    refuse("\"version\":1}", "\"version\":1,\"more\":{}}");
    refuse("\"version\":1}", "\"version\":1,\"more\":[]}");
    refuse("\"version\":1}", "\"version\":1} x");
    refuse("\"version\":1}", "\"version\":1");
    refuse("310063270014", "31006327001");
    refuse("2026-11-23T14", "2026-11-23T1");
    refuse("2026-11-23T14", "2026-11-23T14:03:05Z");
    refuse("\"notice_hash\":\"\"", "\"notice_hash\":\"0\"");
    assert_int_equal(read_header("[]"), ERR_BAD_INPUT);
    assert_int_equal(read_header("{}"), ERR_BAD_INPUT);
    assert_int_equal(read_header("\"\\"), ERR_BAD_INPUT);
    buf_init(&deep, ENVELOPE_HEADER_MAX);
    for (int i = 0; i < ENVELOPE_HEADER_MAX; i++)
        buf_add_char(&deep, '[');
    assert_int_equal(read_header(deep.text), ERR_BAD_INPUT);
    buf_done(&deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
