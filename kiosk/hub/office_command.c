#include "kiosk/hub/office_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/hub/office.h"
#include "kiosk/hub/office_list.h"
#include "kiosk/hub/payments.h"

enum { EXIT_USAGE = 2, WORDS_MAX = 3 };

struct command {
    const char *state;
    const char *answer;
    const char *words[WORDS_MAX]; /* after the command, without its options */
    int count;
};

static int complain(const char *what)
{
    fprintf(stderr, "kiosk-hub: %s; see kiosk-hub --help\n", what);
    return EXIT_USAGE;
}

static int explain(const struct command *command, enum err err)
{
    switch ((int)err) {
    case ERR_OK:
        return EXIT_SUCCESS;
    case ERR_NOT_FOUND:
        fprintf(stderr, "kiosk-hub: no hub has kept anything in %s\n",
                command->state);
        break;
    case ERR_TOO_BIG:
        fprintf(stderr, "kiosk-hub: the words to the citizen have at most 500 "
                        "characters\n");
        break;
    case ERR_BAD_INPUT:
        fprintf(stderr, "kiosk-hub: a number or the words to the citizen are "
                        "not what they should be\n");
        break;
    default:
        fprintf(stderr, "kiosk-hub: cannot use %s: %s\n", command->state,
                err_text(err));
    }
    return EXIT_FAILURE;
}

static int give(const struct command *command, const struct office_order *order)
{
    int code = explain(command, office_give(command->state, order));

    if (code == EXIT_SUCCESS)
        puts("given; a running hub takes it in within a second, a stopped one "
             "when it starts");
    return code;
}

static int run_case(const struct command *command)
{
    struct office_order order = { .what = OFFICE_CASE,
                                  .name = command->words[0],
                                  .text = "" };

    if (command->count < 2)
        return complain("say which case, and how it stands: case ID "
                        "accepted|correct|finished|withdrawn [TEXT]");
    order.state = office_state_of(command->words[1]);
    if (order.state == NULL)
        return complain("a case is accepted, correct, finished or withdrawn");
    if (command->count > 2)
        order.text = command->words[2];
    return give(command, &order);
}

static int run_certificate(const struct command *command)
{
    const struct office_order order = { .what = OFFICE_CERTIFICATE,
                                        .name = command->words[0],
                                        .state = "withdrawn",
                                        .text = "" };

    if (command->count != 2 || strcmp(command->words[1], "withdrawn") != 0)
        return complain("expected: certificate NUMBER withdrawn");
    return give(command, &order);
}

static int print(const struct command *command,
                 enum err (*list)(const char *state, struct buf *out))
{
    struct buf text;
    enum err err;

    buf_init(&text, LIST_BYTES_MAX);
    err = list(command->state, &text);
    if (!err)
        fputs(text.text, stdout);
    buf_done(&text);
    return explain(command, err);
}

static int run_calls(const struct command *command)
{
    const struct office_order order = {
        .what = OFFICE_CALL, .name = command->answer, .state = "", .text = ""
    };

    if (command->count != 0)
        return complain("calls takes no other words than --answer N");
    if (command->answer == NULL)
        return print(command, office_list_calls);
    if (command->answer[0] == '\0' ||
        command->answer[strspn(command->answer, "0123456789")] != '\0')
        return complain("--answer takes the number of a call");
    return give(command, &order);
}

static int run_terminals(const struct command *command)
{
    if (command->count != 0)
        return complain("terminals takes no other words");
    return print(command, office_list_terminals);
}

static int run_look(const struct command *command)
{
    if (command->count != 0)
        return complain("look takes no other words");
    return print(command, office_list_look);
}

/* The test cashier.  Each time is another taking; the order itself, taken in
 * twice, is one. */
static int run_pay(const struct command *command)
{
    unsigned char chance[TAKING_ID_CHARS / 2];
    struct office_order order = { .what = OFFICE_PAY, .state = "", .text = "" };
    struct buf name;

    if (command->count != 1)
        return complain("say which payment: pay PAYMENT");
    chance_bytes(chance, sizeof(chance));
    buf_init(&name, 256);
    buf_add_format(&name, "%s:", command->words[0]);
    buf_add_hex(&name, chance, sizeof(chance));
    order.name = name.text;
    int code = give(command, &order);
    buf_done(&name);
    return code;
}

static int run_payments(const struct command *command)
{
    if (command->count != 0)
        return complain("payments takes no other words");
    return print(command, office_list_payments);
}

static const struct {
    const char *word;
    int (*run)(const struct command *command);
} commands[] = {
    { "case", run_case },
    { "calls", run_calls },
    { "terminals", run_terminals },
    { "look", run_look },
    { "certificate", run_certificate },
    { "pay", run_pay },
    { "payments", run_payments },
};

bool office_command_is(const char *word)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].word, word) == 0)
            return true;
    }
    return false;
}

/* 0, or the exit code after a sentence. */
static int read_words(int argc, char **argv, struct command *command)
{
    bool may_answer = strcmp(argv[0], "calls") == 0;

    for (int i = 1; i < argc; i++) {
        bool is_state = strcmp(argv[i], "--state") == 0;
        bool is_answer = may_answer && strcmp(argv[i], "--answer") == 0;

        if (is_state || is_answer) {
            if (i + 1 == argc)
                return complain("a value is missing at the end");
            i++;
            *(is_state ? &command->state : &command->answer) = argv[i];
        } else if (command->count == WORDS_MAX) {
            return complain("too many words; put the text in quotes");
        } else {
            command->words[command->count++] = argv[i];
        }
    }
    return command->state == NULL
               ? complain("say where the state is kept: --state DIR")
               : 0;
}

int office_command(int argc, char **argv)
{
    struct command command = { 0 };
    int code = read_words(argc, argv, &command);

    if (code)
        return code;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].word, argv[0]) == 0)
            return commands[i].run(&command);
    }
    return EXIT_USAGE;
}
