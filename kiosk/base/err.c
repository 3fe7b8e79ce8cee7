#include "kiosk/base/err.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
    bool may_retry;
} errors[ERR_COUNT] = {
#define X(id, again, sentence)                                                 \
    [ERR_##id] = { .name = #id, .text = sentence, .may_retry = again },
    ERR_TABLE(X)
#undef X
};

/* An error may have come through an int from a file or a library, so one that
 * is out of range gets an answer rather than an abort. */
static bool is_known(enum err err)
{
    return (unsigned int)err < ERR_COUNT;
}

const char *err_name(enum err err)
{
    return is_known(err) ? errors[err].name : "UNKNOWN";
}

enum err err_find(const char *name, enum err *ret_err)
{
    for (int i = 0; i < ERR_COUNT; i++) {
        if (strcmp(errors[i].name, name) != 0)
            continue;
        *ret_err = (enum err)i;
        return ERR_OK;
    }
    return ERR_NOT_FOUND;
}

const char *err_text(enum err err)
{
    return is_known(err) ? errors[err].text : "";
}

bool err_may_retry(enum err err)
{
    return is_known(err) && errors[err].may_retry;
}
