/* kiosk-hub: options, wiring, run, orderly stop. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/loop.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/sandbox.h"
#include "kiosk/hub/drawing.h"
#include "kiosk/hub/hub.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/import.h"
#include "kiosk/hub/machine_command.h"
#include "kiosk/hub/office_command.h"
#include "kiosk/hub/serve.h"

enum {
    EXIT_USAGE = 2,
    PEM_MAX_BYTES = 256 * 1024,
    PROGRAM_PATH_BYTES = 4096,
    ITEMS_PATH_BYTES = PROGRAM_PATH_BYTES + 40
};

static const char help[] =
    "kiosk-hub: takes cases from kiosks and serves the progress pages.\n"
    "\n"
    "  kiosk-hub --state DIR --terminals HOST:PORT --public HOST:PORT\n"
    "            [--cert FILE --key FILE] [--public-url URL] [--codes DIR]\n"
    "            [--items DIR] [--draw FILE] [--demo] [--follow-clock] "
    "[--until-eof]\n"
    "  kiosk-hub enrol FINGERPRINT [--replaces OLD] --state DIR\n"
    "  kiosk-hub revoke FINGERPRINT --state DIR\n"
    "  kiosk-hub import FILE --state DIR [--salvage] [--items DIR]\n"
    "  kiosk-hub journal-key FILE --state DIR\n"
    "  kiosk-hub journal-accept FINGERPRINT --state DIR\n"
    "  kiosk-hub journal-heads --state DIR\n"
    "  kiosk-hub case ID accepted|correct|finished|withdrawn [TEXT] --state "
    "DIR\n"
    "  kiosk-hub calls [--answer N] --state DIR\n"
    "  kiosk-hub terminals --state DIR\n"
    "  kiosk-hub look --state DIR\n"
    "  kiosk-hub payments --state DIR\n"
    "  kiosk-hub pay PAYMENT --state DIR\n"
    "  kiosk-hub certificate NUMBER withdrawn --state DIR\n"
    "  kiosk-hub --help\n"
    "\n"
    "  --state DIR            where everything is kept; made when missing\n"
    "  --terminals HOST:PORT  where kiosks send to; port 0: any free one\n"
    "  --public HOST:PORT     where phones look at progress pages\n"
    "  --cert FILE --key FILE TLS on both; without, HOST must be loopback\n"
    "  --public-url URL       how phones reach --public, when not as it says\n"
    "  --codes DIR            codes to telephones are written there, N.json;\n"
    "                         without, none are sent\n"
    "  --items DIR            the kiosks' items, by whose rules each case is\n"
    "                         looked at once more; older packs in "
    "DIR/older/*;\n"
    "                         without, those beside this program\n"
    "  --draw FILE            kiosk-draw; without, the one beside this "
    "program\n"
    "  --demo                 enrols every machine by itself, and knows every\n"
    "                         valid ID number\n"
    "  --follow-clock         sets its clock on to a kiosk's that is ahead, "
    "for\n"
    "                         the demo's `clock +90s`; never where it matters\n"
    "  --until-eof            ends when its standard input ends\n"
    "\n"
    "Once it listens it prints one line of JSON: terminals, public,\n"
    "office_key (base64), office_key_id.  `enrol` lets the machine with that\n"
    "key fingerprint send; --replaces names the key that it follows, whose\n"
    "cases it may bring.  `revoke` withdraws a key: its requests are refused,\n"
    "and what it signed waits for staff.  Both work while the hub runs.\n"
    "\n"
    "`import` takes the cases that `kiosk outbox export` wrote on a machine\n"
    "that died, each once, each checked as if its machine had sent it.  The\n"
    "hub must be stopped for it, because its database has one owner.  Of a\n"
    "damaged file nothing is taken; with --salvage the cases that are whole\n"
    "are.  Exit code 0: all cases of the file are at the hub.\n"
    "\n"
    "`journal-key` opens DIR/journal/FINGERPRINT.key, or an export's "
    "journal.key, for `kiosk "
    "journal\n"
    "verify --key`: keep what it prints secret.  `journal-accept` takes the\n"
    "journal that a machine has now for the right one, after JOURNAL_FORGED.\n"
    "`journal-heads` prints what a stopped hub has noted: each machine's\n"
    "fingerprint, and its newest record for `kiosk journal verify --anchor`.\n"
    "\n"
    "`case` tells how a case stands now (ID: its id, case number or receipt\n"
    "number), with words to the citizen.  `calls` lists who asks for a person\n"
    "at a machine; --answer N tells them that somebody comes.  `terminals`\n"
    "lists the machines: heard when, what waits there; SILENT after ten\n"
    "minutes.  `look` lists the cases that were taken and that somebody "
    "should\n"
    "look at, and why: those of an item that is not in --items, say; until\n"
    "`case` says something of them.  `payments` lists what was to be paid, "
    "what\n"
    "was, and what is to be given back; `pay` is the test cashier.\n"
    "`certificate` withdraws one.  All of them "
    "work while the hub\n"
    "runs; what could not be carried out stands in DIR/orders as .refused.\n";

struct options {
    const char *state;
    const char *terminals;
    const char *public;
    const char *cert;
    const char *key;
    const char *public_url;
    const char *codes;
    const char *draw;
    const char *items;
    const char *enrol;          /* the fingerprint of `kiosk-hub enrol` */
    const char *import;         /* the file of `kiosk-hub import` */
    const char *journal_key;    /* the file of `kiosk-hub journal-key` */
    const char *journal_accept; /* a fingerprint */
    const char *revoke;         /* … of `kiosk-hub revoke` */
    const char *replaces;
    bool journal_heads;
    bool is_demo;
    bool follows_clock;
    bool is_salvage;
    bool until_eof;
    bool help;
};

/* HOST:PORT taken apart; [::1]:0 loses its brackets. */
struct place {
    char host[256];
    char shown[260]; /* as it stands in a URL */
    uint16_t port;
};

struct program {
    struct loop *loop;
    struct hub_items *items; /* the hub borrows them */
    struct hub *hub;
    struct serve *terminals;
    struct serve *public;
    struct drawing *drawing;
    struct timer *tidy;
    struct watch *input;
    struct signal_watch *signals[2];
    char *cert;
    char *key;
};

static int complain(const char *what, const char *which)
{
    fprintf(stderr, "kiosk-hub: %s%s%s; see kiosk-hub --help\n", what,
            which[0] == '\0' ? "" : " ", which);
    return EXIT_USAGE;
}

static const char **text_option(struct options *options, const char *name)
{
    const struct {
        const char *name;
        const char **value;
    } table[] = {
        { "--state", &options->state },
        { "--terminals", &options->terminals },
        { "--public", &options->public },
        { "--cert", &options->cert },
        { "--key", &options->key },
        { "--public-url", &options->public_url },
        { "--codes", &options->codes },
        { "--draw", &options->draw },
        { "--items", &options->items },
        { "--replaces", &options->replaces },
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0)
            return table[i].value;
    }
    return NULL;
}

static bool *flag_option(struct options *options, const char *name)
{
    if (strcmp(name, "--demo") == 0)
        return &options->is_demo;
    if (strcmp(name, "--follow-clock") == 0)
        return &options->follows_clock;
    if (strcmp(name, "--salvage") == 0)
        return &options->is_salvage;
    if (strcmp(name, "--until-eof") == 0)
        return &options->until_eof;
    if (strcmp(name, "journal-heads") == 0)
        return &options->journal_heads;
    if (strcmp(name, "--help") == 0)
        return &options->help;
    return NULL;
}

/* One of these may stand first; what follows it is what it is about. */
static const char **command_option(struct options *options, int at,
                                   const char *name)
{
    if (at != 1)
        return NULL;
    if (strcmp(name, "enrol") == 0)
        return &options->enrol;
    if (strcmp(name, "revoke") == 0)
        return &options->revoke;
    if (strcmp(name, "import") == 0)
        return &options->import;
    if (strcmp(name, "journal-key") == 0)
        return &options->journal_key;
    if (strcmp(name, "journal-accept") == 0)
        return &options->journal_accept;
    return NULL;
}

/* 0, or the exit code after a sentence. */
static int read_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i++) {
        const char **text = text_option(options, argv[i]);
        bool *flag = flag_option(options, argv[i]);

        if (text == NULL)
            text = command_option(options, i, argv[i]);
        if (flag != NULL)
            *flag = true;
        else if (text == NULL)
            return complain("there is no option", argv[i]);
        else if (i + 1 == argc)
            return complain("a value is missing after", argv[i]);
        else
            *text = argv[++i];
    }
    return 0;
}

static int check_options(const struct options *options)
{
    if (options->state == NULL)
        return complain("say where the state is kept: --state DIR", "");
    if (options->is_salvage && options->import == NULL)
        return complain("--salvage goes with import", "");
    if (options->replaces != NULL && options->enrol == NULL)
        return complain("--replaces goes with enrol", "");
    if (options->enrol != NULL || options->revoke != NULL ||
        options->import != NULL || options->journal_key != NULL ||
        options->journal_accept != NULL || options->journal_heads)
        return 0;
    if (options->terminals == NULL)
        return complain("say where kiosks connect: --terminals HOST:PORT", "");
    if (options->public == NULL)
        return complain("say where phones connect: --public HOST:PORT", "");
    if ((options->cert == NULL) != (options->key == NULL))
        return complain("--cert and --key go together", "");
    return 0;
}

static bool read_port(const char *text, uint16_t *ret_port)
{
    unsigned port = 0;
    size_t len = strlen(text);

    if (len == 0 || len > 5)
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        port = port * 10 + (unsigned)(*text - '0');
    }
    *ret_port = (uint16_t)port;
    return port <= UINT16_MAX;
}

static bool read_place(const char *text, struct place *place)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);
    bool has_brackets = len > 2 && text[0] == '[' && text[len - 1] == ']';

    if (len == 0 || len >= sizeof(place->host) ||
        !read_port(colon + 1, &place->port))
        return false;
    memcpy(place->shown, text, len);
    place->shown[len] = '\0';
    if (has_brackets) {
        text++;
        len -= 2;
    } else if (memchr(text, ':', len) != NULL) {
        return false; /* an IPv6 address needs its brackets */
    }
    memcpy(place->host, text, len);
    place->host[len] = '\0';
    return true;
}

static int explain_listen(enum err err, const char *where)
{
    switch ((int)err) {
    case ERR_BAD_INPUT:
        fprintf(stderr, "kiosk-hub: no such host: %s\n", where);
        return EXIT_USAGE;
    case ERR_REFUSED:
        fprintf(stderr,
                "kiosk-hub: %s is not loopback, and others could read along: "
                "give --cert FILE and --key FILE\n",
                where);
        return EXIT_USAGE;
    case ERR_CRYPTO:
        fprintf(stderr, "kiosk-hub: TLS cannot be used: check that --cert and "
                        "--key are PEM files that belong together\n");
        return EXIT_USAGE;
    default:
        fprintf(stderr,
                "kiosk-hub: cannot listen on %s: another program may use the "
                "port\n",
                where);
        return EXIT_FAILURE;
    }
}

static int listen_on(struct program *program, enum hub_listener listener,
                     const char *where, struct place *place,
                     struct serve **ret_serve)
{
    struct serve_settings settings = {
        .listener = listener,
        .cert = program->cert,
        .key = program->key,
    };
    enum err err;

    if (!read_place(where, place))
        return complain("expected HOST:PORT instead of", where);
    settings.host = place->host;
    settings.port = place->port;
    err = serve_open(program->loop, program->hub, &settings, ret_serve);
    return err ? explain_listen(err, where) : 0;
}

static int read_pem(const char *path, char **ret_text)
{
    size_t len;
    enum err err;

    if (path == NULL)
        return 0;
    err = file_read(path, PEM_MAX_BYTES, ret_text, &len);
    if (!err)
        return 0;
    fprintf(stderr, "kiosk-hub: cannot read %s: %s\n", path, err_text(err));
    return EXIT_USAGE;
}

static void on_problems(void *owner, const char *lines)
{
    (void)owner;
    fprintf(stderr, "%s", lines);
}

/* Where the terminal looks for them, too: beside the program, as built, or
 * where the installation puts them. */
static const char *items_folder(const struct options *options,
                                char path[ITEMS_PATH_BYTES])
{
    char folder[PROGRAM_PATH_BYTES];

    if (options->items != NULL)
        return options->items;
    if (file_program_folder(folder, sizeof(folder)) != ERR_OK)
        return NULL;
    snprintf(path, ITEMS_PATH_BYTES, "%s/share/items", folder);
    if (!file_is_folder(path))
        snprintf(path, ITEMS_PATH_BYTES, "%s/../../share/kiosk/items", folder);
    return path;
}

static struct hub_items *open_items(const struct options *options)
{
    static const struct hub_items_told told = { on_problems, NULL };
    char path[ITEMS_PATH_BYTES];

    return hub_items_open(items_folder(options, path), &told);
}

static int import(const struct options *options)
{
    struct hub_items *items = open_items(options);
    const struct hub_settings settings = { .state = options->state,
                                           .items = items };
    int code = hub_import(&settings, options->import, options->is_salvage);

    hub_items_close(items);
    return code;
}

static int open_hub(struct program *program, const struct options *options)
{
    program->items = open_items(options);
    struct hub_settings settings = {
        .state = options->state,
        .items = program->items,
        .is_demo = options->is_demo,
        .follows_clock = options->follows_clock,
        .codes = options->codes,
    };
    enum err err;

    err = hub_open(&settings, &program->hub);
    if (!err)
        return 0;
    event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
    fprintf(stderr, "kiosk-hub: cannot use %s: %s\n", options->state,
            err == ERR_EXISTS ? "another kiosk-hub runs there" : err_text(err));
    return EXIT_FAILURE;
}

static void on_signal(void *owner, int number)
{
    struct program *program = owner;

    (void)number;
    loop_stop(program->loop);
}

static void on_input(void *owner, int events)
{
    struct program *program = owner;
    char dropped[256];

    (void)events;
    if (read(STDIN_FILENO, dropped, sizeof(dropped)) > 0)
        return;
    watch_set(program->input, 0);
    loop_stop(program->loop);
}

/* A file is at its end at once and cannot be waited for. */
static int watch_input(struct program *program)
{
    struct stat about;

    if (fstat(STDIN_FILENO, &about) != 0 ||
        !(S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode) ||
          isatty(STDIN_FILENO)))
        return complain("--until-eof needs a pipe, a socket or a terminal as "
                        "standard input",
                        "");
    program->input =
        watch_new(program->loop, "hub.input", STDIN_FILENO, on_input, program);
    watch_set(program->input, LOOP_READ);
    return 0;
}

/* The one line that a parent reads. */
static void announce(const struct program *program, const struct place *at,
                     const struct place *phones)
{
    const char *scheme = program->cert == NULL ? "http" : "https";
    const unsigned char *key = hub_office_key(program->hub);
    char id[CRYPTO_HEX_DIGEST];
    struct buf text;

    key_fingerprint(key, id);
    buf_init(&text, 64);
    buf_add_base64(&text, key, CRYPTO_PUBLIC_BYTES);
    printf("{\"terminals\":\"%s://%s:%u\",\"public\":\"%s://%s:%u\","
           "\"office_key\":\"%s\",\"office_key_id\":\"%s\"}\n",
           scheme, at->shown, serve_port(program->terminals), scheme,
           phones->shown, serve_port(program->public), text.text, id);
    fflush(stdout);
    buf_done(&text);
}

static void start_drawing(struct program *program,
                          const struct options *options)
{
    enum { PATH_BYTES = 4096 };
    char folder[PATH_BYTES], beside[PATH_BYTES + 16] = "kiosk-draw";

    if (options->draw == NULL &&
        file_program_folder(folder, sizeof(folder)) == ERR_OK)
        snprintf(beside, sizeof(beside), "%s/kiosk-draw", folder);
    program->drawing =
        drawing_new(program->loop, program->hub,
                    options->draw != NULL ? options->draw : beside);
}

static void set_public_url(const struct program *program,
                           const struct options *options,
                           const struct place *phones)
{
    const char *scheme = program->cert == NULL ? "http" : "https";
    char url[320];

    snprintf(url, sizeof(url), "%s://%s:%u", scheme, phones->shown,
             serve_port(program->public));
    hub_set_public_url(program->hub,
                       options->public_url != NULL ? options->public_url : url);
}

static void on_tidy(void *owner)
{
    enum { TIDY_MS = 1000 };
    struct program *program = owner;

    hub_tidy(program->hub);
    timer_start(program->tidy, TIDY_MS);
}

static int run(struct program *program, const struct options *options)
{
    struct place at, phones;
    int status = read_pem(options->cert, &program->cert);

    if (!status)
        status = read_pem(options->key, &program->key);
    if (!status)
        status = open_hub(program, options);
    if (!status)
        status = listen_on(program, HUB_TERMINALS, options->terminals, &at,
                           &program->terminals);
    if (!status)
        status = listen_on(program, HUB_PUBLIC, options->public, &phones,
                           &program->public);
    if (!status && options->until_eof)
        status = watch_input(program);
    if (status)
        return status;
    program->signals[0] =
        signal_new(program->loop, SIGTERM, on_signal, program);
    program->signals[1] = signal_new(program->loop, SIGINT, on_signal, program);
    start_drawing(program, options);
    set_public_url(program, options, &phones);
    program->tidy = timer_new(program->loop, "hub.tidy", on_tidy, program);
    timer_start(program->tidy, 0);
    announce(program, &at, &phones);
    event_record(EVENT_STARTED, FIELD_VERSION, KIOSK_VERSION, FIELD_END);
    loop_run(program->loop);
    event_record(EVENT_STOPPED, FIELD_END);
    return EXIT_SUCCESS;
}

static void shut(struct program *program)
{
    for (int i = 0; i < 2; i++) {
        if (program->signals[i] != NULL)
            signal_free(program->signals[i]);
    }
    if (program->input != NULL)
        watch_free(program->input);
    timer_free(program->tidy);
    serve_close(program->public);
    serve_close(program->terminals);
    drawing_free(program->drawing);
    hub_close(program->hub);
    hub_items_close(program->items);
    mem_free(program->cert);
    mem_free(program->key);
    loop_free(program->loop);
}

static void print_event(void *owner, const struct event_record_of *event)
{
    (void)owner;
    fprintf(stderr, "%s %s\n", event->name, event->fields);
}

int main(int argc, char **argv)
{
    struct options options = { 0 };
    struct program program = { 0 };
    bool is_office = argc > 1 && office_command_is(argv[1]);
    int status = is_office ? 0 : read_options(argc, argv, &options);

    if (status)
        return status;
    if (options.help) {
        fputs(help, stdout);
        return EXIT_SUCCESS;
    }
    status = is_office ? 0 : check_options(&options);
    if (status)
        return status;
    /* Nothing of ours or of a library's is steered from outside. */
    clearenv();
    if (sandbox_enter(SANDBOX_HUB)) {
        fprintf(stderr, "kiosk-hub: cannot give up its rights\n");
        return EXIT_FAILURE;
    }
    if (is_office)
        return office_command(argc - 1, argv + 1);
    if (options.enrol != NULL)
        return machine_enrol(options.state, options.enrol, options.replaces);
    if (options.revoke != NULL)
        return machine_revoke(options.state, options.revoke);
    if (options.journal_accept != NULL)
        return machine_journal_accept(options.state, options.journal_accept);
    if (options.journal_key != NULL)
        return machine_journal_key(options.state, options.journal_key);
    if (options.journal_heads)
        return machine_journal_heads(options.state);
    /* A phone that hangs up, or a parent that reads no more, ends nothing. */
    sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    event_set_sink(print_event, NULL);
    if (options.import != NULL)
        return import(&options);
    program.loop = loop_new();
    status = run(&program, &options);
    shut(&program);
    return status;
}
