/* kiosk: the command line.  One table says what there is; each command has its
 * file.  The terminal itself is terminal.c: read it next. */
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/sandbox.h"
#include "kiosk/deliver_command.h"
#include "kiosk/eval_command.h"
#include "kiosk/export.h"
#include "kiosk/item_commands.h"
#include "kiosk/journal_command.h"
#include "kiosk/pack_commands.h"
#include "kiosk/probe.h"
#include "kiosk/slip_command.h"
#include "kiosk/staff_commands.h"
#include "kiosk/terminal.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct command {
    const char *word; /* "": there is none, options follow at once */
    command_fn run;
    const char *help;
};

static const struct command commands[] = {
    { "", terminal_command,
      "  kiosk --demo [--state DIR] [--report FD] [--settings FILE]\n"
      "      everything simulated, with a hub of its own; DIR is kept and "
      "taken\n"
      "      up again, without it all is thrown away at the end\n"
      "  kiosk --settings FILE\n"
      "      a hall's terminal\n"
      "  kiosk --out-of-service [--settings FILE]\n"
      "      only the page that says so, for a quarter of an hour; shown by "
      "the\n"
      "      service manager where the program does not come up\n" },
    { "fingerprint", fingerprint_command,
      "  kiosk fingerprint FILE     by what kiosk-hub enrols this machine; "
      "FILE: its\n"
      "                             settings\n" },
    { "outbox", outbox_command,
      "  kiosk outbox export FILE [--settings FILE]\n"
      "      what waits to be sent, still sealed, into a new file for "
      "`kiosk-hub\n"
      "      import`; for a machine that does not serve any more\n" },
    { "setup", setup_command,
      "  kiosk setup --settings FILE [--new]\n"
      "      sets the staff PIN of this machine, or another (--new: without "
      "asking\n"
      "      for the old one); without a terminal each answer is a line of "
      "input\n" },
    { "key", key_command,
      "  kiosk key replace --settings FILE\n"
      "      makes the key that is to follow this machine's, and prints the "
      "line\n"
      "      that lets the hub know it; the terminal may run\n" },
    { "store", store_command,
      "  kiosk store new --settings FILE [--leave-waiting]\n"
      "      after a loss: sets aside what is left of the store, begins "
      "anew\n" },
    { "check", check_command,
      "  kiosk check [FOLDER|FILE.yaml ...]\n"
      "      every mistake of the items (and of the overlays) with file, line "
      "and\n"
      "      column, and what to write instead; runs the tests in them. Exits "
      "with\n"
      "      1 on any error, 0 when there are warnings only\n" },
    { "preview", preview_command,
      "  kiosk preview FILE.yaml [--state DIR] [--report FD] [--settings "
      "FILE]\n"
      "      that item on the screen as --demo shows it, read again when it "
      "is\n"
      "      saved; F2 what the check found, F3 to any page, F10 ends it\n" },
    { "new-item", new_item_command,
      "  kiosk new-item NAME\n"
      "      asks a few questions and writes NAME.yaml, which passes the "
      "check\n" },
    { "draw-paths", draw_paths_command,
      "  kiosk draw-paths FILE.yaml [--svg]\n"
      "      an item's pages and which follow which, with what each needs\n" },
    { "print-form", print_form_command,
      "  kiosk print-form FILE.yaml FILE.pdf\n"
      "      the same questions as a paper form, for when the power fails\n" },
    { "print-slip", print_slip_command,
      "  kiosk print-slip FILE.yaml FILE.pdf [--paper 58mm|80mm|a4]\n"
      "      [--language en] [--test NAME]\n"
      "      the slip of that item as it is printed, with the answers of that\n"
      "      test, else with made-up ones\n" },
    { "item-schema", item_schema_command,
      "  kiosk item-schema          a JSON Schema of items, for editors\n" },
    { "item-keys", item_keys_command,
      "  kiosk item-keys            every key of items, as tables\n" },
    { "pack", pack_command,
      "  kiosk pack FOLDER FILE --version N [--division 411381]\n"
      "      the same check, then all items (with the overlays of that\n"
      "      division) in one file; N rises with each\n" },
    { "activate", activate_command,
      "  kiosk activate FILE --settings FILE\n"
      "      checks such a file and places it for this machine's terminal,\n"
      "      which takes it when nobody is at it; else the old one stays\n" },
    { "deliver", deliver_command,
      "  kiosk deliver FOLDER\n"
      "      compiles the items delivered with the program, beside them, so "
      "that it\n"
      "      starts quicker; `make` runs it. What is changed there later "
      "counts\n"
      "      without it, too\n" },
    { "eval", eval_command,
      "  kiosk eval 'RULE' [--vars FILE.json] [--today 2026-11-26]\n"
      "      what a rule gives, as JSON; FILE.json: names and values, such as\n"
      "      {\"age\": {\"int\": 16}} (kiosk/rule/README.md)\n" },
    { "probe", probe_command,
      "  kiosk probe [--settings FILE] [--read-card --seconds N] [--record "
      "FILE]\n"
      "      the devices that are plugged in, a line each, and a card's line;\n"
      "      exits with 3 when no card came in time, 4 when the device "
      "failed\n" },
    { "journal", journal_command,
      "  kiosk journal verify FILE [--anchor N:HASH] [--key FILE]\n"
      "      whether a journal is whole; FILE: a store (kiosk.sqlite) that "
      "nobody has\n"
      "      open, an exported segment or a folder of them; --anchor, any "
      "number of\n"
      "      times: a record as a slip or the hub noted it\n"
      "  kiosk journal export FILE FOLDER\n"
      "      a store's journal as lines of JSON\n" },
};

static void print_help(void)
{
    puts("kiosk: a self-service terminal for government services\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fputs(commands[i].help, stdout);
    fputs("  kiosk --help-settings      every setting explained\n"
          "  kiosk --example-settings   a settings file with all defaults\n"
          "  kiosk --version\n",
          stdout);
}

/* ---- Words that stand alone ---------------------------------------------- */

/* Options that print something and end. */
static bool is_alone(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "--version") == 0 ||
           strcmp(word, "--help-settings") == 0 ||
           strcmp(word, "--example-settings") == 0;
}

static int print_and_leave(const char *word)
{
    if (strcmp(word, "--help") == 0)
        print_help();
    else if (strcmp(word, "--version") == 0)
        puts("kiosk " KIOSK_VERSION);
    else if (strcmp(word, "--help-settings") == 0)
        settings_print_help(stdout);
    else
        settings_print_example(stdout);
    return EXIT_SUCCESS;
}

/* Among options, not among the words of a command.  -1: go on; else the exit
 * code. */
static int look_for_alone(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (is_alone(argv[i]))
            return argc == 2
                       ? print_and_leave(argv[i])
                       : command_complain("nothing else goes with it", argv[i]);
    return -1;
}

/* ---- Surroundings --------------------------------------------------------- */

/* What the environment says is taken once; then it is emptied, so that no
 * library obeys a variable of a stranger's. */
static void take_environment(struct program *program)
{
    const char *term = getenv("TERM");
    const char *notify = getenv("NOTIFY_SOCKET");
    const char *watchdog_us = getenv("WATCHDOG_USEC");
    if (notify && strlen(notify) < sizeof program->notify_address)
        snprintf(program->notify_address, sizeof program->notify_address, "%s",
                 notify);
    if (watchdog_us)
        program->watchdog_ms = strtoll(watchdog_us, NULL, 10) / 1000;
    /* xterm calls itself "xterm" out of modesty; its 256 colours are needed for
     * letters that have contrast enough. */
    const char *font_size = getenv("KIOSK_FONT_SIZE");
    if (font_size)
        program->font_size = command_parse_count(font_size, 200);
    /* Where a pretended bus is, for the tests of real drivers; nothing obeys it
     * but the library that pretends. */
    const char *bus = getenv("UMOCKDEV_DIR");
    char bus_folder[PROGRAM_PATH_BYTES] = "";
    bool is_xterm = !term || strcmp(term, "xterm") == 0;
    snprintf(program->term, sizeof program->term, "%s",
             is_xterm ? "xterm-256color" : term);
    if (bus)
        snprintf(bus_folder, sizeof bus_folder, "%s", bus);
    (void)clearenv();
    if (*bus_folder)
        (void)setenv("UMOCKDEV_DIR", bus_folder, 1);
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    (void)signal(SIGPIPE, SIG_IGN);
}

static bool find_programs(struct program *program)
{
    if (file_program_folder(program->folder, sizeof program->folder))
        return false;
    snprintf(program->draw, sizeof program->draw, "%s/kiosk-draw",
             program->folder);
    snprintf(program->print, sizeof program->print, "%s/kiosk-print",
             program->folder);
    snprintf(program->hub, sizeof program->hub, "%s/kiosk-hub",
             program->folder);
    snprintf(program->ime, sizeof program->ime, "%s/kiosk-ime",
             program->folder);
    return true;
}

static const struct command *find_command(const char *word)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].word, word) == 0)
            return &commands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    static struct program program;
    bool has_word = argc > 1 && *argv[1] != '-';

    mem_share_heap();
    const struct command *command = find_command(has_word ? argv[1] : "");
    if (!command)
        return command_complain("unknown command", argv[1]);
    int code = has_word ? -1 : look_for_alone(argc, argv);
    if (code >= 0)
        return code;
    take_environment(&program);
    if (sandbox_enter(SANDBOX_TERMINAL) || !find_programs(&program)) {
        fputs("kiosk: this machine does not let the program limit its own "
              "rights\n",
              stderr);
        return EXIT_FAILURE;
    }
    program.may_write_events = !isatty(STDERR_FILENO);
    event_set_sink(command_write_event, &program);
    return command->run(argc - has_word, argv + has_word, &program);
}
