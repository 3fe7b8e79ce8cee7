/* The key that turns one way; the vectors were made by another program (HMAC of
 * Python's library) from the description in ratchet.h. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/crypto/ratchet.h"

#include <string.h>

static void assert_hex(const unsigned char bytes[32], const char *hex)
{
    struct buf text;

    buf_init(&text, 64);
    buf_add_hex(&text, bytes, 32);
    assert_string_equal(text.text, hex);
    buf_done(&text);
}

static void begin(struct ratchet *ratchet)
{
    unsigned char first[RATCHET_BYTES];

    for (int i = 0; i < RATCHET_BYTES; i++)
        first[i] = (unsigned char)i;
    ratchet_init(ratchet, first);
}

static void test_vectors(void **state)
{
    struct ratchet ratchet;
    unsigned char code[CRYPTO_DIGEST_BYTES];
    (void)state;

    begin(&ratchet);
    assert_hex(ratchet.now, "f4f44f75799d6126237c0851fdc61de6"
                            "f9abae5a2ba76fe55e9222a98b6a6f29");
    assert_hex(ratchet.next, "12535b2b5f70a0580d754ee709937cad"
                             "fe85f658301ba9d64f82a38314a9034a");
    ratchet_code(&ratchet, "record", "abc", 3, code);
    assert_hex(code, "9d53646c50c7980f73776ea45a865d15"
                     "34f57911bd79e0aafdaedb9852bd72ac");
    ratchet_turn(&ratchet);
    assert_hex(ratchet.now, "68f5955b7affad2ede502a5486391207"
                            "3a60d696d6f78d7e864f33b81000193a");
    assert_int_equal(ratchet.step, 1);
    assert_int_equal(ratchet.epoch, 0);
    ratchet_next_epoch(&ratchet);
    assert_hex(ratchet.now, "8928c51b23ff883c77a287e3331e8db0"
                            "93a46b34c93ec60c99af16105f08c3bb");
    assert_hex(ratchet.next, "9003aa61f143d1391c3e2b425c155ab8"
                             "9a9970c838a186c4f6b7e9ae8860538b");
    assert_int_equal(ratchet.step, 0);
    assert_int_equal(ratchet.epoch, 1);
    assert_true(ratchet_go(&ratchet, 3, 2));
    assert_hex(ratchet.now, "94da20f3edafb591cfd17f03eaf62b39"
                            "c4826875e1869cd0a75157843e4d4b30");
}

/* Labels keep codes apart, also where label and bytes together are the same. */
static void test_labels(void **state)
{
    struct ratchet ratchet;
    unsigned char a[CRYPTO_DIGEST_BYTES];
    unsigned char b[CRYPTO_DIGEST_BYTES];
    (void)state;

    begin(&ratchet);
    ratchet_code(&ratchet, "end", "x", 1, a);
    ratchet_code(&ratchet, "endx", "", 0, b);
    assert_memory_not_equal(a, b, sizeof a);
}

/* There is no way back, and none to where nobody ever comes. */
static void test_one_way(void **state)
{
    struct ratchet ratchet;
    struct ratchet before;
    (void)state;

    begin(&ratchet);
    assert_true(ratchet_go(&ratchet, 5, 7));
    before = ratchet;
    assert_true(ratchet_go(&ratchet, 5, 7));
    assert_memory_equal(&before, &ratchet, sizeof before);
    assert_false(ratchet_go(&ratchet, 4, 9));
    assert_false(ratchet_go(&ratchet, 5, 6));
    assert_false(ratchet_go(&ratchet, INT64_MAX, 0));
    assert_false(ratchet_go(&ratchet, 6, INT64_MAX));
    assert_false(ratchet_go(&ratchet, 6, -1));
    assert_memory_equal(&before, &ratchet, sizeof before);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_one_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
