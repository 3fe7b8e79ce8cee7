/* Records of other offices, for who stands at a terminal with their card. */
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/records.h"

/* The kinds that are asked for; false: they are no list of such. */
static bool read_kinds(const json_t *object, bool wanted[SHARED_KINDS])
{
    const json_t *kinds = json_object_get(object, "kinds");
    size_t count = json_array_size(kinds);

    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(kinds, i));
        const struct shared_kind *kind = name ? shared_kind_find(name) : NULL;

        if (kind == NULL || wanted[kind - shared_kinds])
            return false;
        wanted[kind - shared_kinds] = true;
    }
    return count > 0;
}

static json_t *tell(const struct shared_kind *kind,
                    const struct record_made *made)
{
    json_t *fields = json_object();

    for (size_t i = 0; kind->fields[i].name != NULL; i++) {
        if (made->values[i][0] != '\0')
            json_object_set_new(fields, kind->fields[i].name,
                                json_string(made->values[i]));
    }
    return json_pack("{s:s, s:s, s:o}", "kind", kind->name, "as_of", made->day,
                     "fields", fields);
}

/* All that there are, or none of them. */
static enum err collect(const struct hub *hub, const char *number,
                        const bool wanted[SHARED_KINDS], json_t *list)
{
    struct record_made made;
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < SHARED_KINDS; i++) {
        if (!wanted[i])
            continue;
        err = records_make(hub->people, number, &shared_kinds[i], &made);
        if (!err)
            json_array_append_new(list, tell(&shared_kinds[i], &made));
        else if (err == ERR_NOT_FOUND)
            err = ERR_OK;
    }
    mem_wipe(&made, sizeof(made));
    return err;
}

static void answer(const struct hub *hub, const char *number,
                   const bool wanted[SHARED_KINDS],
                   struct hub_response *response)
{
    json_t *list = json_array();

    if (records_are_none(hub->people, number))
        response_problem(response, PROBLEM_person_unknown);
    else if (collect(hub, number, wanted, list))
        response_problem(response, PROBLEM_records);
    else
        response_object(response, 200, json_pack("{s:O}", "records", list));
    json_decref(list);
}

void hub_records_find(struct hub *hub, const struct hub_request *request,
                      struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    const char *number = ask_text(object, "number", PERSON_NUMBER_BYTES - 1);
    bool wanted[SHARED_KINDS] = { false };

    if (object == NULL)
        return; /* said already */
    if (number == NULL)
        response_problem(response, PROBLEM_fields);
    else if (!read_kinds(object, wanted))
        response_problem(response, PROBLEM_kinds);
    else
        answer(hub, number, wanted, response);
    json_decref(object);
}
