#include "kiosk/scribe.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

#include <jansson.h>

#include <assert.h>
#include <string.h>

enum {
    MAGIC = 0x73637269,
    LINE_MAX_BYTES = 16 * 1024,
    QUESTION_BYTES = 512,
};

static const struct child_profile ime_profile = {
    .name = "kiosk-ime",
    .memory_max_bytes = 512ull * 1024 * 1024,
    .line_max_bytes = LINE_MAX_BYTES,
};

static const char *const kind_names[] = {
    [SCRIBE_PINYIN] = "pinyin",
    [SCRIBE_STROKES] = "strokes",
    [SCRIBE_NEXT] = "next",
};

/* The question that waits for its answer, and the last answer: of a citizen's
 * text, so in secret memory. */
struct told {
    char text[SCRIBE_LETTERS_MAX * 4 + 1];
    struct scribe_answer answer;
    struct scribe_answer coming; /* not yet found to be whole */
};

struct scribe {
    int magic;
    struct loop *loop;
    char *path, *data;
    struct scribe_events events;
    void *owner;
    struct child *child;
    struct timer *limit; /* of the answer that is waited for */
    struct timer *later; /* what must not happen inside a call */
    struct told *told;   /* NULL: no session, or the arena is full */
    int64_t number;      /* of the last question */
    enum scribe_kind kind;
    int pick;
    int starts;
    int slices;        /* of the limit that have passed */
    bool has_answered; /* this child did */
    bool is_waiting;   /* for an answer */
    bool is_out;       /* it is not started any more in this session */
    bool is_away;      /* and the owner was told: what a page may say */
};

/* ---- The program ------------------------------------------------------- */

static void end_child(struct scribe *scribe)
{
    timer_stop(scribe->limit);
    child_free(scribe->child);
    scribe->child = NULL;
}

static int on_dump(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

static void send_question(struct scribe *scribe)
{
    json_t *json =
        json_pack("{s:I, s:s, s:s}", "ime", (json_int_t)scribe->number, "ask",
                  kind_names[scribe->kind], "text", scribe->told->text);
    struct buf line;

    if (scribe->pick >= 0)
        json_object_set_new(json, "pick", json_integer(scribe->pick));
    buf_init(&line, QUESTION_BYTES);
    (void)json_dump_callback(json, on_dump, &line, JSON_COMPACT);
    json_decref(json);
    assert(!line.is_cut);
    child_send(scribe->child, line.text, line.len);
    buf_done(&line);
    scribe->slices = 0;
    timer_start(scribe->limit, SCRIBE_SLICE_MS);
}

static void be_away(struct scribe *scribe)
{
    scribe->is_out = true;
    scribe->is_waiting = false;
    timer_start(scribe->later, 0);
}

static void on_line(void *owner, const char *line, size_t len);
static void on_end(void *owner, enum err err, int status);

static void start(struct scribe *scribe)
{
    static const struct child_events events = { on_line, on_end };
    const char *argv[] = { scribe->path, scribe->data, NULL };

    if (scribe->child || scribe->is_out)
        return;
    if (scribe->starts == SCRIBE_STARTS || !scribe->told) {
        be_away(scribe);
        return;
    }
    scribe->starts++;
    scribe->has_answered = false;
    enum err err = child_run(scribe->loop, &ime_profile, argv, &events, scribe,
                             &scribe->child);
    if (err) {
        be_away(scribe);
        return;
    }
    if (scribe->is_waiting)
        send_question(scribe);
}

/* It is of no use any more; the question is put to the next one. */
static void give_up(struct scribe *scribe, enum err err, int64_t status)
{
    event_record(EVENT_CHILD_ENDED, FIELD_CHILD, ime_profile.name, FIELD_ERR,
                 err_name(err), FIELD_NUMBER, status, FIELD_END);
    end_child(scribe);
    /* One that nobody asks is started when it is asked. */
    if (scribe->is_waiting)
        timer_start(scribe->later, 0);
}

static void on_limit(void *owner)
{
    struct scribe *scribe = owner;
    assert(scribe->magic == MAGIC);
    int most = scribe->has_answered ? SCRIBE_SLICES : SCRIBE_FIRST_SLICES;
    if (++scribe->slices < most)
        timer_start(scribe->limit, SCRIBE_SLICE_MS);
    else
        give_up(scribe, ERR_TIMEOUT, 0);
}

static void on_later(void *owner)
{
    struct scribe *scribe = owner;
    assert(scribe->magic == MAGIC);
    if (!scribe->is_out) {
        start(scribe);
        return;
    }
    scribe->is_away = true;
    scribe->events.on_away(scribe->owner);
}

static void on_end(void *owner, enum err err, int status)
{
    struct scribe *scribe = owner;
    assert(scribe->magic == MAGIC);
    give_up(scribe, err ? err : ERR_CHILD, status);
}

/* ---- Answers ----------------------------------------------------------- */

/* A text that text_accept leaves as it is, and which fits. */
static bool take_text(const json_t *json, size_t max_chars, char *out,
                      size_t size)
{
    const char *given = json_string_value(json);
    size_t len = json_string_length(json);
    struct text_change change;
    struct buf text;

    if (!given || len == 0 || len >= size)
        return false;
    buf_init(&text, size - 1);
    text_accept(given, len, max_chars, &text, &change);
    bool is_fine = text.len == len && memcmp(text.text, given, len) == 0 &&
                   !change.was_cut && !change.was_invalid &&
                   !change.had_control;
    if (is_fine)
        memcpy(out, given, len + 1);
    buf_done(&text);
    return is_fine;
}

static bool take_offers(const json_t *offers, struct scribe_answer *answer)
{
    answer->count = 0;
    if (!json_is_array(offers) || json_array_size(offers) > SCRIBE_OFFERS_MAX)
        return false;
    for (size_t i = 0; i < json_array_size(offers); i++) {
        if (!take_text(json_array_get(offers, i), SCRIBE_OFFER_CHARS,
                       answer->offers[i], sizeof answer->offers[i]))
            return false;
        answer->count++;
    }
    return true;
}

/* Of pinyin: what is left, which must be an end of what was asked. */
static bool take_rest(const json_t *json, const char *asked,
                      struct scribe_answer *answer)
{
    const char *rest = json_string_value(json_object_get(json, "rest"));
    size_t len = rest ? strlen(rest) : 0, asked_len = strlen(asked);

    answer->reading[0] = '\0';
    if (!rest || len > asked_len || strcmp(asked + asked_len - len, rest) != 0)
        return false;
    memcpy(answer->rest, rest, len + 1);
    return !*rest ||
           take_text(json_object_get(json, "reading"), SCRIBE_READING_BYTES,
                     answer->reading, sizeof answer->reading);
}

/* false: this is no answer of a program that is whole. */
static bool take_answer(struct scribe *scribe, const json_t *json)
{
    struct told *told = scribe->told;
    const json_t *number = json_object_get(json, "ime");

    if (!json_is_integer(number) || json_integer_value(number) < 1 ||
        json_integer_value(number) > scribe->number)
        return false;
    if (json_integer_value(number) != scribe->number || !scribe->is_waiting)
        return true; /* to a question that nobody asks any more */
    if (json_object_get(json, "error") ||
        !take_offers(json_object_get(json, "offers"), &told->coming) ||
        (scribe->kind == SCRIBE_PINYIN &&
         !take_rest(json, told->text, &told->coming)))
        return false;
    told->answer = told->coming;
    scribe->is_waiting = false;
    scribe->has_answered = true;
    timer_stop(scribe->limit);
    scribe->events.on_answer(scribe->owner, &told->answer);
    return true;
}

static void on_line(void *owner, const char *line, size_t len)
{
    struct scribe *scribe = owner;
    assert(scribe->magic == MAGIC);
    if (!scribe->told)
        return;
    json_t *json = json_loadb(line, len, 0, NULL);
    bool is_fine = json && take_answer(scribe, json);
    json_decref(json);
    if (!is_fine)
        give_up(scribe, ERR_BAD_ANSWER, 0);
}

/* ---- The life of it ---------------------------------------------------- */

struct scribe *scribe_new(struct loop *loop, const char *path, const char *data,
                          const struct scribe_events *events, void *owner)
{
    struct scribe *scribe = mem_new(sizeof *scribe);
    *scribe = (struct scribe){
        .magic = MAGIC,
        .loop = loop,
        .path = mem_copy_text(path),
        .data = mem_copy_text(data),
        .events = *events,
        .owner = owner,
    };
    scribe->limit = timer_new(loop, "scribe: answer", on_limit, scribe);
    scribe->later = timer_new(loop, "scribe: later", on_later, scribe);
    return scribe;
}

void scribe_wipe(struct scribe *scribe)
{
    end_child(scribe);
    timer_stop(scribe->later);
    secret_free(scribe->told);
    scribe->told = NULL;
    scribe->starts = 0;
    scribe->is_waiting = scribe->is_out = scribe->is_away = false;
}

void scribe_free(struct scribe *scribe)
{
    if (!scribe)
        return;
    scribe_wipe(scribe);
    timer_free(scribe->limit);
    timer_free(scribe->later);
    mem_free(scribe->path);
    mem_free(scribe->data);
    mem_free(scribe);
}

void scribe_begin(struct scribe *scribe)
{
    if (!scribe->told)
        scribe->told = secret_new(sizeof *scribe->told);
    /* Not at once after it ended: it may end again, and is asked nothing. */
    if (scribe->starts == 0)
        start(scribe);
}

bool scribe_is_away(const struct scribe *scribe)
{
    return scribe->is_away;
}

void scribe_ask(struct scribe *scribe, enum scribe_kind kind, const char *text,
                int pick)
{
    assert(strlen(text) < sizeof scribe->told->text);
    if (!scribe->told)
        scribe->told = secret_new(sizeof *scribe->told);
    if (scribe->is_out || !scribe->told) {
        be_away(scribe);
        return;
    }
    memcpy(scribe->told->text, text, strlen(text) + 1);
    scribe->kind = kind;
    scribe->pick = pick;
    scribe->number++;
    scribe->is_waiting = true;
    if (scribe->child)
        send_question(scribe);
    else
        start(scribe);
}

void scribe_drop(struct scribe *scribe)
{
    scribe->is_waiting = false;
    timer_stop(scribe->limit);
}
