#include "kiosk/session.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void session_init(struct session *session)
{
    *session = (struct session){ .review = -1 };
    session->answers = answers_new();
    session->found_answers = answers_new();
}

void session_done(struct session *session)
{
    if (session->is_open)
        session_wipe(session);
    answers_free(session->answers);
    answers_free(session->found_answers);
    *session = (struct session){ 0 };
}

void session_on_wipe(struct session *session,
                     const struct session_keeper *keeper, void *owner)
{
    assert(session->keeper_count < SESSION_KEEPERS_MAX);
    assert(keeper->wipe && keeper->tell);
    session->keepers[session->keeper_count].keeper = keeper;
    session->keepers[session->keeper_count].owner = owner;
    session->keeper_count++;
}

void session_begin(struct session *session, enum language language)
{
    assert(!session->is_open);
    session->is_open = true;
    session->number++;
    session->language = language;
    session->review = -1;
    answers_begin(session->answers, clock_wall_ms());
    answers_begin(session->found_answers, clock_wall_ms());
}

static bool is_in_doubt(enum case_state state, enum err err)
{
    return state == CASE_STORING ||
           (state == CASE_NOT_STORED && err == ERR_UNSURE);
}

void session_forget_case(struct session *session)
{
    answers_wipe(session->found_answers);
    mem_wipe(&session->submitted, sizeof session->submitted);
    session->found_item = NULL;
    session->certificate_copies = 0;
    session->has_rated = false;
}

void session_wipe(struct session *session)
{
    for (int i = 0; i < session->keeper_count; i++)
        session->keepers[i].keeper->wipe(session->keepers[i].owner);
    answers_wipe(session->answers);
    session_forget_case(session);
    mem_wipe(session->sent, sizeof session->sent);
    session->sent_count = 0;
    session->is_open = false;
    session->comfort = (struct comfort){ 0 };
    session->item = NULL;
    session->is_begun = false;
    session->at = 0;
    session->review = -1;
    session->assurance = ASSURANCE_NONE;
    session->has_finished = false;
}

/* ---- What was sent ----------------------------------------------------- */

static bool is_settled(const struct session_sent *sent)
{
    return sent->state == CASE_DELIVERED ||
           (sent->state == CASE_NOT_STORED && sent->err != ERR_UNSURE);
}

static void drop_sent(struct session *session, int at)
{
    session->sent_count--;
    memmove(&session->sent[at], &session->sent[at + 1],
            sizeof *session->sent * (size_t)(session->sent_count - at));
}

/* What is known to be settled first, then what is safe, then the oldest. */
static void make_room(struct session *session)
{
    for (int i = 0; i < session->sent_count; i++)
        if (is_settled(&session->sent[i])) {
            drop_sent(session, i);
            return;
        }
    for (int i = 0; i < session->sent_count; i++)
        if (session->sent[i].state == CASE_SAVED) {
            drop_sent(session, i);
            return;
        }
    drop_sent(session, 0);
}

void session_note_sent(struct session *session, const struct item *item,
                       const char *id, enum case_state state, enum err err)
{
    if (session->sent_count == SESSION_SENT_MAX)
        make_room(session);
    struct session_sent *sent = &session->sent[session->sent_count++];
    *sent = (struct session_sent){ .item = item, .state = state, .err = err };
    snprintf(sent->id, sizeof sent->id, "%s", id);
}

void session_note_case(struct session *session, const char *id,
                       enum case_state state, enum err err)
{
    for (int i = 0; i < session->sent_count; i++) {
        if (strcmp(session->sent[i].id, id) != 0)
            continue;
        session->sent[i].state = state;
        session->sent[i].err = err;
    }
}

bool session_is_in_doubt(const struct session *session, const struct item *item)
{
    for (int i = 0; i < session->sent_count; i++)
        if (session->sent[i].item == item &&
            is_in_doubt(session->sent[i].state, session->sent[i].err))
            return true;
    return false;
}

/* ---- Items ------------------------------------------------------------- */

/* What the card said is known by names of its own. */
static bool is_of_person(const char *name)
{
    return strncmp(name, "card_", 5) == 0 || strcmp(name, "age") == 0;
}

void session_start_item(struct session *session, const struct item *item)
{
    const struct item *before = session->item;
    for (size_t i = 0; before && i < before->step_count; i++) {
        const char *name = before->steps[i].answer;
        if (name && !is_of_person(name))
            answers_forget(session->answers, name);
    }
    shared_forget_all(session->answers);
    if (before)
        person_forget_others(session->answers, before);
    answers_forget(session->answers, "pending");
    answers_forget(session->answers, "changed");
    answers_forget(session->answers, "marked");
    answers_forget(session->answers, "assurance");
    session_forget_case(session);
    session->is_begun = session->is_begun && item == before;
    session->item = item;
    session->at = -1;
    session->review = -1;
    if (!answers_get(session->answers, "card_number"))
        session->assurance = ASSURANCE_NONE;
    else if (session->assurance == ASSURANCE_CARD_CHECK)
        session->assurance = ASSURANCE_CARD; /* it was for that item */
}

/* Something leaves the kiosk at its end, as a case. */
static bool sends(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "send") == 0)
            return true;
    return false;
}

/* It ended well, and nothing is to be sent. */
static bool is_closed(const struct session *session)
{
    const struct item *item = session->item;

    return session->at >= 0 && (size_t)session->at < item->step_count &&
           walk_is_closing(&item->steps[session->at]);
}

bool session_has_unsent(const struct session *session)
{
    if (!session->item || !sends(session->item) || is_closed(session) ||
        is_in_doubt(session->submitted.state, session->submitted.err) ||
        session->submitted.state == CASE_SAVED ||
        session->submitted.state == CASE_DELIVERED ||
        session->submitted.state == CASE_CONFLICT)
        return false;
    for (size_t i = 0; i < session->item->step_count; i++) {
        const struct step *step = &session->item->steps[i];
        if ((step->answer && answers_get(session->answers, step->answer) &&
             answers_source(session->answers, step->answer) !=
                 SOURCE_COMPUTED &&
             !shared_is_step(step)) ||
            (person_is_other(step) && person_is_known(step, session->answers)))
            return true;
    }
    return false;
}

bool session_keeps_case(const struct session *session)
{
    return session->submitted.state == CASE_SAVED ||
           session->submitted.state == CASE_CONFLICT;
}

bool session_knows_card(const struct session *session, const struct item *item)
{
    if (session->assurance < ASSURANCE_CARD)
        return false;
    for (const char *const *field = item->card_fields; *field; field++) {
        char name[64];
        snprintf(name, sizeof name, "card_%s", *field);
        if (!answers_get(session->answers, name))
            return false;
    }
    return true;
}

const char *session_case_to_name(const struct session_case *made)
{
    return made->is_hour_only ? NULL : made->id;
}
