/* What one answer must not be because of another. */
#include "kiosk/flow/walk.h"

#include <string.h>

#include "kiosk/flow/field.h"
#include "kiosk/flow/person.h"

/* A person's number that the case tells already. */
static bool is_told(const struct item *item, const struct step *step,
                    const struct answers *answers, const char *value,
                    bool only_before)
{
    const char *card = answers_get(answers, "card_number");
    bool is_past = false;

    if ((card && strcmp(card, value) == 0) ||
        person_with_number(item, answers, NULL, value))
        return true;
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *other = &item->steps[i];
        const char *number;

        is_past = is_past || other == step;
        if (other == step || !other->is_another_person || !other->answer ||
            (only_before && is_past))
            continue;
        number = answers_get(answers, other->answer);
        if (number && strcmp(number, value) == 0)
            return true;
    }
    return false;
}

static bool is_before(const struct step *step, const struct answers *answers,
                      const char *value)
{
    const char *first = answers_get(answers, step->not_before);

    return first && *first &&
           answers_source(answers, step->not_before) != SOURCE_LATER &&
           field_compare(value, first) < 0;
}

const char *walk_clash(const struct item *item, const struct step *step,
                       const struct answers *answers, const char *value,
                       bool only_before)
{
    if (step->not_before && is_before(step, answers, value))
        return N_("a time not before the first one");
    if (step->is_another_person &&
        is_told(item, step, answers, value, only_before))
        return N_("this person's own number; the one typed is yours, or of "
                  "another person");
    return NULL;
}
