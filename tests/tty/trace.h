/* Kills a program at one of its writes: a tracer between drive.h and the real
 * kiosk, which stops every thread of it at each system call that changes
 * something outside and ends it there by SIGKILL, before the call is made (but
 * for those that paint the terminal, for which the report's lines stand).
 *
 * The tracer is the test program itself, started by drive.h in the place of
 * kiosk; it is told by a piece of shared memory when to begin counting and at
 * which call to kill. */
#pragma once

#include <stdbool.h>

struct trace;

/* For the first line of main(): in the tracer it does not return. */
void trace_run_if_asked(int argc, char **argv);

/* What to give to drive_start as its program; the trace must live longer. */
struct trace *trace_new(void);
void trace_free(struct trace *trace);
const char *trace_program(const struct trace *trace);

/* For a program that runs by now (tracer: its process): counts from here, and
 * kills at the call of that number (from 1; 0: never).  Returns once every
 * thread is watched. */
void trace_arm(struct trace *trace, int tracer, int kill_at);
/* Kills the program where no call did, and returns when it is gone, its locks
 * with it; before drive_kill, which would end the tracer first and leave the
 * program dying. */
void trace_end(struct trace *trace, int tracer);
/* Calls since then. */
int trace_count(const struct trace *trace);
bool trace_has_killed(const struct trace *trace);
/* The name of the call it was killed at. */
const char *trace_call(const struct trace *trace);
