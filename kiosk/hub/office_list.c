#include "kiosk/hub/office_list.h"

#include <inttypes.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/hub_store_calls.h"
#include "kiosk/hub/hub_store_marks.h"
#include "kiosk/hub/payments.h"

enum { PATH_BYTES_MAX = 4096, MEMBER_BYTES_MAX = 80 };

static void path_of(struct buf *path, const char *state)
{
    buf_init(path, PATH_BYTES_MAX);
    buf_add_format(path, "%s/terminals.json", state);
}

/* ---- Writing ---- */

static bool is_short_text(const json_t *value)
{
    const char *text = json_string_value(value);

    if (text == NULL || strlen(text) > MEMBER_BYTES_MAX)
        return false;
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    }
    return true;
}

/* What a heartbeat says in a word, a number, or yes and no; and not what is
 * told otherwise. */
static json_t *health_of(const char *text)
{
    json_t *all = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    json_t *told = json_object();
    json_t *value;
    const char *name;

    json_object_foreach(all, name, value)
    {
        if (strcmp(name, "help_wanted") != 0 && strlen(name) <= 32 &&
            (is_short_text(value) || json_is_integer(value) ||
             json_is_boolean(value)))
            json_object_set(told, name, value);
    }
    json_decref(all);
    return told;
}

struct writing {
    const struct hub *hub;
    json_t *list;
    json_t *marked;
};

static void on_machine(void *owner, const struct known_machine *machine)
{
    struct writing *writing = owner;
    json_t *entry;

    if (enrolment_of(writing->hub->state, machine->machine) != ENROLMENT_GOOD)
        return;
    entry = json_pack("{s:s, s:I, s:o}", "machine", machine->machine, "seen",
                      (json_int_t)machine->seen_ms, "health",
                      health_of(machine->health));
    if (machine->call.state != CALL_NONE)
        json_object_set_new(entry, "call",
                            json_pack("{s:I, s:I, s:b}", "number",
                                      (json_int_t)machine->call.number, "since",
                                      (json_int_t)machine->call.since_ms,
                                      "answered",
                                      machine->call.state == CALL_ANSWERED));
    json_array_append_new(writing->list, entry);
}

static void on_marked(void *owner, const struct marked_case *found)
{
    struct writing *writing = owner;

    json_array_append_new(
        writing->marked,
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "case_number",
                  found->case_number, "receipt", found->receipt, "item",
                  found->item, "version", (json_int_t)found->version,
                  "received", (json_int_t)found->received_ms, "why",
                  found->mark));
}

static int add_piece(const char *bytes, size_t len, void *out)
{
    buf_add(out, bytes, len);
    return 0;
}

static enum err write_list(struct hub *hub)
{
    struct writing writing = { hub, json_array(), json_array() };
    int64_t marked_count = 0;
    enum err err = hub_store_machines(hub->store, on_machine, &writing);
    if (!err)
        err = hub_store_marked(hub->store, LIST_CASES_MAX, on_marked, &writing,
                               &marked_count);
    json_t *payments = json_array();
    if (!err)
        err = payments_list(hub, LIST_CASES_MAX, payments);
    json_t *root = json_pack("{s:I, s:o, s:o, s:I, s:o}", "written",
                             (json_int_t)clock_wall_ms(), "terminals",
                             writing.list, "look", writing.marked, "look_count",
                             (json_int_t)marked_count, "payments", payments);
    struct buf path, text;

    path_of(&path, hub->state);
    buf_init(&text, LIST_BYTES_MAX);
    json_dump_callback(root, add_piece, &text, JSON_COMPACT);
    buf_add_char(&text, '\n');
    if (!err)
        err = text.is_cut ? ERR_TOO_BIG
                          : file_replace(path.text, text.text, text.len, 0600);
    buf_done(&text);
    buf_done(&path);
    json_decref(root);
    return err;
}

void office_list_write(struct hub *hub)
{
    int64_t now_ms = clock_monotonic_ms();
    enum err err;

    if (!hub->are_lists_old && now_ms < hub->lists_ms + LIST_AGE_MS)
        return;
    /* One that cannot be written is tried again in a minute. */
    hub->lists_ms = now_ms;
    hub->are_lists_old = false;
    err = write_list(hub);
    if (err)
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
}

/* ---- Reading ---- */

static enum err read_list(const char *state, json_t **ret_root)
{
    struct buf path;
    char *text = NULL;
    size_t len = 0;
    enum err err;

    path_of(&path, state);
    err = file_read(path.text, LIST_BYTES_MAX, &text, &len);
    buf_done(&path);
    if (err)
        return err;
    *ret_root = json_loadb(text, len, 0, NULL);
    mem_free(text);
    return *ret_root == NULL ? ERR_CORRUPT : ERR_OK;
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void add_moment(struct buf *out, int64_t wall_ms)
{
    char text[32];

    clock_format_iso(wall_ms, false, text, sizeof(text));
    buf_add_format(out, "%.10s %.8s", text, text + 11);
}

static void add_age(const json_t *root, struct buf *out)
{
    int64_t written_ms = number_of(root, "written");

    if (clock_wall_ms() - written_ms < NOT_RUNNING_MS)
        return;
    buf_add_text(out, "NO HUB RUNS HERE; this is how things stood at ");
    add_moment(out, written_ms);
    buf_add_char(out, '\n');
}

static void add_health(struct buf *out, const json_t *health)
{
    json_t *value;
    const char *name;

    json_object_foreach((json_t *)health, name, value)
    {
        if (json_is_string(value))
            buf_add_format(out, ", %s %s", name, json_string_value(value));
        else if (json_is_integer(value))
            buf_add_format(out, ", %s %" JSON_INTEGER_FORMAT, name,
                           json_integer_value(value));
        else
            buf_add_format(out, ", %s %s", name,
                           json_is_true(value) ? "yes" : "no");
    }
}

static void add_terminal(struct buf *out, const json_t *entry)
{
    int64_t seen_ms = number_of(entry, "seen");
    int64_t silent_ms = clock_wall_ms() - seen_ms;
    const json_t *call = json_object_get(entry, "call");

    buf_add_format(out, "%.64s ",
                   json_string_value(json_object_get(entry, "machine")));
    if (seen_ms == 0) {
        buf_add_text(out, "SILENT, never heard");
    } else {
        if (silent_ms >= SILENT_MS)
            buf_add_format(out, "SILENT for %" PRId64 " min, ",
                           silent_ms / 60000);
        buf_add_text(out, "heard ");
        add_moment(out, seen_ms);
    }
    if (call != NULL)
        buf_add_format(
            out, ", CALLS (call %" PRId64 ")%s", number_of(call, "number"),
            json_is_true(json_object_get(call, "answered")) ? ", answered"
                                                            : "");
    add_health(out, json_object_get(entry, "health"));
    buf_add_char(out, '\n');
}

/* Those that are enrolled and never spoke stand in no database. */
struct unheard {
    const char *state;
    const json_t *list;
    struct buf *out;
};

static void on_enrolled(void *owner, const char *name)
{
    struct unheard *unheard = owner;
    const json_t *entry;
    size_t at;

    if (!enrolment_is_fingerprint(name) ||
        enrolment_of(unheard->state, name) != ENROLMENT_GOOD)
        return;
    json_array_foreach((json_t *)unheard->list, at, entry)
    {
        if (strcmp(name,
                   json_string_value(json_object_get(entry, "machine"))) == 0)
            return;
    }
    buf_add_format(unheard->out, "%s SILENT, never heard\n", name);
}

static bool is_entry(const json_t *entry)
{
    return json_is_string(json_object_get(entry, "machine"));
}

enum err office_list_terminals(const char *state, struct buf *out)
{
    json_t *root = NULL, *entry;
    struct buf enrolled;
    size_t at;
    enum err err = read_list(state, &root);

    if (err)
        return err;
    json_t *list = json_object_get(root, "terminals");
    for (at = json_array_size(list); at > 0; at--) {
        if (!is_entry(json_array_get(list, at - 1)))
            json_array_remove(list, at - 1);
    }
    add_age(root, out);
    json_array_foreach(list, at, entry) add_terminal(out, entry);
    struct unheard unheard = { state, list, out };
    buf_init(&enrolled, PATH_BYTES_MAX);
    buf_add_format(&enrolled, "%s/enrol", state);
    err = file_list(enrolled.text, "", on_enrolled, &unheard);
    buf_done(&enrolled);
    json_decref(root);
    return err;
}

enum err office_list_calls(const char *state, struct buf *out)
{
    json_t *root = NULL, *entry;
    size_t at;
    enum err err = read_list(state, &root);

    if (err)
        return err;
    add_age(root, out);
    json_array_foreach(json_object_get(root, "terminals"), at, entry)
    {
        const json_t *call = json_object_get(entry, "call");

        if (call == NULL || !is_entry(entry))
            continue;
        buf_add_format(out, "%" PRId64 " ", number_of(call, "number"));
        buf_add_text(out, json_is_true(json_object_get(call, "answered"))
                              ? "answered, since "
                              : "WAITING since ");
        add_moment(out, number_of(call, "since"));
        buf_add_format(out, ", %.64s",
                       json_string_value(json_object_get(entry, "machine")));
        add_health(out, json_object_get(entry, "health"));
        buf_add_char(out, '\n');
    }
    json_decref(root);
    return ERR_OK;
}

/* "lacks card_number: lacks what the hub needs of every case" */
static void add_marked(struct buf *out, const json_t *entry)
{
    const char *mark = json_string_value(json_object_get(entry, "why"));
    const char *number =
        json_string_value(json_object_get(entry, "case_number"));
    const char *receipt = json_string_value(json_object_get(entry, "receipt"));
    const char *item = json_string_value(json_object_get(entry, "item"));

    if (mark == NULL || number == NULL || receipt == NULL || item == NULL)
        return;
    buf_add_format(out, "%s LOOK, receipt %s, %s version %" PRId64 ", came ",
                   number, receipt, item, number_of(entry, "version"));
    add_moment(out, number_of(entry, "received"));
    buf_add_format(out, ", %s: %s\n", mark, hub_mark_words(mark));
}

enum err office_list_look(const char *state, struct buf *out)
{
    json_t *root = NULL, *list, *entry;
    int64_t more;
    size_t at;
    enum err err = read_list(state, &root);

    if (err)
        return err;
    add_age(root, out);
    list = json_object_get(root, "look");
    json_array_foreach(list, at, entry) add_marked(out, entry);
    more = number_of(root, "look_count") - (int64_t)json_array_size(list);
    if (more > 0)
        buf_add_format(out, "and %" PRId64 " older ones\n", more);
    json_decref(root);
    return ERR_OK;
}

/* "200.00 yuan, fine, 4113…, paid with receipt …; 2 to be given back" */
static void add_payment(struct buf *out, const json_t *entry)
{
    const char *payment = json_string_value(json_object_get(entry, "payment"));
    const char *item = json_string_value(json_object_get(entry, "item"));
    const char *about = json_string_value(json_object_get(entry, "about"));
    const char *receipt = json_string_value(json_object_get(entry, "receipt"));
    int64_t fen = number_of(entry, "fen"), back = number_of(entry, "back");

    if (payment == NULL || item == NULL || about == NULL || receipt == NULL)
        return;
    buf_add_format(out, "%s %" PRId64 ".%02d yuan, %s%s%s, asked for ", payment,
                   fen / 100, (int)(fen % 100), item, *about ? " " : "", about);
    add_moment(out, number_of(entry, "made"));
    if (number_of(entry, "paid") > 0)
        buf_add_format(out, ", PAID, receipt %s", receipt);
    else
        buf_add_text(out, clock_wall_ms() < number_of(entry, "until")
                              ? ", waited for"
                              : ", over");
    if (back > 0)
        buf_add_format(out, ", GIVE BACK %" PRId64 " times", back);
    buf_add_char(out, '\n');
}

enum err office_list_payments(const char *state, struct buf *out)
{
    json_t *root = NULL, *entry;
    size_t at;
    enum err err = read_list(state, &root);

    if (err)
        return err;
    add_age(root, out);
    json_array_foreach(json_object_get(root, "payments"), at, entry)
        add_payment(out, entry);
    json_decref(root);
    return ERR_OK;
}
