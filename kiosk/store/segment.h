/* The journal as flat files: README.md beside this tells their form.  For
 * journal_verify.c and tests. */
#pragma once

#include "kiosk/store/journal.h"

enum { SEGMENT_RECORDS = 1000 };

struct journal_record;

/* Whether the file begins as a segment does. */
bool segment_is_one(const char *path);
/* A segment alone, or every segment of a folder in order. */
MUST_CHECK enum err
segment_check_path(const char *path,
                   const struct journal_check_settings *settings,
                   struct journal_result *ret_result);

struct segment_writer;

/* What the store notes beside the records. */
struct segment_end {
    int64_t number;            /* 0: not noted */
    const unsigned char *code; /* NULL: none */
    const char *sealed;        /* "" : none */
};

/* Makes the folder; ERR_EXISTS when it holds segments already. */
MUST_CHECK enum err segment_writer_new(const char *folder,
                                       const struct journal_head *start,
                                       struct segment_writer **ret_writer);
MUST_CHECK enum err segment_write(struct segment_writer *writer,
                                  const struct journal_record *record);
/* The last segment says that it is the last. */
MUST_CHECK enum err segment_writer_finish(struct segment_writer *writer,
                                          const struct segment_end *end,
                                          int64_t *ret_records);
void segment_writer_free(struct segment_writer *writer);
