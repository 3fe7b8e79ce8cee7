/* A phone's form, as the hub's pages read it.  The first byte chooses the field,
 * the rest is the body.
 *
 * What is found is valid text within its limit, without the characters that are
 * taken out of numbers; what is not found leaves the value empty; and a body
 * that has the name nowhere has no such field. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/hub/form.h"

enum { VALUE_BYTES = 64 };

static bool stands_in(const char *name, const char *body, size_t len)
{
    size_t name_len = strlen(name);

    for (size_t i = 0; i + name_len <= len; i++)
        if (memcmp(body + i, name, name_len) == 0)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const names[] = { "code", "number", "sha256" };
    struct buf value;

    if (size == 0)
        return 0;
    const char *name = names[bytes[0] % 3];
    const char *body = (const char *)bytes + 1;
    size_t len = size - 1;
    buf_init(&value, VALUE_BYTES);
    bool is_found = form_field(body, len, name, &value);
    assert(value.len <= VALUE_BYTES && !value.is_cut);
    assert(strlen(value.text) == value.len);
    assert(text_is_valid(value.text, value.len));
    assert(!strchr(value.text, ' ') && !strchr(value.text, '-'));
    if (!is_found)
        assert(value.len == 0);
    else
        assert(stands_in(name, body, len));
    buf_done(&value);
    assert(secret_used_bytes() == 0);
    return 0;
}
