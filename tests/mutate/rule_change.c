/* What may be changed within a rule.  Its bytes are read as they stand in the
 * file, where a quote may be doubled or have a backslash before it. */
#include "tests/mutate/finder.h"

#include <ctype.h>
#include <string.h>

struct scan {
    struct finder *finder;
    const char *text;
    size_t at, to;
    bool is_double; /* in YAML's double quotes: \" is a quote */
    bool is_single; /* in its single ones: '' is one */
};

/* How many bytes a quote of the rule has here; 0: there is none. */
static size_t quote_at(const struct scan *scan, size_t at)
{
    const char *text = scan->text;

    if (scan->is_double)
        return text[at] == '\\' && at + 1 < scan->to && text[at + 1] == '"' ? 2
               : text[at] == '\''                                           ? 1
                                                                            : 0;
    if (scan->is_single && text[at] == '\'')
        return 2;
    return text[at] == '"' || text[at] == '\'';
}

static void take_literal(struct scan *scan, size_t quote)
{
    size_t from = scan->at + quote, end = from;

    while (end < scan->to &&
           (quote_at(scan, end) != quote ||
            memcmp(scan->text + end, scan->text + scan->at, quote) != 0))
        end++;
    if (end > from && !finder_move(scan->finder, from, end))
        finder_misspell(scan->finder, from, end);
    scan->at = end + quote;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* A function is none of the names that an item gives. */
static void take_name(struct scan *scan)
{
    static const char *const known[] = { "true", "false", "null", "in" };
    size_t from = scan->at;
    bool is_known = false;

    while (scan->at < scan->to && is_word(scan->text[scan->at]))
        scan->at++;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        is_known |= strlen(known[i]) == scan->at - from &&
                    strncmp(known[i], scan->text + from, scan->at - from) == 0;
    if (!is_known && (scan->at == scan->to || scan->text[scan->at] != '('))
        finder_misspell(scan->finder, from, scan->at);
}

static void take_number(struct scan *scan)
{
    size_t from = scan->at;

    while (scan->at < scan->to &&
           (isdigit((unsigned char)scan->text[scan->at]) ||
            scan->text[scan->at] == '.'))
        scan->at++;
    (void)finder_move(scan->finder, from, scan->at);
}

static void take_operator(struct scan *scan)
{
    static const struct {
        const char *is, *becomes;
    } swaps[] = { { "<=", "<" },  { ">=", ">" },  { "==", "!=" },
                  { "!=", "==" }, { "&&", "||" }, { "||", "&&" },
                  { "<", "<=" },  { ">", ">=" },  { "!", "" } };

    for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++) {
        size_t len = strlen(swaps[i].is);

        if (scan->to - scan->at < len ||
            strncmp(scan->text + scan->at, swaps[i].is, len) != 0)
            continue;
        finder_put(scan->finder, CHANGE_OPERATOR, scan->at, scan->at + len,
                   swaps[i].becomes);
        scan->at += len;
        return;
    }
    scan->at++;
}

void rule_changes(struct finder *finder, const struct node *rule)
{
    struct scan scan = { .finder = finder,
                         .text = tree_text(finder->tree, NULL),
                         .is_double = rule->style == STYLE_DOUBLE,
                         .is_single = rule->style == STYLE_SINGLE };

    node_inside(finder->tree, rule, &scan.at, &scan.to);
    while (scan.at < scan.to) {
        char c = scan.text[scan.at];
        size_t quote = quote_at(&scan, scan.at);

        if (quote)
            take_literal(&scan, quote);
        else if (isdigit((unsigned char)c))
            take_number(&scan);
        else if (is_word(c))
            take_name(&scan);
        else
            take_operator(&scan);
    }
}
