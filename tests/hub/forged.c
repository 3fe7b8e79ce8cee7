#include "tests/hub/forged.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"

enum { STEPS_MAX = ITEM_STEPS_MAX + 8, FIELDS_MAX = 24, NAME_BYTES = 40 };

/* The item as the tampered terminal has it. */
struct pack_of_theirs {
    struct item item;
    struct step steps[STEPS_MAX];
    const char *fields[FIELDS_MAX];
    char extra[NAME_BYTES];
};

/* Every page comes, whatever its rule says. */
static void take_item(const struct forged *forged,
                      struct pack_of_theirs *theirs)
{
    const struct item *item = forged->item;
    size_t count = 0;

    theirs->item = *item;
    assert(item->step_count < STEPS_MAX - 1);
    for (size_t i = 0; i < item->step_count; i++) {
        theirs->steps[i] = item->steps[i];
        theirs->steps[i].when = NULL;
        theirs->steps[i].group = NULL;
    }
    for (; item->card_fields[count]; count++)
        theirs->fields[count] = item->card_fields[count];
    if (forged->valid_to)
        theirs->fields[count++] = "valid_to";
    assert(count < FIELDS_MAX);
    theirs->item.steps = theirs->steps;
    theirs->item.card_fields = theirs->fields;
    if (forged->tells_more)
        theirs->item.anonymous_when_answer = NULL;
}

static const struct step *asking(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, name) == 0)
            return &item->steps[i];
    return NULL;
}

static enum source source_of(const struct item *item, const char *name)
{
    const struct step *step = asking(item, name);

    return step && (record_is_step(step) || payment_is_step(step))
               ? SOURCE_SHARED
           : step && computed_is(step) ? SOURCE_COMPUTED
                                       : SOURCE_CITIZEN;
}

static void set(struct answers *answers, const char *name, const char *value,
                enum source source)
{
    enum err err = answers_set(answers, name, value, source);

    assert(!err);
}

static void take_answer(struct pack_of_theirs *theirs, struct answers *answers,
                        const char *given)
{
    const char *equals = strchr(given, '=');
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "%.*s", (int)(equals - given), given);
    if (!asking(&theirs->item, name)) {
        snprintf(theirs->extra, sizeof theirs->extra, "%s", name);
        theirs->steps[theirs->item.step_count++] = (struct step){
            .id = theirs->extra,
            .screen = "field",
            .answer = theirs->extra,
            .label = { .in = { theirs->extra, theirs->extra } },
        };
    }
    if (equals[1] == '=')
        set(answers, name, equals + 2, SOURCE_CITIZEN);
    else
        set(answers, name, equals + 1,
            strcmp(equals + 1, "later") == 0 ? SOURCE_LATER
                                             : source_of(&theirs->item, name));
}

static void make_number(const struct forged *forged, char number[32])
{
    char check;

    snprintf(number, 32, "999999%.8s001",
             forged->number_birth ? forged->number_birth : forged->birth);
    check = id_number_check_character(number);
    if (forged->is_wrong)
        check = check == '1' ? '2' : '1';
    number[17] = check;
    number[18] = '\0';
}

static void take_person(const struct forged *forged,
                        const struct pack_of_theirs *theirs,
                        struct answers *answers)
{
    struct card card = { .name = "某某",
                         .sex = "female",
                         .ethnic = "01",
                         .address = "某地",
                         .authority = "某局",
                         .valid_from = "20200101" };
    char name[64];
    enum err err;

    snprintf(card.birth, sizeof card.birth, "%s", forged->birth);
    snprintf(card.valid_to, sizeof card.valid_to, "%s",
             forged->valid_to ? forged->valid_to : "long-term");
    make_number(forged, card.number);
    if (forged->is_typed) {
        set(answers, "card_number", card.number, SOURCE_CITIZEN);
        set(answers, "card_kind", "resident", SOURCE_CITIZEN);
        return;
    }
    err = answers_take_card(answers, &theirs->item, &card, forged->sent_ms);
    assert(!err);
    if (forged->without) {
        snprintf(name, sizeof name, "card_%s", forged->without);
        answers_forget(answers, name);
    }
}

static const char *assurance_of(const struct forged *forged)
{
    return forged->assurance                                 ? forged->assurance
           : !forged->birth                                  ? "none"
           : forged->is_typed                                ? "typed"
           : forged->item->assurance == ASSURANCE_CARD_CHECK ? "card and check"
                                                             : "card";
}

void forged_envelope(const struct forged *forged, const char *id,
                     const struct key *machine, const unsigned char *office,
                     struct buf *bytes)
{
    struct pack_of_theirs theirs = { .extra = "" };
    struct answers *answers = answers_new();
    struct envelope_input input = {
        .item = &theirs.item,
        .answers = answers,
        .case_id = id,
        .number = 1,
        .receipt = "310063270014",
        .lookup_code = "4711",
        .address = FORGED_ADDRESS,
        .assurance = assurance_of(forged),
        .hold = forged->hold,
        .language = LANGUAGE_ZH_CN,
        .wall_ms = forged->sent_ms,
        .machine_key = machine,
        .office_key = office,
    };
    enum err err;

    take_item(forged, &theirs);
    answers_begin(answers, forged->today_ms);
    if (forged->birth)
        take_person(forged, &theirs, answers);
    for (size_t i = 0; forged->answers[i]; i++)
        take_answer(&theirs, answers, forged->answers[i]);
    buf_init(bytes, ENVELOPE_MAX);
    err = envelope_make(&input, bytes);
    assert(!err && !bytes->is_cut);
    answers_free(answers);
}
