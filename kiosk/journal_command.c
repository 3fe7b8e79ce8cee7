#include "kiosk/journal_command.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXIT_WHOLE,
    EXIT_BAD,
    EXIT_UNREADABLE,
    ANCHORS_MOST = 64,
    KEY_FILE_MAX = 256
};

struct wish {
    const char *path;
    struct journal_anchor anchors[ANCHORS_MOST];
    size_t anchor_count;
    struct journal_key key;
    bool has_key;
};

static int complain(const char *what, const char *about)
{
    fprintf(stderr,
            "kiosk: journal: %s%s%s\nkiosk --help shows how it is used.\n",
            what, *about ? ": " : "", about);
    return EXIT_UNREADABLE;
}

static int cannot(const char *path, enum err err)
{
    const char *why = err_text(err);

    if (err == ERR_NOT_FOUND)
        why = "there is no journal here";
    else if (err == ERR_EXISTS)
        why = "a program has it open: stop the kiosk first";
    else if (err == ERR_CORRUPT)
        why = "this is no store of a kiosk, or it is damaged";
    else if (err == ERR_BAD_INPUT)
        why = "this is no segment of a journal";
    fprintf(stderr, "kiosk: %s: %s (%s)\n", path, why, err_name(err));
    return EXIT_UNREADABLE;
}

/* ---- verify ---- */

/* "812:3F5A…": as a slip, the hub or another run has it. */
static bool parse_anchor(const char *text, struct journal_anchor *anchor)
{
    char hex[CRYPTO_HEX_DIGEST];
    const char *at = text;

    anchor->number = 0;
    for (; *at >= '0' && *at <= '9' && anchor->number < INT64_MAX / 10 - 1;
         at++)
        anchor->number = anchor->number * 10 + (*at - '0');
    if (*at != ':' || anchor->number < 1)
        return false;
    size_t len = strlen(++at);
    anchor->hash_len = len / 2;
    if (len % 2 != 0 || len >= sizeof hex ||
        anchor->hash_len < JOURNAL_ANCHOR_LEAST)
        return false;
    for (size_t i = 0; i <= len; i++)
        hex[i] =
            (char)(at[i] >= 'A' && at[i] <= 'F' ? at[i] + 'a' - 'A' : at[i]);
    return hex_decode(hex, anchor->hash, anchor->hash_len) == ERR_OK;
}

static bool read_key(const char *path, struct journal_key *key)
{
    char *text = NULL;
    size_t len = 0;

    if (file_read(path, KEY_FILE_MAX, &text, &len))
        return false;
    enum err err = journal_key_parse(text, len, key);
    mem_wipe(text, len);
    mem_free(text);
    return !err;
}

/* EXIT_WHOLE: go on. */
static int parse_verify(int argc, char **argv, struct wish *wish)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        bool is_anchor = strcmp(word, "--anchor") == 0;
        bool is_key = strcmp(word, "--key") == 0;
        if (!is_anchor && !is_key) {
            if (wish->path || *word == '-')
                return complain("this is one word too many", word);
            wish->path = word;
            continue;
        }
        if (i + 1 == argc)
            return complain("a value must follow", word);
        const char *value = argv[++i];
        if (is_key && !read_key(value, &wish->key))
            return complain("this is no journal's key", value);
        wish->has_key |= is_key;
        if (is_anchor && wish->anchor_count == ANCHORS_MOST)
            return complain("64 anchors are enough", "");
        if (is_anchor &&
            !parse_anchor(value, &wish->anchors[wish->anchor_count++]))
            return complain("an anchor is a number, a colon and at least 16 "
                            "hex digits",
                            value);
    }
    return wish->path ? EXIT_WHOLE : complain("which file?", "");
}

static int tell(const struct journal_result *result, bool has_key)
{
    char hex[CRYPTO_HEX_DIGEST];

    if (result->finding.fault) {
        printf("record %" PRId64 ": %s\n", result->finding.number,
               journal_fault_text(result->finding.fault));
        return EXIT_BAD;
    }
    if (result->records == 0) {
        puts("0 records");
        return EXIT_WHOLE;
    }
    for (size_t i = 0; i < CRYPTO_DIGEST_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", result->head.hash[i]);
    printf("%" PRId64 " records, %" PRId64 " to %" PRId64 ", head %" PRId64
           ":%s%s\n",
           result->records, result->first, result->head.number,
           result->head.number, hex,
           has_key ? ", made with the machine's key" : "");
    /* Not a line of the answer: a remark about the question. */
    if (result->unchecked > 0)
        fprintf(stderr,
                "kiosk: %zu anchors are older than the first record here and "
                "were not checked\n",
                result->unchecked);
    return EXIT_WHOLE;
}

static int verify(int argc, char **argv)
{
    struct wish wish = { 0 };
    struct journal_result result;

    int code = parse_verify(argc, argv, &wish);
    if (code != EXIT_WHOLE)
        return code;
    struct journal_check_settings settings = {
        .anchors = wish.anchors,
        .anchor_count = wish.anchor_count,
        .key = wish.has_key ? &wish.key : NULL,
    };
    enum err err = journal_check_path(wish.path, &settings, &result);
    code = err ? cannot(wish.path, err) : tell(&result, wish.has_key);
    mem_wipe(&wish, sizeof wish);
    return code;
}

/* ---- export ---- */

static int export(int argc, char **argv)
{
    int64_t records = 0;

    if (argc != 3)
        return complain("export takes a store and a folder", "");
    enum err err = journal_export(argv[1], argv[2], &records);
    if (err == ERR_EXISTS && file_is_folder(argv[2]))
        fprintf(stderr,
                "kiosk: %s: the store is open, or the folder has segments "
                "already: nothing was written\n",
                argv[2]);
    else if (err)
        return cannot(argv[1], err);
    if (err)
        return EXIT_UNREADABLE;
    printf("%" PRId64 " records written\n", records);
    return EXIT_WHOLE;
}

int journal_command(int argc, char **argv, const struct program *program)
{
    (void)program;
    if (argc > 1 && strcmp(argv[1], "verify") == 0)
        return verify(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "export") == 0)
        return export(argc - 1, argv + 1);
    return complain("say verify or export", "");
}
