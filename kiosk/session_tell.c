/* What the session itself keeps of the person, and all that others do. */
#include "kiosk/session.h"

#include "kiosk/flow/field.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

#include <stdio.h>
#include <string.h>

/* What a card has besides name and number. */
static const struct {
    const char *answer, *words;
} card_kinds[] = {
    { "card_english_name", N_("English name") },
    { "card_sex", N_("sex") },
    { "card_ethnic", N_("ethnic group") },
    { "card_nationality", N_("nationality") },
    { "card_birth", N_("date of birth") },
    { "card_address", N_("address") },
    { "card_permit_number", N_("permit number") },
    { "card_authority", N_("issuing authority") },
    { "card_valid_from", N_("valid from") },
    { "card_valid_to", N_("valid until") },
};

static void tell_masked(const struct session *session, struct held *held,
                        const char *answer, enum held_as as, const char *label)
{
    const char *value = answers_get(session->answers, answer);

    if (value)
        held_add_masked(held, answer, label, as, value);
}

static void tell_card(const struct session *session, struct held *held)
{
    tell_masked(session, held, "card_name", HELD_NAME, N_("Name"));
    tell_masked(session, held, "card_number", HELD_NUMBER, N_("Number"));
    for (size_t i = 0; i < sizeof card_kinds / sizeof *card_kinds; i++)
        if (answers_get(session->answers, card_kinds[i].answer))
            held_add(held, "held.card", N_("From the card, too"),
                     card_kinds[i].words);
}

static void tell_field(const struct session *session, struct held *held,
                       const struct step *step, const char *field,
                       enum held_as as, const char *words)
{
    const char *value = person_get(step, session->answers, field);
    char id[HELD_ID_BYTES];

    if (!value)
        return;
    (void)snprintf(id, sizeof id, "held.%s.%s", step->person,
                   as == HELD_WORDS ? "card" : field);
    held_add_answer(held, id, &step->role, as, words ? words : value);
}

/* Of further persons, each by what people call them. */
static void tell_person(const struct session *session, struct held *held,
                        const struct step *step)
{
    tell_field(session, held, step, "name", HELD_NAME, NULL);
    tell_field(session, held, step, "number", HELD_NUMBER, NULL);
    for (size_t i = 0; i < sizeof card_kinds / sizeof *card_kinds; i++)
        tell_field(session, held, step, card_kinds[i].answer + strlen("card_"),
                   HELD_WORDS, card_kinds[i].words);
}

static void tell_persons(const struct session *session, struct held *held)
{
    const struct item *item = session->item;

    for (size_t i = 0; item && i < item->step_count; i++)
        if (person_is_other(&item->steps[i]))
            tell_person(session, held, &item->steps[i]);
}

static void tell_assurance(const struct session *session, struct held *held)
{
    static const char label[] = N_("How it knows that it is you");

    switch (session->assurance) {
    case ASSURANCE_NONE:
        break;
    case ASSURANCE_TYPED:
        held_add(held, "held.assurance", label, N_("by a number typed here"));
        break;
    case ASSURANCE_CODE:
        held_add(held, "held.assurance", label, N_("by a number and a code"));
        break;
    case ASSURANCE_CARD:
        held_add(held, "held.assurance", label, N_("by your card"));
        break;
    case ASSURANCE_CARD_CHECK:
        held_add(held, "held.assurance", label,
                 N_("by your card and a second check"));
        break;
    }
}

/* What of a typed answer is shown. */
static enum held_as held_as(const struct step *step)
{
    switch (field_kind(step->type)->mask) {
    case FIELD_MASK_NUMBER:
        return HELD_NUMBER;
    case FIELD_MASK_EMAIL:
        return HELD_EMAIL;
    case FIELD_MASK_ALL:
        break;
    }
    return HELD_WORDS;
}

/* Enough to know it again, not enough for who looks over a shoulder. */
static void tell_answer(const struct session *session, struct held *held,
                        const struct step *step, const char *value)
{
    enum source source = answers_source(session->answers, step->answer);
    enum held_as as = HELD_WORDS;
    const char *called = N_("written");
    char id[HELD_ID_BYTES];

    (void)snprintf(id, sizeof id, "held.answer.%s", step->id);
    if (source == SOURCE_LATER)
        called = N_("to be given later");
    else if (source == SOURCE_LEFT)
        called = N_("left empty");
    else if (source == SOURCE_COMPUTED)
        called = N_("worked out from your answers");
    else if (source == SOURCE_SHARED)
        called = N_("taken over from a record");
    else if (strcmp(step->screen, "field") != 0)
        called = N_("chosen");
    else
        as = held_as(step);
    held_add_answer(held, id, &step->label, as,
                    as == HELD_WORDS ? called : value);
}

/* Which register, and what of it is kept; not what it says. */
static void tell_record(const struct session *session, struct held *held,
                        const struct shared_kind *kind)
{
    char name[SHARED_NAME_BYTES], id[HELD_ID_BYTES];

    shared_name(kind, NULL, name);
    if (!answers_get(session->answers, name))
        return;
    (void)snprintf(id, sizeof id, "held.record.%s", kind->name);
    held_add(held, id, kind->label, N_("day of the record"));
    for (size_t i = 0; kind->fields[i].name; i++) {
        shared_name(kind, &kind->fields[i], name);
        if (answers_get(session->answers, name))
            held_add(held, id, kind->label, kind->fields[i].label);
    }
}

static void tell_records(const struct session *session, struct held *held)
{
    for (size_t i = 0; i < SHARED_KINDS; i++)
        tell_record(session, held, &shared_kinds[i]);
}

static void tell_answers(const struct session *session, struct held *held)
{
    const struct item *item = session->item;

    for (size_t i = 0; item && i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *value =
            step->answer ? answers_get(session->answers, step->answer) : NULL;
        if (value && step->label.in[0] &&
            strncmp(step->answer, "card_", 5) != 0)
            tell_answer(session, held, step, value);
    }
    if (answers_get(session->answers, "pending") ||
        answers_get(session->answers, "changed") ||
        answers_get(session->answers, "marked"))
        held_add(held, "held.typed", N_("Not finished"),
                 N_("what is to be confirmed now"));
}

/* ---- What was sent ----------------------------------------------------- */

static const char *sent_words(const struct session_sent *sent)
{
    switch (sent->state) {
    case CASE_NONE:
        break;
    case CASE_STORING:
        return N_("being stored");
    case CASE_SAVED:
        return N_("sealed for the office, not delivered yet");
    case CASE_DELIVERED:
        return N_("delivered; only its number and time, for 30 days");
    case CASE_NOT_STORED:
        return sent->err == ERR_UNSURE ? N_("perhaps stored, and sealed then")
                                       : NULL;
    case CASE_CONFLICT:
        return N_("sealed; the staff must look at it");
    }
    return NULL;
}

static void tell_sent(const struct session *session, struct held *held)
{
    char id[HELD_ID_BYTES];

    for (int i = 0; i < session->sent_count; i++) {
        const struct session_sent *sent = &session->sent[i];
        const char *words = sent_words(sent);
        (void)snprintf(id, sizeof id, "held.sent.%d", i + 1);
        if (words && sent->item)
            held_add_answer(held, id, &sent->item->title, HELD_WORDS, words);
        else if (words)
            held_add(held, id, N_("Your rating"), words);
    }
}

/* What somebody typed to find a case is told as their answer already. */
static bool is_answer(const struct session *session, const char *value)
{
    const struct item *item = session->item;

    for (size_t i = 0; item && i < item->step_count; i++) {
        const char *name = item->steps[i].answer;
        const char *answer = name ? answers_get(session->answers, name) : NULL;
        if (answer && strcmp(answer, value) == 0)
            return true;
    }
    return false;
}

/* The numbers on the result page; of a case that was found, also what was
 * answered then, for its slip. */
static void tell_case(const struct session *session, struct held *held)
{
    const struct session_case *made = &session->submitted;

    if (made->receipt[0] && !is_answer(session, made->receipt))
        held_add_masked(held, "held.receipt", N_("Receipt number"), HELD_NUMBER,
                        made->receipt);
    if (made->lookup_code[0] && !is_answer(session, made->lookup_code))
        held_add(held, "held.code", N_("Lookup code"), N_("kept with it"));
    held_add_amount(held, "held.found",
                    N_("Answers of the matter that was found"),
                    answers_count(session->found_answers));
}

void session_tell(const struct session *session, struct held *ret_held)
{
    ret_held->count = 0;
    tell_card(session, ret_held);
    tell_persons(session, ret_held);
    tell_records(session, ret_held);
    tell_assurance(session, ret_held);
    tell_answers(session, ret_held);
    for (int i = 0; i < session->keeper_count; i++)
        session->keepers[i].keeper->tell(session->keepers[i].owner, ret_held);
    tell_case(session, ret_held);
    tell_sent(session, ret_held);
}
