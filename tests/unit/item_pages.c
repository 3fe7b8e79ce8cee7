#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/item_pages.h"

#include "kiosk/base/file.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 64 * 1024 };

static char folder[64];

const char item_good[] =
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
    "assurance: typed\n"
    "card_fields: [name, number]\n"
    "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
    "steps:\n"
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
    "        when: kind == \"a\" && age < 6\n"
    "        reason: {zh_CN: 因, en: Because}\n"
    "        done: {zh_CN: 无, en: Nothing}\n"
    "        ways: [{zh_CN: 走, en: Go}]\n"
    "  - id: phone\n"
    "    screen: field\n"
    "    when: kind == \"b\"\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    type: mobile\n"
    "    way: {zh_CN: 再补, en: Later}\n"
    "    why: {zh_CN: 用来找您, en: To reach you}\n"
    "  - {id: review, screen: review}\n"
    "  - {id: send, screen: send}\n"
    "  - id: result\n"
    "    screen: result\n"
    "    lines:\n"
    "      - {id: next, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}\n"
    "tests:\n"
    "  - name: grown up\n"
    "    today: 2026-11-23\n"
    "    card: {birth: 2008-11-23}\n"
    "    answers: {kind: b, phone: 138 1234 5678}\n"
    "    pages: [card, kind, phone, review, send, result]\n"
    "    sent: {kind: b, phone: 13812345678}\n"
    "  - name: small child\n"
    "    today: 2026-11-23\n"
    "    card: {birth: 2022-11-23}\n"
    "    answers: {kind: a}\n"
    "    pages: [card, kind]\n"
    "    stop: halt\n";

const char *item_folder(void)
{
    return folder;
}

void item_write(const char *name, const char *text)
{
    char path[192];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    *strrchr(path, '/') = '\0';
    assert_int_equal(file_make_folder(path, 0700), ERR_OK);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, text, strlen(text), 0600), ERR_OK);
}

int item_folder_make(void **state)
{
    (void)state;
    item_set_screens(NULL);
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    item_write("small.yaml", item_good);
    return 0;
}

int item_folder_remove(void **state)
{
    (void)state;
    return file_remove_tree(folder) ? -1 : 0;
}

/* The findings without the folder's path before each. */
static void take_findings(const struct problems *problems, struct buf *out)
{
    size_t len = strlen(folder);
    struct buf ordered;

    buf_init(&ordered, TEXT_BYTES);
    problems_in_order(problems, &ordered);
    for (const char *line = ordered.text; *line;) {
        size_t end = strcspn(line, "\n") + 1;

        assert_int_equal(strncmp(line, folder, len), 0);
        buf_add(out, line + len + 1, end - len - 1);
        line += end;
    }
    buf_done(&ordered);
}

static struct pack *load(const char *division, struct buf *out)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    enum err err = pack_load_for(folder, division, &problems, &pack);
    assert_int_equal(err != ERR_OK, problems.count > 0);
    for (size_t i = 0; !err && i < pack_count(pack); i++) {
        item_explore(pack_item(pack, i), &problems);
        (void)item_tests_run(pack_item(pack, i), &problems);
    }
    take_findings(&problems, out);
    problems_done(&problems);
    return pack;
}

void item_folder_tells(const char *division, const char *lines)
{
    struct buf told;

    buf_init(&told, TEXT_BYTES);
    pack_free(load(division, &told));
    assert_string_equal(told.text, lines);
    buf_done(&told);
}

void item_tells(const char *from, const char *to, const char *lines)
{
    const char *at = strstr(item_good, from);
    struct buf text;

    assert_non_null(at);
    buf_init(&text, TEXT_BYTES);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, to);
    buf_add_text(&text, at + strlen(from));
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", lines);
    item_write("small.yaml", item_good);
}

struct pack *item_load_silently(const char *division)
{
    struct buf told;

    buf_init(&told, TEXT_BYTES);
    struct pack *pack = load(division, &told);
    assert_string_equal(told.text, "");
    assert_non_null(pack);
    buf_done(&told);
    return pack;
}
