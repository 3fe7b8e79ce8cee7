/* Items: what is loaded, and how each kind of mistake is told. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/item_load.h"

static char folder[64];

static const char good[] =
    "id: small\n"
    "version: 3\n"
    "order: 7\n"
    "title: {zh_CN: 小事, en: Small}\n"
    "summary: {zh_CN: 一行, en: One line}\n"
    "bring: {zh_CN: 两行, en: Two lines}\n"
    "authority: {zh_CN: 某局, en: Bureau}\n"
    "unit: {zh_CN: 某处, en: Office}\n"
    "contact: {zh_CN: 某人, en: Someone}\n"
    "needs: {network: wished, reader: must, printer: no}\n"
    "card_fields: [name, number]\n"
    "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
    "anonymous: {when: kind, is: b}\n"
    "steps:\n"
    "  - id: guide\n"
    "    screen: guide\n"
    "    lines:\n"
    "      - {id: what, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}\n"
    "  - {id: card, screen: card, may_type: true}\n"
    "  - id: kind\n"
    "    screen: choice\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    options:\n"
    "      - {value: a, text: {zh_CN: 甲, en: A}}\n"
    "      - {value: b, text: {zh_CN: 乙, en: B}, when: age >= 18}\n"
    "    stops:\n"
    "      - id: halt\n"
    "        when: kind == \"a\"\n"
    "        reason: {zh_CN: 因, en: Because}\n"
    "        done: {zh_CN: 无, en: Nothing}\n"
    "        ways: [{zh_CN: 走, en: Go}]\n"
    "  - id: county\n"
    "    screen: choice\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    list: counties\n"
    "  - id: town\n"
    "    screen: choice\n"
    "    when: kind == \"b\"\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    list: towns\n"
    "    under: county\n"
    "  - id: words\n"
    "    screen: field\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    type: text\n"
    "    max: 60\n"
    "    way: {zh_CN: 再补, en: Later}\n"
    "  - {id: review, screen: review}\n"
    "  - {id: send, screen: send}\n"
    "  - id: result\n"
    "    screen: result\n"
    "    lines:\n"
    "      - {id: next, label: {zh_CN: 甲, en: A},"
    " text: {zh_CN: '{town}', en: '{unit}'}}\n"
    "assurance: typed\n";

static const char counties[] = "value\tparent\tzh_CN\ten\n"
                               "1\t\t东县\tEast\n"
                               "2\t\t西县\tWest\n";
static const char towns[] = "value\tparent\tzh_CN\ten\n"
                            "11\t1\t东镇\tEast town\n"
                            "21\t2\t西镇\tWest town\n"
                            "22\t2\t南镇\tSouth town\n";

static void write_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, text, strlen(text), 0600), ERR_OK);
}

static int set_up(void **state)
{
    char lists[96];

    (void)state;
    item_set_screens(NULL);
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    snprintf(lists, sizeof lists, "%s/lists", folder);
    if (file_make_folder(lists, 0700))
        return -1;
    write_file("small.yaml", good);
    write_file("lists/counties.tsv", counties);
    write_file("lists/towns.tsv", towns);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return file_remove_tree(folder) ? -1 : 0;
}

static struct pack *load_good(void)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    if (pack_load(folder, &problems, &pack))
        fail_msg("%s", problems.text.text);
    assert_int_equal(problems.count, 0);
    problems_done(&problems);
    return pack;
}

/* The folder is refused, and one of the lines begins with where and says
 * what. */
static void refuse(const char *where, const char *what)
{
    struct problems problems;
    struct pack *pack = NULL;
    char begins[256];
    bool is_told = false;

    problems_init(&problems);
    assert_int_equal(pack_load(folder, &problems, &pack), ERR_BAD_INPUT);
    assert_null(pack);
    snprintf(begins, sizeof begins, "%s/%s:", folder, where);
    for (const char *line = problems.text.text; *line;) {
        size_t len = strcspn(line, "\n");
        const char *said = strstr(line, what);

        if (strncmp(line, begins, strlen(begins)) == 0 && said &&
            said < line + len)
            is_told = true;
        line += len + (line[len] != '\0');
    }
    if (!is_told)
        fail_msg("expected %s %s\nin\n%s", begins, what, problems.text.text);
    problems_done(&problems);
}

/* The good item with one piece changed is refused. */
static void change(const char *from, const char *to, const char *where,
                   const char *what)
{
    const char *at = strstr(good, from);
    struct buf text;
    char place[64];

    assert_non_null(at);
    buf_init(&text, 64 * 1024);
    buf_add(&text, good, (size_t)(at - good));
    buf_add_text(&text, to);
    buf_add_text(&text, at + strlen(from));
    write_file("small.yaml", text.text);
    buf_done(&text);
    snprintf(place, sizeof place, "small.yaml:%s", where);
    refuse(place, what);
    write_file("small.yaml", good);
}

/* As item_hash.h says it: the file, then the lists that are used. */
static void hash_of_small(const char *text, const char *towns_text,
                          char hash[CRYPTO_HEX_DIGEST])
{
    char file[CRYPTO_HEX_DIGEST], first[CRYPTO_HEX_DIGEST];
    char second[CRYPTO_HEX_DIGEST], whole[512];

    digest_hex(text, strlen(text), file);
    digest_hex(counties, strlen(counties), first);
    digest_hex(towns_text, strlen(towns_text), second);
    snprintf(whole, sizeof whole,
             "kiosk-item 1\nfile %s\nlist counties %s\nlist towns %s\n", file,
             first, second);
    digest_hex(whole, strlen(whole), hash);
}

/* Another row of a list is another item: it is asked otherwise. */
static void test_the_hash_covers_lists(void **state)
{
    struct pack *before = load_good(), *after;
    char hash[CRYPTO_HEX_DIGEST], longer[4096];

    (void)state;
    snprintf(longer, sizeof longer, "%s19\t1\t新镇\tNew\n", towns);
    write_file("lists/towns.tsv", longer);
    after = load_good();
    write_file("lists/towns.tsv", towns);
    hash_of_small(good, longer, hash);
    assert_string_equal(pack_item(after, 0)->hash, hash);
    assert_string_not_equal(pack_item(before, 0)->hash, hash);
    pack_free(before);
    pack_free(after);
}

static void test_everything_is_read(void **state)
{
    struct pack *pack = load_good();
    const struct item *item = pack_find(pack, "small");
    char hash[CRYPTO_HEX_DIGEST];
    const struct step *step;

    (void)state;
    assert_int_equal(pack_count(pack), 1);
    assert_ptr_equal(pack_item(pack, 0), item);
    assert_null(pack_item(pack, 1));
    assert_null(pack_find(pack, "other"));
    hash_of_small(good, towns, hash);
    assert_string_equal(item->hash, hash);
    assert_int_equal(item->version, 3);
    assert_int_equal(item->order, 7);
    assert_string_equal(item->title.in[LANGUAGE_ZH_CN], "小事");
    assert_string_equal(item->contact.in[LANGUAGE_EN], "Someone");
    assert_int_equal(item->network, NEED_WISHED);
    assert_int_equal(item->reader, NEED_MUST);
    assert_int_equal(item->printer, NEED_NO);
    assert_int_equal(item->assurance, ASSURANCE_TYPED);
    assert_false(item->needs_a4);
    assert_string_equal(item->card_fields[1], "number");
    assert_null(item->card_fields[2]);
    assert_int_equal(item->notice_version, 2);
    assert_int_equal(strlen(item->notice_hash), 64);
    assert_string_equal(item->anonymous_when_answer, "kind");
    assert_string_equal(item->anonymous_when_value, "b");
    assert_int_equal(item->step_count, 9);
    assert_null(item_step(item, "nothing"));
    assert_true(item_step(item, "card")->may_type);
    assert_null(item_step(item, "card")->answer);
    step = item_step(item, "kind");
    assert_string_equal(step->answer, "kind");
    assert_int_equal(step->option_count, 2);
    assert_null(step->options[0].when);
    assert_non_null(step->options[1].when);
    assert_int_equal(step->stops[0].way_count, 1);
    assert_string_equal(step->stops[0].ways[0].in[LANGUAGE_EN], "Go");
    step = item_step(item, "town");
    assert_string_equal(step->list->name, "towns");
    assert_int_equal(step->list->count, 3);
    assert_string_equal(step->list->rows[2].text.in[LANGUAGE_EN], "South town");
    assert_string_equal(step->under, "county");
    step = item_step(item, "words");
    assert_int_equal(step->type, FIELD_TYPE_TEXT);
    assert_int_equal(step->max_chars, 60);
    assert_string_equal(step->way.in[LANGUAGE_ZH_CN], "再补");
    pack_free(pack);
}

/* Without hours of its own it is open all day; the last minute is over. */
static void test_hours(void **state)
{
    struct item item = { .hours = NULL };

    (void)state;
    assert_true(item_is_open(&item, 0));
    assert_true(item_is_open(&item, 24 * 60 - 1));
    item.hours = "08:30-17:00";
    assert_false(item_is_open(&item, 8 * 60 + 29));
    assert_true(item_is_open(&item, 8 * 60 + 30));
    assert_true(item_is_open(&item, 16 * 60 + 59));
    assert_false(item_is_open(&item, 17 * 60));
}

static void test_keys(void **state)
{
    (void)state;
    change("summary:", "sumary:", "5:1",
           "unknown key \"sumary\" here; did you mean \"summary\"?");
    change("order: 7", "zzzzzzzz: 7", "3:1",
           "unknown key \"zzzzzzzz\" in the item: ");
    change("    max: 60\n", "    may_type: true\n", "50:5",
           "\"may_type\" means nothing on this kind of page, only on: card");
    change("    ask: {zh_CN: 问, en: Ask}\n", "", "20:5",
           "a step lacks \"ask\": the question, the page's heading");
    change("{value: a, text:", "{value: a, txt:", "25:20",
           "unknown key \"txt\" here; did you mean \"text\"?");
    change("network: wished", "network: maybe", "10:18",
           "expected no, wished or must");
    change("order: 7", "order: 7\nhours: 9-17", "4:8", "expected HH:MM-HH:MM");
    change("order: 7", "order: 7\nhours: 17:00-09:00", "4:8",
           "expected HH:MM-HH:MM");
    change("version: 3", "version: 0", "2:10",
           "expected a whole number from 1 to 1000000: ");
    change("version: 3", "version: 3x", "2:10", "expected a whole number");
    change("may_type: true", "may_type: yes", "19:40",
           "expected false or true");
    change("type: text", "type: fax", "49:11",
           "expected mobile, text, receipt, code, id_number");
    change("[name, number]", "[name, shoe]", "11:21", "expected ");
    change("[name, number]", "[name, name]", "11:21",
           "\"name\" is kept already");
}

static void test_texts(void **state)
{
    (void)state;
    change("{zh_CN: 小事, en: Small}", "Small", "4:8",
           "expected a text in both languages");
    change("{zh_CN: 小事, en: Small}", "{zh_CN: 小事}", "4:8",
           "the text in en is missing");
    change("en: Small}", "en: Small, fr: Petit}", "4:31",
           "unknown language \"fr\"");
    change("en: Small}", "en: ''}", "4:24", "expected a text");
    change("小事", "小…事", "4:17", "\"…\" has no certain width");
    change("小事", "①小事", "4:16", "a number in a circle");
    change("en: Small", "en: \"Sm\\aall\"", "4:24",
           "expected a text without control characters");
    change("{unit}", "{untit}", "57:74", "{untit} is filled by nothing");
    change("{unit}", "{unit", "57:74", "a { without its }");
}

static void test_names(void **state)
{
    (void)state;
    change("id: small", "id: other", "1:5",
           "expected \"small\", as the file is called");
    change("id: small", "id: Small", "1:5", "expected at most 31 of a-z");
    change("id: words", "id: kind", "45:9",
           "another step gives the answer \"kind\" already");
    change("id: words", "id: review", "52:10",
           "the id \"review\" stands here twice");
    change("id: words", "id: age", "45:9",
           "the answer's name \"age\" means something else already");
    change("id: words", "id: card_x", "45:9", "the answer's name \"card_x\"");
    change("value: b", "value: a", "26:9", "the value \"a\" stands here twice");
    change("value: a", "value: later", "25:17", "\"later\" is what the way");
    change("is: b", "is: c", "13:12", "expected the answer of a choice");
    change("when: kind, is", "when: words, is", "13:12",
           "expected the answer of a choice");
}

static void test_rules(void **state)
{
    (void)state;
    change("when: age >= 18", "when: age >=", "26", "");
    change("age >= 18", "agee >= 18", "26", "agee");
    /* What is asked later is not known here, but a stop knows its own. */
    change("age >= 18", "county == 'x'", "26", "county");
    change("age >= 18", "kind == 'x'", "26", "kind");
}

static void test_screens(void **state)
{
    static const char *const names[] = { "guide",  "card", "choice", "field",
                                         "review", "send", "result", NULL };
    struct pack *pack;

    (void)state;
    item_set_screens(names);
    pack = load_good();
    pack_free(pack);
    change("screen: field", "screen: feild", "46:13",
           "unknown screen \"feild\"; did you mean \"field\"?");
    item_set_screens(NULL);
}

static void test_lists(void **state)
{
    (void)state;
    change("list: towns", "list: tons", "43:11", "lists/tons.tsv is not there");
    change("list: towns", "list: ../x", "43:11", "expected the name of a file");
    change("    list: counties\n", "", "33:5",
           "a choice has either options or a list");
    change("    under: county\n", "    under: kind\n", "44:12",
           "expected, on a step with a list, the answer of an earlier");
    change("    list: counties\n"
           "  - id: town\n"
           "    screen: choice\n"
           "    when: kind == \"b\"\n",
           "    list: counties\n"
           "    way: {zh_CN: 无, en: None}\n"
           "  - id: town\n"
           "    screen: choice\n",
           "44:12", "\"county\" may be \"later\"");
}

static void test_list_files(void **state)
{
    (void)state;
    write_file("lists/towns.tsv", "value\tzh_CN\n");
    refuse("lists/towns.tsv:1:1", "expected UTF-8 text whose first line");
    write_file("lists/towns.tsv", "value\tparent\tzh_CN\ten\n11\t1\t东镇\n");
    refuse("lists/towns.tsv:2:1", "expected 4 columns");
    write_file("lists/towns.tsv",
               "value\tparent\tzh_CN\ten\n11\t1\t东镇\tA\n11\t2\t西镇\tB\n");
    refuse("lists/towns.tsv:3:1", "the value \"11\" stands here twice");
    write_file("lists/towns.tsv",
               "value\tparent\tzh_CN\ten\n11\t1\t东…镇\tA\n21\t2\t西镇\tB\n");
    refuse("lists/towns.tsv:2:7", "\"…\" has no certain width");
    write_file("lists/towns.tsv",
               "value\tparent\tzh_CN\ten\n11\t1\t东镇\tA\n31\t3\t西镇\tB\n");
    refuse("small.yaml:44:12", "list towns: the parent \"3\" of \"31\"");
    refuse("small.yaml:44:12", "list towns has no row under \"2\"");
    write_file("lists/towns.tsv", "value\tparent\tzh_CN\ten\n");
    refuse("lists/towns.tsv:2:1", "expected at least one row");
}

static void test_long_list(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 64 * 1024);
    buf_add_text(&text, "value\tparent\tzh_CN\ten\n");
    for (int i = 0; i < 90; i++)
        buf_add_format(&text, "%d\t\t县\tCounty\n", i + 1);
    write_file("lists/counties.tsv", text.text);
    buf_done(&text);
    refuse("small.yaml:37:11", "90 rows on a page, of which 89");
}

static void test_order_of_steps(void **state)
{
    (void)state;
    change("  - {id: review, screen: review}\n", "", "52:5",
           "expected a step with screen: review before this");
    change("  - {id: send, screen: send}\n", "", "53:5",
           "expected the result right after send");
    change("{id: send, screen: send}",
           "{id: send, screen: send}\n  - {id: send2, screen: send}", "54:5",
           "a second step with screen: send");
    change("  - {id: review, screen: review}\n",
           "  - {id: review, screen: review}\n"
           "  - {id: x, screen: field, type: mobile, why: {zh_CN: 因, en: Why},"
           " ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 名, en: Name}}\n",
           "53:5", "what is asked after the review was not reviewed");
    change("notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n", "",
           "18:5", "a card is read, but there is no \"notice\"");
    change("card_fields: [name, number]\n", "", "18:5",
           "a card is read, but \"card_fields\"");
    change("reader: must", "reader: no", "19:5", "a card is read: needs");
}

static void test_bad_files(void **state)
{
    char *big = mem_new(ITEM_FILE_MAX + 2);

    (void)state;
    write_file("small.yaml", "- a\n- b\n");
    refuse("small.yaml:1:1", "expected keys and values: the item");
    write_file("small.yaml", "id: [\n");
    refuse("small.yaml", "");
    write_file("small.yaml", "");
    refuse("small.yaml", "");
    memset(big, 'a', ITEM_FILE_MAX + 1);
    write_file("small.yaml", big);
    mem_free(big);
    refuse("small.yaml:1:1",
           "error: the file is too long: expected at most 1 MiB");
}

static void test_one_bad_item_refuses_the_pack(void **state)
{
    struct problems problems;
    struct pack *pack = NULL;

    (void)state;
    write_file("other.yaml", "id: other\n");
    refuse("other.yaml:1:1", "the item lacks \"title\"");
    problems_init(&problems);
    assert_int_equal(pack_load("/nowhere/at/all", &problems, &pack),
                     ERR_NOT_FOUND);
    assert_int_equal(problems.count, 1);
    problems_done(&problems);
}

static const char issued[] =
    "id: issued\nversion: 1\norder: 8\n"
    "title: {zh_CN: 证, en: Proof}\n"
    "summary: {zh_CN: 一行, en: One line}\n"
    "bring: {zh_CN: 两行, en: Two lines}\n"
    "authority: {zh_CN: 某局, en: Bureau}\n"
    "unit: {zh_CN: 某处, en: Office}\n"
    "contact: {zh_CN: 某人, en: Someone}\n"
    "needs: {network: must, reader: must, printer: must, a4: true}\n"
    "assurance: card and check\n"
    "card_fields: [name, number]\n"
    "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
    "steps:\n"
    "  - {id: card, screen: card}\n"
    "  - {id: check, screen: check}\n"
    "  - id: proof\n"
    "    screen: certificate\n"
    "    kind: some-proof\n"
    "    stops:\n"
    "      - id: none\n"
    "        when: proof == \"none\"\n"
    "        reason: {zh_CN: 因, en: Because}\n"
    "        done: {zh_CN: 无, en: Nothing}\n"
    "        ways: [{zh_CN: 走, en: Go}]\n";

/* issued with one piece changed is refused. */
static void change_issued(const char *from, const char *to, const char *where,
                          const char *what)
{
    const char *at = strstr(issued, from);
    struct buf text;
    char place[64];

    assert_non_null(at);
    buf_init(&text, 64 * 1024);
    buf_add(&text, issued, (size_t)(at - issued));
    buf_add_text(&text, to);
    buf_add_text(&text, at + strlen(from));
    write_file("issued.yaml", text.text);
    buf_done(&text);
    snprintf(place, sizeof place, "issued.yaml:%s", where);
    refuse(place, what);
}

/* What the office is asked for in the session: who may ask, and where it
 * ends. */
static void test_certificate(void **state)
{
    (void)state;
    write_file("issued.yaml", issued);
    struct pack *pack = load_good();
    const struct item *item = pack_find(pack, "issued");
    assert_int_equal(item->assurance, ASSURANCE_CARD_CHECK);
    assert_true(item->needs_a4);
    assert_string_equal(item_step(item, "check")->answer, "check");
    assert_string_equal(item_step(item, "proof")->answer, "proof");
    assert_string_equal(item_step(item, "proof")->kind, "some-proof");
    pack_free(pack);
    change_issued("assurance: card and check", "assurance: sure", "11:12",
                  "expected none, typed, code, card or card and check");
    change_issued("assurance: card and check\n", "", "1:1",
                  "the item lacks \"assurance\"");
    change_issued("  - {id: check, screen: check}\n", "", "11:12",
                  "\"card and check\" needs a step with screen: check");
    change_issued("  - {id: check, screen: check}\n", "", "16:5",
                  "expected a step with screen: check before this");
    change_issued("  - {id: card, screen: card}\n", "", "15:5",
                  "expected a step with screen: card before this");
    change_issued("screen: card}", "screen: card, may_type: true}", "15:5",
                  "the number cannot be typed instead");
    change_issued("    kind: some-proof\n", "", "17:5",
                  "a step lacks \"kind\"");
    change_issued("  - id: proof\n",
                  "  - {id: end, screen: cases}\n  - id: "
                  "proof\n",
                  "18:5", "nothing stands after the result");
    change_issued("a4: true", "a4: maybe", "10:57", "expected false or true");
}

/* Between its markers the README has what the table says (make item-docs), and
 * its example loads. */
static void test_readme(void **state)
{
    static const char begin[] = "<!-- keys: written by make item-docs -->\n\n";
    char *text = NULL, *example, *end, *keys;
    struct buf tables;
    size_t len;

    (void)state;
    assert_int_equal(
        file_read("screens/items/README.md", ITEM_FILE_MAX, &text, &len),
        ERR_OK);
    buf_init(&tables, ITEM_FILE_MAX);
    item_keys_tables(&tables);
    keys = strstr(text, begin);
    assert_non_null(keys);
    keys += sizeof begin - 1;
    end = strstr(keys, "<!-- end of keys -->");
    assert_non_null(end);
    assert_int_equal(end - keys, tables.len);
    if (strncmp(keys, tables.text, tables.len) != 0)
        fail_msg("screens/items/README.md is behind the table: make item-docs");
    buf_done(&tables);
    example = strstr(text, "```yaml\n");
    assert_non_null(example);
    example += strlen("```yaml\n");
    end = strstr(example, "```");
    assert_non_null(end);
    *end = '\0';
    write_file("lost-property.yaml", example);
    mem_free(text);
    struct pack *pack = load_good();
    /* order 7, then order 9 */
    assert_string_equal(pack_item(pack, 0)->id, "small");
    assert_string_equal(pack_item(pack, 1)->id, "lost-property");
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(item_tests_run(pack_item(pack, 1), &problems), 2);
    assert_string_equal(problems.text.text, "");
    problems_done(&problems);
    pack_free(pack);
}

/* What editors complete by is what the loader reads by, and is JSON. */
static void test_schema(void **state)
{
    static const char *const names[] = { "guide",       "card",   "choice",
                                         "field",       "review", "declare",
                                         "send",        "result", "check",
                                         "certificate", "cases",  NULL };
    const json_t *steps, *phone, *rule;
    struct buf schema;
    json_t *root;

    (void)state;
    item_set_screens(names);
    buf_init(&schema, ITEM_FILE_MAX);
    item_schema(&schema);
    item_set_screens(NULL);
    root = json_loadb(schema.text, schema.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buf_done(&schema);
    json_t *whole = root;
    root = json_incref(json_object_get(whole, "definitions"));
    json_decref(whole);
    for (size_t i = 0; i < item_key_count; i++) {
        const struct key_row *row = &item_keys[i];

        assert_true(row->means[0] && row->example[0]);
        assert_true((row->kind == TAKES_WORD) == (row->words != NULL));
    }
    steps = json_object_get(
        json_object_get(json_object_get(root, "item"), "properties"), "steps");
    assert_int_equal(json_integer_value(json_object_get(steps, "maxItems")),
                     ITEM_STEPS_MAX);
    phone = json_object_get(
        json_object_get(json_object_get(root, "step"), "properties"), "type");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(phone, "enum"), 0)),
        "mobile");
    /* A field needs its type; a guide has none. */
    rule = json_array_get(
        json_object_get(json_object_get(root, "step"), "allOf"), 0);
    assert_true(json_is_false(json_object_get(
        json_object_get(json_object_get(rule, "then"), "properties"), "type")));
    json_decref(root);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_everything_is_read),
        TEST(test_the_hash_covers_lists),
        TEST(test_hours),
        TEST(test_keys),
        TEST(test_texts),
        TEST(test_names),
        TEST(test_rules),
        TEST(test_screens),
        TEST(test_lists),
        TEST(test_list_files),
        TEST(test_long_list),
        TEST(test_order_of_steps),
        TEST(test_bad_files),
        TEST(test_one_bad_item_refuses_the_pack),
        TEST(test_certificate),
        TEST(test_readme),
        TEST(test_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
