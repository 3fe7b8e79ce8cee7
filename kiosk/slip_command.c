/* What stands on an item's slip, for who writes it: the answers of one of its
 * tests, else whatever leads to the end; a made-up person, case and number, so
 * the paper says that it is a demonstration. */
#include "kiosk/slip_command.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/err.h"
#include "kiosk/draw_file.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/slip.h"
#include "kiosk/slip_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct order {
    const char *file, *pdf;
    const char *paper; /* as settings have it */
    enum language language;
    const char *test; /* its name, or NULL */
};

/* ---- What was asked for -------------------------------------------------- */

/* False: there is no such paper. */
static bool take_paper(struct order *order, const char *word)
{
    static const char *const papers[] = { "58mm", "80mm", "A4" };

    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
        if (strcmp(papers[i], word) == 0 ||
            (strcmp(papers[i], "A4") == 0 && strcmp(word, "a4") == 0)) {
            order->paper = papers[i];
            return true;
        }
    return false;
}

/* -1: all is well; else main's exit code. */
static int take_option(struct order *order, const char *option,
                       const char *word)
{
    if (!word)
        return command_complain("a word is expected after it", option);
    if (strcmp(option, "--paper") == 0)
        return take_paper(order, word)
                   ? -1
                   : command_complain("expected 58mm, 80mm or a4", word);
    if (strcmp(option, "--language") == 0) {
        enum err err = language_find(word, &order->language);

        return err ? command_complain("expected zh_CN or en", word) : -1;
    }
    if (strcmp(option, "--test") == 0) {
        order->test = word;
        return -1;
    }
    return command_complain("only --paper, --language and --test go with "
                            "print-slip",
                            option);
}

static int take_order(struct order *order, int argc, char **argv)
{
    if (argc < 3 || *argv[1] == '-' || *argv[2] == '-')
        return command_complain(
            "after print-slip, an item's file and the PDF to write are "
            "expected",
            "");
    order->file = argv[1];
    order->pdf = argv[2];
    for (int i = 3; i < argc; i += 2) {
        int code =
            take_option(order, argv[i], i + 1 < argc ? argv[i + 1] : NULL);

        if (code >= 0)
            return code;
    }
    return -1;
}

/* ---- Answers ------------------------------------------------------------- */

static const struct yaml *find_test(const struct item *item, const char *name)
{
    for (size_t i = 0; item->tests && i < item->tests->count; i++) {
        const struct yaml *said = yaml_get(item->tests->items[i], "name");

        if (said && strcmp(said->text, name) == 0)
            return item->tests->items[i];
    }
    return NULL;
}

/* As the test goes.  False, and told. */
static bool play_test(const struct order *order, const struct item *item,
                      struct answers *answers, int64_t *ret_wall_ms)
{
    const struct yaml *test = find_test(item, order->test);
    const struct step *last = NULL;
    struct problems problems;

    problems_init(&problems);
    bool is_good = test && item_test_play(item, test, &problems, answers, &last,
                                          ret_wall_ms);
    if (!test)
        fprintf(stderr, "kiosk: %s: it has no test \"%s\"\n", order->file,
                order->test);
    else if (!is_good)
        fputs(problems.text.text, stderr);
    else if (last != walk_result(item))
        fprintf(stderr,
                "kiosk: %s: the test \"%s\" ends at \"%s\", where nothing was "
                "sent, so there is no slip\n",
                order->file, order->test, last ? last->id : "");
    problems_done(&problems);
    return is_good && last == walk_result(item);
}

/* False, and told. */
static bool find_answers(const struct order *order, const struct item *item,
                         struct answers *answers, int64_t *ret_wall_ms)
{
    const struct step *result = walk_result(item);

    *ret_wall_ms = clock_wall_ms();
    if (result && order->test)
        return play_test(order, item, answers, ret_wall_ms);
    answers_begin(answers, *ret_wall_ms);
    if (!result)
        fprintf(stderr,
                "kiosk: %s: nothing is sent here, so there is no "
                "slip\n",
                order->file);
    else if (!item_reach(item, (int)(result - item->steps), *ret_wall_ms,
                         answers))
        fprintf(stderr,
                "kiosk: %s: no answers were found that lead to the "
                "end\n",
                order->file);
    else
        return true;
    return false;
}

/* ---- The slip ------------------------------------------------------------ */

static void compose(const struct order *order, const struct item *item,
                    const struct answers *answers, int64_t wall_ms,
                    struct settings *settings, struct buf *out)
{
    struct session_case made = { .state = CASE_DELIVERED,
                                 .wall_ms = wall_ms,
                                 .copies = 1,
                                 .receipt = "000000000000",
                                 .lookup_code = "0000" };
    const struct slip_facts facts = {
        .made = &made,
        .item = item,
        .answers = answers,
        .language = order->language,
        .settings = settings,
        .progress_url = "http://127.0.0.1/p/0000000000000000000000",
        .is_demo = true,
    };
    char *kept = settings->paper;

    settings->paper = (char *)order->paper;
    slip_compose(&facts, out);
    settings->paper = kept;
}

static int print_slip(const struct order *order, const struct item *item,
                      const char *draw_path)
{
    struct answers *answers = answers_new();
    struct settings settings;
    struct buf request;
    int64_t wall_ms = 0;
    int code = EXIT_FAILURE;

    settings_init(&settings);
    buf_init(&request, SLIP_REQUEST_MAX);
    if (find_answers(order, item, answers, &wall_ms)) {
        compose(order, item, answers, wall_ms, &settings, &request);
        code = draw_file(draw_path, &request, order->pdf);
    }
    buf_done(&request);
    settings_done(&settings);
    answers_wipe(answers);
    answers_free(answers);
    return code;
}

static int print_of_file(const struct order *order, const char *draw_path)
{
    struct problems problems;
    struct pack *pack = NULL;
    int code = EXIT_FAILURE;

    problems_init(&problems);
    enum err err = pack_load_one(order->file, &problems, &pack);
    if (err)
        fputs(problems.text.text, stderr);
    else
        code = print_slip(order, pack_item(pack, 0), draw_path);
    pack_free(pack);
    problems_done(&problems);
    return code;
}

int print_slip_command(int argc, char **argv, const struct program *program)
{
    struct order order = { .paper = "80mm", .language = LANGUAGE_ZH_CN };
    char share[SHARE_PATH_BYTES];
    int code = take_order(&order, argc, argv);

    if (code >= 0)
        return code;
    command_find_share(program, NULL, share);
    command_tell_screens();
    if (!command_open_words(share))
        return EXIT_FAILURE;
    return print_of_file(&order, program->draw);
}
