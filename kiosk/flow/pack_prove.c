/* What the checker proved before a pack was compiled, looked at again before it
 * is activated: rules that can be parsed, texts that can be shown, pages that
 * this program has. */
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/flow/pack_fields.h"

/* As the loader lets texts through: no control characters but the line's end. */
static bool text_is_shown(const char *text)
{
    if (!text)
        return true;
    for (const char *c = text; *c; c++)
        if (((unsigned char)*c < ' ' && *c != '\n') || *c == 0x7f)
            return false;
    return text_is_valid(text, strlen(text));
}

static bool words_are_shown(const struct words *words)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (!text_is_shown(words->in[i]))
            return false;
    return true;
}

static bool list_is_shown(const struct list *list)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (!text_is_shown(list->rows[i].value) ||
            !text_is_shown(list->rows[i].parent) ||
            !words_are_shown(&list->rows[i].text))
            return false;
    return true;
}

static bool prove_struct(enum place place, const void *from);

static bool prove_maps(const struct pack_field *field, const void *around)
{
    const char *array =
        *(const char *const *)(const void *)((const char *)around +
                                             field->offset);
    size_t *count = NULL;
    size_t size = item_entry_size(field->inner, (void *)around, &count);

    for (size_t i = 0; i < *count; i++)
        if (!prove_struct(field->inner, array + i * size))
            return false;
    return true;
}

static bool prove_field(const struct pack_field *field, const void *from)
{
    const void *at = (const char *)from + field->offset;
    const struct rule *rule;
    const char *const *texts;

    switch (field->shape) {
    case SHAPE_TEXT:
        return text_is_shown(*(const char *const *)at);
    case SHAPE_WORDS:
        return words_are_shown(at);
    case SHAPE_RULE:
    case SHAPE_VALUE_RULE:
        rule = *(const struct rule *const *)at;
        return !rule || item_rule_program(rule) != NULL;
    case SHAPE_LIST:
        return list_is_shown(*(const struct list *const *)at);
    case SHAPE_TEXTS:
        texts = *(const char *const *const *)at;
        for (size_t i = 0; texts && texts[i]; i++)
            if (!text_is_shown(texts[i]))
                return false;
        return true;
    case SHAPE_WAYS:
        for (size_t i = 0; i < ((const struct stop *)from)->way_count; i++)
            if (!words_are_shown(&((const struct stop *)from)->ways[i]))
                return false;
        return true;
    case SHAPE_CELLS:
        for (size_t i = 0; i < ((const struct slip_cells *)at)->count; i++)
            if (!words_are_shown(&((const struct slip_cells *)at)->in[i]))
                return false;
        return true;
    case SHAPE_MAPS:
        return prove_maps(field, from);
    case SHAPE_HEX:
    case SHAPE_NUMBER:
    case SHAPE_WORD:
    case SHAPE_SIZE:
    case SHAPE_BOOL:
    case SHAPE_BITS:
        break;
    }
    return true;
}

static bool prove_struct(enum place place, const void *from)
{
    const struct pack_fields *fields = pack_fields();

    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        if (!prove_field(&fields->list[i], from))
            return false;
    return true;
}

enum pack_fault pack_prove(const struct pack *pack)
{
    for (size_t i = 0; i < pack->count; i++) {
        const struct item *item = &pack->items[i]->item;

        for (size_t j = 0; j < item->step_count; j++)
            if (!item_screen_is_known(item->steps[j].screen))
                return PACK_FAULT_SCREEN;
        if (!prove_struct(PLACE_ITEM, item))
            return PACK_FAULT_UNPROVEN;
    }
    return PACK_FAULT_NONE;
}
