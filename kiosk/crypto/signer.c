#include "kiosk/crypto/signer.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
    MAGIC = 0x7369676e,
    LINE_MAX_BYTES = 4096,
    QUESTION_MAX_BYTES = 1024 * 1024, /* an envelope is far below that */
    MEMORY_MAX_BYTES = 256 * 1024 * 1024
};

static const struct child_profile profile = {
    .name = "key provider",
    .memory_max_bytes = MEMORY_MAX_BYTES,
    .line_max_bytes = LINE_MAX_BYTES,
};

/* A question that waits for its answer, over restarts, until its time is up. */
struct question {
    struct question *next; /* signer.questions */
    int64_t id;
    int64_t end_ms; /* monotonic */
    char *bytes;
    size_t len;
    signer_fn done;
    void *owner;
};

struct signer {
    int magic;
    struct key *key; /* NULL: a provider's */

    struct loop *loop;
    char *program;
    struct child *child;
    struct timer *again; /* until it is started again */
    struct timer *limit; /* until the oldest question's time is up */
    int64_t pause_ms;
    int64_t last_id;
    struct question *questions; /* oldest first */
    int64_t hello_end_ms;       /* until it must have told its key; 0: it did */
    bool has_key, has_replaced;
    unsigned char public_bytes[CRYPTO_PUBLIC_BYTES];
    unsigned char replaced[CRYPTO_PUBLIC_BYTES];
    enum err why;
    int failures; /* since it last signed */
    void (*on_change)(void *owner, enum err err);
    void *owner;
};

/* ---- Questions --------------------------------------------------------- */

static void free_question(struct question *question)
{
    mem_free(question->bytes);
    mem_free(question);
}

static struct question *take_question(struct signer *signer, int64_t id)
{
    for (struct question **at = &signer->questions; *at; at = &(*at)->next) {
        struct question *found = *at;
        if (found->id != id)
            continue;
        *at = found->next;
        return found;
    }
    return NULL;
}

static void answer(struct question *question, enum err err,
                   const unsigned char *signature)
{
    question->done(question->owner, err, signature);
    free_question(question);
}

static void send_question(struct signer *signer,
                          const struct question *question)
{
    struct buf line;

    buf_init(&line, 2 * QUESTION_MAX_BYTES);
    buf_add_format(&line, "{\"ask\":\"sign\",\"id\":%" PRId64 ",\"bytes\":\"",
                   question->id);
    buf_add_base64(&line, question->bytes, question->len);
    buf_add_text(&line, "\"}");
    child_send(signer->child, line.text, line.len);
    buf_done(&line);
}

/* The limit is that of whoever has waited longest: the provider's hello or the
 * oldest question. */
static void set_limit(struct signer *signer)
{
    int64_t end_ms = signer->hello_end_ms;

    if (signer->questions &&
        (end_ms == 0 || signer->questions->end_ms < end_ms))
        end_ms = signer->questions->end_ms;
    if (end_ms == 0) {
        timer_stop(signer->limit);
        return;
    }
    int64_t left_ms = end_ms - clock_monotonic_ms();
    timer_start(signer->limit, left_ms > 0 ? left_ms : 0);
}

/* ---- The provider ------------------------------------------------------ */

/* Ends it, and starts it again after a pause that grows. */
static void give_up(struct signer *signer, enum err why)
{
    child_free(signer->child);
    signer->child = NULL;
    signer->hello_end_ms = 0;
    timer_start(signer->again, signer->pause_ms);
    signer->pause_ms = signer->pause_ms * 2 < SIGNER_PAUSE_MOST_MS
                           ? signer->pause_ms * 2
                           : SIGNER_PAUSE_MOST_MS;
    signer->why = why;
    signer->failures++;
    set_limit(signer);
    signer->on_change(signer->owner, why);
}

static bool take_bytes(const json_t *root, const char *name,
                       unsigned char *bytes, size_t exact)
{
    const char *text = json_string_value(json_object_get(root, name));
    size_t len = 0;

    return text && !base64_decode(text, strlen(text), bytes, exact, &len) &&
           len == exact;
}

static void take_key(struct signer *signer, const json_t *root)
{
    unsigned char key[CRYPTO_PUBLIC_BYTES];

    if (!take_bytes(root, "key", key, sizeof key)) {
        give_up(signer, ERR_BAD_ANSWER);
        return;
    }
    memcpy(signer->public_bytes, key, sizeof key);
    signer->has_key = true;
    signer->has_replaced =
        take_bytes(root, "replaces", signer->replaced, sizeof signer->replaced);
    signer->hello_end_ms = 0;
    for (struct question *at = signer->questions; at; at = at->next)
        send_question(signer, at);
    set_limit(signer);
    signer->on_change(signer->owner, ERR_OK);
}

/* What it signed is looked at: a wrong signature would be found by the hub,
 * when the citizen has long gone. */
static void take_signature(struct signer *signer, const json_t *root)
{
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    int64_t id = json_integer_value(json_object_get(root, "id"));
    struct question *question = take_question(signer, id);

    if (!question)
        return; /* its time was up */
    set_limit(signer);
    if (json_object_get(root, "error")) {
        answer(question, ERR_CHILD, NULL);
        return;
    }
    if (!take_bytes(root, "signature", signature, sizeof signature) ||
        sign_check(signer->public_bytes, question->bytes, question->len,
                   signature)) {
        give_up(signer, ERR_CRYPTO);
        answer(question, ERR_CRYPTO, NULL);
        return;
    }
    signer->pause_ms = SIGNER_PAUSE_MS;
    signer->failures = 0;
    answer(question, ERR_OK, signature);
}

static void on_line(void *owner, const char *line, size_t len)
{
    struct signer *signer = owner;
    assert(signer->magic == MAGIC);
    json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

    if (signer->hello_end_ms)
        take_key(signer, root);
    else if (json_is_integer(json_object_get(root, "id")))
        take_signature(signer, root);
    else
        give_up(signer, ERR_BAD_ANSWER);
    json_decref(root);
}

static void on_end(void *owner, enum err err, int status)
{
    struct signer *signer = owner;
    (void)status;
    assert(signer->magic == MAGIC);
    give_up(signer, err ? err : ERR_CHILD);
}

static void start(void *owner)
{
    static const struct child_events events = { on_line, on_end };
    static const char hello[] = "{\"ask\":\"key\"}";
    struct signer *signer = owner;
    const char *argv[] = { signer->program, NULL };

    assert(signer->magic == MAGIC);
    enum err err = child_run(signer->loop, &profile, argv, &events, signer,
                             &signer->child);
    if (err) {
        give_up(signer, err);
        return;
    }
    child_send(signer->child, hello, sizeof hello - 1);
    signer->hello_end_ms = clock_monotonic_ms() + SIGNER_ANSWER_MS;
    set_limit(signer);
}

/* Those whose time is up are answered; the provider that let it come to that
 * is ended. */
static void on_limit(void *owner)
{
    struct signer *signer = owner;
    assert(signer->magic == MAGIC);
    int64_t now_ms = clock_monotonic_ms();
    struct question *late = signer->questions;
    bool is_late = signer->hello_end_ms && signer->hello_end_ms <= now_ms;

    if (late && late->end_ms <= now_ms)
        signer->questions = late->next;
    else
        late = NULL;
    if (signer->child && (late || is_late))
        give_up(signer, ERR_TIMEOUT);
    else
        set_limit(signer);
    if (late)
        answer(late, ERR_TIMEOUT, NULL);
}

/* ---- Both kinds -------------------------------------------------------- */

struct signer *signer_of_key(struct key *key)
{
    struct signer *signer = mem_new(sizeof *signer);

    signer->magic = MAGIC;
    signer->key = key;
    return signer;
}

struct signer *signer_of_provider(struct loop *loop, const char *program,
                                  void (*on_change)(void *owner, enum err err),
                                  void *owner)
{
    struct signer *signer = mem_new(sizeof *signer);

    signer->magic = MAGIC;
    signer->loop = loop;
    signer->program = mem_copy_text(program);
    signer->pause_ms = SIGNER_PAUSE_MS;
    signer->on_change = on_change;
    signer->owner = owner;
    signer->again = timer_new(loop, "key provider", start, signer);
    signer->limit = timer_new(loop, "key provider's limit", on_limit, signer);
    timer_start(signer->again, 0);
    return signer;
}

void signer_free(struct signer *signer)
{
    if (!signer)
        return;
    assert(signer->magic == MAGIC);
    child_free(signer->child);
    timer_free(signer->again);
    timer_free(signer->limit);
    while (signer->questions) {
        struct question *first = signer->questions;
        signer->questions = first->next;
        free_question(first);
    }
    key_close(signer->key);
    mem_free(signer->program);
    signer->magic = 0;
    mem_free(signer);
}

const unsigned char *signer_public(const struct signer *signer)
{
    assert(signer->magic == MAGIC);
    if (signer->key)
        return key_public(signer->key);
    return signer->has_key ? signer->public_bytes : NULL;
}

const unsigned char *signer_replaces(const struct signer *signer)
{
    return signer->has_replaced ? signer->replaced : NULL;
}

enum err signer_why(const struct signer *signer)
{
    bool is_down = !signer->has_key || signer->failures >= SIGNER_FAILURES;
    return !signer->key && is_down ? signer->why : ERR_OK;
}

static void ask_key(const struct signer *signer, const void *bytes, size_t len,
                    signer_fn done, void *owner)
{
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    enum err err = key_sign(signer->key, bytes, len, signature);
    done(owner, err, err ? NULL : signature);
}

void signer_ask(struct signer *signer, const void *bytes, size_t len,
                signer_fn done, void *owner)
{
    assert(signer->magic == MAGIC && len <= QUESTION_MAX_BYTES);
    if (signer->key) {
        ask_key(signer, bytes, len, done, owner);
        return;
    }
    struct question *question = mem_new(sizeof *question);
    struct question **last = &signer->questions;

    question->id = ++signer->last_id;
    question->end_ms = clock_monotonic_ms() + SIGNER_ANSWER_MS;
    question->bytes = mem_copy_bytes(bytes, len);
    question->len = len;
    question->done = done;
    question->owner = owner;
    while (*last)
        last = &(*last)->next;
    *last = question;
    if (signer->child && !signer->hello_end_ms)
        send_question(signer, question);
    set_limit(signer);
}

void signer_forget(struct signer *signer, const void *owner)
{
    struct question **at = &signer->questions;

    while (*at) {
        struct question *question = *at;
        if (question->owner != owner) {
            at = &question->next;
            continue;
        }
        *at = question->next;
        free_question(question);
    }
}
