#include "devices/printer/line.h"

#include "kiosk/base/mem.h"

#include <jansson.h>

#include <string.h>

static const char *const order_names[] = { "watch", "print", "cancel" };
_Static_assert(sizeof(order_names) / sizeof(order_names[0]) ==
                   SPOOL_ORDER_COUNT,
               "every order has a name");

/* --- JSON --------------------------------------------------------------- */

static int on_dump(const char *bytes, size_t len, void *line)
{
    buf_add(line, bytes, len);
    return 0;
}

static void add_json(struct buf *line, json_t *object)
{
    (void)json_dump_callback(object, on_dump, line, JSON_COMPACT);
    json_decref(object);
}

static bool read_text(const json_t *object, const char *key, char *text,
                      size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));

    if (!value || !*value || strlen(value) >= size)
        return false;
    memcpy(text, value, strlen(value) + 1);
    return true;
}

static bool read_number(const json_t *object, const char *key, int64_t least,
                        int64_t most, int64_t *ret_number)
{
    const json_t *value = json_object_get(object, key);
    int64_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < least || number > most)
        return false;
    *ret_number = number;
    return true;
}

/* --- requests ----------------------------------------------------------- */

/* The PDF is put in by hand: it is long, and base64 needs no escape. */
void spool_write_request(const struct spool_request *request, struct buf *line)
{
    json_t *object = json_pack("{s:I}", order_names[request->order],
                               (json_int_t)request->number);

    if (request->order != SPOOL_CANCEL) {
        json_object_set_new(object, "queue", json_string(request->queue));
        json_object_set_new(object, "server", json_string(request->server));
        json_object_set_new(object, "mark", json_string(request->mark));
        json_object_set_new(object, "paper",
                            json_string(paper_name(request->paper)));
        if (*request->device)
            json_object_set_new(object, "device", json_string(request->device));
    }
    if (request->order == SPOOL_PRINT)
        json_object_set_new(object, "copies", json_integer(request->copies));
    add_json(line, object);
    if (request->order != SPOOL_PRINT)
        return;
    line->len--; /* the closing brace */
    line->text[line->len] = '\0';
    buf_add_text(line, ",\"pdf\":\"");
    buf_add_base64(line, request->pdf, request->pdf_len);
    buf_add_text(line, "\"}");
}

static enum err read_pdf(const json_t *object, struct spool_request *request)
{
    const char *text = json_string_value(json_object_get(object, "pdf"));
    size_t len = text ? strlen(text) : 0;
    enum err err;

    if (len == 0)
        return ERR_BAD_INPUT;
    if (len / 4 * 3 > SPOOL_PDF_BYTES)
        return ERR_TOO_BIG;
    request->pdf = mem_new(len / 4 * 3 + 3);
    err = base64_decode(text, len, request->pdf, len / 4 * 3 + 3,
                        &request->pdf_len);
    if (err)
        spool_request_done(request);
    return err;
}

static enum err read_job(const json_t *object, struct spool_request *request)
{
    int64_t copies;

    if (!read_number(object, "copies", 1, SPOOL_COPIES_MAX, &copies))
        return ERR_BAD_INPUT;
    request->copies = (int)copies;
    return read_pdf(object, request);
}

static enum err read_where(const json_t *object, struct spool_request *request)
{
    char paper[16];
    bool has_device = json_object_get(object, "device") != NULL;
    bool is_right =
        (!has_device || read_text(object, "device", request->device,
                                  sizeof(request->device))) &&
        read_text(object, "paper", paper, sizeof(paper)) &&
        !paper_find(paper, &request->paper) &&
        read_text(object, "queue", request->queue, sizeof(request->queue)) &&
        read_text(object, "server", request->server, sizeof(request->server)) &&
        read_text(object, "mark", request->mark, sizeof(request->mark));

    return is_right ? ERR_OK : ERR_BAD_INPUT;
}

static bool read_order(const json_t *object, struct spool_request *request)
{
    for (int i = 0; i < SPOOL_ORDER_COUNT; i++) {
        if (!read_number(object, order_names[i], 0, INT64_MAX,
                         &request->number))
            continue;
        request->order = (enum spool_order)i;
        return true;
    }
    return false;
}

enum err spool_read_request(const char *line, size_t len,
                            struct spool_request *ret_request)
{
    struct spool_request request = { 0 };
    json_t *object = json_loadb(line, len, 0, NULL);
    enum err err = ERR_OK;

    if (!read_order(object, &request))
        err = ERR_BAD_INPUT;
    else if (request.order != SPOOL_CANCEL)
        err = read_where(object, &request);
    if (!err && request.order == SPOOL_PRINT)
        err = read_job(object, &request);
    json_decref(object);
    if (!err)
        *ret_request = request;
    return err;
}

void spool_request_done(struct spool_request *request)
{
    mem_free(request->pdf); /* zeroes */
    request->pdf = NULL;
    request->pdf_len = 0;
}

/* --- answers ------------------------------------------------------------ */

void spool_write_answer(const struct spool_answer *answer, struct buf *line)
{
    json_t *object =
        json_pack("{s:I, s:b, s:s, s:b}", "answer", (json_int_t)answer->number,
                  "end", answer->is_end, "err", err_name(answer->err), "clean",
                  answer->is_clean);

    if (answer->has_job) {
        json_object_set_new(object, "state",
                            json_string(print_state_name(answer->state)));
        json_object_set_new(object, "pages", json_integer(answer->pages));
    }
    if (answer->has_printer) {
        json_object_set_new(object, "printer",
                            json_string(device_state_name(answer->printer)));
        json_object_set_new(object, "why", json_string(err_name(answer->why)));
        json_object_set_new(object, "action",
                            json_string(device_action_name(answer->action)));
        if (*answer->device)
            json_object_set_new(object, "device", json_string(answer->device));
    }
    add_json(line, object);
}

/* Looks name's text up among the count names that name_of() gives. */
static bool read_name(const json_t *object, const char *key,
                      const char *(*name_of)(int at), int count, int *ret_at)
{
    char text[32];

    if (!read_text(object, key, text, sizeof(text)))
        return false;
    for (int i = 0; i < count; i++) {
        if (strcmp(name_of(i), text) != 0)
            continue;
        *ret_at = i;
        return true;
    }
    return false;
}

static const char *name_of_err(int at)
{
    return err_name((enum err)at);
}

static const char *name_of_print(int at)
{
    return print_state_name((enum print_state)at);
}

static const char *name_of_state(int at)
{
    return device_state_name((enum device_state)at);
}

static const char *name_of_action(int at)
{
    return device_action_name((enum device_action)at);
}

static bool read_state(const json_t *object, struct spool_answer *answer)
{
    int64_t pages;
    int state;

    answer->has_job = json_object_get(object, "state") != NULL;
    if (!answer->has_job)
        return true;
    if (!read_name(object, "state", name_of_print, PRINT_COUNT, &state) ||
        !read_number(object, "pages", 0, INT32_MAX, &pages))
        return false;
    answer->state = (enum print_state)state;
    answer->pages = (int)pages;
    return true;
}

static bool read_printer(const json_t *object, struct spool_answer *answer)
{
    int state, why, action;
    bool has_device = json_object_get(object, "device") != NULL;

    answer->has_printer = json_object_get(object, "printer") != NULL;
    if (!answer->has_printer)
        return true;
    if (!read_name(object, "printer", name_of_state, DEVICE_STATE_COUNT,
                   &state) ||
        (has_device && !read_text(object, "device", answer->device,
                                  sizeof(answer->device))) ||
        !read_name(object, "why", name_of_err, ERR_COUNT, &why) ||
        !read_name(object, "action", name_of_action, ACTION_COUNT, &action))
        return false;
    answer->printer = (enum device_state)state;
    answer->why = (enum err)why;
    answer->action = (enum device_action)action;
    return true;
}

enum err spool_read_answer(const char *line, size_t len,
                           struct spool_answer *ret_answer)
{
    struct spool_answer answer = { 0 };
    json_t *object = json_loadb(line, len, 0, NULL);
    int err = ERR_OK;
    bool is_right =
        read_number(object, "answer", 0, INT64_MAX, &answer.number) &&
        read_name(object, "err", name_of_err, ERR_COUNT, &err) &&
        json_is_boolean(json_object_get(object, "end")) &&
        json_is_boolean(json_object_get(object, "clean")) &&
        read_state(object, &answer) && read_printer(object, &answer);

    answer.err = (enum err)err;
    answer.is_end = json_is_true(json_object_get(object, "end"));
    answer.is_clean = json_is_true(json_object_get(object, "clean"));
    json_decref(object);
    if (!is_right)
        return ERR_BAD_INPUT;
    *ret_answer = answer;
    return ERR_OK;
}
