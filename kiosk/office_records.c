#include "kiosk/office_records.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static const struct shared_kind *kind_of(const json_t *record)
{
    const char *name = text_of(record, "kind");

    return name ? shared_kind_find(name) : NULL;
}

static bool are_fields(const struct shared_kind *kind, const json_t *fields)
{
    if (!json_is_object(fields))
        return false;
    for (const struct shared_field *field = kind->fields; field->name;
         field++) {
        const json_t *value = json_object_get(fields, field->name);

        if (value && (!json_is_string(value) ||
                      !shared_is_value(field, json_string_value(value))))
            return false;
    }
    return true;
}

static bool is_record(const json_t *record, bool was_seen[SHARED_KINDS])
{
    const struct shared_kind *kind = kind_of(record);
    const char *day = text_of(record, "as_of");

    if (!kind || was_seen[kind - shared_kinds] || !day || !shared_is_day(day))
        return false;
    was_seen[kind - shared_kinds] = true;
    return are_fields(kind, json_object_get(record, "fields"));
}

bool office_records_are_good(const json_t *records)
{
    bool was_seen[SHARED_KINDS] = { false };

    if (!json_is_array(records))
        return false;
    for (size_t i = 0; i < json_array_size(records); i++)
        if (!is_record(json_array_get(records, i), was_seen))
            return false;
    return true;
}

void office_records_read(const json_t *records,
                         struct shared_record ret_records[SHARED_KINDS])
{
    memset(ret_records, 0, SHARED_KINDS * sizeof *ret_records);
    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *said = json_array_get(records, i);
        const struct shared_kind *kind = kind_of(said);
        struct shared_record *record = &ret_records[kind - shared_kinds];

        record->day = text_of(said, "as_of");
        for (size_t j = 0; kind->fields[j].name; j++)
            record->values[j] =
                text_of(json_object_get(said, "fields"), kind->fields[j].name);
    }
}
