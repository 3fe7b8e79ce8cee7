/* The file of `kiosk outbox export`, as it comes to a hub: any bytes.
 *
 * Every view lies inside the bytes; a file without a flaw holds as many whole
 * cases as it says; and no flaw is found in one place and denied in another. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "kiosk/store/outbox_file.h"

static void is_inside(const uint8_t *bytes, size_t size,
                      const struct outbox_file_case *entry)
{
    assert(entry->len <= OUTBOX_FILE_CASE_MAX);
    assert(entry->bytes >= bytes && entry->bytes <= bytes + size);
    assert((size_t)(bytes + size - entry->bytes) >= entry->len);
    assert(strlen(entry->id) < sizeof entry->id);
    assert(strlen(entry->receipt) < sizeof entry->receipt);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct outbox_file file;
    struct outbox_file_case entry;
    size_t at = 0;
    uint32_t whole = 0;

    outbox_file_read(bytes, size, &file);
    assert(file.flaw < OUTBOX_FLAW_COUNT && *outbox_flaw_text(file.flaw));
    for (uint32_t i = 0; i < file.count; i++) {
        if (!outbox_file_next(&file, &at, &entry))
            break;
        is_inside(bytes, size, &entry);
        whole += entry.is_whole;
    }
    if (file.flaw == OUTBOX_FLAW_NONE)
        assert(whole == file.count && size == at + CRYPTO_DIGEST_BYTES +
                                                  (file.count ? 0u : 44u));
    else
        assert(whole < file.count || !file.flawed_case);
    return 0;
}
