/* kiosk eval 'RULE' [--vars FILE.json] [--today 2026-11-26]: what a rule gives,
 * so that an integrator can try one, and compare ours with another library. */
#pragma once

/* words: what stands after "eval"; items_folder: where lists/ with the names of
 * divisions is.  Prints the value as JSON, or a sentence with the place of the
 * mistake; returns main's exit code. */
int eval_command(int count, char **words, const char *items_folder);
