#include "kiosk/ime/ask.h"

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/ime/engine.h"

#include <jansson.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    STROKE_KINDS = 5,
    NEXT_CHARS_MAX = 8,
    /* Of one writing of a stroke that is not known, before all are sorted. */
    EACH_MAX = 600,
    FOUND_MAX = EACH_MAX * STROKE_KINDS * STROKE_KINDS,
    NEXT_OFFERS = 18,
    FIRST_OFFERS = 8,
};

struct question {
    json_int_t number;
    const char *kind, *text;
    json_int_t pick; /* -1: nothing */
};

/* ---- Reading a question ------------------------------------------------ */

static bool is_of(const char *text, const char *allowed, size_t most)
{
    size_t len = strlen(text);

    return len > 0 && len <= most && strspn(text, allowed) == len;
}

static size_t count_any(const char *strokes)
{
    size_t count = 0;

    for (const char *c = strokes; *c; c++)
        count += *c == '6';
    return count;
}

/* NULL, or what is wrong with it. */
static const char *mistake(const struct question *question)
{
    if (!question->kind || !question->text)
        return "ask, text: missing";
    if (strcmp(question->kind, "pinyin") == 0)
        return is_of(question->text, "abcdefghijklmnopqrstuvwxyz'",
                     ASK_LETTERS_MAX)
                   ? NULL
                   : "text: 1 to 40 of a to z and '";
    if (strcmp(question->kind, "strokes") == 0)
        return is_of(question->text, "123456", ASK_STROKES_MAX) &&
                       count_any(question->text) <= ASK_ANY_MAX
                   ? NULL
                   : "text: 1 to 32 of 1 to 6, at most two of 6";
    if (strcmp(question->kind, "next") == 0)
        return *question->text && text_count(question->text) <= NEXT_CHARS_MAX
                   ? NULL
                   : "text: 1 to 8 characters";
    return "ask: pinyin, strokes or next";
}

/* ---- Strokes ----------------------------------------------------------- */

struct found {
    char *text;
    long weight;
    bool is_whole;
    size_t at; /* in librime's order */
};

struct finding {
    const struct phrases *words;
    struct found *found;
    size_t count;
};

static void on_character(void *owner, const char *word, bool is_whole)
{
    struct finding *finding = owner;

    if (finding->count == FOUND_MAX)
        return;
    finding->found[finding->count] =
        (struct found){ .text = mem_copy_text(word),
                        .weight = phrases_weight(finding->words, word),
                        .is_whole = is_whole,
                        .at = finding->count };
    finding->count++;
}

/* Common ones before those that nobody counted (parts of characters among
 * them); in both, what has all its strokes first. */
enum rank { RANK_WHOLE, RANK_COMMON, RANK_RARE_WHOLE, RANK_RARE };

static enum rank rank_of(const struct found *found)
{
    if (found->weight > 0)
        return found->is_whole ? RANK_WHOLE : RANK_COMMON;
    return found->is_whole ? RANK_RARE_WHOLE : RANK_RARE;
}

/* In a rank by how common it is, then as librime has them: the shortest first.
 */
static int compare(const void *one, const void *other)
{
    const struct found *a = one, *b = other;
    int ranks = (int)rank_of(a) - (int)rank_of(b);

    if (ranks)
        return ranks;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Every stroke in the place of each that is not known. */
static void find_strokes(struct finding *finding, char *codes, size_t from)
{
    static const char letters[STROKE_KINDS + 1] = "hspnz";

    for (size_t i = from; codes[i]; i++) {
        if (codes[i] != '6')
            continue;
        for (int k = 0; k < STROKE_KINDS; k++) {
            codes[i] = letters[k];
            find_strokes(finding, codes, i + 1);
        }
        codes[i] = '6';
        return;
    }
    engine_ask(ENGINE_STROKES, codes, EACH_MAX, on_character, finding);
}

static bool is_there(const json_t *offers, const char *text)
{
    for (size_t i = 0; i < json_array_size(offers); i++)
        if (strcmp(json_string_value(json_array_get(offers, i)), text) == 0)
            return true;
    return false;
}

static void offer(const struct finding *finding, size_t from, size_t to,
                  json_t *offers)
{
    for (size_t i = from; i < to; i++)
        if (json_array_size(offers) < ASK_OFFERS_MAX &&
            !is_there(offers, finding->found[i].text))
            json_array_append_new(offers, json_string(finding->found[i].text));
}

/* A rare character whose strokes are all there ends the first page, before the
 * common ones that go on: whoever writes all of it means it. */
static void offer_all(const struct finding *finding, json_t *offers)
{
    size_t rare = 0, rest;

    while (rare < finding->count &&
           rank_of(&finding->found[rare]) < RANK_RARE_WHOLE)
        rare++;
    for (rest = rare; rest < finding->count &&
                      rank_of(&finding->found[rest]) == RANK_RARE_WHOLE;)
        rest++;
    size_t first = rare < FIRST_OFFERS ? rare : FIRST_OFFERS;
    offer(finding, 0, first, offers);
    offer(finding, rare, rest, offers);
    offer(finding, first, rare, offers);
    offer(finding, rest, finding->count, offers);
}

static void ask_strokes(const struct phrases *words, const char *text,
                        json_t *offers)
{
    static const char letters[] = "hspnz";
    struct finding finding = { .words = words };
    char codes[ASK_STROKES_MAX + 1] = "";

    for (size_t i = 0; text[i]; i++)
        codes[i] = text[i] == '6' ? '6' : letters[text[i] - '1'];
    finding.found = mem_new(FOUND_MAX * sizeof *finding.found);
    find_strokes(&finding, codes, 0);
    qsort(finding.found, finding.count, sizeof *finding.found, compare);
    offer_all(&finding, offers);
    for (size_t i = 0; i < finding.count; i++)
        mem_free(finding.found[i].text);
    mem_free(finding.found);
}

/* ---- Answering --------------------------------------------------------- */

static void on_word(void *owner, const char *word, bool is_whole)
{
    (void)is_whole;
    json_array_append_new(owner, json_string(word));
}

static void on_next(void *owner, const char *rest)
{
    json_array_append_new(owner, json_string(rest));
}

static void ask_pinyin(const struct question *question, json_t *answer,
                       json_t *offers)
{
    const char *rest = question->text;

    if (question->pick >= 0)
        rest = engine_rest(question->text, (size_t)question->pick);
    if (!rest) {
        json_object_set_new(answer, "error", json_string("pick: no such word"));
        return;
    }
    json_object_set_new(answer, "rest", json_string(rest));
    if (!*rest)
        return;
    engine_ask(ENGINE_PINYIN, rest, ASK_OFFERS_MAX, on_word, offers);
    json_object_set_new(answer, "reading", json_string(engine_reading()));
}

static void answer_question(const struct phrases *words,
                            const struct question *question, json_t *answer)
{
    const char *wrong = mistake(question);
    json_t *offers = json_array();

    json_object_set_new(answer, "ime", json_integer(question->number));
    if (wrong)
        json_object_set_new(answer, "error", json_string(wrong));
    else if (strcmp(question->kind, "pinyin") == 0)
        ask_pinyin(question, answer, offers);
    else if (strcmp(question->kind, "strokes") == 0)
        ask_strokes(words, question->text, offers);
    else
        phrases_next(words, question->text, NEXT_OFFERS, on_next, offers);
    json_object_set_new(answer, "offers", offers);
}

static int on_dump(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

void ask_line(const struct phrases *words, const char *line, size_t len,
              struct buf *answer)
{
    json_t *json = json_loadb(line, len, 0, NULL);
    json_t *pick = json_object_get(json, "pick");
    json_t *made = json_object();
    struct question question = {
        .number = json_integer_value(json_object_get(json, "ime")),
        .kind = json_string_value(json_object_get(json, "ask")),
        .text = json_string_value(json_object_get(json, "text")),
        .pick = json_is_integer(pick) ? json_integer_value(pick) : -1,
    };

    answer_question(words, &question, made);
    (void)json_dump_callback(made, on_dump, answer, JSON_COMPACT);
    json_decref(made);
    json_decref(json);
}

/* ---- Lines ------------------------------------------------------------- */

static enum err write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ERR_IO;
        bytes += done;
        len -= (size_t)done;
    }
    return ERR_OK;
}

static enum err send_answer(const struct phrases *words, int out,
                            const char *line, size_t len)
{
    struct buf answer;
    enum err err;

    buf_init(&answer, ASK_ANSWER_BYTES);
    ask_line(words, line, len, &answer);
    buf_add_char(&answer, '\n');
    err = write_all(out, answer.text, answer.len);
    buf_done(&answer);
    return err;
}

/* A line that outgrows the buffer is nobody's question: the terminal asks in
 * less than a tenth of it. */
static enum err answer_lines(const struct phrases *words, struct buf *lines,
                             int out)
{
    enum err err = ERR_OK;

    while (!err) {
        const char *end = memchr(lines->text, '\n', lines->len);
        if (!end)
            return lines->len > ASK_LINE_BYTES ? ERR_TOO_BIG : ERR_OK;
        size_t len = (size_t)(end - lines->text);
        err = send_answer(words, out, lines->text, len);
        buf_remove_front(lines, len + 1);
    }
    return err;
}

enum err ask_serve(const struct phrases *words, int in, int out)
{
    char bytes[1024];
    struct buf lines;
    enum err err = ERR_OK;

    buf_init(&lines, ASK_LINE_BYTES + sizeof bytes + 1);
    while (!err) {
        ssize_t count = read(in, bytes, sizeof bytes);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        buf_add(&lines, bytes, (size_t)count);
        err = answer_lines(words, &lines, out);
    }
    mem_wipe(bytes, sizeof bytes);
    buf_done(&lines);
    return err;
}
