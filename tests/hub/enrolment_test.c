/* Machines' keys at the hub: enrolled, replaced, revoked, with cases on their
 * way.  hub_handle without sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/enrolment.h"
#include "tests/hub/direct.h"

/* Beside the bench: the key that is to follow the machine's. */
struct course {
    struct direct *direct;
    struct key *next;
    char state[128];
    char old_hex[CRYPTO_HEX_DIGEST], new_hex[CRYPTO_HEX_DIGEST];
};

static void begin(struct course *line, void **state)
{
    char path[128];

    memset(line, 0, sizeof(*line));
    line->direct = *state;
    snprintf(line->state, sizeof(line->state), "%s/hub", line->direct->folder);
    snprintf(path, sizeof(path), "%s/next.key", line->direct->folder);
    assert_int_equal(key_open(path, KEY_SIGN, true, &line->next), ERR_OK);
    key_fingerprint(key_public(line->direct->machine), line->old_hex);
    key_fingerprint(key_public(line->next), line->new_hex);
}

static void end(struct course *line)
{
    key_close(line->next);
}

/* A report of health, which also tells the hub the machine's key. */
static int beat_as(struct course *line, const struct key *key, const char *body)
{
    const struct request_line request = { "POST", "/v1/heartbeats", body,
                                          strlen(body) };
    return direct_send_as(line->direct, key, &request);
}

static int put_as(struct course *line, const struct key *key,
                  const struct sample *sample, const struct buf *bytes)
{
    const struct request_line request = { "PUT", direct_path(sample->id),
                                          bytes->text, bytes->len };
    return direct_send_as(line->direct, key, &request);
}

static int get_as(struct course *line, const struct key *key,
                  const struct sample *sample)
{
    const struct request_line request = { "GET", direct_path(sample->id), NULL,
                                          0 };
    return direct_send_as(line->direct, key, &request);
}

static void replaces_a_key_with_cases_on_their_way(void **state)
{
    struct course line;
    struct sample delivered, waiting;
    struct buf first, second;

    begin(&line, state);
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 200);
    direct_sample(line.direct, &delivered);
    sample_envelope(&delivered, &first);
    assert_int_equal(put_as(&line, line.direct->machine, &delivered, &first),
                     201);
    direct_sample(line.direct, &waiting);
    sample_envelope(&waiting, &second);

    /* Not before the hub knows it; the old key goes on meanwhile. */
    assert_int_equal(put_as(&line, line.next, &waiting, &second), 403);
    direct_assert_problem(line.direct, 403, "machine");
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 200);

    /* What the old key signed, from its successor: once. */
    assert_int_equal(put_as(&line, line.next, &waiting, &second), 201);
    assert_int_equal(put_as(&line, line.next, &waiting, &second), 200);
    assert_int_equal(put_as(&line, line.next, &delivered, &first), 200);
    assert_int_equal(get_as(&line, line.next, &delivered), 200);

    /* The successor has spoken: the old key is over, by name. */
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 403);
    direct_assert_problem(line.direct, 403, "replaced");
    direct_reopen(line.direct);
    assert_int_equal(put_as(&line, line.direct->machine, &waiting, &second),
                     403);
    assert_int_equal(put_as(&line, line.next, &waiting, &second), 200);
    buf_done(&first);
    buf_done(&second);
    end(&line);
}

/* Its envelopes are nobody else's. */
static void keeps_strangers_out(void **state)
{
    struct course line;
    struct sample sample;
    struct buf bytes;

    begin(&line, state);
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 200);
    direct_enrol(line.direct, line.direct->stranger);
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    direct_sample(line.direct, &sample);
    sample_envelope(&sample, &bytes);
    assert_int_equal(put_as(&line, line.direct->stranger, &sample, &bytes),
                     422);
    direct_assert_problem(line.direct, 422, "other-machine");
    /* Nor does it go backwards: the old key brings nothing of the new one's. */
    buf_done(&bytes);
    sample.machine_key = line.next;
    sample_envelope(&sample, &bytes);
    assert_int_equal(put_as(&line, line.direct->machine, &sample, &bytes), 422);
    direct_assert_problem(line.direct, 422, "other-machine");
    buf_done(&bytes);
    end(&line);
}

/* Whoever forgot --replaces is told in time: the terminal keeps its old key,
 * and so its waiting cases. */
static void knows_whose_successor_it_is(void **state)
{
    struct course line;
    char body[128];

    begin(&line, state);
    snprintf(body, sizeof(body), "{\"replaces\":\"%s\"}", line.old_hex);
    assert_int_equal(enrolment_add(line.state, line.new_hex, NULL), ERR_OK);
    assert_int_equal(beat_as(&line, line.next, body), 403);
    direct_assert_problem(line.direct, 403, "machine");
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 200);
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    assert_int_equal(beat_as(&line, line.next, body), 200);
    end(&line);
}

static void refuses_a_revoked_key_by_name(void **state)
{
    struct course line;
    struct sample sample;
    struct buf bytes;
    int64_t count = -1;

    begin(&line, state);
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 200);
    direct_sample(line.direct, &sample);
    sample_envelope(&sample, &bytes);
    assert_int_equal(enrolment_revoke(line.state, line.old_hex), ERR_OK);
    assert_int_equal(beat_as(&line, line.direct->machine, "{}"), 403);
    direct_assert_problem(line.direct, 403, "revoked");
    assert_int_equal(put_as(&line, line.direct->machine, &sample, &bytes), 403);
    direct_assert_problem(line.direct, 403, "revoked");

    /* Not taken back by enrolling it again, but followed by another. */
    assert_int_equal(enrolment_add(line.state, line.old_hex, NULL),
                     ERR_REFUSED);
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    assert_int_equal(beat_as(&line, line.next, "{}"), 200);
    /* What it signed cannot be believed: staff look at it, nothing is lost. */
    assert_int_equal(put_as(&line, line.next, &sample, &bytes), 409);
    direct_assert_problem(line.direct, 409, "revoked-key");
    direct_sql(line.direct, "SELECT count(*) FROM cases", &count);
    assert_int_equal(count, 0);

    buf_done(&bytes);
    direct_sample(line.direct, &sample);
    sample.machine_key = line.next;
    sample_envelope(&sample, &bytes);
    assert_int_equal(put_as(&line, line.next, &sample, &bytes), 201);
    buf_done(&bytes);
    end(&line);
}

static void takes_no_impossible_lines(void **state)
{
    struct course line;
    char third[CRYPTO_HEX_DIGEST];

    begin(&line, state);
    key_fingerprint(key_public(line.direct->stranger), third);
    assert_int_equal(enrolment_add(line.state, "12", NULL), ERR_BAD_INPUT);
    assert_int_equal(enrolment_add(line.state, line.new_hex, "../x"),
                     ERR_BAD_INPUT);
    assert_int_equal(enrolment_revoke(line.state, "..%2f"), ERR_BAD_INPUT);
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.new_hex),
                     ERR_BAD_INPUT);
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    assert_int_equal(enrolment_add(line.state, line.new_hex, third),
                     ERR_CONFLICT);
    assert_int_equal(enrolment_add(line.state, line.old_hex, line.new_hex),
                     ERR_CONFLICT);
    /* Said again, with and without: nothing changes. */
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    assert_int_equal(enrolment_add(line.state, line.new_hex, NULL), ERR_OK);
    assert_true(enrolment_follows(line.state, line.new_hex, line.old_hex));
    assert_int_equal(enrolment_add(line.state, third, line.new_hex), ERR_OK);
    assert_true(enrolment_follows(line.state, third, line.old_hex));
    assert_false(enrolment_follows(line.state, line.old_hex, third));
    end(&line);
}

/* A hub that never heard of the old key cannot look at its signature: that is
 * for staff, and said so. */
static void says_when_it_cannot_check(void **state)
{
    struct course line;
    struct sample sample;
    struct buf bytes;

    begin(&line, state);
    assert_int_equal(enrolment_add(line.state, line.new_hex, line.old_hex),
                     ERR_OK);
    direct_sample(line.direct, &sample);
    sample_envelope(&sample, &bytes);
    assert_int_equal(put_as(&line, line.next, &sample, &bytes), 422);
    direct_assert_problem(line.direct, 422, "signer");
    buf_done(&bytes);
    end(&line);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, direct_set_up, direct_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(replaces_a_key_with_cases_on_their_way),
        TEST(keeps_strangers_out),
        TEST(knows_whose_successor_it_is),
        TEST(refuses_a_revoked_key_by_name),
        TEST(takes_no_impossible_lines),
        TEST(says_when_it_cannot_check),
    };
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
