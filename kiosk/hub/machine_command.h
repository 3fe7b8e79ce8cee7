/* What staff run about machines: `kiosk-hub enrol`, `revoke`, `journal-key`,
 * `journal-accept` and `journal-heads`.  Each returns the exit code, after a
 * sentence on standard error when it is not 0. */
#pragma once

/* replaces: NULL, or the key before it. */
int machine_enrol(const char *state, const char *fingerprint,
                  const char *replaces);
int machine_revoke(const char *state, const char *fingerprint);
int machine_journal_key(const char *state, const char *file);
int machine_journal_accept(const char *state, const char *fingerprint);
int machine_journal_heads(const char *state);
