#include "tests/hub/sample.h"

#include <assert.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"

void sample_init(struct sample *sample, const struct key *machine_key,
                 const unsigned char *office_key)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                  "qrstuvwxyz0123456789-_";
    unsigned char id[CASE_ID_CHARS / 2];
    struct buf hex;

    *sample = (struct sample){
        .receipt = "310063270014",
        .lookup_code = "4711",
        .machine_key = machine_key,
        .office_key = office_key,
        .wall_ms = clock_wall_ms(),
    };
    chance_bytes(id, sizeof(id));
    buf_init(&hex, CASE_ID_CHARS);
    buf_add_hex(&hex, id, sizeof(id));
    memcpy(sample->id, hex.text, sizeof(sample->id));
    buf_done(&hex);
    for (int i = 0; i < ADDRESS_CHARS; i++)
        sample->address[i] = letters[chance_below(64)];
}

enum { SAMPLE_ANSWERS_MAX = 8 };

static void sample_set(struct answers *answers, const char *name,
                       const char *value, enum source source)
{
    enum err err = answers_set(answers, name, value, source);

    assert(!err);
}

/* What the citizen was told to do. */
static struct line told[] = {
    { .id = "next",
      .label = { .in = { "下一步", "What next" } },
      .text = { .in = { "请带<原件>到{unit}。", "Originals to {unit}." } } },
};

/* A step for each of the answers, so that they get into the envelope. */
static size_t sample_steps(const struct sample *sample, struct answers *answers,
                           struct step *steps)
{
    size_t count = 0;

    sample_set(answers, "contact", sample->is_anonymous ? "anonymous" : "phone",
               SOURCE_CITIZEN);
    if (sample->card_number != NULL) {
        sample_set(answers, "card_kind", "resident", SOURCE_CARD);
        sample_set(answers, "card_number", sample->card_number, SOURCE_CARD);
    }
    if (sample->spouse_number != NULL) {
        static const char *number_only[] = { "number", NULL };

        sample_set(answers, "spouse_kind", "resident", SOURCE_CARD);
        sample_set(answers, "spouse_number", sample->spouse_number,
                   SOURCE_CARD);
        steps[count++] = (struct step){ .id = "spouse",
                                        .screen = "card",
                                        .person = "spouse",
                                        .role = { .in = { "配偶", "spouse" } },
                                        .fields = number_only };
    }
    for (const char *const *at = sample->answers; at && *at; at += 2) {
        assert(count <= SAMPLE_ANSWERS_MAX);
        sample_set(answers, at[0], at[1], SOURCE_CITIZEN);
        steps[count++] = (struct step){ .id = at[0],
                                        .screen = "field",
                                        .answer = at[0],
                                        .label = { .in = { at[0], at[0] } } };
    }
    steps[count++] = (struct step){
        .id = "result", .screen = "result", .lines = told, .line_count = 1
    };
    return count;
}

void sample_envelope(const struct sample *sample, struct buf *bytes)
{
    static const char *no_fields[] = { NULL };
    static const char *number_only[] = { "number", NULL };
    struct step steps[SAMPLE_ANSWERS_MAX + 2];
    struct answers *answers = answers_new();
    const struct item item = {
        .id = sample->item ? sample->item : "hotline-12345",
        .hash = "00000000000000000000000000000000"
                "00000000000000000000000000000000",
        .version = 1,
        .title = { .in = { "反映<问题>", "A \"problem\" & more" } },
        .unit = { .in = { "市民热线", "Citizens' hotline" } },
        .contact = { .in = { "热线<12345>", "the hotline" } },
        .card_fields = sample->card_number ? number_only : no_fields,
        .anonymous_when_answer = "contact",
        .anonymous_when_value = "anonymous",
        .notice_version = 1,
        .notice_hash = "00000000000000000000000000000000"
                       "00000000000000000000000000000000",
        .steps = steps,
        .step_count = sample_steps(sample, answers, steps),
        .slip = sample->slip,
        .slip_count = sample->slip_count,
    };
    struct envelope_input input = {
        .item = &item,
        .answers = answers,
        .case_id = sample->id,
        .number = 1,
        .receipt = sample->receipt,
        .lookup_code = sample->lookup_code,
        .address = sample->address,
        .assurance = sample->card_number ? "card" : "none",
        .language = LANGUAGE_ZH_CN,
        .terminal = { .in = { "演示大厅 7号机", "Hall, machine 7" } },
        .wall_ms = sample->wall_ms,
        .machine_key = sample->machine_key,
        .office_key = sample->office_key,
    };
    enum err err;

    buf_init(bytes, ENVELOPE_MAX);
    err = envelope_make(&input, bytes);
    assert(!err && !bytes->is_cut);
    answers_free(answers);
}
