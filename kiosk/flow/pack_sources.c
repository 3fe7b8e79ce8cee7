#include "kiosk/flow/pack_sources.h"

#include "kiosk/base/build.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"

#include <string.h>

/* As many names and digests as of the largest pack; larger files are refused
 * by who reads them. */
enum {
    TEXT_BYTES_MAX = 4 * 1024 * 1024,
    FILE_BYTES_MAX = 1024 * 1024,
    PATH_BYTES = 4096
};

struct sources {
    const char *folder;
    const char *part; /* of the folder, with a slash behind it; or "" */
    struct buf text;  /* a line a file: its digest, its name */
    enum err err;
};

static void on_source(void *owner, const char *name)
{
    struct sources *sources = owner;
    struct buf path;
    char hex[CRYPTO_HEX_DIGEST];
    char *bytes = NULL;
    size_t len = 0;

    if (sources->err)
        return;
    buf_init(&path, PATH_BYTES);
    buf_add_format(&path, "%s/%s%s", sources->folder, sources->part, name);
    sources->err = path.is_cut
                       ? ERR_TOO_BIG
                       : file_read(path.text, FILE_BYTES_MAX, &bytes, &len);
    if (!sources->err) {
        digest_hex(bytes, len, hex);
        buf_add_format(&sources->text, "%s %s%s\n", hex, sources->part, name);
    }
    mem_free(bytes);
    buf_done(&path);
}

/* All that end in suffix; a part that is not there has none. */
static void add_part(struct sources *sources, const char *part,
                     const char *suffix)
{
    struct buf path;

    if (sources->err)
        return;
    buf_init(&path, PATH_BYTES);
    buf_add_format(&path, "%s/%s", sources->folder, part);
    sources->part = part;
    enum err err = path.is_cut
                       ? ERR_TOO_BIG
                       : file_list(path.text, suffix, on_source, sources);
    if (err && (err != ERR_NOT_FOUND || !*part))
        sources->err = err;
    buf_done(&path);
}

static void add_overlays(struct sources *sources, const char *division)
{
    for (size_t level = 0; level < DIVISION_LEVELS; level++) {
        struct buf part;

        buf_init(&part, PATH_BYTES);
        if (item_overlay_part(division, level, &part)) {
            buf_add_char(&part, '/');
            add_part(sources, part.text, ".yaml");
        }
        buf_done(&part);
    }
}

enum err pack_sources(const char *folder, const char *division,
                      char ret_digest[PACK_HASH_CHARS + 1])
{
    struct sources sources = { .folder = folder };
    char build[BUILD_ID_CHARS + 1];

    if (!build_id(build))
        return ERR_NOT_FOUND;
    buf_init(&sources.text, TEXT_BYTES_MAX);
    buf_add_format(&sources.text, "kiosk-sources 1 %s\n", build);
    add_part(&sources, "", ".yaml");
    add_part(&sources, "lists/", ".tsv");
    add_overlays(&sources, division);
    if (!sources.err && sources.text.is_cut)
        sources.err = ERR_TOO_BIG;
    if (!sources.err)
        digest_hex(sources.text.text, sources.text.len, ret_digest);
    buf_done(&sources.text);
    return sources.err;
}
