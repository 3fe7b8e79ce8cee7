/* What every bench needs: a clock of its own (ours can be shifted), the middle
 * and the tail of a row of measurements, and one way to print a figure.
 *
 * A line is: name, value, unit, ratio to the reference of the same run ("-":
 * none), target, and whether it was reached.  tests/bench/run aligns them.  It
 * is one header because each bench is one program. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double figure_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of this process: what else runs on the machine does not count. */
static inline double figure_processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline int figure_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The value that part of all (0 to 1) do not exceed; sorts the values. */
static inline double figure_part(double *values, size_t count, double part)
{
    qsort(values, count, sizeof *values, figure_compare);
    size_t at = (size_t)(part * (double)count);
    return values[at < count ? at : count - 1];
}

static inline double figure_median(double *values, size_t count)
{
    return figure_part(values, count, 0.5);
}

/* ratio: 0 prints "-".  target: "" when the figure has none. */
static inline void figure_print(const char *name, double value,
                                const char *unit, double ratio,
                                const char *target, int is_reached,
                                const char *note)
{
    char ratio_text[32] = "-";
    if (ratio > 0)
        snprintf(ratio_text, sizeof ratio_text, "%.2f", ratio);
    printf("%s|%.2f|%s|%s|%s|%s|%s\n", name, value, unit, ratio_text,
           *target ? target : "-",
           !*target     ? "-"
           : is_reached ? "ok"
                        : "MISSED",
           note);
    fflush(stdout);
}
