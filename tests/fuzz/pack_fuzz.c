/* Compiled packs: the input is a pack's file.  Behind its header nothing would
 * be reached by chance, so what the header must say of the rest (magic, length,
 * hash) is put in first; a shorter input is given as it is.
 *
 * Refused, it has a sentence.  Taken, every pointer is good: each page of each
 * item is looked at as the terminal does, whether or not the check would have
 * let it through. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/pack_fields.h"
#include "kiosk/flow/pack_form.h"
#include "kiosk/flow/walk.h"

enum { TEXT_MAX = 64 * 1024 };

static void put_number(char *at, size_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (char)(number >> 8 * i);
}

static void seal(char *file, size_t len)
{
    memcpy(file + PACK_AT_MAGIC, pack_magic, PACK_MAGIC_BYTES);
    put_number(file + PACK_AT_FORMAT, PACK_FORMAT, 4);
    put_number(file + PACK_AT_HEADER, PACK_HEADER_BYTES, 4);
    put_number(file + PACK_AT_LENGTH, len, 8);
    digest_of(file + PACK_AT_HASHED, len - PACK_AT_HASHED,
              (unsigned char *)file + PACK_AT_HASH);
}

static void look_at_words(const struct words *words)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        assert(!words->in[i] == !words->in[0] &&
               (!words->in[i] || strlen(words->in[i]) < PACK_BYTES_MAX));
}

static void look_at_step(const struct item *item, const struct step *step,
                         const struct answers *answers)
{
    struct buf text;

    assert(step->id && step->screen && strlen(step->id) < PACK_BYTES_MAX);
    look_at_words(&step->ask);
    look_at_words(&step->hint);
    look_at_words(&step->way);
    for (size_t i = 0; i < step->option_count; i++) {
        assert(step->options[i].value);
        look_at_words(&step->options[i].text);
        (void)walk_is_true(step->options[i].when, answers);
    }
    for (size_t i = 0; i < step->line_count; i++)
        (void)walk_is_true(step->lines[i].when, answers);
    for (size_t i = 0; i < step->stop_count; i++)
        assert(step->stops[i].way_count >= 1 && step->stops[i].way_count <= 3);
    (void)walk_stop(step, answers);
    buf_init(&text, TEXT_MAX);
    walk_fill(item, &step->ask, answers, LANGUAGE_EN, &text);
    if (step->answer)
        walk_text(item, step, answers, LANGUAGE_ZH_CN, &text);
    buf_done(&text);
}

static void look_at_item(const struct item *item)
{
    struct answers *answers = answers_new();
    int count = (int)item->step_count, at = -1;

    assert(item->id && item->card_fields && count >= 1);
    assert(strlen(item->hash) == 64 || !*item->hash);
    look_at_words(&item->title);
    (void)item_is_open(item, 600);
    (void)item_is_offered_in(item, "411381");
    for (size_t i = 0; i < item->step_count; i++)
        look_at_step(item, &item->steps[i], answers);
    while (at < count) {
        int next = walk_next(item, answers, at);

        assert(next > at && next <= count);
        at = next;
    }
    answers_free(answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct pack *pack = NULL;
    char *copy = mem_copy_bytes(bytes, size);
    /* Of exactly that size, so that a byte read behind it is seen. */
    char *file = mem_resize(copy, size, size);

    if (size >= PACK_HEADER_BYTES)
        seal(file, size);
    enum pack_fault fault = pack_read(file, size, &pack);
    assert(!fault == (pack != NULL));
    assert(!fault || *pack_fault_words(fault));
    if (pack) {
        for (size_t i = 0; i < pack_count(pack); i++)
            look_at_item(pack_item(pack, i));
        assert(pack_find(pack, pack_item(pack, 0)->id));
        fault = pack_prove(pack);
        assert(fault == PACK_FAULT_NONE || fault == PACK_FAULT_UNPROVEN);
        pack_free(pack);
    }
    mem_free(file);
    assert(secret_used_bytes() == 0);
    return 0;
}
