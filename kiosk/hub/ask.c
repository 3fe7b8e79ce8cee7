#include "kiosk/hub/ask.h"

#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"

json_t *ask_object(const struct hub_request *request,
                   struct hub_response *response)
{
    json_t *object;

    if (request->body_len > ASK_BODY_MAX) {
        response_problem(response, PROBLEM_too_big);
        return NULL;
    }
    object = json_loadb(request->body, request->body_len,
                        JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object))
        return object;
    json_decref(object);
    response_problem(response, PROBLEM_json);
    return NULL;
}

const char *ask_text(const json_t *object, const char *name, size_t max)
{
    const char *text = json_string_value(json_object_get(object, name));
    size_t len = text == NULL ? 0 : strlen(text);

    if (len == 0 || len > max)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return NULL;
    }
    return text;
}

const char *ask_digits(const json_t *object, const char *name, size_t count)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (text == NULL || strlen(text) != count ||
        strspn(text, "0123456789") != count)
        return NULL;
    return text;
}

bool token_is_ok(const char *text)
{
    return strlen(text) == TOKEN_CHARS &&
           strspn(text, "0123456789abcdef") == TOKEN_CHARS;
}

void token_make(char token[TOKEN_CHARS + 1])
{
    unsigned char bytes[TOKEN_BYTES];
    struct buf hex;

    chance_bytes(bytes, sizeof(bytes));
    buf_init(&hex, TOKEN_CHARS);
    buf_add_hex(&hex, bytes, sizeof(bytes));
    memcpy(token, hex.text, TOKEN_CHARS + 1);
    buf_done(&hex);
    mem_wipe(bytes, sizeof(bytes));
}
