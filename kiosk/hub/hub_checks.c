/* Checks of persons: a code to the telephone on file, or a member of staff who
 * looked at them (the terminal asked for the PIN). */
#include "kiosk/hub/checks.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/hub/sender.h"

struct asking {
    struct hub *hub;
    const struct request_sender *sender;
    struct hub_response *response;
    const json_t *object;
    struct person person;
};

/* The reader's name of the person; only where the register has none of its own
 * (in the demonstration) is it of use. */
static void take_name(const struct asking *asking, struct check *check)
{
    const char *name = ask_text(asking->object, "name", CARD_TEXT_BYTES - 1);

    if (name != NULL)
        snprintf(check->name, sizeof(check->name), "%s", name);
}

static struct check *add_check(struct asking *asking)
{
    struct check *check = checks_add(
        asking->hub->checks, asking->sender->machine, asking->person.number);

    take_name(asking, check);
    return check;
}

static void add_staff(struct asking *asking)
{
    struct check *check = add_check(asking);

    check->is_good = true;
    check->until_ms = clock_monotonic_ms() + CHECK_GOOD_MS;
    response_object(
        asking->response, 201,
        json_pack("{s:s, s:I, s:i}", "check", check->token, "expires",
                  (json_int_t)(clock_wall_ms() + CHECK_GOOD_MS), "tries", 0));
}

static void answer_sent(const struct asking *asking, const struct check *check)
{
    int64_t now_ms = clock_wall_ms();
    int64_t again_ms =
        now_ms + checks_wait_ms(asking->hub->checks, check->number);
    struct buf phone;

    buf_init(&phone, 64);
    text_mask_phone(asking->person.phone, &phone);
    response_object(asking->response, 201,
                    json_pack("{s:s, s:s, s:I, s:I, s:i}", "check",
                              check->token, "phone", phone.text, "expires",
                              (json_int_t)(now_ms + CHECK_CODE_MS), "again",
                              (json_int_t)again_ms, "tries", CHECK_TRIES));
    buf_done(&phone);
}

static void send_code(struct asking *asking)
{
    struct checks *checks = asking->hub->checks;
    char code[CODE_DIGITS + 1];
    struct check *check;

    for (int i = 0; i < CODE_DIGITS; i++)
        code[i] = (char)('0' + chance_below(10));
    code[CODE_DIGITS] = '\0';
    if (sender_send(asking->hub->sender, asking->person.phone, code)) {
        response_problem(asking->response, PROBLEM_sender);
    } else {
        check = add_check(asking);
        memcpy(check->code, code, sizeof(code));
        check->until_ms = clock_monotonic_ms() + CHECK_CODE_MS;
        checks_note_sent(checks, check->number);
        answer_sent(asking, check);
    }
    mem_wipe(code, sizeof(code));
}

static void add_code(struct asking *asking)
{
    int64_t now_ms = clock_wall_ms();
    int64_t wait_ms =
        checks_wait_ms(asking->hub->checks, asking->person.number);

    if (asking->person.phone[0] == '\0' || asking->hub->sender == NULL)
        response_problem(asking->response, PROBLEM_no_phone);
    else if (wait_ms > 0)
        response_slow_down(asking->response, now_ms, now_ms + wait_ms);
    else
        send_code(asking);
}

static void begin_check(struct asking *asking)
{
    const char *number =
        ask_text(asking->object, "number", PERSON_NUMBER_BYTES - 1);
    const char *way = ask_text(asking->object, "way", 16);
    bool is_staff = way != NULL && strcmp(way, "staff") == 0;
    enum err err;

    if (number == NULL || way == NULL ||
        (!is_staff && strcmp(way, "code") != 0)) {
        response_problem(asking->response, PROBLEM_fields);
        return;
    }
    err = people_find(asking->hub->people, number, clock_wall_ms(),
                      &asking->person);
    if (err == ERR_NOT_FOUND)
        response_problem(asking->response, PROBLEM_person_unknown);
    else if (err)
        response_store_failed(asking->response, err);
    else if (is_staff)
        add_staff(asking);
    else
        add_code(asking);
    mem_wipe(&asking->person, sizeof(asking->person));
}

static void answer_good(const struct asking *asking, const struct check *check)
{
    response_object(asking->response, 200,
                    json_pack("{s:s, s:b}", "check", check->token, "good", 1));
}

/* Said again, the right code is still right; of a check that is good a wrong
 * one changes nothing. */
static void try_code(struct asking *asking, struct check *check,
                     const char *code)
{
    bool is_right = mac_equal(check->code, code, CODE_DIGITS);

    if (check->is_good && is_right) {
        answer_good(asking, check);
    } else if (check->wrong >= CHECK_TRIES) {
        response_problem(asking->response, PROBLEM_code_spent);
    } else if (!check->is_good && clock_monotonic_ms() >= check->until_ms) {
        response_problem(asking->response, PROBLEM_code_expired);
    } else if (is_right) {
        check->is_good = true;
        check->until_ms = clock_monotonic_ms() + CHECK_GOOD_MS;
        checks_note_good(asking->hub->checks, check->number);
        answer_good(asking, check);
    } else if (!check->is_good && ++check->wrong >= CHECK_TRIES) {
        response_problem(asking->response, PROBLEM_code_spent);
    } else {
        response_problem_with(
            asking->response, PROBLEM_code_wrong,
            json_pack("{s:i}", "left", CHECK_TRIES - check->wrong));
    }
}

static void answer_check(struct asking *asking, const char *token)
{
    const char *code = ask_digits(asking->object, "code", CODE_DIGITS);
    struct check *check =
        checks_find(asking->hub->checks, asking->sender->machine, token);

    if (check == NULL || check->code[0] == '\0')
        response_problem(asking->response, PROBLEM_check_unknown);
    else if (code == NULL)
        response_problem(asking->response, PROBLEM_fields);
    else
        try_code(asking, check, code);
}

void hub_checks_begin(struct hub *hub, const struct hub_request *request,
                      const struct request_sender *sender,
                      struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    struct asking asking = {
        .hub = hub, .sender = sender, .response = response, .object = object
    };

    if (object != NULL)
        begin_check(&asking);
    json_decref(object);
}

void hub_checks_answer(struct hub *hub, const struct hub_request *request,
                       const struct request_sender *sender, const char *token,
                       struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    struct asking asking = {
        .hub = hub, .sender = sender, .response = response, .object = object
    };

    if (object != NULL)
        answer_check(&asking, token);
    json_decref(object);
}
