#include "kiosk/hub/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/hub/take.h"
#include "kiosk/store/outbox_file.h"

enum { PATH_BYTES = 4096 };

struct tally {
    unsigned created, existing, refused;
};

/* A hub that keeps nothing here would be made, with a new key that opens none
 * of the cases. */
static bool is_hub(const char *state)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof(path), "%s/hub.sqlite", state);
    return file_exists(path);
}

static int open_hub(const struct hub_settings *settings, struct hub **ret_hub)
{
    const char *state = settings->state;
    enum err err = is_hub(state) ? hub_open(settings, ret_hub) : ERR_NOT_FOUND;

    if (!err)
        return EXIT_SUCCESS;
    if (err == ERR_EXISTS)
        fprintf(stderr,
                "kiosk-hub: a kiosk-hub runs on %s: stop it, import, and start "
                "it again\n",
                state);
    else
        fprintf(stderr, "kiosk-hub: cannot use %s: %s\n", state,
                err == ERR_NOT_FOUND ? "no hub has kept anything there"
                                     : err_text(err));
    return EXIT_FAILURE;
}

/* Who signed: the machine whose key stands in the file, or, where that is lost
 * or was replaced since, the one that the hub knows by the envelope's name.  A
 * wrong answer does no harm: name, key and signature are checked. */
struct signer {
    char machine[CRYPTO_HEX_DIGEST];
    unsigned char public_key[CRYPTO_PUBLIC_BYTES];
};

static bool find_signer(struct hub *hub, const struct outbox_file *file,
                        const struct outbox_file_case *entry,
                        struct signer *signer)
{
    struct envelope envelope;
    bool is_read = envelope_read(entry->bytes, entry->len, &envelope) == ERR_OK;

    if (file->machine_key != NULL) {
        key_fingerprint(file->machine_key, signer->machine);
        memcpy(signer->public_key, file->machine_key, CRYPTO_PUBLIC_BYTES);
        if (!is_read || strcmp(envelope.machine, signer->machine) == 0)
            return true;
    }
    if (is_read && hub_store_machine_key(hub->store, envelope.machine,
                                         signer->public_key) == ERR_OK) {
        memcpy(signer->machine, envelope.machine, sizeof(signer->machine));
        return true;
    }
    return file->machine_key != NULL;
}

static const char *why_not(const struct hub_outcome *outcome)
{
    return outcome->taken == HUB_FAILED ? err_text(outcome->err)
                                        : problem_title(outcome->problem);
}

/* "…: missing county" */
static void print_rule(const struct hub_outcome *outcome)
{
    const struct judgement *judgement = &outcome->judgement;

    if (outcome->taken == HUB_REFUSED && outcome->problem == PROBLEM_rules)
        printf(": %s %s", judge_code_name(judgement->code), judgement->name);
    printf("\n");
}

static void take(struct hub *hub, const struct outbox_file *file,
                 const struct outbox_file_case *entry, struct tally *tally)
{
    struct signer signer;
    struct hub_outcome outcome = { .taken = HUB_REFUSED,
                                   .problem = PROBLEM_machine };

    if (find_signer(hub, file, entry, &signer)) {
        const struct hub_offer offer = {
            .machine = signer.machine,
            .public_key = signer.public_key,
            .id = entry->id,
            .bytes = entry->bytes,
            .len = entry->len,
            .is_carried = true,
        };
        outcome = hub_case_take(hub, &offer);
    }
    switch (outcome.taken) {
    case HUB_CREATED:
        tally->created++;
        printf("%s created %s\n", entry->id, outcome.found.case_number);
        break;
    case HUB_EXISTS:
        tally->existing++;
        printf("%s exists %s\n", entry->id, outcome.found.case_number);
        break;
    case HUB_REFUSED:
    case HUB_FAILED:
        tally->refused++;
        printf("%s refused: %s", entry->id, why_not(&outcome));
        print_rule(&outcome);
        break;
    }
    fflush(stdout); /* what was done is said, whatever comes next */
}

/* The id of a damaged case may be any bytes, so its number is printed. */
static void take_all(struct hub *hub, const struct outbox_file *file,
                     struct tally *tally)
{
    struct outbox_file_case entry;
    size_t at = 0;
    uint32_t number = 0;

    while (number < file->count && outbox_file_next(file, &at, &entry)) {
        number++;
        if (entry.is_whole) {
            take(hub, file, &entry, tally);
            continue;
        }
        tally->refused++;
        printf("case %u of the file refused: %s\n", (unsigned)number,
               outbox_flaw_text(OUTBOX_FLAW_CASE));
    }
}

static int import_file(const struct hub_settings *settings,
                       const struct outbox_file *file)
{
    struct hub *hub = NULL;
    struct tally tally = { 0 };

    int code = open_hub(settings, &hub);
    if (code)
        return code;
    take_all(hub, file, &tally);
    hub_close(hub);
    unsigned at_hub = tally.created + tally.existing;
    bool is_all = !file->flaw && at_hub == file->count;
    printf("%u cases in the file: %u created, %u were there, %u refused%s\n",
           (unsigned)file->count, tally.created, tally.existing, tally.refused,
           is_all ? "" : "; NOT ALL ARE AT THE HUB: keep the file");
    return is_all ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void complain(const char *path, const struct outbox_file *file,
                     bool is_salvage)
{
    char where[64] = "";

    if (file->flawed_case)
        snprintf(where, sizeof(where),
                 "case %u of %u: ", (unsigned)file->flawed_case,
                 (unsigned)file->count);
    fprintf(stderr, "kiosk-hub: %s: %s%s; %s\n", path, where,
            outbox_flaw_text(file->flaw),
            is_salvage ? "only cases that are whole are taken"
                       : "nothing was taken. Export it again, or take the "
                         "cases that are whole by --salvage");
}

int hub_import(const struct hub_settings *settings, const char *path,
               bool is_salvage)
{
    const void *bytes = NULL;
    struct outbox_file file;
    size_t len = 0;
    int code = EXIT_FAILURE;

    enum err err = file_map(path, &bytes, &len);
    if (err) {
        fprintf(stderr, "kiosk-hub: cannot read %s: %s\n", path, err_text(err));
        return EXIT_FAILURE;
    }
    outbox_file_read(bytes, len, &file);
    if (file.flaw)
        complain(path, &file, is_salvage);
    if (!file.flaw || (is_salvage && file.flaw != OUTBOX_FLAW_FOREIGN))
        code = import_file(settings, &file);
    file_unmap(bytes, len);
    return code;
}
