#include "kiosk/backend/answer.h"

#include <string.h>

#include <jansson.h>

#include "kiosk/base/buf.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char smalls[] = "abcdefghijklmnopqrstuvwxyz";
static const char digits[] = "0123456789";

/* Of the characters such a word is made of, and short enough to keep. */
static bool take_word(json_t *object, const char *name, bool is_number,
                      char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(object, name));
    size_t len = 0;

    if (text == NULL)
        return false;
    while (text[len] != '\0' &&
           (strchr(smalls, text[len]) != NULL || text[len] == '-' ||
            (is_number && (strchr(letters, text[len]) != NULL ||
                           strchr(digits, text[len]) != NULL))))
        len++;
    if (len == 0 || len >= size || text[len] != '\0')
        return false;
    memcpy(to, text, len + 1);
    return true;
}

static bool take_time(json_t *object, const char *name, int64_t *ret_ms)
{
    json_t *time = json_object_get(object, name);

    if (!json_is_integer(time) || json_integer_value(time) <= 0)
        return false;
    *ret_ms = json_integer_value(time);
    return true;
}

/* A hub need not know of journals; what is not exactly a head is none. */
static void take_journal(json_t *object, struct journal_head *ret_head)
{
    json_t *journal = json_object_get(object, "journal");
    json_t *number = json_object_get(journal, "number");
    const char *hash = json_string_value(json_object_get(journal, "hash"));
    struct journal_head head = { .number = json_integer_value(number) };

    if (head.number > 0 && hash &&
        !hex_decode(hash, head.hash, sizeof(head.hash)))
        *ret_head = head;
}

static void read_success(enum answer_kind kind, int status, json_t *object,
                         struct answer *answer)
{
    bool is_good;

    if (kind == ANSWER_HEARTBEAT) {
        is_good = status == 200 && take_time(object, "time", &answer->hub_ms);
        take_journal(object, &answer->journal);
        answer->is_coming =
            is_good && json_is_true(json_object_get(object, "coming"));
    } else {
        is_good = take_word(object, "case_number", true, answer->case_number,
                            sizeof(answer->case_number)) &&
                  take_word(object, "state", false, answer->state,
                            sizeof(answer->state)) &&
                  (status == 200 || kind == ANSWER_SENT);
    }
    answer->is_new = is_good && status == 201;
    answer->err = is_good ? ERR_OK : ERR_BAD_ANSWER;
}

/* What a citizen waits for: made, or being made; its shape is the asker's to
 * check. */
static void read_said(int status, struct answer *answer)
{
    bool is_good = status == 200 || status == 201 || status == 202;

    answer->err = is_good ? ERR_OK : ERR_BAD_ANSWER;
}

static bool is_problem(const char *type, const char *name)
{
    static const char folder[] = "/problems/";

    return type != NULL && strncmp(type, folder, strlen(folder)) == 0 &&
           (name == NULL || strcmp(type + strlen(folder), name) == 0);
}

/* None of these says anything of the case: the machine may be enrolled later,
 * or get another key, which will be believed. */
static bool is_about_machine(const char *type)
{
    return is_problem(type, "machine") || is_problem(type, "revoked") ||
           is_problem(type, "replaced");
}

static bool is_question(enum answer_kind kind)
{
    return kind == ANSWER_SAID || kind == ANSWER_FILE;
}

static void take_problem(const char *type, struct answer *answer)
{
    const char *name = type + strlen("/problems/");

    if (strlen(name) < sizeof(answer->problem) &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name))
        memcpy(answer->problem, name, strlen(name) + 1);
}

/* A name of the item's, as it may stand in a journal. */
static void take_step(json_t *object, struct answer *answer)
{
    const char *name = json_string_value(json_object_get(object, "name"));

    if (name && strlen(name) < sizeof(answer->step) &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name))
        memcpy(answer->step, name, strlen(name) + 1);
}

/* A final no counts only in the hub's own form: a case must not be given up
 * because something in between said 403. */
static void read_problem(enum answer_kind kind, int status, json_t *object,
                         struct answer *answer)
{
    const char *type = json_string_value(json_object_get(object, "type"));

    answer->err = ERR_BAD_ANSWER;
    answer->is_revoked = status == 403 && is_problem(type, "revoked");
    if (!is_problem(type, NULL) || is_about_machine(type))
        return;
    if (is_question(kind))
        take_problem(type, answer);
    switch (status) {
    case 400:
    case 403:
    case 413:
        answer->err = ERR_REFUSED;
        break;
    case 422:
        answer->err = ERR_REFUSED;
        if (kind == ANSWER_SENT && is_problem(type, "rules")) {
            answer->err = ERR_RULES;
            take_step(object, answer);
        }
        break;
    case 401:
        answer->is_untimely = is_problem(type, "time") &&
                              take_time(object, "hub_time", &answer->hub_ms);
        break;
    case 404:
        if (kind == ANSWER_ASKED && is_problem(type, "case-unknown"))
            answer->err = ERR_NOT_FOUND;
        if (is_question(kind) && answer->problem[0])
            answer->err = ERR_REFUSED;
        break;
    case 409:
        answer->err = is_question(kind) ? ERR_REFUSED : ERR_CONFLICT;
        break;
    case 410:
    case 429:
        if (is_question(kind))
            answer->err = ERR_REFUSED;
        break;
    default:
        break;
    }
}

void answer_read(enum answer_kind kind, int status, const char *text,
                 size_t len, struct answer *ret_answer)
{
    struct answer answer = { .err = ERR_BAD_ANSWER };
    json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

    if (kind == ANSWER_FILE && status == 200) {
        answer.err = ERR_OK;
    } else if (json_is_object(object)) {
        if (is_question(kind) && status >= 200 && status < 300)
            read_said(status, &answer);
        else if (status == 200 || status == 201)
            read_success(kind, status, object, &answer);
        else
            read_problem(kind, status, object, &answer);
    }
    json_decref(object);
    *ret_answer = answer;
}
