#include "kiosk/ime/make.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/ime/engine.h"
#include "kiosk/ime/phrases.h"

#include <opencc/opencc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DICTIONARY_BYTES = 16 * 1024 * 1024,
    PATH_BYTES = 4096,
    WORD_BYTES = 64,
    CODE_BYTES = 96,
    /* Ideographs that Unihan had first, and its extension A: what an input
     * method's user may look for and a slip can print. */
    FIRST_A = 0x3400,
    LAST_A = 0x4dbf,
    FIRST_HAN = 0x4e00,
    LAST_HAN = 0x9fff,
};

struct making {
    opencc_t simplify;
    char simple[LAST_HAN + 1]; /* 0: not looked at, 1: yes, 2: no */
    struct phrases *words;     /* weights, once they are made */
    struct buf pinyin, strokes, next;
};

/* ---- Simplified only --------------------------------------------------- */

/* Characters that the standard list of 2013 has beside their simplified form,
 * and OpenCC would change: 乾坤, 瞭望, 慰藉 … */
static const char both[] = "乾夥徵瞭藉著";

/* Parts that nobody writes by themselves, and what is not written here. */
static const char never[] =
    "亻扌氵忄犭纟讠饣钅礻衤艹辶阝刂卩宀冖冫丬彳疒罒灬攵勹匚冂凵夂"
    "廴廾彐攴殳疋癶糸纟罓虍釒丨丿丶亅亠丷䒑龷龶卄妳";

static bool is_unchanged(opencc_t simplify, const char *text)
{
    char *changed = opencc_convert_utf8(simplify, text, strlen(text));
    bool same = changed && strcmp(changed, text) == 0;

    if (changed)
        opencc_convert_utf8_free(changed);
    return same;
}

static bool is_simple_char(struct making *making, uint32_t code_point,
                           const char *bytes, size_t len)
{
    char text[8] = "";

    if (!((code_point >= FIRST_A && code_point <= LAST_A) ||
          (code_point >= FIRST_HAN && code_point <= LAST_HAN)) ||
        !text_has_glyph(code_point))
        return false;
    memcpy(text, bytes, len);
    if (!making->simple[code_point]) {
        bool is_fine =
            strstr(both, text) ||
            (!strstr(never, text) && is_unchanged(making->simplify, text));
        making->simple[code_point] = is_fine ? 1 : 2;
    }
    return making->simple[code_point] == 1;
}

static bool is_simple(struct making *making, const char *word)
{
    const char *at = word;

    while (*at) {
        const char *from = at;
        uint32_t code_point = text_next(&at);

        if (!is_simple_char(making, code_point, from, (size_t)(at - from)))
            return false;
    }
    return at != word;
}

/* ---- Rows of a packaged dictionary ------------------------------------- */

/* word, code, weight: tabs between; a weight may be missing. */
struct row {
    char word[WORD_BYTES];
    char code[CODE_BYTES];
    long weight;
};

static bool copy_part(const char **at, const char *end, char *out, size_t size)
{
    const char *tab = memchr(*at, '\t', (size_t)(end - *at));
    const char *stop = tab ? tab : end;
    size_t len = (size_t)(stop - *at);

    if (len == 0 || len >= size)
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at = tab ? tab + 1 : end;
    return true;
}

static bool read_row(const char *line, const char *end, struct row *row)
{
    const char *at = line;
    char number[24];

    if (end == line || *line == '#' ||
        !copy_part(&at, end, row->word, sizeof row->word) ||
        !copy_part(&at, end, row->code, sizeof row->code) ||
        !text_is_valid(row->word, strlen(row->word)))
        return false;
    row->weight = 0;
    if (copy_part(&at, end, number, sizeof number))
        row->weight = strtol(number, NULL, 10);
    return true;
}

/* Rows stand after a line of three dots. */
static enum err each_row(struct making *making, const char *path,
                         void (*on_row)(struct making *making,
                                        const struct row *row))
{
    char *text;
    size_t len;
    enum err err = file_read(path, DICTIONARY_BYTES, &text, &len);

    if (err)
        return err;
    const char *line = strstr(text, "\n...\n");
    line = line ? line + strlen("\n...\n") : text + len;
    while (line < text + len) {
        const char *end = strchr(line, '\n');
        struct row row;

        if (!end)
            end = text + len;
        if (read_row(line, end, &row))
            on_row(making, &row);
        line = end + 1;
    }
    mem_free(text);
    return ERR_OK;
}

static void on_pinyin(struct making *making, const struct row *row)
{
    if (!is_simple(making, row->word))
        return;
    buf_add_format(&making->pinyin, "%s\t%s\t%ld\n", row->word, row->code,
                   row->weight);
    buf_add_format(&making->next, "%s\t%ld\n", row->word, row->weight);
}

static void on_strokes(struct making *making, const struct row *row)
{
    if (text_count(row->word) == 1 && is_simple(making, row->word))
        buf_add_format(&making->strokes, "%s\t%s\t%ld\n", row->word, row->code,
                       phrases_weight(making->words, row->word));
}

/* ---- What is written --------------------------------------------------- */

static enum err put(const char *folder, const char *name,
                    const struct buf *bytes)
{
    char path[PATH_BYTES + 64];

    if (bytes->is_cut)
        return ERR_TOO_BIG;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_replace(path, bytes->text, bytes->len, 0644);
}

static enum err copy(const char *from, const char *to, const char *name)
{
    char path[PATH_BYTES + 64];
    struct buf bytes;
    char *text;
    size_t len;

    (void)snprintf(path, sizeof path, "%s/%s", from, name);
    enum err err = file_read(path, DICTIONARY_BYTES, &text, &len);
    if (err)
        return err;
    buf_init(&bytes, DICTIONARY_BYTES);
    buf_add(&bytes, text, len);
    err = put(to, name, &bytes);
    buf_done(&bytes);
    mem_free(text);
    return err;
}

static void begin_dictionary(struct buf *out, const char *name)
{
    buf_init(out, DICTIONARY_BYTES);
    buf_add_format(
        out, "---\nname: %s\nversion: \"1\"\nsort: by_weight\n...\n\n", name);
}

static enum err read_packaged(struct making *making, const char *packaged,
                              const char **ret_why)
{
    char path[PATH_BYTES + 64];

    *ret_why = "pinyin_simp.dict.yaml";
    (void)snprintf(path, sizeof path, "%s/%s", packaged, *ret_why);
    enum err err = each_row(making, path, on_pinyin);
    if (!err)
        err = phrases_open(making->next.text, making->next.len, &making->words);
    if (err)
        return err;
    *ret_why = "stroke.dict.yaml";
    (void)snprintf(path, sizeof path, "%s/%s", packaged, *ret_why);
    return each_row(making, path, on_strokes);
}

static enum err write_sources(struct making *making, const char *schemas,
                              const char *source, const char *folder,
                              const char **ret_why)
{
    static const char *const ours[] = { "default.yaml",
                                        "kiosk_pinyin.schema.yaml",
                                        "kiosk_strokes.schema.yaml" };
    enum err err = ERR_OK;

    for (size_t i = 0; i < sizeof ours / sizeof ours[0] && !err; i++) {
        *ret_why = ours[i];
        err = copy(schemas, source, ours[i]);
    }
    if (err)
        return err;
    *ret_why = source;
    err = put(source, "kiosk_pinyin.dict.yaml", &making->pinyin);
    if (!err)
        err = put(source, "kiosk_strokes.dict.yaml", &making->strokes);
    if (!err)
        err = put(folder, "words.tsv", &making->next);
    return err;
}

static enum err make_folders(const char *folder, const char *source,
                             const char *user)
{
    enum err err = ERR_OK;

    if (file_is_folder(folder))
        err = file_remove_tree(folder);
    if (!err)
        err = file_make_folder(source, 0755);
    return err ? err : file_make_folder(user, 0755);
}

enum err make_data(const char *schemas, const char *packaged,
                   const char *folder, const char **ret_why)
{
    struct making *making = mem_new(sizeof *making);
    char source[PATH_BYTES], user[PATH_BYTES];
    enum err err;

    (void)snprintf(source, sizeof source, "%s/source", folder);
    (void)snprintf(user, sizeof user, "%s/user", folder);
    begin_dictionary(&making->pinyin, "kiosk_pinyin");
    begin_dictionary(&making->strokes, "kiosk_strokes");
    buf_init(&making->next, DICTIONARY_BYTES);
    *ret_why = "OpenCC's t2s.json";
    making->simplify = opencc_open("t2s.json");
    err = making->simplify == (opencc_t)-1 ? ERR_NOT_FOUND : ERR_OK;
    if (!err) {
        *ret_why = folder;
        err = make_folders(folder, source, user);
    }
    if (!err)
        err = read_packaged(making, packaged, ret_why);
    if (!err)
        err = write_sources(making, schemas, source, folder, ret_why);
    if (!err) {
        *ret_why = "librime";
        err = engine_compile(folder, source, user);
    }
    if (!err)
        err = file_remove_tree(source);
    if (!err)
        err = file_remove_tree(user);
    phrases_close(making->words);
    if (making->simplify != (opencc_t)-1)
        opencc_close(making->simplify);
    buf_done(&making->next);
    buf_done(&making->strokes);
    buf_done(&making->pinyin);
    mem_free(making);
    return err;
}
