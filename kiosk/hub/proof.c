#include "kiosk/hub/proof.h"

#include <stdio.h>
#include <string.h>

#define WORDS(zh, english)                                                     \
    {                                                                          \
        .in = { [LANGUAGE_ZH_CN] = (zh), [LANGUAGE_EN] = (english) }           \
    }

const struct words proof_title =
    WORDS("社会保险个人参保证明", "Proof of social insurance");

static const struct words unemployment =
    WORDS("失业保险", "Unemployment insurance");
static const struct words injury = WORDS("工伤保险", "Work injury insurance");

static const struct {
    const char *value;
    struct words name;
} schemes[SCHEME_COUNT] = {
    [SCHEME_EMPLOYEE] = { "employee",
                          WORDS("企业职工基本养老保险",
                                "Old-age insurance of enterprise employees") },
    [SCHEME_RESIDENT] = { "resident",
                          WORDS("城乡居民基本养老保险",
                                "Old-age insurance of urban and rural "
                                "residents") },
};

/* ---- What is asked ---- */

static bool has_months(const struct person *person, enum scheme scheme, int at)
{
    return person->has[scheme] && person->paid[scheme][at] != 0;
}

/* The years that have a month of this scheme; false: none. */
static bool find_years(const struct person *person, enum scheme scheme,
                       struct proof_choice *choice)
{
    bool has = false;

    choice->scheme = scheme;
    for (int i = 0; i < person->year_count; i++) {
        if (!has_months(person, scheme, i))
            continue;
        if (!has)
            choice->first_year = person->first_year + i;
        choice->last_year = person->first_year + i;
        has = true;
    }
    return has;
}

static bool choose_scheme(const struct person *person, const char *answer,
                          struct proof_choice *choice)
{
    struct proof_choice other;
    bool has_both = find_years(person, SCHEME_EMPLOYEE, &other) &&
                    find_years(person, SCHEME_RESIDENT, &other);

    for (int i = 0; i < SCHEME_COUNT; i++) {
        if (!find_years(person, (enum scheme)i, choice))
            continue;
        if (!has_both || strcmp(answer, schemes[i].value) == 0)
            return true;
    }
    return false;
}

static const char *answer_of(const json_t *chosen, const char *name)
{
    const char *text = json_string_value(json_object_get(chosen, name));

    return text == NULL ? "" : text;
}

static bool choose_year(const char *answer, struct proof_choice *choice)
{
    char year[16];

    if (choice->first_year == choice->last_year || strcmp(answer, "all") == 0)
        return true;
    for (int i = choice->first_year; i <= choice->last_year; i++) {
        snprintf(year, sizeof(year), "%d", i);
        if (strcmp(year, answer) == 0) {
            choice->first_year = choice->last_year = i;
            return true;
        }
    }
    return false;
}

enum proof_need proof_choose(const struct person *person, const json_t *chosen,
                             struct proof_choice *ret_choice)
{
    struct proof_choice none;

    if (!find_years(person, SCHEME_EMPLOYEE, &none) &&
        !find_years(person, SCHEME_RESIDENT, &none))
        return PROOF_NOTHING;
    if (!choose_scheme(person, answer_of(chosen, "scheme"), ret_choice))
        return PROOF_ASK_SCHEME;
    if (!choose_year(answer_of(chosen, "year"), ret_choice))
        return PROOF_ASK_YEAR;
    return PROOF_KNOWN;
}

static json_t *words_json(const struct words *words)
{
    return json_pack("{s:s, s:s}", language_name(LANGUAGE_ZH_CN),
                     words->in[LANGUAGE_ZH_CN], language_name(LANGUAGE_EN),
                     words->in[LANGUAGE_EN]);
}

static void add_option(json_t *options, const char *value,
                       const struct words *text)
{
    json_array_append_new(options, json_pack("{s:s, s:o}", "value", value,
                                             "text", words_json(text)));
}

static json_t *scheme_options(void)
{
    json_t *options = json_array();

    for (int i = 0; i < SCHEME_COUNT; i++)
        add_option(options, schemes[i].value, &schemes[i].name);
    return options;
}

/* The newest first: most people want that one. */
static json_t *year_options(const struct proof_choice *choice)
{
    static const struct words all = WORDS("全部年份", "All years");
    json_t *options = json_array();
    char chinese[32], english[16];

    for (int i = choice->last_year; i >= choice->first_year; i--) {
        const struct words year = WORDS(chinese, english);

        snprintf(chinese, sizeof(chinese), "%d年", i);
        snprintf(english, sizeof(english), "%d", i);
        add_option(options, english, &year);
    }
    add_option(options, "all", &all);
    return options;
}

json_t *proof_question(enum proof_need need, const struct proof_choice *choice)
{
    static const struct words ask_scheme =
        WORDS("打印哪一种养老保险的证明？",
              "The certificate of which pension insurance?");
    static const struct words ask_year = WORDS("打印哪一年？", "Which year?");
    bool is_scheme = need == PROOF_ASK_SCHEME;

    return json_pack("{s:s, s:o, s:o}", "id", is_scheme ? "scheme" : "year",
                     "ask", words_json(is_scheme ? &ask_scheme : &ask_year),
                     "options",
                     is_scheme ? scheme_options() : year_options(choice));
}

/* ---- What it says ---- */

/* A fact in both languages, from formats that take the same arguments. */
struct fact_text {
    char chinese[256], english[256];
};

static void add_fact(json_t *facts, const struct words *label,
                     const struct fact_text *text, const char *mask)
{
    const struct words both = WORDS(text->chinese, text->english);
    json_t *fact = json_pack("{s:o, s:o}", "label", words_json(label), "text",
                             words_json(&both));

    if (mask != NULL)
        json_object_set_new(fact, "mask", json_string(mask));
    json_array_append_new(facts, fact);
}

static void add_plain(json_t *facts, const struct words *label,
                      const char *value, const char *mask)
{
    struct fact_text text;

    snprintf(text.chinese, sizeof(text.chinese), "%s", value);
    snprintf(text.english, sizeof(text.english), "%s", value);
    add_fact(facts, label, &text, mask);
}

static void add_words(json_t *facts, const struct words *label,
                      const struct words *value)
{
    struct fact_text text;

    snprintf(text.chinese, sizeof(text.chinese), "%s",
             value->in[LANGUAGE_ZH_CN]);
    snprintf(text.english, sizeof(text.english), "%s", value->in[LANGUAGE_EN]);
    add_fact(facts, label, &text, NULL);
}

static int count_months(const struct person *person,
                        const struct proof_choice *choice, int year)
{
    unsigned paid = person->paid[choice->scheme][year - person->first_year];
    int months = 0;

    for (int i = 0; i < PERSON_MONTHS; i++)
        months += (paid >> i & 1) != 0;
    return months;
}

static void add_months(json_t *facts, const struct person *person,
                       const struct proof_choice *choice)
{
    static const struct words total =
        WORDS("合计缴费月数", "Months paid in all");
    struct fact_text text;
    int all = 0;

    for (int i = choice->first_year; i <= choice->last_year; i++) {
        char chinese[64], english[64];
        const struct words label = WORDS(chinese, english);
        int months = count_months(person, choice, i);

        snprintf(chinese, sizeof(chinese), "%d年缴费月数", i);
        snprintf(english, sizeof(english), "Months paid in %d", i);
        snprintf(text.chinese, sizeof(text.chinese), "%d个月", months);
        snprintf(text.english, sizeof(text.english), "%d", months);
        add_fact(facts, &label, &text, NULL);
        all += months;
    }
    if (choice->first_year == choice->last_year)
        return;
    snprintf(text.chinese, sizeof(text.chinese), "%d个月", all);
    snprintf(text.english, sizeof(text.english), "%d", all);
    add_fact(facts, &total, &text, NULL);
}

static void add_status(json_t *facts, const struct person *person,
                       const struct proof_choice *choice)
{
    static const struct words active = WORDS("正常参保", "Insured");
    static const struct words paused =
        WORDS("暂停参保", "Insurance interrupted");
    const struct words *status = person->is_active ? &active : &paused;
    static const struct words label = WORDS("参保状态", "Status");

    if (choice->scheme != SCHEME_EMPLOYEE) {
        add_words(facts, &label, status);
        return;
    }
    add_words(facts, &schemes[SCHEME_EMPLOYEE].name, status);
    add_words(facts, &unemployment, status);
    add_words(facts, &injury, status);
}

static const struct words name_label = WORDS("姓名", "Name");
static const struct words number_label =
    WORDS("社会保障号码", "Social security number");

json_t *proof_facts(const struct person *person,
                    const struct proof_choice *choice)
{
    static const struct words scheme_label = WORDS("险种", "Insurance");
    json_t *facts = json_array();

    add_plain(facts, &name_label, person->name, "name");
    add_plain(facts, &number_label, person->number, "number");
    add_words(facts, &scheme_label, &schemes[choice->scheme].name);
    add_status(facts, person, choice);
    add_months(facts, person, choice);
    return facts;
}

/* ---- Its paper ---- */

static void add_block(json_t *blocks, json_t *block)
{
    json_array_append_new(blocks, block);
}

static void add_rule(json_t *blocks)
{
    add_block(blocks, json_pack("{s:s}", "kind", "rule"));
}

static void add_block_fact(json_t *blocks, const char *label, const char *value)
{
    add_block(blocks, json_pack("{s:s, s:s, s:s}", "kind", "fact", "label",
                                label, "value", value));
}

static void add_text(json_t *blocks, const char *kind, const char *text)
{
    add_block(blocks, json_pack("{s:s, s:s}", "kind", kind, "text", text));
}

/* The facts as the person saw them, in Chinese: that is the paper's language.
 */
static void add_facts(json_t *blocks, const struct person *person,
                      const struct proof_choice *choice)
{
    const char *language = language_name(LANGUAGE_ZH_CN);
    json_t *facts = proof_facts(person, choice);
    json_t *fact;
    size_t at;

    json_array_foreach(facts, at, fact)
    {
        json_t *label = json_object_get(fact, "label");
        json_t *text = json_object_get(fact, "text");

        add_block_fact(blocks,
                       json_string_value(json_object_get(label, language)),
                       json_string_value(json_object_get(text, language)));
    }
    json_decref(facts);
}

/* Whether anything was paid up to this month of this year. */
static bool has_begun(const struct person *person, enum scheme scheme, int year,
                      int month)
{
    for (int i = 0; i < year - person->first_year; i++) {
        if (person->paid[scheme][i] != 0)
            return true;
    }
    return (person->paid[scheme][year - person->first_year] &
            ((2u << month) - 1)) != 0;
}

/* What a month says; nothing of one before the first, or that is to come. */
static const char *month_text(const struct person *person,
                              const struct proof_choice *choice, int year,
                              int month, const char *today)
{
    unsigned paid = person->paid[choice->scheme][year - person->first_year];
    char begins[16];

    snprintf(begins, sizeof(begins), "%04d%02d", year, month + 1);
    if (paid >> month & 1)
        return "已缴";
    if (!has_begun(person, choice->scheme, year, month) ||
        strncmp(begins, today, 6) >= 0)
        return "";
    return "未缴";
}

static json_t *month_row(const struct person *person,
                         const struct proof_choice *choice, int year,
                         const char *name, const char *today)
{
    json_t *row = json_array();

    json_array_append_new(row, json_string(name));
    for (int i = 0; i < PERSON_MONTHS; i++)
        json_array_append_new(
            row, json_string(month_text(person, choice, year, i, today)));
    return row;
}

/* A table for a year: its months, one row an insurance. */
static void add_year(json_t *blocks, const struct person *person,
                     const struct proof_choice *choice, int year,
                     const char *today)
{
    static const char *const insurances[] = { "养老", "失业", "工伤" };
    int count = choice->scheme == SCHEME_EMPLOYEE ? 3 : 1;
    json_t *head = json_array(), *rows = json_array();
    char text[32];

    snprintf(text, sizeof(text), "%d年", year);
    json_array_append_new(head, json_string(text));
    for (int i = 1; i <= PERSON_MONTHS; i++) {
        snprintf(text, sizeof(text), "%d月", i);
        json_array_append_new(head, json_string(text));
    }
    for (int i = 0; i < count; i++)
        json_array_append_new(
            rows, month_row(person, choice, year, insurances[i], today));
    add_block(blocks, json_pack("{s:s, s:o, s:o}", "kind", "table", "head",
                                head, "rows", rows));
}

static void add_date(json_t *blocks, const char *label, const char *date)
{
    char text[32];

    snprintf(text, sizeof(text), "%.4s年%.2s月%.2s日", date, date + 4,
             date + 6);
    add_block_fact(blocks, label, text);
}

static json_t *paper_blocks(const struct person *person,
                            const struct proof_choice *choice,
                            const struct proof_paper *paper)
{
    json_t *blocks = json_array();

    add_facts(blocks, person, choice);
    add_rule(blocks);
    for (int i = choice->first_year; i <= choice->last_year; i++)
        add_year(blocks, person, choice, i, paper->issued);
    add_rule(blocks);
    add_block_fact(blocks, "证明编号", paper->number);
    add_block_fact(blocks, "验证码", paper->code);
    add_date(blocks, "开具日期", paper->issued);
    add_date(blocks, "有效期至", paper->valid_until);
    add_block(blocks,
              json_pack("{s:s, s:s, s:s}", "kind", "qr", "payload", paper->url,
                        "text",
                        "扫码核对真伪，或在核对页输入证明编号和验证码"));
    add_text(blocks, "small",
             "本样张由演示系统生成，人和数据都是编造的，没有印章，不能用于任何"
             "用途。");
    return blocks;
}

static int add_piece(const char *bytes, size_t len, void *out)
{
    buf_add(out, bytes, len);
    return 0;
}

void proof_draw(const struct person *person, const struct proof_choice *choice,
                const struct proof_paper *paper, uint32_t job,
                struct buf *request)
{
    /* Plain: cairo embeds most of a font where its subset does not succeed
     * (0.8 MiB each for Noto), and a terminal takes 1 MiB at most. */
    static const char mark[] = "演示样张　无效";
    char running[96];
    json_t *object;

    snprintf(running, sizeof(running), "证明编号 %s　验证码 %s", paper->number,
             paper->code);
    object = json_pack("{s:I, s:s, s:[s], s:{s:s, s:s, s:s, s:s, s:b, s:o}}",
                       "draw", (json_int_t)job, "paper", "A4", "languages",
                       language_name(LANGUAGE_ZH_CN), "slip", "title",
                       proof_title.in[LANGUAGE_ZH_CN], "demo", mark,
                       "watermark", mark, "running", running, "plain", 1,
                       "blocks", paper_blocks(person, choice, paper));

    if (json_dump_callback(object, add_piece, request, JSON_COMPACT))
        buf_clear(request);
    json_decref(object);
}
