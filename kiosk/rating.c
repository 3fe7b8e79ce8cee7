#include "kiosk/rating.h"

#include "kiosk/base/mem.h"

#include <stdio.h>
#include <string.h>

/* Names on the wire; the platform's numbers run the other way round in another
 * standard, so names are what is kept. */
static const struct {
    const char *name, *words;
} scores[RATING_COUNT] = {
    { "very-good", N_("Very satisfied") },   { "good", N_("Satisfied") },
    { "fair", N_("Rather satisfied") },      { "bad", N_("Dissatisfied") },
    { "very-bad", N_("Very dissatisfied") },
};

struct reason {
    const char *code, *words;
};

/* The indicators of levels 2 and 1 of the national evaluation's list. */
static const struct reason bad[] = {
    { "207", N_("No samples of the materials") },
    { "208", N_("No list of the materials") },
    { "209", N_("Not finished within the promised time") },
    { "210", N_("The same proof was asked for again") },
    { "211", N_("Promised online, not possible online") },
    { "212", N_("Booked online, had to queue again") },
    { "213", N_("Counter staff not skilled") },
    { "214", N_("Unfriendly service") },
};
static const struct reason very_bad[] = {
    { "108", N_("Conditions added beyond the guide") },
    { "109", N_("Materials asked for beyond the guide") },
    { "110", N_("Over the legal time without reason") },
    { "111", N_("The sample in the guide was wrong") },
    { "112", N_("Materials promised online, not taken") },
    { "113", N_("Sent from one counter to another") },
    { "114", N_("More visits than promised") },
    { "115", N_("Unfriendly and slow") },
};

const char *rating_score_words(enum rating_score score)
{
    return scores[score].words;
}

bool rating_asks_reason(enum rating_score score)
{
    return score >= RATING_BAD;
}

size_t rating_reason_count(enum rating_score score)
{
    if (!rating_asks_reason(score))
        return 0;
    return score == RATING_BAD ? sizeof bad / sizeof *bad
                               : sizeof very_bad / sizeof *very_bad;
}

void rating_reason(enum rating_score score, size_t at, const char **ret_code,
                   const char **ret_words)
{
    const struct reason *reason =
        score == RATING_BAD ? &bad[at] : &very_bad[at];
    *ret_code = reason->code;
    *ret_words = reason->words;
}

bool rating_is_wanted(const struct item *item, const struct session *session,
                      bool is_demo)
{
    return item && item->assurance >= ASSURANCE_TYPED &&
           session->assurance >= ASSURANCE_TYPED && (item->code || is_demo) &&
           !session->has_rated;
}

/* ---- Sending --------------------------------------------------------------- */

/* What stands in its case; no page shows these steps. */
#define STEP(name, zh, en_)                                                    \
    {                                                                          \
        .id = (name), .screen = "field", .answer = (name),                     \
        .type = FIELD_TYPE_TEXT, .label = {                                    \
            .in = { [LANGUAGE_ZH_CN] = (zh), [LANGUAGE_EN] = (en_) }           \
        }                                                                      \
    }
static struct step steps[] = {
    STEP("about", "办件或证明", "Case or certificate"),
    STEP("item", "事项", "Item"),
    STEP("score", "评价", "Rating"),
    STEP("reasons", "原因", "Reasons"),
};

static const char *no_fields[] = { NULL };

static const struct item rating_item = {
    .id = "rating",
    .file = "",
    /* Of no file: that of the one thing it says. */
    .hash = "0000000000000000000000000000000000000000000000000000000000000000",
    .version = 1,
    .title = { .in = { [LANGUAGE_ZH_CN] = "评价", [LANGUAGE_EN] = "Rating" } },
    .unit = { .in = { [LANGUAGE_ZH_CN] = "政务服务评价",
                      [LANGUAGE_EN] = "Evaluation of services" } },
    .authority = { .in = { [LANGUAGE_ZH_CN] = "政务服务评价",
                           [LANGUAGE_EN] = "Evaluation of services" } },
    .contact = { .in = { [LANGUAGE_ZH_CN] = "12345 热线",
                         [LANGUAGE_EN] = "the 12345 hotline" } },
    .card_fields = no_fields,
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
};

static enum err answer(struct session *rating, const char *name,
                       const char *value)
{
    return answers_set(rating->answers, name, value, SOURCE_CITIZEN);
}

void rating_send(struct delivery *delivery, struct session *session,
                 const char *about, enum rating_score score, const char *reason)
{
    struct session rating;

    session_init(&rating);
    session_begin(&rating, session->language);
    rating.item = &rating_item;
    rating.assurance = session->assurance;
    enum err err = answer(&rating, "about", about);
    if (!err)
        err = answer(&rating, "item", session->item->id);
    if (!err)
        err = answer(&rating, "score", scores[score].name);
    if (!err && *reason)
        err = answer(&rating, "reasons", reason);
    if (!err && !delivery_hindrance(delivery))
        delivery_submit(delivery, &rating);
    delivery_give_up(delivery); /* it waits for nothing */
    if (delivery_is_storing(delivery, rating.submitted.id))
        session_note_sent(session, NULL, rating.submitted.id, CASE_STORING,
                          ERR_OK);
    session_done(&rating);
}
