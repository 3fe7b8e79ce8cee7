/* kiosk: options, wiring, run, orderly stop. */
#include "kiosk/app.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/notify.h"
#include "kiosk/base/sandbox.h"
#include "kiosk/commands.h"
#include "kiosk/demo.h"
#include "kiosk/eval_command.h"
#include "kiosk/export.h"
#include "kiosk/item_commands.h"
#include "kiosk/journal_command.h"
#include "kiosk/out.h"
#include "kiosk/preview.h"
#include "kiosk/probe.h"
#include "kiosk/screen.h"
#include "kiosk/setup_command.h"
#include "kiosk/unclean.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXIT_USAGE = 2,
    PATH_BYTES = 512,
    REPORT_NONE = -1,
    FIRST_FREE_FD = 3,  /* 0 to 2 are the terminal's */
    PROBE_SECONDS = 30, /* that a card is waited for, unless said */
    PROBE_SECONDS_MAX = 86400
};

struct options {
    const char *settings_file;
    const char *state_folder;
    const char *preview_file; /* or NULL */
    int report_fd;
    bool is_demo;
    bool is_out; /* only the page that says so */
};

static const char usage[] =
    "kiosk: a self-service terminal for government services\n"
    "\n"
    "  kiosk --demo [--state DIR] [--report FD] [--settings FILE]\n"
    "      everything simulated, with a hub of its own; DIR is kept and taken\n"
    "      up again, without it all is thrown away at the end\n"
    "  kiosk --settings FILE\n"
    "      a hall's terminal\n"
    "  kiosk --out-of-service [--settings FILE]\n"
    "      only the page that says so, for a quarter of an hour; shown by the\n"
    "      service manager where the program does not come up\n"
    "  kiosk fingerprint FILE     by what kiosk-hub enrols this machine; FILE: "
    "its\n"
    "                             settings\n"
    "  kiosk outbox export FILE [--settings FILE]\n"
    "      what waits to be sent, still sealed, into a new file for "
    "`kiosk-hub\n"
    "      import`; for a machine that does not serve any more\n"
    "  kiosk setup --settings FILE [--new]\n"
    "      sets the staff PIN of this machine, or another (--new: without "
    "asking\n"
    "      for the old one); without a terminal each answer is a line of "
    "input\n"
    "  kiosk key replace --settings FILE\n"
    "      makes the key that is to follow this machine's, and prints the "
    "line\n"
    "      that lets the hub know it; the terminal may run\n"
    "  kiosk store new --settings FILE [--leave-waiting]\n"
    "      after a loss: sets aside what is left of the store, begins anew\n"
    "  kiosk check [FOLDER|FILE.yaml ...]\n"
    "      every mistake of the items (and of the overlays) with file, line "
    "and\n"
    "      column, and what to write instead; runs the tests in them. Exits "
    "with\n"
    "      1 on any error, 0 when there are warnings only\n"
    "  kiosk preview FILE.yaml [--state DIR] [--report FD] [--settings FILE]\n"
    "      that item on the screen as --demo shows it, read again when it is\n"
    "      saved; F2 what the check found, F3 to any page, F10 ends it\n"
    "  kiosk new-item NAME\n"
    "      asks a few questions and writes NAME.yaml, which passes the check\n"
    "  kiosk draw-paths FILE.yaml [--svg]\n"
    "      an item's pages and which follow which, with what each needs\n"
    "  kiosk print-form FILE.yaml FILE.pdf\n"
    "      the same questions as a paper form, for when the power fails\n"
    "  kiosk item-schema          a JSON Schema of items, for editors\n"
    "  kiosk item-keys            every key of items, as tables\n"
    "  kiosk eval 'RULE' [--vars FILE.json] [--today 2026-11-26]\n"
    "      what a rule gives, as JSON; FILE.json: names and values, such as\n"
    "      {\"age\": {\"int\": 16}} (kiosk/rule/README.md)\n"
    "  kiosk probe [--settings FILE] [--read-card --seconds N] [--record "
    "FILE]\n"
    "      the devices that are plugged in, a line each, and a card's line;\n"
    "      exits with 3 when no card came in time, 4 when the device failed\n"
    "  kiosk journal verify FILE [--anchor N:HASH] [--key FILE]\n"
    "      whether a journal is whole; FILE: a store (kiosk.sqlite) that "
    "nobody "
    "has\n"
    "      open, an exported segment or a folder of them; --anchor, any number "
    "of\n"
    "      times: a record as a slip or the hub noted it\n"
    "  kiosk journal export FILE FOLDER\n"
    "      a store's journal as lines of JSON\n"
    "  kiosk --help-settings      every setting explained\n"
    "  kiosk --example-settings   a settings file with all defaults\n"
    "  kiosk --version\n";

static int complain(const char *what, const char *about)
{
    fprintf(stderr, "kiosk: %s%s%s\nkiosk --help shows how it is used.\n", what,
            *about ? ": " : "", about);
    return EXIT_USAGE;
}

/* A whole number below 1,024; -1 for anything else. */
static int parse_fd(const char *text)
{
    int fd = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || fd > 1023)
            return -1;
        fd = fd * 10 + (*text - '0');
    }
    return fd;
}

static bool is_alone(const char *word)
{
    static const char *const words[] = { "--help", "--version",
                                         "--help-settings",
                                         "--example-settings" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

/* Options that print something and end; -1: none of them. */
static int print_and_leave(const char *word)
{
    if (strcmp(word, "--help") == 0)
        fputs(usage, stdout);
    else if (strcmp(word, "--version") == 0)
        puts("kiosk " KIOSK_VERSION);
    else if (strcmp(word, "--help-settings") == 0)
        settings_print_help(stdout);
    else if (strcmp(word, "--example-settings") == 0)
        settings_print_example(stdout);
    else
        return -1;
    return EXIT_SUCCESS;
}

/* -1: go on; else the exit code. */
static int parse_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (is_alone(word) && argc > 2)
            return complain("nothing else goes with it", word);
        int code = print_and_leave(word);
        if (code >= 0)
            return code;
        if (strcmp(word, "--demo") == 0) {
            options->is_demo = true;
            continue;
        }
        if (strcmp(word, "--out-of-service") == 0) {
            options->is_out = true;
            continue;
        }
        bool is_known = strcmp(word, "--settings") == 0 ||
                        strcmp(word, "--state") == 0 ||
                        strcmp(word, "--report") == 0;
        if (!is_known)
            return complain(*word == '-' ? "unknown option" : "unknown command",
                            word);
        if (i + 1 == argc || !*argv[i + 1])
            return complain("a value must follow", word);
        const char *value = argv[++i];
        if (strcmp(word, "--settings") == 0)
            options->settings_file = value;
        else if (strcmp(word, "--state") == 0)
            options->state_folder = value;
        else if ((options->report_fd = parse_fd(value)) < FIRST_FREE_FD)
            return complain("--report takes the number of an open descriptor",
                            value);
    }
    if (!options->is_demo &&
        (options->state_folder || options->report_fd != REPORT_NONE))
        return complain("--state and --report go with --demo only", "");
    if (options->is_demo && options->is_out)
        return complain("--demo is always open", "");
    if (!options->is_demo && !options->is_out && !options->settings_file)
        return complain("--demo or --settings FILE is needed", "");
    return -1;
}

/* "preview FILE …" is the demonstration of one item.  -1: go on. */
static int parse_preview(int argc, char **argv, struct options *options)
{
    if (argc < 3 || !*argv[2] || argv[2][0] == '-')
        return complain("after preview, an item's file is expected", "");
    options->preview_file = argv[2];
    options->is_demo = true;
    return parse_options(argc - 2, argv + 2, options);
}

/* The program as it runs. */
struct run {
    struct options options;
    struct settings settings;
    struct loop *loop;
    struct pack *pack; /* of a terminal or demo; NULL in a preview */
    struct preview *preview;
    struct report *report;
    struct demo *demo;
    struct app *app;
    struct out *out;
    struct timer *out_end;
    struct notify *notify;
    char notify_address[112]; /* no longer name fits a socket's address */
    int64_t watchdog_ms;
    int unclean_count;
    bool has_noted; /* that it runs, for unclean_end */
    struct signal_watch *terminate, *hang_up, *interrupt;
    char folder[PATH_BYTES]; /* of the programs */
    char share[PATH_BYTES + 24];
    char draw[PATH_BYTES + 16];
    char print[PATH_BYTES + 16];
    char hub[PATH_BYTES + 16];
    char ime[PATH_BYTES + 16];
    char ime_data[PATH_BYTES + 40];
    char term[64];
    int font_size; /* of the terminal's letters, as the session tells; or 0 */
    int lock;      /* that no other kiosk uses this state */
    bool may_write_events;
};

static void print_problems(struct problems *problems)
{
    fputs(problems->text.text, stderr);
}

static int read_settings(struct run *run)
{
    struct problems problems;
    int code = EXIT_SUCCESS;

    settings_init(&run->settings);
    if (!run->options.settings_file)
        return code;
    problems_init(&problems);
    if (settings_read(&run->settings, run->options.settings_file, &problems)) {
        if (problems.count == 0)
            fprintf(stderr, "kiosk: %s: this settings file cannot be read\n",
                    run->options.settings_file);
        print_problems(&problems);
        code = EXIT_USAGE;
    }
    problems_done(&problems);
    return code;
}

/* Where items and translations are: a setting, share/ beside the program (as
 * built), or where the installation puts them. */
static void find_share(struct run *run)
{
    if (*run->settings.share_folder) {
        snprintf(run->share, sizeof run->share, "%s",
                 run->settings.share_folder);
        return;
    }
    snprintf(run->share, sizeof run->share, "%.*s/share", PATH_BYTES - 1,
             run->folder);
    if (!file_is_folder(run->share))
        snprintf(run->share, sizeof run->share, "%.*s/../../share/kiosk",
                 PATH_BYTES - 1, run->folder);
}

static void tell_screens(void)
{
    static const char *names[64];
    size_t count = 0;
    for (const struct screen_kind *const *kind = screen_table; *kind; kind++)
        if ((*kind)->is_step && count + 1 < sizeof names / sizeof *names)
            names[count++] = (*kind)->name;
    item_set_screens(names);
}

static int load_share(struct run *run)
{
    char path[sizeof run->share + 16];
    struct problems problems;
    int code = EXIT_SUCCESS;

    snprintf(path, sizeof path, "%s/locales", run->share);
    if (i18n_open(path)) {
        fprintf(stderr, "kiosk: %s: the translations cannot be read\n", path);
        return EXIT_FAILURE;
    }
    tell_screens();
    if (run->options.preview_file)
        return preview_new(run->loop, run->options.preview_file, &run->preview)
                   ? EXIT_FAILURE
                   : EXIT_SUCCESS;
    snprintf(path, sizeof path, "%s/items", run->share);
    problems_init(&problems);
    if (pack_load_for(path, run->settings.division, &problems, &run->pack)) {
        if (problems.count == 0)
            fprintf(stderr, "kiosk: %s: no items can be read here\n", path);
        print_problems(&problems);
        code = EXIT_USAGE;
    }
    problems_done(&problems);
    return code;
}

/* systemd writes the exact time beside each line, and the order of lines would
 * give that of the journal's records away, too.  Where someone must come, that
 * weighs more. */
static bool may_write(const struct run *run,
                      const struct event_record_of *event)
{
    return run->may_write_events &&
           (!event->is_by_hour || event->level == EVENT_LEVEL_ERROR);
}

/* Events go to the journal and, where nobody looks at a page, to standard
 * error, which systemd keeps. */
static void on_event(void *owner, const struct event_record_of *event)
{
    struct run *run = owner;
    if (may_write(run, event))
        fprintf(stderr, "%s %s %s\n", event->name, event->words, event->fields);
    if (run->app)
        app_record(run->app, event);
}

static void on_signal(void *owner, int number)
{
    struct run *run = owner;
    (void)number;
    loop_stop(run->loop);
}

static int start_demo(struct run *run)
{
    enum err err = demo_new(run->loop, run->options.state_folder, run->hub,
                            run->report, &run->demo);
    if (err) {
        const char *folder = run->options.state_folder;
        fprintf(stderr, "kiosk: %s: %s (%s)\n", folder ? folder : "/tmp",
                err == ERR_EXISTS ? "another kiosk is using this state folder"
                                  : "this state folder cannot be used",
                err_name(err));
        return EXIT_FAILURE;
    }
    demo_settings(run->demo, &run->settings);
    return EXIT_SUCCESS;
}

static int open_report(struct run *run)
{
    if (run->options.report_fd == REPORT_NONE)
        return EXIT_SUCCESS;
    if (report_new(run->loop, run->options.report_fd, &run->report))
        return complain("--report: this descriptor is not open", "");
    return EXIT_SUCCESS;
}

/* One that cannot be taken for another reason shows its page for that. */
static int lock_state(struct run *run)
{
    char path[PATH_BYTES];

    run->lock = -1;
    if (run->options.is_demo || !file_is_folder(run->settings.state_folder))
        return EXIT_SUCCESS;
    snprintf(path, sizeof path, "%s/kiosk.lock", run->settings.state_folder);
    if (file_lock(path, &run->lock) != ERR_EXISTS)
        return EXIT_SUCCESS;
    fprintf(stderr, "kiosk: %s: another kiosk is using this state folder\n",
            run->settings.state_folder);
    return EXIT_FAILURE;
}

static int open_app(struct run *run)
{
    struct app_parts parts = {
        .loop = run->loop,
        .settings = &run->settings,
        .pack = run->preview ? preview_pack(run->preview) : run->pack,
        .preview = run->preview,
        .state_folder = run->settings.state_folder,
        .draw_path = run->draw,
        .print_path = run->print,
        .ime_path = run->ime,
        .ime_data = run->ime_data,
        .report = run->report,
        .paper_folder = run->demo ? demo_paper_folder(run->demo) : NULL,
        .fd_in = STDIN_FILENO,
        .fd_out = STDOUT_FILENO,
        .term = run->term,
        .font_size = run->font_size,
        .is_demo = run->options.is_demo,
        .rest_ms = run->unclean_count >= UNCLEAN_MOST ? UNCLEAN_REST_MS : 0,
    };
    snprintf(run->ime_data, sizeof run->ime_data, "%s/ime", run->share);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return complain("a terminal is needed as input and output", "");
    enum err err = app_new(&parts, &run->app);
    if (err) {
        fprintf(stderr, "kiosk: this terminal (TERM=%s) cannot be used: %s\n",
                run->term, err_name(err));
        return EXIT_FAILURE;
    }
    event_record(EVENT_STARTED, FIELD_VERSION, KIOSK_VERSION, FIELD_END);
    if (run->unclean_count > 0)
        event_record(parts.rest_ms ? EVENT_RESTING : EVENT_ENDED_UNCLEAN,
                     FIELD_TOTAL, (int64_t)run->unclean_count, FIELD_END);
    return EXIT_SUCCESS;
}

static void on_out_end(void *owner)
{
    struct run *run = owner;
    loop_stop(run->loop);
}

/* "kiosk --out-of-service": settings that cannot be read may be the reason for
 * it, so it goes on without them. */
static int open_out(struct run *run)
{
    char path[sizeof run->share + 16];

    (void)read_settings(run);
    find_share(run);
    snprintf(path, sizeof path, "%s/locales", run->share);
    if (i18n_open(path))
        fprintf(stderr, "kiosk: %s: the translations cannot be read\n", path);
    enum err err = out_new(run->loop, &run->settings, STDIN_FILENO,
                           STDOUT_FILENO, run->term, &run->out);
    if (err) {
        fprintf(stderr, "kiosk: this terminal (TERM=%s) cannot be used: %s\n",
                run->term, err_name(err));
        return EXIT_FAILURE;
    }
    run->out_end = timer_new(run->loop, "end of the page", on_out_end, run);
    timer_start(run->out_end, UNCLEAN_REST_MS);
    return EXIT_SUCCESS;
}

/* Only a hall's terminal: the demo is always open.  A folder that is missing or
 * cannot be written to is told on the page, as soon as the store finds that. */
static void note_run(struct run *run)
{
    if (!file_is_folder(run->settings.state_folder))
        return;
    enum err err =
        unclean_begin(run->settings.state_folder, &run->unclean_count);
    (void)err;
    run->has_noted = true;
}

static void watch_signals(struct run *run)
{
    run->terminate = signal_new(run->loop, SIGTERM, on_signal, run);
    run->hang_up = signal_new(run->loop, SIGHUP, on_signal, run);
    run->interrupt = signal_new(run->loop, SIGINT, on_signal, run);
}

static void begin(struct run *run)
{
    notify_ready(run->notify);
    if (run->out)
        return;
    if (run->demo) {
        demo_start(run->demo, run->app);
        if (run->preview)
            preview_start(run->preview, run->app);
        return;
    }
    const struct settings *settings = &run->settings;
    if (app_set_office(run->app, settings->hub_url, settings->hub_office_key,
                       settings->hub_public_url))
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(ERR_CRYPTO),
                     FIELD_END);
}

/* "kiosk check", "kiosk item-schema" and the like: for who writes items. */
static int write_items(struct run *run, int argc, char **argv)
{
    char path[sizeof run->share + 16];

    settings_init(&run->settings);
    find_share(run);
    tell_screens();
    snprintf(path, sizeof path, "%s/locales", run->share);
    if (i18n_open(path))
        fprintf(stderr, "kiosk: %s: the translations cannot be read\n", path);
    snprintf(path, sizeof path, "%s/items", run->share);
    const struct item_parts parts = { .folder = path, .draw_path = run->draw };
    int code = item_command(argc - 1, argv + 1, &parts);
    settings_done(&run->settings);
    return code;
}

/* "kiosk eval": a rule by itself. */
static int eval_rule(struct run *run, int argc, char **argv)
{
    char path[sizeof run->share + 16];

    settings_init(&run->settings);
    find_share(run);
    snprintf(path, sizeof path, "%s/items", run->share);
    int code = eval_command(argc - 2, argv + 2, path);
    settings_done(&run->settings);
    return code;
}

/* A whole number from 1 to most, or 0. */
static int parse_count(const char *text, int most)
{
    int count = 0;

    for (; *text >= '0' && *text <= '9' && count <= most; text++)
        count = count * 10 + (*text - '0');
    return *text || count > most ? 0 : count;
}

/* -1: go on; else the exit code. */
static int parse_probe(int argc, char **argv, struct run *run,
                       struct probe_options *options)
{
    for (int i = 2; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--read-card") == 0) {
            options->reads_card = true;
            continue;
        }
        bool is_known = strcmp(word, "--settings") == 0 ||
                        strcmp(word, "--seconds") == 0 ||
                        strcmp(word, "--record") == 0;
        if (!is_known)
            return complain("unknown option", word);
        if (i + 1 == argc)
            return complain("a value must follow", word);
        const char *value = argv[++i];
        if (strcmp(word, "--settings") == 0)
            run->options.settings_file = value;
        else if (strcmp(word, "--record") == 0)
            options->record = value;
        else if (!(options->seconds = parse_count(value, PROBE_SECONDS_MAX)))
            return complain("--seconds takes a whole number up to 86400",
                            value);
    }
    if (options->seconds && !options->reads_card)
        return complain("--seconds goes with --read-card", "");
    return -1;
}

/* "kiosk probe": for the technician. */
static int probe(struct run *run, int argc, char **argv)
{
    struct probe_options options = { .print_path = run->print };

    int code = parse_probe(argc, argv, run, &options);
    if (code >= 0)
        return code;
    if (!options.seconds)
        options.seconds = PROBE_SECONDS;
    code = read_settings(run);
    if (code == EXIT_SUCCESS)
        code = probe_run(&run->settings, &options);
    settings_done(&run->settings);
    return code;
}

/* "kiosk outbox export FILE [--settings FILE]". */
static int export_outbox(struct run *run, int argc, char **argv)
{
    bool is_export = argc >= 3 && strcmp(argv[2], "export") == 0;

    if (!is_export)
        return complain("after outbox, export is expected", "");
    if (argc < 4 || !*argv[3] || argv[3][0] == '-')
        return complain("after export, the file to write is expected", "");
    if (argc == 6 && strcmp(argv[4], "--settings") == 0)
        run->options.settings_file = argv[5];
    else if (argc != 4)
        return complain("after the file, --settings FILE may follow, not",
                        argv[4]);
    int code = read_settings(run);
    if (code == EXIT_SUCCESS)
        code = export_run(&run->settings, argv[3]);
    settings_done(&run->settings);
    return code;
}

/* What staff ask for in two words, or one: "kiosk fingerprint FILE" (as it was
 * from the first), the others with --settings FILE. */
static int run_command(struct run *run, int argc, char **argv)
{
    const char *second = argc > 2 ? argv[2] : "";
    bool is_print = strcmp(argv[1], "fingerprint") == 0;
    bool is_replace =
        strcmp(argv[1], "key") == 0 && strcmp(second, "replace") == 0;
    bool is_store = strcmp(argv[1], "store") == 0 && strcmp(second, "new") == 0;
    bool is_setup = strcmp(argv[1], "setup") == 0;
    bool leaves_waiting = false, forgets_old = false;
    int first = is_print || is_setup ? 2 : 3;

    if (!is_print && !is_replace && !is_store && !is_setup)
        return complain(strcmp(argv[1], "key") == 0
                            ? "after key, replace is expected, not"
                            : "after store, new is expected, not",
                        *second ? second : "nothing");
    if (is_print && argc == 3 && *second != '-')
        run->options.settings_file = argv[first++];
    for (int i = first; i < argc; i++) {
        if (is_store && strcmp(argv[i], "--leave-waiting") == 0)
            leaves_waiting = true;
        else if (is_setup && strcmp(argv[i], "--new") == 0)
            forgets_old = true;
        else if (strcmp(argv[i], "--settings") != 0)
            return complain("unknown option", argv[i]);
        else if (i + 1 == argc)
            return complain("a value must follow", argv[i]);
        else
            run->options.settings_file = argv[++i];
    }
    if (!run->options.settings_file)
        return complain(is_print ? "after fingerprint, the settings file is "
                                   "expected"
                                 : "--settings FILE is needed",
                        "");
    int code = read_settings(run);
    if (!code && is_print)
        code = command_fingerprint(&run->settings);
    else if (!code && is_replace)
        code = command_key_replace(&run->settings);
    else if (!code && is_setup)
        code = command_setup(&run->settings, forgets_old);
    else if (!code)
        code = command_store_new(&run->settings, leaves_waiting);
    settings_done(&run->settings);
    return code;
}

static bool is_command(int argc, char **argv)
{
    return argc > 1 &&
           (strcmp(argv[1], "fingerprint") == 0 ||
            strcmp(argv[1], "setup") == 0 || strcmp(argv[1], "key") == 0 ||
            strcmp(argv[1], "store") == 0);
}

/* In the reverse order of the wiring; takes half-built runs. */
static void stop(struct run *run)
{
    notify_stopping(run->notify);
    demo_stop(run->demo);
    if (run->app)
        event_record(EVENT_STOPPED, FIELD_END);
    /* Before what may take long: from here on it is no crash. */
    if (run->has_noted)
        unclean_end(run->settings.state_folder);
    timer_free(run->out_end);
    out_free(run->out);
    app_free(run->app);
    run->app = NULL;
    preview_free(run->preview);
    demo_free(run->demo);
    report_free(run->report);
    notify_free(run->notify);
    /* Until here: whoever ends us may end our terminal as well, which would
     * hang up in the middle. */
    signal_free(run->terminate);
    signal_free(run->hang_up);
    signal_free(run->interrupt);
    loop_free(run->loop);
    pack_free(run->pack);
    i18n_close();
    settings_done(&run->settings);
    file_unlock(run->lock);
    event_set_sink(NULL, NULL);
}

static int wire(struct run *run)
{
    run->loop = loop_new();
    watch_signals(run);
    run->notify = notify_new(run->loop, run->notify_address, run->watchdog_ms);
    if (run->options.is_out)
        return open_out(run);
    int code = read_settings(run);
    if (code)
        return code;
    code = lock_state(run);
    if (code)
        return code;
    if (!run->options.is_demo)
        note_run(run);
    find_share(run);
    code = load_share(run);
    if (code)
        return code;
    code = open_report(run);
    if (!code && run->options.is_demo)
        code = start_demo(run);
    if (!code)
        code = open_app(run);
    return code;
}

/* What the environment says is taken once; then it is emptied, so that no
 * library obeys a variable of a stranger's. */
static void take_environment(struct run *run)
{
    const char *term = getenv("TERM");
    const char *notify = getenv("NOTIFY_SOCKET");
    const char *watchdog_us = getenv("WATCHDOG_USEC");
    if (notify && strlen(notify) < sizeof run->notify_address)
        snprintf(run->notify_address, sizeof run->notify_address, "%s", notify);
    if (watchdog_us)
        run->watchdog_ms = strtoll(watchdog_us, NULL, 10) / 1000;
    /* xterm calls itself "xterm" out of modesty; its 256 colours are needed for
     * letters that have contrast enough. */
    const char *font_size = getenv("KIOSK_FONT_SIZE");
    if (font_size)
        run->font_size = parse_count(font_size, 200);
    /* Where a pretended bus is, for the tests of real drivers; nothing obeys it
     * but the library that pretends. */
    const char *bus = getenv("UMOCKDEV_DIR");
    char bus_folder[PATH_BYTES] = "";
    bool is_xterm = !term || strcmp(term, "xterm") == 0;
    snprintf(run->term, sizeof run->term, "%s",
             is_xterm ? "xterm-256color" : term);
    if (bus)
        snprintf(bus_folder, sizeof bus_folder, "%s", bus);
    (void)clearenv();
    if (*bus_folder)
        (void)setenv("UMOCKDEV_DIR", bus_folder, 1);
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    (void)signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    static struct run run = { .options = { .report_fd = REPORT_NONE },
                              .lock = -1 };

    bool is_items = argc > 1 && item_command_is(argv[1]);
    bool is_probe = argc > 1 && strcmp(argv[1], "probe") == 0;
    bool is_journal = argc > 1 && strcmp(argv[1], "journal") == 0;
    bool is_outbox = argc > 1 && strcmp(argv[1], "outbox") == 0;
    bool is_staff = is_command(argc, argv);
    bool is_preview = argc > 1 && strcmp(argv[1], "preview") == 0;
    bool is_eval = argc > 1 && strcmp(argv[1], "eval") == 0;
    int code =
        is_items || is_staff || is_probe || is_outbox || is_journal || is_eval
            ? -1
        : is_preview ? parse_preview(argc, argv, &run.options)
                     : parse_options(argc, argv, &run.options);
    if (code >= 0)
        return code;
    take_environment(&run);
    if (sandbox_enter(SANDBOX_TERMINAL) ||
        file_program_folder(run.folder, sizeof run.folder)) {
        fputs("kiosk: this machine does not let the program limit its own "
              "rights\n",
              stderr);
        return EXIT_FAILURE;
    }
    snprintf(run.draw, sizeof run.draw, "%s/kiosk-draw", run.folder);
    snprintf(run.print, sizeof run.print, "%s/kiosk-print", run.folder);
    snprintf(run.hub, sizeof run.hub, "%s/kiosk-hub", run.folder);
    snprintf(run.ime, sizeof run.ime, "%s/kiosk-ime", run.folder);
    run.may_write_events = !isatty(STDERR_FILENO);
    event_set_sink(on_event, &run);
    if (is_journal)
        return journal_command(argc - 2, argv + 2);
    if (is_staff)
        return run_command(&run, argc, argv);
    if (is_probe)
        return probe(&run, argc, argv);
    if (is_outbox)
        return export_outbox(&run, argc, argv);
    if (is_eval)
        return eval_rule(&run, argc, argv);
    if (is_items)
        return write_items(&run, argc, argv);
    code = wire(&run);
    if (code == EXIT_SUCCESS) {
        begin(&run);
        loop_run(run.loop);
    }
    stop(&run);
    return code;
}
