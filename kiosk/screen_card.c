/* What a screen may do with a card: whose it is follows from the item's step.
 * The interface is explained in screen.h. */
#include "kiosk/app_state.h"

#include "kiosk/base/mem.h"
#include "kiosk/flow/person.h"

#include <stdio.h>

enum { ID_NUMBER_CHARS = 18 };

/* Whose card this page is about; where it is no card step's, the main one's. */
static const struct step *card_step(const struct screen *screen)
{
    static const struct step own = { .screen = "card" };
    const struct step *step = app_step(screen->app, screen);

    return step && person_is_card_step(step) ? step : &own;
}

const char *screen_card_fields(const struct screen *screen)
{
    struct buf *out = &screen->app->words;
    enum language language = screen->app->session.language;
    const char *const *fields =
        person_fields(screen->app->session.item, card_step(screen));

    buf_clear(out);
    for (size_t i = 0; fields[i]; i++) {
        if (i > 0)
            buf_add_text(out, language == LANGUAGE_ZH_CN ? "、" : ", ");
        buf_add_text(out, i18n_text(language, envelope_card_label(fields[i])));
    }
    return out->text;
}

/* pages_event() leads to the page that says so. */
static enum err note_room(struct screen *screen, enum err err)
{
    screen->app->has_no_room |= err == ERR_TOO_BIG;
    return err;
}

const char *screen_card_answer(const struct screen *screen, const char *field)
{
    return person_get(card_step(screen), screen->app->session.answers, field);
}

bool screen_is_somebody(const struct screen *screen, const char *number)
{
    const struct session *session = &screen->app->session;

    return person_with_number(session->item, session->answers,
                              card_step(screen), number);
}

/* Of further persons it says nothing how sure one is of the main one. */
static void note_assurance(struct screen *screen, enum assurance assurance)
{
    if (!person_is_other(card_step(screen)))
        screen->app->session.assurance = assurance;
}

enum err screen_take_card(struct screen *screen, const struct card *card)
{
    struct session *session = &screen->app->session;
    enum err err =
        person_take_card(session->answers, session->item, card_step(screen),
                         card, screen_wall_ms(screen));
    if (!err)
        note_assurance(screen, ASSURANCE_CARD);
    return note_room(screen, err);
}

enum err screen_take_number(struct screen *screen, const char *number)
{
    struct session *session = &screen->app->session;
    char kept[ID_NUMBER_CHARS + 1]; /* it may be an answer that goes */
    enum err err;

    snprintf(kept, sizeof kept, "%s", number);
    screen_forget_person(screen);
    err = person_take_number(session->answers, card_step(screen), kept,
                             screen_wall_ms(screen));
    mem_wipe(kept, sizeof kept);
    if (!err)
        note_assurance(screen, ASSURANCE_TYPED);
    return note_room(screen, err);
}

void screen_forget_person(struct screen *screen)
{
    struct session *session = &screen->app->session;
    const struct step *step = card_step(screen);

    person_forget(session->answers, step);
    if (person_is_other(step))
        return;
    answers_forget(session->answers, "assurance");
    session->assurance = ASSURANCE_NONE;
    asking_wipe(screen->app->asking);
}
