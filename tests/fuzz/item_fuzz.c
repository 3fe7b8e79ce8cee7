/* The item loader: the input is an item's file, "fuzz.yaml", beside the lists
 * of the product.
 *
 * Refused, every mistake is one line of valid text with a place that the file
 * has.  Taken, the item is walked to its end: each page once, every text there
 * in both languages, an envelope's body made of the answers, and the item's own
 * tests are run. */
#define _GNU_SOURCE /* memfd_create */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/envelope_body.h"
#include "kiosk/flow/item_load.h"

enum { PATH_BYTES = 64, TEXT_MAX = 64 * 1024, PROBLEMS_FULL = 1000 * 1024 };

static const char *const screens[] = { "guide",   "card",    "choice", "field",
                                       "review",  "declare", "send",   "result",
                                       "choices", "tasks",   NULL };

static struct lists *lists;
static int file_fd = -1;
static char path[PATH_BYTES]; /* of what file_fd is: a file in memory only */

static void set_up(void)
{
    lists = lists_new("screens/items");
    item_set_screens(screens);
    file_fd = memfd_create("fuzz.yaml", MFD_CLOEXEC);
    if (file_fd < 0)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file_fd);
}

static void write_file(const uint8_t *bytes, size_t size)
{
    size_t at = 0;

    if (ftruncate(file_fd, 0))
        abort();
    while (at < size) {
        ssize_t written = pwrite(file_fd, bytes + at, size - at, (off_t)at);

        if (written <= 0)
            abort();
        at += (size_t)written;
    }
}

/* ---- Mistakes ----------------------------------------------------------- */

/* "path:LINE:COLUMN: error|warning: words" */
static void check_line(const char *line, size_t len, long lines_of_file)
{
    const char *at = line + strlen(path);
    char *end;
    long number;

    assert(len > strlen(path) && strncmp(line, path, strlen(path)) == 0);
    assert(*at == ':');
    number = strtol(at + 1, &end, 10);
    assert(number >= 1 && number <= lines_of_file + 1 && *end == ':');
    number = strtol(end + 1, &end, 10);
    assert(number >= 1 && end[0] == ':' && end[1] == ' ');
    assert(strncmp(end + 2, "error: ", 7) == 0 ||
           strncmp(end + 2, "warning: ", 9) == 0);
    assert(end + 11 < line + len);
    for (size_t i = 0; i < len; i++)
        assert((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
}

static void check_problems(const struct problems *problems,
                           const uint8_t *bytes, size_t size)
{
    const char *line = problems->text.text;
    size_t seen = 0;
    long lines_of_file = 1;

    if (problems->text.len > PROBLEMS_FULL)
        return; /* the last of so many may be cut */
    assert(text_is_valid(line, problems->text.len));
    for (size_t i = 0; i < size; i++)
        lines_of_file += bytes[i] == '\n' || bytes[i] == '\r' ||
                         bytes[i] == 0x85 || bytes[i] == 0xa8 ||
                         bytes[i] == 0xa9; /* U+0085, U+2028, U+2029 */
    for (; *line; seen++) {
        const char *end = strchr(line, '\n');

        assert(end);
        check_line(line, (size_t)(end - line), lines_of_file);
        line = end + 1;
    }
    assert(seen == problems->count + problems->warnings);
}

/* ---- An item that was taken --------------------------------------------- */

static void check_words(const struct words *words, bool may_be_absent)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const char *text = words->in[i];

        assert(!text == !words->in[0]);
        assert(text || may_be_absent);
        assert(!text || (text[0] != '\0' && text_is_valid(text, strlen(text))));
    }
}

static void check_step(const struct step *step)
{
    bool asks = strcmp(step->screen, "choice") == 0 ||
                strcmp(step->screen, "choices") == 0 ||
                strcmp(step->screen, "field") == 0;

    assert(step->id && item_screen_is_known(step->screen));
    assert(!asks || step->answer);
    check_words(&step->ask, !asks);
    check_words(&step->label, !asks);
    check_words(&step->hint, true);
    check_words(&step->why, true);
    check_words(&step->way, true);
    for (size_t i = 0; i < step->option_count; i++) {
        assert(step->options[i].value);
        check_words(&step->options[i].text, false);
        check_words(&step->options[i].note, true);
    }
    for (size_t i = 0; i < step->stop_count; i++) {
        assert(step->stops[i].way_count >= 1 && step->stops[i].way_count <= 3);
        check_words(&step->stops[i].reason, false);
    }
    for (size_t i = 0; i < step->line_count; i++) {
        assert(step->lines[i].id);
        check_words(&step->lines[i].text, false);
    }
}

static void check_item(const struct item *item)
{
    assert(strcmp(item->id, "fuzz") == 0 && strlen(item->hash) == 64);
    assert(item->version >= 1 && item->order >= 1);
    assert(item->step_count >= 1 && item->step_count <= ITEM_STEPS_MAX);
    check_words(&item->title, false);
    check_words(&item->summary, false);
    check_words(&item->unit, false);
    check_words(&item->contact, false);
    check_words(&item->notice, true);
    assert(item->card_fields);
    for (size_t i = 0; i < item->step_count; i++)
        check_step(&item->steps[i]);
}

static void check_text(const struct item *item, const struct step *step,
                       const struct answers *answers)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        struct buf text;

        buf_init(&text, TEXT_MAX);
        walk_text(item, step, answers, (enum language)i, &text);
        walk_fill(item, &step->ask, answers, (enum language)i, &text);
        assert(text_is_valid(text.text, text.len));
        buf_done(&text);
    }
}

/* Chooses or types something; the seeded stream says what. */
static void answer(const struct step *step, struct answers *answers)
{
    size_t count = walk_option_count(step, answers);
    const char *sample = field_kind(step->type)->sample;
    const char *value = sample ? sample : "某事";
    enum source source = SOURCE_CITIZEN;
    enum err err;

    assert(count <= ITEM_OPTIONS_MAX);
    if (count > 0) {
        const struct words *text, *note;

        walk_option(step, answers, chance_below((uint32_t)count), &value, &text,
                    &note);
        assert(value);
        check_words(text, false);
    }
    if (step->way.in[0] && chance_below(2) == 0) {
        value = "later";
        source = SOURCE_LATER;
    }
    err = answers_set(answers, step->answer, value, source);
    assert(!err);
}

/* Every page that is shown, once, and then the end. */
static void walk(const struct item *item, struct answers *answers)
{
    int count = (int)item->step_count, at = -1;

    for (;;) {
        int next = walk_next(item, answers, at);

        assert(next > at && next <= count);
        for (int between = at + 1; between < next; between++)
            assert(!walk_shows(&item->steps[between], answers));
        if (at >= 0 && walk_shows(&item->steps[at], answers))
            assert(walk_before(item, answers, next) == at);
        at = next;
        if (at == count)
            break;
        if (item->steps[at].answer)
            answer(&item->steps[at], answers);
        check_text(item, &item->steps[at], answers);
        (void)walk_stop(&item->steps[at], answers);
        (void)walk_drop(item, answers);
        assert(walk_drop(item, answers) == 0);
    }
}

static void check_body(const struct item *item, const struct answers *answers)
{
    const struct envelope_input input = {
        .item = item,
        .answers = answers,
        .receipt = "310063270014",
        .lookup_code = "4711",
        .address = "BBBBBBBBBBBBBBBBBBBBBB",
        .language = LANGUAGE_EN,
    };
    struct buf body;
    enum err err;

    buf_init(&body, ENVELOPE_BODY_MAX);
    err = envelope_body(&input, &body);
    assert(!err || err == ERR_TOO_BIG);
    if (!err) {
        json_t *root =
            json_loadb(body.text, body.len, JSON_REJECT_DUPLICATES, NULL);

        assert(json_is_object(root));
        json_decref(root);
    }
    buf_done(&body);
}

static void try_item(const struct item *item)
{
    struct answers *answers = answers_new();

    check_item(item);
    walk(item, answers);
    check_body(item, answers);
    answers_free(answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct problems problems;
    struct loaded *loaded = NULL;
    enum err err;

    if (!lists)
        set_up();
    chance_seed(13);
    write_file(bytes, size);
    problems_init(&problems);
    err = item_load(path, "fuzz.yaml", &problems, lists, &loaded);
    if (err) {
        assert(!loaded);
        assert(problems.count > 0);
    } else {
        assert(problems.count == 0);
        try_item(&loaded->item);
        item_explore(&loaded->item, &problems);
        (void)item_tests_run(&loaded->item, &problems);
    }
    check_problems(&problems, bytes, size);
    item_unload(loaded);
    problems_done(&problems);
    assert(secret_used_bytes() == 0);
    return 0;
}
