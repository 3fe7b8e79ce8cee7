#include "kiosk/terminal.h"

#include "kiosk/app.h"
#include "kiosk/base/file.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/notify.h"
#include "kiosk/demo.h"
#include "kiosk/out.h"
#include "kiosk/preview.h"
#include "kiosk/unclean.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REPORT_NONE = -1,
    FIRST_FREE_FD = 3 /* 0 to 2 are the terminal's */
};

struct options {
    const char *settings_file;
    const char *state_folder;
    const char *preview_file; /* or NULL */
    int report_fd;
    bool is_demo;
    bool is_out; /* only the page that says so */
};

/* The program as it runs. */
struct run {
    const struct program *program;
    struct options options;
    struct settings settings;
    struct loop *loop;
    struct packs *packs; /* of a terminal or demo; NULL in a preview */
    struct preview *preview;
    struct report *report;
    struct demo *demo;
    struct app *app;
    struct out *out;
    struct timer *out_end;
    struct notify *notify;
    int unclean_count;
    bool has_noted; /* that it runs, for unclean_end */
    struct signal_watch *terminate, *hang_up, *interrupt;
    char share[SHARE_PATH_BYTES];
    char ime_data[SHARE_PATH_BYTES + sizeof "/ime"];
    int lock; /* that no other kiosk uses this state */
};

/* ---- What is asked for --------------------------------------------------- */

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

/* An option without a value; false: it is none.  A preview takes none. */
static bool take_flag(struct options *options, const char *word)
{
    if (options->preview_file)
        return false;
    if (strcmp(word, "--demo") == 0)
        return options->is_demo = true;
    if (strcmp(word, "--out-of-service") == 0)
        return options->is_out = true;
    return false;
}

static bool has_value(const char *word)
{
    return strcmp(word, "--settings") == 0 || strcmp(word, "--state") == 0 ||
           strcmp(word, "--report") == 0;
}

/* -1: go on; else the exit code. */
static int take_value(struct options *options, const char *word,
                      const char *value)
{
    if (!value || !*value)
        return command_complain("a value must follow", word);
    if (strcmp(word, "--settings") == 0)
        options->settings_file = value;
    else if (strcmp(word, "--state") == 0)
        options->state_folder = value;
    else if ((options->report_fd = parse_fd(value)) < FIRST_FREE_FD)
        return command_complain(
            "--report takes the number of an open descriptor", value);
    return -1;
}

/* Each may be good and the whole not.  -1: go on; else the exit code. */
static int check_options(const struct options *options)
{
    if (!options->is_demo &&
        (options->state_folder || options->report_fd != REPORT_NONE))
        return command_complain("--state and --report go with --demo only", "");
    if (options->is_demo && options->is_out)
        return command_complain("--demo is always open", "");
    if (!options->is_demo && !options->is_out && !options->settings_file)
        return command_complain("--demo or --settings FILE is needed", "");
    return -1;
}

/* -1: go on; else the exit code. */
static int parse_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];

        if (take_flag(options, word))
            continue;
        if (!has_value(word))
            return command_complain(
                *word == '-' ? "unknown option" : "unexpected word", word);
        int code = take_value(options, word, argv[++i]);
        if (code >= 0)
            return code;
    }
    return check_options(options);
}

/* ---- Wiring --------------------------------------------------------------- */

static int load_item(struct run *run)
{
    return preview_new(run->loop, run->options.preview_file, &run->preview)
               ? EXIT_FAILURE
               : EXIT_SUCCESS;
}

/* Once the state folder is known, where a pack of items may be active. */
static int load_pack(struct run *run)
{
    char path[SHARE_PATH_BYTES + sizeof "/items"];
    struct problems problems;
    int code = EXIT_SUCCESS;

    snprintf(path, sizeof path, "%s/items", run->share);
    run->packs =
        packs_new(run->settings.state_folder, path, run->settings.division);
    problems_init(&problems);
    if (packs_open(run->packs, &problems)) {
        if (problems.count == 0)
            fprintf(stderr, "kiosk: %s: no items can be read here\n", path);
        fputs(problems.text.text, stderr);
        code = EXIT_USAGE;
    }
    problems_done(&problems);
    return code;
}

static int load_share(struct run *run)
{
    if (!command_open_words(run->share))
        return EXIT_FAILURE;
    command_tell_screens();
    return run->options.preview_file ? load_item(run) : load_pack(run);
}

/* Events go to the journal, too. */
static void on_event(void *owner, const struct event_record_of *event)
{
    struct run *run = owner;

    command_write_event((void *)run->program, event);
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
    char items[SHARE_PATH_BYTES + sizeof "/items"];

    snprintf(items, sizeof items, "%s/items", run->share);
    enum err err = demo_new(run->loop, run->options.state_folder,
                            run->program->hub, items, run->report, &run->demo);
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
        return command_complain("--report: this descriptor is not open", "");
    return EXIT_SUCCESS;
}

/* One that cannot be taken for another reason shows its page for that. */
static int lock_state(struct run *run)
{
    char path[PROGRAM_PATH_BYTES];

    run->lock = -1;
    if (run->options.is_demo || !file_is_folder(run->settings.state_folder))
        return EXIT_SUCCESS;
    snprintf(path, sizeof path, "%s/kiosk.lock", run->settings.state_folder);
    if (file_lock_soon(path, &run->lock) != ERR_EXISTS)
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
        .pack =
            run->preview ? preview_pack(run->preview) : packs_now(run->packs),
        .packs = run->packs,
        .preview = run->preview,
        .state_folder = run->settings.state_folder,
        .draw_path = run->program->draw,
        .print_path = run->program->print,
        .ime_path = run->program->ime,
        .ime_data = run->ime_data,
        .report = run->report,
        .paper_folder = run->demo ? demo_paper_folder(run->demo) : NULL,
        .fd_in = STDIN_FILENO,
        .fd_out = STDOUT_FILENO,
        .term = run->program->term,
        .font_size = run->program->font_size,
        .is_demo = run->options.is_demo,
        .rest_ms = run->unclean_count >= UNCLEAN_MOST ? UNCLEAN_REST_MS : 0,
    };
    snprintf(run->ime_data, sizeof run->ime_data, "%s/ime", run->share);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return command_complain("a terminal is needed as input and output", "");
    enum err err = app_new(&parts, &run->app);
    if (err) {
        fprintf(stderr, "kiosk: this terminal (TERM=%s) cannot be used: %s\n",
                run->program->term, err_name(err));
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
    (void)command_read_settings(run->options.settings_file, &run->settings);
    command_find_share(run->program, &run->settings, run->share);
    (void)command_open_words(run->share);
    enum err err = out_new(run->loop, &run->settings, STDIN_FILENO,
                           STDOUT_FILENO, run->program->term, &run->out);
    if (err) {
        fprintf(stderr, "kiosk: this terminal (TERM=%s) cannot be used: %s\n",
                run->program->term, err_name(err));
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
    packs_free(run->packs);
    i18n_close();
    settings_done(&run->settings);
    file_unlock(run->lock);
    event_set_sink(NULL, NULL);
}

static int wire(struct run *run)
{
    run->loop = loop_new();
    watch_signals(run);
    run->notify = notify_new(run->loop, run->program->notify_address,
                             run->program->watchdog_ms);
    if (run->options.is_out)
        return open_out(run);
    int code =
        command_read_settings(run->options.settings_file, &run->settings);
    if (code)
        return code;
    code = lock_state(run);
    if (code)
        return code;
    if (!run->options.is_demo)
        note_run(run);
    command_find_share(run->program, &run->settings, run->share);
    code = open_report(run);
    if (!code && run->options.is_demo)
        code = start_demo(run);
    if (!code)
        code = load_share(run);
    if (!code)
        code = open_app(run);
    return code;
}

/* ---- Running ------------------------------------------------------------- */

static int run_terminal(const struct options *options,
                        const struct program *program)
{
    static struct run run = { .lock = -1 };

    run.options = *options;
    run.program = program;
    event_set_sink(on_event, &run);
    int code = wire(&run);
    if (code == EXIT_SUCCESS) {
        begin(&run);
        loop_run(run.loop);
    }
    stop(&run);
    return code;
}

int terminal_command(int argc, char **argv, const struct program *program)
{
    struct options options = { .report_fd = REPORT_NONE };

    int code = parse_options(argc, argv, &options);
    return code >= 0 ? code : run_terminal(&options, program);
}

int preview_command(int argc, char **argv, const struct program *program)
{
    struct options options = { .report_fd = REPORT_NONE, .is_demo = true };

    if (argc < 2 || !*argv[1] || argv[1][0] == '-')
        return command_complain("after preview, an item's file is expected",
                                "");
    options.preview_file = argv[1];
    int code = parse_options(argc - 1, argv + 1, &options);
    return code >= 0 ? code : run_terminal(&options, program);
}
