/* 回执号 and 查询码.
 *
 * A receipt number is twelve digits: terminal 4, last digit of the year 1, day
 * of the year 3, sequence 3, check digit by ISO 7064 MOD 11,10.  The 1,000th
 * of a day takes the next day's number. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { RECEIPT_DIGITS = 12 };

struct receipt_count {
    char day[9];  /* "20261123": the day it counts on */
    int sequence; /* 1 … 999 */
};

/* The count after last, for a slip made on the day of wall_ms. */
struct receipt_count receipt_next(const struct receipt_count *last,
                                  int64_t wall_ms);
/* terminal: four digits. */
void receipt_make(const char *terminal, const struct receipt_count *count,
                  char receipt[RECEIPT_DIGITS + 1]);
bool receipt_is_ok(const char *receipt);
/* "3100 6327 0014" as 4-4-4 with spaces; grouped: 15 bytes. */
void receipt_group(const char *receipt, char grouped[15]);
