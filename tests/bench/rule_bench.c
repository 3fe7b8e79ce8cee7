/* How long a page's rules take: 20 conditions over 40 answers, as an item has
 * them (comparisons, lists, dates, a pattern, a repeated group), evaluated one
 * after another; the median of many pages.  Less than 20 microseconds.  And how
 * long it takes to read one. */
#include "tests/bench/figure.h"

#include "kiosk/rule/rule.h"

#include <string.h>

enum { NAMES = 40, RULES = 20, PAGES = 2000, TARGET_US = 20, NAME_BYTES = 16 };

static char name_texts[NAMES][NAME_BYTES];
static struct rule_declared declared[NAMES];
static struct rule_value values[NAMES];
static struct rule_value papers[3];

static const char *const rules[RULES] = {
    "text0 == 'work'",
    "text1 != 'none' && text2 in ['411302', '411303', '411304']",
    "int0 >= 16",
    "int1 + int2 > 100 || int3 < 5",
    "bool0 && !bool1",
    "answered(text3)",
    "!answered(text4) || mobile_ok(text4)",
    "date0 <= years_before(today(), 16)",
    "age(date1) >= 60",
    "date2 + duration('720h') > today()",
    "text5.startsWith('4113')",
    "size(text6) <= 500",
    "text7.matches('^[0-9A-Z]{6,12}$')",
    "list0.exists(p, p == 'contract')",
    "list1.all(p, size(p) > 2)",
    "double0 * 1.5 < 4000.0",
    "id_number_ok(text8)",
    "int4 == null || int4 > 0",
    "bool2 ? text9 == 'a' : text9 == 'b'",
    "size(list2) >= 1 && list2[0] != ''",
};

/* text0 to text15, int0 to int7, bool0 to bool7, date0, date1 and so on. */
static void make_answers(void)
{
    static const struct {
        const char *kind_name;
        int count;
        enum rule_kind kind;
    } kinds[] = {
        { "text", 16, RULE_TEXT },    { "int", 8, RULE_INT },
        { "bool", 6, RULE_BOOL },     { "date", 4, RULE_TIMESTAMP },
        { "double", 3, RULE_DOUBLE }, { "list", 3, RULE_LIST },
    };
    static const char *const texts[] = { "work",     "rent",    "411303",
                                         "a street", "",        "411303001",
                                         "words",    "AB12CD34" };
    size_t at = 0;

    for (size_t i = 0; i < 3; i++)
        papers[i] = rule_text("contract", 8);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int i = 0; i < kinds[k].count; i++, at++) {
            const char *text = texts[i % 8];

            (void)snprintf(name_texts[at], NAME_BYTES, "%s%d",
                           kinds[k].kind_name, i);
            declared[at] = (struct rule_declared){ name_texts[at],
                                                   kinds[k].kind, RULE_ANY };
            values[at] =
                kinds[k].kind == RULE_TEXT   ? rule_text(text, strlen(text))
                : kinds[k].kind == RULE_INT  ? rule_int(30 + i)
                : kinds[k].kind == RULE_BOOL ? rule_bool(i % 2)
                : kinds[k].kind == RULE_TIMESTAMP ? rule_date(10000 + i)
                : kinds[k].kind == RULE_DOUBLE    ? rule_double(1200.5)
                                                  : rule_list(papers, 3);
        }
}

static bool value_of(void *owner, int index, const char *name,
                     struct rule_value *ret_value)
{
    (void)owner;
    (void)name;
    *ret_value = values[index];
    return true;
}

static bool read_rule(const char *text, struct rule_program **ret_program)
{
    static const struct rule_names names = { declared, NAMES };
    struct rule_source source = { .file = "rule",
                                  .line = 1,
                                  .column = 1,
                                  .text = text,
                                  .len = strlen(text) };
    struct problems problems;
    bool is_ok;

    problems_init(&problems);
    is_ok = !rule_program_parse(&source, &names, &problems, ret_program) &&
            !rule_program_check(*ret_program, RULE_BOOL, &problems);
    if (!is_ok)
        fputs(problems.text.text, stderr);
    problems_done(&problems);
    return is_ok;
}

int main(void)
{
    static double pages[PAGES], reads[PAGES];
    struct rule_program *programs[RULES] = { NULL };
    struct rule_host host = { .value = value_of, .today = 20783 };
    int is_true = 0, is_ok = 1;

    make_answers();
    for (int i = 0; i < RULES; i++)
        is_ok = is_ok && read_rule(rules[i], &programs[i]);
    for (int page = 0; is_ok && page < PAGES; page++) {
        struct rule_program *again = NULL;
        double start = figure_now_ms();

        for (int i = 0; i < RULES; i++)
            is_true += rule_program_is_true(programs[i], &host);
        pages[page] = (figure_now_ms() - start) * 1e3;
        start = figure_now_ms();
        is_ok = read_rule(rules[page % RULES], &again);
        reads[page] = (figure_now_ms() - start) * 1e3;
        rule_program_free(again);
    }
    for (int i = 0; i < RULES; i++)
        rule_program_free(programs[i]);
    if (!is_ok || is_true == 0)
        return EXIT_FAILURE;
    double page_us = figure_median(pages, PAGES);
    figure_print("page-rules", page_us, "us", 0, "< 20", page_us < TARGET_US,
                 "20 conditions over 40 answers");
    figure_print("rule-read", figure_median(reads, PAGES), "us", 0, "", 1,
                 "read and checked, one");
    return EXIT_SUCCESS;
}
