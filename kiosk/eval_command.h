/* kiosk eval 'RULE' [--vars FILE.json] [--today 2026-11-26]: what a rule gives,
 * so that an integrator can try one, and compare ours with another library. */
#pragma once

#include "kiosk/command_line.h"

/* From the word "eval" on.  Prints the value as JSON, or a sentence with the
 * place of the mistake; returns main's exit code. */
int eval_command(int argc, char **argv, const struct program *program);
