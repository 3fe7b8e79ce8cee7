/* What a start with a compiled pack of 48 items adds to the first page: opening,
 * its hash over all bytes, every number looked at, up to items that can be
 * shown; against the same items from their YAML, and against the bare reading
 * and hashing of the same bytes, turn and turn about.
 *
 * The items are the product's largest one, 48 times under other names. */
#include "tests/bench/figure.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/pack.h"

#include <string.h>

enum { ITEMS = 48, ROUNDS = 301, YAML_ROUNDS = 5, PATH_BYTES = 160 };

static const double TARGET_MS = 1;
static const char name[] = "residence-permit";

static char folder[64], items[PATH_BYTES], file[PATH_BYTES];

static enum err copy(const char *from, const char *to)
{
    char *text = NULL;
    size_t len = 0;
    enum err err = file_read(from, PACK_BYTES_MAX, &text, &len);

    if (!err)
        err = file_replace(to, text, len, 0600);
    mem_free(text);
    return err;
}

/* Every text of an item is told apart by its number, so none is shared. */
static enum err write_item(const char *text, int number)
{
    static const char marks[] = "，"; /* beside Chinese: nothing else changes */
    char path[2 * PATH_BYTES];
    struct buf item;

    buf_init(&item, PACK_BYTES_MAX);
    for (const char *at = text; *at;) {
        if (strncmp(at, name, sizeof name - 1) == 0) {
            buf_add_format(&item, "%s-%d", name, number);
            at += sizeof name - 1;
        } else if (strncmp(at, marks, sizeof marks - 1) == 0) {
            buf_add_format(&item, "%s%d", marks, number);
            at += sizeof marks - 1;
        } else {
            buf_add_char(&item, *at++);
        }
    }
    snprintf(path, sizeof path, "%s/%s-%d.yaml", items, name, number);
    enum err err = file_replace(path, item.text, item.len, 0600);
    buf_done(&item);
    return err;
}

static enum err write_items(void)
{
    static const char *const lists[] = { "counties", "townships" };
    char from[PATH_BYTES], to[2 * PATH_BYTES];
    char *text = NULL;
    size_t len = 0;
    enum err err = file_make_temporary(folder, sizeof folder);

    snprintf(items, sizeof items, "%s/items", folder);
    snprintf(file, sizeof file, "%s/items.pack", folder);
    snprintf(to, sizeof to, "%s/lists", items);
    if (!err)
        err = file_make_folder(to, 0700);
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !err; i++) {
        snprintf(from, sizeof from, "screens/items/lists/%s.tsv", lists[i]);
        snprintf(to, sizeof to, "%s/lists/%s.tsv", items, lists[i]);
        err = copy(from, to);
    }
    if (!err)
        err = file_read("screens/items/residence-permit.yaml", PACK_BYTES_MAX,
                        &text, &len);
    for (int i = 10; i < 10 + ITEMS && !err; i++)
        err = write_item(text, i);
    mem_free(text);
    return err;
}

static enum err load(struct pack **ret_pack)
{
    struct problems problems;

    problems_init(&problems);
    enum err err = pack_load(items, &problems, ret_pack);
    if (err)
        fputs(problems.text.text, stderr);
    problems_done(&problems);
    return err;
}

static enum err compile(size_t *ret_bytes)
{
    struct pack_about about = { .version = 1 };
    struct pack *pack = NULL;
    struct buf bytes;
    enum err err = load(&pack);

    if (err)
        return err;
    buf_init(&bytes, PACK_BYTES_MAX);
    err = pack_compile(pack, &about, &bytes);
    if (!err)
        err = file_replace(file, bytes.text, bytes.len, 0600);
    *ret_bytes = bytes.len;
    buf_done(&bytes);
    pack_free(pack);
    return err;
}

/* False: it could not be opened. */
static int open_once(double *ret_ms)
{
    struct pack *pack = NULL;
    double start = figure_now_ms();
    enum pack_fault fault = pack_open(file, true, &pack);

    *ret_ms = figure_now_ms() - start;
    int is_whole = !fault && pack_count(pack) == ITEMS;
    pack_free(pack);
    return is_whole;
}

static int hash_once(double *ret_ms)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    const void *bytes = NULL;
    size_t len = 0;
    double start = figure_now_ms();

    if (file_map(file, &bytes, &len))
        return 0;
    digest_of(bytes, len, digest);
    *ret_ms = figure_now_ms() - start;
    file_unmap(bytes, len);
    return 1;
}

static int measure(size_t bytes)
{
    static double opened[ROUNDS], hashed[ROUNDS], loaded[YAML_ROUNDS];
    char note[160];

    for (int i = 0; i < ROUNDS; i++)
        if (!open_once(&opened[i]) || !hash_once(&hashed[i]))
            return 0;
    for (int i = 0; i < YAML_ROUNDS; i++) {
        struct pack *pack = NULL;
        double start = figure_now_ms();
        enum err err = load(&pack);

        loaded[i] = figure_now_ms() - start;
        pack_free(pack);
        if (err)
            return 0;
    }
    double ms = figure_median(opened, ROUNDS);
    double reference = figure_median(hashed, ROUNDS);
    snprintf(note, sizeof note,
             "48 items, %zu KiB; ratio to mapping and hashing alone; from YAML "
             "%.1f ms",
             bytes / 1024, figure_median(loaded, YAML_ROUNDS));
    figure_print("pack-start", ms, "ms", ms / reference, "at most 1 ms",
                 ms <= TARGET_MS, note);
    return 1;
}

int main(void)
{
    size_t bytes = 0;
    int is_ok = !write_items() && !compile(&bytes) && measure(bytes);

    if (*folder && file_remove_tree(folder))
        is_ok = 0;
    return is_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
