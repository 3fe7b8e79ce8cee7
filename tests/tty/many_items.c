#include "tests/tty/many_items.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static const struct small {
    const char *id, *theme, *zh, *en, *keywords;
    int order;
    const char *more; /* keys of the head */
} smalls[] = {
    { "jobless", "work", "失业登记", "Registering as unemployed", "再就业", 11,
      "" },
    { "medical-join", "medical", "医保参保登记", "Joining medical insurance",
      "合作医疗", 12, "elder: true\n" },
    { "medical-away", "medical", "异地就医备案", "Treatment elsewhere", "转诊",
      13, "" },
    { "driving", "police", "驾驶证期满换证", "Renewing a driving licence",
      "驾照", 14, "" },
    { "fund", "housing", "住房公积金查询", "Housing fund enquiry", "贷款", 15,
      "" },
    { "trader", "business", "个体工商户登记", "Registering a trader",
      "营业执照", 16, "" },
    { "elder-card", "support", "老年人优待证", "Card for older people",
      "老年证", 17, "elder: true\n" },
    { "wedding", "family", "结婚登记预约", "Booking a wedding", "婚姻", 18,
      "" },
};

/* Who is old enough has the card already: a good end without a case. */
static void add_steps(struct buf *text)
{
    buf_add_text(
        text,
        "steps:\n"
        "  - id: guide\n"
        "    screen: guide\n"
        "    lines:\n"
        "      - {id: what, label: {zh_CN: 办什么, en: What}, text: {zh_CN: "
        "登记。, en: It is registered.}}\n"
        "  - id: had\n"
        "    screen: choice\n"
        "    type: yes_no\n"
        "    ask: {zh_CN: 以前办过吗？, en: 'Have you had it before?'}\n"
        "    label: {zh_CN: 以前办过, en: Had before}\n"
        "  - id: renewed\n"
        "    screen: closing\n"
        "    when: had == \"yes\"\n"
        "    ask: {zh_CN: 不用申请, en: You need not apply}\n"
        "    lines:\n"
        "      - {id: why, label: {zh_CN: 为什么, en: Why}, text: {zh_CN: "
        "办过的会自动续期，不用再办。, en: It is renewed by itself.}}\n"
        "      - {id: when, label: {zh_CN: 什么时候, en: When}, text: {zh_CN: "
        "每年一月。, en: Each January.}}\n"
        "  - {id: review, screen: review}\n"
        "  - {id: send, screen: send}\n"
        "  - id: result\n"
        "    screen: result\n"
        "    lines:\n"
        "      - {id: next, label: {zh_CN: 下一步, en: Next}, text: {zh_CN: "
        "等电话。, en: Expect a call.}}\n"
        "tests:\n"
        "  - {name: before, answers: {had: yes}, pages: [guide, had, renewed], "
        "lines: [why, when]}\n"
        "  - {name: new, answers: {had: no}, pages: [guide, had, review, send, "
        "result]}\n");
}

static void write_small(const char *items, const struct small *small)
{
    char path[WORLD_PATH], name[64];
    struct buf text;

    buf_init(&text, 16 * 1024);
    buf_add_format(&text,
                   "id: %s\nversion: 1\norder: %d\ntheme: %s\n%s"
                   "title: {zh_CN: %s, en: %s}\n"
                   "keywords: {zh_CN: %s, en: sample}\n",
                   small->id, small->order, small->theme, small->more,
                   small->zh, small->en, small->keywords);
    buf_add_text(&text,
                 "summary: {zh_CN: 在这里登记, en: Register here}\n"
                 "bring: {zh_CN: 不用身份证　不收费, en: No ID card. Free}\n"
                 "authority: {zh_CN: 南阳市人民政府, en: Nanyang City}\n"
                 "unit: {zh_CN: 经办窗口, en: the counter}\n"
                 "contact: {zh_CN: 12345 热线, en: the 12345 hotline}\n"
                 "needs: {network: wished, reader: no, printer: wished}\n"
                 "assurance: none\n");
    add_steps(&text);
    snprintf(name, sizeof name, "%s.yaml", small->id);
    world_join(path, items, name);
    world_write(path, text.text, 0600);
    buf_done(&text);
}

static bool is_kept(const char *name)
{
    static const char *const kept[] = { "si-insured-proof.yaml",
                                        "residence-permit.yaml",
                                        "hotline-12345.yaml",
                                        "case-progress.yaml" };
    size_t len = strlen(name);

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (strcmp(name, kept[i]) == 0)
            return true;
    return len < 5 || strcmp(name + len - 5, ".yaml") != 0;
}

/* Also what other divisions say of those that go. */
void four_items_keep(const char *items)
{
    char path[WORLD_PATH];
    struct dirent *entry;
    DIR *dir = opendir(items);

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        bool is_other = strcmp(entry->d_name, "overlays") == 0;

        if (is_kept(entry->d_name) && !is_other)
            continue;
        world_join(path, items, entry->d_name);
        world_remove(path);
    }
    closedir(dir);
}

void four_items_make(const char *folder, char ret_share[WORLD_PATH])
{
    static struct world_said said;
    char from[WORLD_PATH], items[WORLD_PATH];

    world_program(from, "share");
    world_join(ret_share, folder, "share");
    world_join(items, ret_share, "items");
    const char *const argv[] = { "/bin/cp", "-R", from, ret_share, NULL };
    world_run(argv, &said);
    four_items_keep(items);
}

void four_items_settings(const char *folder, char ret_settings[WORLD_PATH])
{
    char share[WORLD_PATH], text[2 * WORLD_PATH];

    four_items_make(folder, share);
    world_join(ret_settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "share_folder: \"%s\"\n", share);
    world_write(ret_settings, text, 0600);
}

void many_items_make(const char *folder, char ret_share[WORLD_PATH])
{
    char items[WORLD_PATH];

    four_items_make(folder, ret_share);
    world_join(items, ret_share, "items");
    for (size_t i = 0; i < sizeof smalls / sizeof *smalls; i++)
        write_small(items, &smalls[i]);
}
