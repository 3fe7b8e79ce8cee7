#include "kiosk/delivered.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/pack_sources.h"

#include <stdio.h>
#include <string.h>

enum {
    PATH_BYTES = 4096,
    DIVISION_CHARS = PACK_DIVISION_CHARS,
    PROOF_BYTES = 2 * PACK_HASH_CHARS + 2, /* two hashes, blank, newline */
    FILE_MODE = 0644
};

static void path_of(struct buf *path, const char *folder, const char *name)
{
    buf_init(path, PATH_BYTES);
    buf_add_format(path, "%s/%s", folder, name);
}

static void write_proof(char proof[PROOF_BYTES + 1], const char *sources,
                        const char *hash)
{
    snprintf(proof, PROOF_BYTES + 1, "%s %s\n", sources, hash);
}

/* ---- Opening ------------------------------------------------------------- */

static bool is_proven(const char *folder, const char *sources, const char *hash)
{
    char expected[PROOF_BYTES + 1];
    struct buf path;
    char *proof = NULL;
    size_t len = 0;

    path_of(&path, folder, DELIVERED_PROOF);
    write_proof(expected, sources, hash);
    enum err err = file_read(path.text, PROOF_BYTES, &proof, &len);
    bool is_same =
        !err && len == PROOF_BYTES && memcmp(proof, expected, PROOF_BYTES) == 0;
    mem_free(proof);
    buf_done(&path);
    return is_same;
}

/* NULL: the one beside these files is none of them. */
static struct pack *open_compiled(const char *folder, const char *sources)
{
    struct buf path;
    struct pack *pack = NULL;

    path_of(&path, folder, DELIVERED_PACK);
    enum pack_fault fault = pack_open(path.text, false, &pack);
    buf_done(&path);
    if (fault)
        return NULL;
    if (is_proven(folder, sources, pack_about(pack)->hash))
        return pack;
    pack_free(pack);
    return NULL;
}

/* Of that level's overlays. */
static struct pack *open_level(const char *folder, const char *division,
                               size_t level, const char *sources)
{
    struct buf path;
    struct pack *pack = NULL;

    buf_init(&path, PATH_BYTES);
    buf_add_format(&path, "%s/", folder);
    if (item_overlay_part(division, level, &path))
        pack = open_compiled(path.text, sources);
    buf_done(&path);
    return pack;
}

/* The one with all that lies over the items here: a county's, its city's, its
 * province's, or the items as they are. */
static struct pack *find_compiled(const char *folder, const char *division)
{
    char sources[PACK_HASH_CHARS + 1];
    struct pack *pack = NULL;

    if (pack_sources(folder, division, sources))
        return NULL;
    for (size_t level = DIVISION_LEVELS; level > 0 && !pack; level--)
        pack = open_level(folder, division, level - 1, sources);
    return pack ? pack : open_compiled(folder, sources);
}

enum err delivered_open(const char *folder, const char *division,
                        struct problems *problems, struct pack **ret_pack)
{
    struct pack *pack = find_compiled(folder, division);

    if (!pack)
        return pack_load_for(folder, division, problems, ret_pack);
    *ret_pack = pack;
    return ERR_OK;
}

/* ---- Compiling ----------------------------------------------------------- */

struct compiling {
    const char *folder;
    struct problems *problems;
    size_t count;
    enum err err; /* the first */
};

static enum err write_file(const char *folder, const char *name,
                           const char *bytes, size_t len)
{
    struct buf path;

    path_of(&path, folder, name);
    enum err err = file_replace(path.text, bytes, len, FILE_MODE);
    buf_done(&path);
    return err;
}

/* The proof comes last: until then the pack is none. */
static enum err write_both(const char *folder, const struct pack *pack,
                           const char *sources)
{
    struct pack_about about = { .version = 0 };
    char proof[PROOF_BYTES + 1];
    struct buf bytes;

    buf_init(&bytes, PACK_BYTES_MAX);
    enum err err = pack_compile(pack, &about, &bytes);
    if (!err)
        err = write_file(folder, DELIVERED_PACK, bytes.text, bytes.len);
    write_proof(proof, sources, about.hash);
    if (!err)
        err = write_file(folder, DELIVERED_PROOF, proof, PROOF_BYTES);
    buf_done(&bytes);
    return err;
}

/* The digest before and after: what is saved in between is in no pack. */
static enum err compile(const char *folder, const char *division,
                        const char *into, struct problems *problems)
{
    char before[PACK_HASH_CHARS + 1], after[PACK_HASH_CHARS + 1];
    struct pack *pack = NULL;
    enum err unread = pack_sources(folder, division, before);
    enum err err = pack_load_for(folder, division, problems, &pack);

    if (!err)
        err = unread;
    if (!err)
        err = pack_sources(folder, division, after);
    if (!err && strcmp(before, after) != 0)
        err = ERR_CONFLICT;
    if (!err)
        err = write_both(into, pack, before);
    pack_free(pack);
    return err;
}

static void compile_for(struct compiling *compiling, const char *division,
                        const char *into)
{
    enum err err =
        compile(compiling->folder, division, into, compiling->problems);

    if (!err)
        compiling->count++;
    else if (!compiling->err)
        compiling->err = err;
}

static void on_division(void *owner, const char *name)
{
    struct compiling *compiling = owner;
    struct buf into;

    if (strlen(name) != DIVISION_CHARS ||
        strspn(name, "0123456789") != DIVISION_CHARS)
        return;
    buf_init(&into, PATH_BYTES);
    buf_add_format(&into, "%s/overlays/%s", compiling->folder, name);
    if (file_is_folder(into.text))
        compile_for(compiling, name, into.text);
    buf_done(&into);
}

enum err delivered_compile(const char *folder, struct problems *problems,
                           size_t *ret_count)
{
    struct compiling compiling = { .folder = folder, .problems = problems };
    struct buf overlays;

    compile_for(&compiling, "", folder);
    path_of(&overlays, folder, "overlays");
    enum err err = file_list(overlays.text, "", on_division, &compiling);
    if (err && err != ERR_NOT_FOUND && !compiling.err)
        compiling.err = err;
    buf_done(&overlays);
    *ret_count = compiling.count;
    return compiling.err;
}
