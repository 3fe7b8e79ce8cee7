/* What a screen may ask of the office; the interface is explained in screen.h.
 */
#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/rating.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct office *screen_office(const struct screen *screen)
{
    return asking_office(screen->app->asking);
}

void screen_ask_check(struct screen *screen, bool by_staff)
{
    const char *number = screen_answer(screen, "card_number");
    asking_check(screen->app->asking, number ? number : "",
                 screen_answer(screen, "card_name"), by_staff);
}

void screen_ask_code(struct screen *screen, const char *code)
{
    asking_code(screen->app->asking, code);
}

void screen_ask_offer(struct screen *screen)
{
    asking_offer(screen->app->asking, screen_step(screen)->kind);
}

void screen_ask_certificate(struct screen *screen, int copies)
{
    screen->app->session.certificate_copies = copies;
    asking_issue(screen->app->asking, screen_step(screen)->kind);
}

/* The answer of the item's field of that type, or NULL. */
static const char *field_of(const struct screen *screen, enum field_type type)
{
    const struct item *item = screen_item(screen);

    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "field") == 0 &&
            item->steps[i].type == type)
            return screen_answer(screen, item->steps[i].answer);
    return NULL;
}

void screen_ask_cases(struct screen *screen)
{
    struct asking *asking = screen->app->asking;
    const char *receipt = field_of(screen, FIELD_TYPE_RECEIPT);
    const char *code = field_of(screen, FIELD_TYPE_CODE);
    const char *number = screen_answer(screen, "card_number");

    if (receipt && code)
        asking_cases_by(asking, receipt, code);
    else
        asking_cases_of(asking, number ? number : "");
}

void screen_ask_cancel(struct screen *screen, size_t at)
{
    struct office_case found;

    office_case(screen_office(screen), at, &found);
    asking_cancel(screen->app->asking, found.id);
}

void screen_finish(struct screen *screen)
{
    const struct session *session = &screen->app->session;
    bool is_wanted =
        rating_is_wanted(session->item, session, screen->app->parts.is_demo);
    screen_go(screen, is_wanted ? "rating" : "bye", "");
}

/* What it is about: the office's number of it, else ours. */
static const char *rated_number(const struct screen *screen)
{
    const struct session_case *made = &screen_session(screen)->submitted;
    const struct office_certificate *issued =
        office_certificate(screen_office(screen));

    if (issued)
        return issued->number;
    return *made->number ? made->number : made->id;
}

void screen_rate(struct screen *screen, enum rating_score score,
                 const char *reason)
{
    struct app *app = screen->app;

    app->session.has_rated = true;
    rating_send(app->delivery, &app->session, rated_number(screen), score,
                reason);
    screen_go(screen, "bye", "");
}

void screen_stop_asking(struct screen *screen)
{
    asking_stop(screen->app->asking);
}

void screen_forget_found(struct screen *screen)
{
    session_forget_case(&screen->app->session);
    office_forget_cases(screen_office(screen));
}

void screen_forget_field(struct screen *screen, const struct step *step)
{
    struct session *session = &screen->app->session;
    char scope[APP_SCOPE_BYTES];

    answers_forget(session->answers, step->answer);
    snprintf(scope, sizeof scope, "%s/%s/%s", session->item->id, step->id,
             step->screen);
    view_forget(screen->app->view, scope);
}

void screen_forget_check(struct screen *screen)
{
    struct session *session = &screen->app->session;
    const struct item *item = session->item;

    asking_wipe(screen->app->asking);
    answers_forget(session->answers, "assurance");
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "check") == 0)
            answers_forget(session->answers, item->steps[i].answer);
    if (session->assurance == ASSURANCE_CARD_CHECK)
        session->assurance = ASSURANCE_CARD;
}

enum err screen_take_check(struct screen *screen, const char *way)
{
    struct session *session = &screen->app->session;
    const struct step *step = screen_step(screen);
    enum assurance assurance = session->assurance >= ASSURANCE_CARD
                                   ? ASSURANCE_CARD_CHECK
                                   : ASSURANCE_CODE;

    enum err err = screen_set_answer(screen, step->answer, way, SOURCE_CITIZEN);
    if (!err)
        err = screen_set_answer(screen, "assurance", assurance_name(assurance),
                                SOURCE_CITIZEN);
    if (!err)
        session->assurance = assurance;
    return err;
}

static void take_head(struct session_case *made,
                      const struct office_case *found)
{
    snprintf(made->id, sizeof made->id, "%s", found->id);
    snprintf(made->receipt, sizeof made->receipt, "%s", found->receipt);
    snprintf(made->lookup_code, sizeof made->lookup_code, "%s", found->code);
    snprintf(made->address, sizeof made->address, "%s", found->address);
    snprintf(made->number, sizeof made->number, "%s", found->number);
    snprintf(made->said, sizeof made->said, "%s", found->state);
    made->wall_ms = found->sent_ms;
    made->is_hour_only = found->is_hour_only;
    made->state = CASE_DELIVERED;
    made->copies =
        1; /* the first came out when it was sent, or was not wanted */
}

const char *screen_case_title(const struct screen *screen,
                              const struct office_case *found)
{
    enum language language = screen->app->session.language;
    const struct item *item = pack_find(screen->app->parts.pack, found->item);

    if (item)
        return words_in(&item->title, language);
    if (*found->title[language])
        return found->title[language];
    return i18n_text(language,
                     N_("A matter that is no longer done on this machine"));
}

enum err screen_take_case(struct screen *screen, size_t at)
{
    struct session *session = &screen->app->session;
    const struct office *office = screen_office(screen);
    struct office_case found;

    session_forget_case(session);
    office_case(office, at, &found);
    const struct item *item = pack_find(screen->app->parts.pack, found.item);
    if (!item)
        return ERR_NOT_FOUND; /* this machine does not know its papers */
    enum err err = office_case_answers(office, at, session->found_answers);
    if (!err)
        err = answers_set(session->found_answers, "assurance", found.assurance,
                          SOURCE_CITIZEN);
    if (err) {
        session_forget_case(session);
        return err;
    }
    session->found_item = item;
    take_head(&session->submitted, &found);
    return ERR_OK;
}

bool screen_has_certificate(const struct screen *screen)
{
    size_t len;
    return office_pdf(screen_office(screen), &len) != NULL;
}
