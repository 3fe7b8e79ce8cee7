#include "kiosk/hub/machine_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "kiosk/base/buf.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/hub.h"

enum { EXIT_USAGE = 2 };

static int complain(const char *what, const char *which)
{
    fprintf(stderr, "kiosk-hub: %s %s; see kiosk-hub --help\n", what, which);
    return EXIT_USAGE;
}

static int explain_key(enum err err, const char *state, const char *fingerprint)
{
    if (!err)
        return EXIT_SUCCESS;
    if (err == ERR_BAD_INPUT)
        return complain("a fingerprint is 64 hex digits in lower case, and no "
                        "key follows itself; not",
                        fingerprint);
    if (err == ERR_REFUSED)
        fprintf(stderr, "kiosk-hub: this key was revoked or replaced, which is "
                        "not taken back; make another (kiosk key replace)\n");
    else if (err == ERR_CONFLICT)
        fprintf(stderr, "kiosk-hub: this key is enrolled with another "
                        "predecessor already; nothing was changed\n");
    else
        fprintf(stderr, "kiosk-hub: cannot write in %s: %s\n", state,
                err_text(err));
    return EXIT_FAILURE;
}

int machine_journal_accept(const char *state, const char *fingerprint)
{
    enum err err = hub_journal_accept(state, fingerprint);

    if (err == ERR_BAD_INPUT)
        return complain("a fingerprint is 64 hex digits in lower case, not",
                        fingerprint);
    if (!err)
        return EXIT_SUCCESS;
    fprintf(stderr, "kiosk-hub: cannot write in %s: %s\n", state,
            err_text(err));
    return EXIT_FAILURE;
}

int machine_journal_key(const char *state, const char *file)
{
    struct buf text;
    enum err err;

    buf_init(&text, 128);
    err = hub_journal_key(state, file, &text);
    if (!err)
        fputs(text.text, stdout);
    else if (err == ERR_BAD_INPUT)
        fprintf(stderr, "kiosk-hub: %s: this is no key of a journal\n", file);
    else if (err == ERR_REFUSED)
        fprintf(stderr, "kiosk-hub: %s: it is sealed to another office\n",
                file);
    else
        fprintf(stderr, "kiosk-hub: %s, or the office.key in %s: %s\n", file,
                state, err_text(err));
    buf_done(&text);
    return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int machine_enrol(const char *state, const char *fingerprint,
                  const char *replaces)
{
    return explain_key(enrolment_add(state, fingerprint, replaces), state,
                       fingerprint);
}

int machine_revoke(const char *state, const char *fingerprint)
{
    return explain_key(enrolment_revoke(state, fingerprint), state,
                       fingerprint);
}

int machine_journal_heads(const char *state)
{
    enum { HEADS_MAX_BYTES = 64 * 1024 * 1024 };
    struct buf text;
    enum err err;

    buf_init(&text, HEADS_MAX_BYTES);
    err = hub_journal_heads(state, &text);
    if (!err)
        fputs(text.text, stdout);
    else
        fprintf(stderr, "kiosk-hub: cannot use %s: %s\n", state,
                err == ERR_EXISTS ? "a kiosk-hub runs there: stop it first"
                                  : err_text(err));
    buf_done(&text);
    return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
