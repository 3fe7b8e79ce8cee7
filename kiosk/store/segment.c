/* Segments: one file for a thousand records, a line each, between a first line
 * that says what came before and a last one that says where it ends. */
#include "kiosk/store/segment.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/inside.h"
#include "kiosk/store/vfs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    PATH_BYTES = 1024,
    SEGMENT_MAX = (SEGMENT_RECORDS + 2) * JOURNAL_LINE_BYTES,
    NAME_BYTES = 40,
    NAMES_MOST = 100000
};

static const char suffix[] = ".jsonl";
static const char first_words[] = "{\"journal\":1,";
static const char end_words[] = "{\"end\":";

/* ---- First and last lines ---- */

static void add_first_line(const struct journal_head *before, struct buf *line)
{
    buf_add_format(line, "%s\"after\":%" PRId64 ",\"hash\":\"", first_words,
                   before->number);
    buf_add_hex(line, before->hash, sizeof before->hash);
    buf_add_text(line, "\"}");
}

/* end NULL: more segments follow.  What stands in it is no record's, so it has
 * a digest of its own. */
static void add_last_line(const struct journal_head *head,
                          const struct segment_end *end, struct buf *line)
{
    unsigned char sum[CRYPTO_DIGEST_BYTES];
    size_t before = line->len;

    buf_add_format(line, "{\"end\":%" PRId64 ",\"hash\":\"", head->number);
    buf_add_hex(line, head->hash, sizeof head->hash);
    buf_add_char(line, '"');
    if (end)
        buf_add_format(line, ",\"last\":%" PRId64, end->number);
    if (end && end->code) {
        buf_add_text(line, ",\"code\":\"");
        buf_add_hex(line, end->code, CRYPTO_DIGEST_BYTES);
        buf_add_char(line, '"');
    }
    digest_of(line->text + before, line->len - before, sum);
    buf_add_text(line, ",\"sum\":\"");
    buf_add_hex(line, sum, sizeof sum);
    buf_add_text(line, "\"}");
}

/* ---- Writing ---- */

struct segment_writer {
    char *folder;
    struct buf text;
    int in_segment; /* records in text */
    int64_t first;  /* number of the segment's first */
    int64_t records;
    struct journal_head head;
    char sealed[JOURNAL_SEALED_BYTES];
};

static void on_any(void *owner, const char *name)
{
    bool *is_there = owner;

    (void)name;
    *is_there = true;
}

enum err segment_writer_new(const char *folder,
                            const struct journal_head *start,
                            struct segment_writer **ret_writer)
{
    bool is_there = false;

    enum err err = file_make_folder(folder, 0700);
    if (!err)
        err = file_list(folder, suffix, on_any, &is_there);
    if (!err && is_there)
        err = ERR_EXISTS;
    if (err)
        return err;
    struct segment_writer *writer = mem_new(sizeof *writer);
    writer->folder = mem_copy_text(folder);
    writer->head = *start;
    writer->first = start->number + 1;
    buf_init(&writer->text, SEGMENT_MAX);
    add_first_line(start, &writer->text);
    buf_add_char(&writer->text, '\n');
    *ret_writer = writer;
    return ERR_OK;
}

void segment_writer_free(struct segment_writer *writer)
{
    if (!writer)
        return;
    buf_done(&writer->text);
    mem_free(writer->folder);
    mem_free(writer);
}

static enum err put_file(struct segment_writer *writer)
{
    char path[PATH_BYTES];

    buf_add_char(&writer->text, '\n');
    int len = snprintf(path, sizeof path, "%s/journal-%012" PRId64 "%s",
                       writer->folder, writer->first, suffix);
    if (writer->text.is_cut || len >= (int)sizeof path)
        return ERR_TOO_BIG;
    return file_replace(path, writer->text.text, writer->text.len, 0600);
}

static enum err begin_next(struct segment_writer *writer)
{
    add_last_line(&writer->head, NULL, &writer->text);
    enum err err = put_file(writer);
    if (err)
        return err;
    buf_clear(&writer->text);
    writer->first = writer->head.number + 1;
    writer->in_segment = 0;
    add_first_line(&writer->head, &writer->text);
    buf_add_char(&writer->text, '\n');
    return ERR_OK;
}

enum err segment_write(struct segment_writer *writer,
                       const struct journal_record *record)
{
    enum err err = ERR_OK;

    if (writer->in_segment == SEGMENT_RECORDS)
        err = begin_next(writer);
    if (err)
        return err;
    journal_write_line(record, &writer->text);
    buf_add_char(&writer->text, '\n');
    writer->in_segment++;
    writer->records++;
    writer->head.number = record->number;
    memcpy(writer->head.hash, record->hash, sizeof record->hash);
    return writer->text.is_cut ? ERR_TOO_BIG : ERR_OK;
}

/* The sealed key goes along: without a hub it is the office's only way to it.
 */
static enum err put_key(const struct segment_writer *writer, const char *sealed)
{
    char path[PATH_BYTES];
    struct buf text;

    if (!*sealed)
        return ERR_OK;
    int len = snprintf(path, sizeof path, "%s/journal.key", writer->folder);
    if (len >= (int)sizeof path)
        return ERR_TOO_BIG;
    buf_init(&text, JOURNAL_SEALED_BYTES);
    buf_add_format(&text, "%s\n", sealed);
    enum err err = file_replace(path, text.text, text.len, 0600);
    buf_done(&text);
    return err;
}

enum err segment_writer_finish(struct segment_writer *writer,
                               const struct segment_end *end,
                               int64_t *ret_records)
{
    struct segment_end last = *end;

    if (last.number == 0)
        last.number = writer->head.number;
    add_last_line(&writer->head, &last, &writer->text);
    enum err err = put_file(writer);
    if (!err)
        err = put_key(writer, end->sealed);
    if (!err)
        *ret_records = writer->records;
    return err;
}

/* ---- Reading ---- */

bool segment_is_one(const char *path)
{
    char start = '\0';
    size_t len = 0;

    /* A store begins with "SQLite", so one byte tells. */
    return vfs_read_start(path, &start, 1, &len) == ERR_OK && len == 1 &&
           start == first_words[0];
}

/* A line of text, and what follows it. */
struct lines {
    const char *at;
    const char *end;
};

/* Every line ends with a newline. */
static bool next_line(struct lines *lines, const char **ret_line,
                      size_t *ret_len)
{
    const char *newline =
        lines->at < lines->end
            ? memchr(lines->at, '\n', (size_t)(lines->end - lines->at))
            : NULL;

    if (!newline)
        return false;
    *ret_line = lines->at;
    *ret_len = (size_t)(newline - lines->at);
    lines->at = newline + 1;
    return true;
}

static bool is_same(const char *line, size_t len, const struct buf *made)
{
    return !made->is_cut && made->len == len &&
           memcmp(made->text, line, len) == 0;
}

/* A number that stands in line between two texts; -1 when it does not.  That
 * nothing else stands there shows when the line is made again. */
static int64_t find_number(const char *line, size_t len, const char *before)
{
    size_t before_len = strlen(before);
    int64_t value = -1;

    for (size_t at = 0; at + before_len < len; at++) {
        if (memcmp(line + at, before, before_len) != 0)
            continue;
        value = 0;
        for (at += before_len; at < len && line[at] >= '0' && line[at] <= '9' &&
                               value < INT64_MAX / 10 - 1;
             at++)
            value = value * 10 + (line[at] - '0');
        return value;
    }
    return -1;
}

static bool find_hash(const char *line, size_t len, const char *before,
                      unsigned char hash[CRYPTO_DIGEST_BYTES])
{
    enum { HEX = CRYPTO_HEX_DIGEST - 1 };
    size_t before_len = strlen(before);
    char hex[CRYPTO_HEX_DIGEST];

    for (size_t at = 0; at + before_len + HEX <= len; at++) {
        if (memcmp(line + at, before, before_len) != 0)
            continue;
        memcpy(hex, line + at + before_len, HEX);
        hex[HEX] = '\0';
        return hex_decode(hex, hash, CRYPTO_DIGEST_BYTES) == ERR_OK;
    }
    return false;
}

static bool read_first_line(const char *line, size_t len,
                            struct journal_head *ret_before)
{
    struct journal_head before = { .number =
                                       find_number(line, len, "\"after\":") };
    struct buf made;

    if (before.number < 0 || !find_hash(line, len, "\"hash\":\"", before.hash))
        return false;
    buf_init(&made, JOURNAL_LINE_BYTES);
    add_first_line(&before, &made);
    bool is_good = is_same(line, len, &made);
    buf_done(&made);
    if (is_good)
        *ret_before = before;
    return is_good;
}

/* How a segment ended. */
struct ending {
    struct journal_head head;
    bool is_last;
    bool has_code;
    int64_t last_number;
    unsigned char code[CRYPTO_DIGEST_BYTES];
};

static bool read_last_line(const char *line, size_t len, struct ending *ending)
{
    struct segment_end end = { .number = find_number(line, len, "\"last\":") };
    struct buf made;

    if (len < strlen(end_words) || memcmp(line, end_words, strlen(end_words)))
        return false;
    memset(ending, 0, sizeof *ending);
    ending->head.number = find_number(line, len, end_words);
    if (!find_hash(line, len, "\"hash\":\"", ending->head.hash))
        return false;
    ending->is_last = end.number >= 0;
    ending->last_number = end.number;
    ending->has_code = find_hash(line, len, "\"code\":\"", ending->code);
    if (ending->has_code)
        end.code = ending->code;
    buf_init(&made, JOURNAL_LINE_BYTES);
    add_last_line(&ending->head, ending->is_last ? &end : NULL, &made);
    bool is_good = is_same(line, len, &made);
    buf_done(&made);
    return is_good;
}

/* ---- Checking ---- */

struct reading {
    struct journal_check check;
    const struct journal_check_settings *settings;
    bool is_begun;
    struct ending ending; /* of the newest segment read */
};

static void find_segment_fault(struct reading *reading)
{
    journal_check_find(&reading->check, reading->check.head.number + 1,
                       JOURNAL_FAULT_SEGMENT);
}

/* The first segment says where the records begin; each later one must go on
 * where the one before ended. */
static void take_first_line(struct reading *reading,
                            const struct journal_head *before)
{
    const struct journal_head *head = &reading->check.head;

    if (!reading->is_begun) {
        reading->is_begun = true;
        journal_check_init(&reading->check, reading->settings, before);
        return;
    }
    if (before->number > head->number)
        journal_check_find(&reading->check, head->number + 1,
                           JOURNAL_FAULT_MISSING);
    else if (before->number < head->number)
        journal_check_find(&reading->check, head->number + 1,
                           JOURNAL_FAULT_PLACE);
    else if (memcmp(before->hash, head->hash, sizeof head->hash) != 0)
        find_segment_fault(reading);
}

static void take_record(struct reading *reading, const char *line, size_t len)
{
    char room[JOURNAL_LINE_BYTES];
    struct journal_record record;

    if (journal_read_line(line, len, &record, room)) {
        (void)journal_check_record(&reading->check, &record);
        return;
    }
    reading->check.records++;
    journal_check_find(&reading->check, reading->check.head.number + 1,
                       JOURNAL_FAULT_FORM);
}

static void take_last_line(struct reading *reading)
{
    const struct journal_head *head = &reading->check.head;
    const struct journal_head *told = &reading->ending.head;

    if (told->number > head->number)
        journal_check_find(&reading->check, head->number + 1,
                           JOURNAL_FAULT_MISSING);
    else if (told->number < head->number ||
             memcmp(told->hash, head->hash, sizeof head->hash) != 0)
        find_segment_fault(reading);
}

/* ERR_BAD_INPUT when not even the first line can be read. */
static enum err read_text(struct reading *reading, const char *text, size_t len)
{
    struct lines lines = { text, text + len };
    struct journal_head before;
    const char *line;
    size_t line_len;
    bool is_ended = false;

    if (!next_line(&lines, &line, &line_len) ||
        !read_first_line(line, line_len, &before)) {
        if (!reading->is_begun)
            return ERR_BAD_INPUT;
        find_segment_fault(reading);
        return ERR_OK;
    }
    take_first_line(reading, &before);
    while (!is_ended && next_line(&lines, &line, &line_len)) {
        is_ended = read_last_line(line, line_len, &reading->ending);
        if (!is_ended)
            take_record(reading, line, line_len);
    }
    if (!is_ended || lines.at != lines.end)
        find_segment_fault(reading);
    else
        take_last_line(reading);
    return ERR_OK;
}

static enum err read_segment(struct reading *reading, const char *path)
{
    char *text = NULL;
    size_t len = 0;

    enum err err = file_read(path, SEGMENT_MAX, &text, &len);
    if (err)
        return err;
    err = read_text(reading, text, len);
    mem_free(text);
    return err;
}

/* ---- A folder ---- */

struct names {
    char (*at)[NAME_BYTES];
    size_t count;
    bool is_strange; /* a name that no segment of ours has */
};

static void on_name(void *owner, const char *name)
{
    struct names *names = owner;
    size_t one = sizeof *names->at;

    if (strlen(name) >= NAME_BYTES || names->count == NAMES_MOST) {
        names->is_strange = true;
        return;
    }
    names->at =
        mem_resize(names->at, names->count * one, (names->count + 1) * one);
    snprintf(names->at[names->count++], NAME_BYTES, "%s", name);
}

/* Every record is there only when the last segment says that it is the last,
 * and whatever came before the first was taken away in order. */
static void check_ends(struct reading *reading)
{
    struct journal_check *check = &reading->check;
    const struct ending *ending = &reading->ending;

    if (!ending->is_last)
        journal_check_find(check, check->head.number + 1, JOURNAL_FAULT_CUT);
    if (check->start.number != check->pruned)
        journal_check_find(check, check->pruned + 1, JOURNAL_FAULT_PRUNED);
}

static enum err read_folder(struct reading *reading, const char *folder)
{
    struct names names = { 0 };
    char path[PATH_BYTES];

    enum err err = file_list(folder, suffix, on_name, &names);
    if (!err && names.is_strange)
        err = ERR_BAD_INPUT;
    if (!err && names.count == 0)
        err = ERR_NOT_FOUND;
    for (size_t i = 0; !err && i < names.count; i++) {
        int len = snprintf(path, sizeof path, "%s/%s", folder, names.at[i]);
        err =
            len < (int)sizeof path ? read_segment(reading, path) : ERR_TOO_BIG;
    }
    mem_free(names.at);
    if (!err)
        check_ends(reading);
    return err;
}

enum err segment_check_path(const char *path,
                            const struct journal_check_settings *settings,
                            struct journal_result *ret_result)
{
    struct reading reading = { .settings = settings };

    enum err err = file_is_folder(path) ? read_folder(&reading, path)
                                        : read_segment(&reading, path);
    const struct ending *ending = &reading.ending;
    if (!err && ending->is_last)
        journal_check_end(&reading.check, ending->last_number,
                          ending->has_code ? ending->code : NULL);
    if (!err)
        journal_check_result(&reading.check, ret_result);
    journal_check_done(&reading.check);
    return err;
}
