#include "tests/unit/ui_pages.h"

#include <stdio.h>

static const char *const counties[] = {
    "宛城区", "卧龙区", "邓州市", "南召县", "方城县",
    "西峡县", "镇平县", "内乡县", "淅川县", "社旗县",
    "唐河县", "新野县", "桐柏县", "高新区", "城乡一体化示范区"
};

static void county(void *owner, size_t at, const char **ret_value,
                   const char **ret_text)
{
    static char value[32];

    (void)owner; /* the value is gone at the next call, as it may be */
    (void)snprintf(value, sizeof value, "row-%zu", at);
    *ret_value = value;
    *ret_text = counties[at];
}

static void add_header(struct view *view, bool in_item)
{
    view_header(view, "header.place",
                "南阳市政务服务自助终端　卧龙区政务服务大厅 3号机");
    view_header(view, "header.trouble", "【演示】　打印机缺纸");
    view_header(view, "header.clock", "14:03");
    if (!in_item)
        return;
    view_header(view, "header.item", "居住证申领");
    view_header(view, "header.stage", "填写 3/5");
}

static void add_footer(struct view *view, const char *go)
{
    if (!view_find(view, "footer.back"))
        view_footer(view, "footer.back", "*", "返回");
    if (go)
        view_footer(view, "footer.go", "#", go);
    view_footer(view, "footer.help", "0", "帮助");
    view_footer(view, "footer.language", "", "English")->note = "EN";
    view_footer(view, "footer.end", "", "结束");
}

static void fill_attract(struct view *view)
{
    view_heading(view, "attract.name", "南阳市政务服务");
    view_choice(view, "attract.begin", "#", "请触摸屏幕或按任意键开始。");
    view_text(view, "attract.english",
              "Touch the screen or press any key to begin.");
    view_fact(view, "attract.can", "本机能办", "居住证申领、反映问题");
    view_fact(view, "attract.hours", "服务时间", "9:00-17:00");
    view_any_key(view, "attract.begin");
    view_knock(view, "attract.staff");
}

static void fill_idle(struct view *view)
{
    view_heading(view, "idle.title", "您还在吗？");
    view_choice(view, "idle.warn", "#", "按任意键继续。");
    view_any_key(view, "idle.warn");
}

static void fill_tiles(struct view *view, int count)
{
    char id[24], key[16], text[64];

    view_heading(view, "home.ask", "您要办什么事？");
    for (int i = 1; i <= count; i++) {
        (void)snprintf(id, sizeof id, "tile-%d", i);
        (void)snprintf(key, sizeof key, "%d", i);
        (void)snprintf(text, sizeof text, "事项第%d件", i);
        struct element *tile = view_choice(view, id, key, text);
        view_set_note(view, tile, "在这里填申请\n要带：本人身份证");
    }
}

static void fill_choice(struct view *view)
{
    view_heading(view, "ask", "您凭哪一项申领？");
    view_choice(view, "work", "1", "有稳定工作");
    view_choice(view, "house", "2", "有稳定住处")->is_chosen = true;
    view_choice(view, "study", "3", "连续上学");
    struct element *off = view_choice(view, "off", "", "其他");
    off->is_off = true;
    view_set_note(view, off, "本机不能办");
    view_text(view, "why", "为什么问：《居住证暂行条例》第二条");
}

static void fill_phone(struct view *view)
{
    view_heading(view, "phone.ask", "您的手机号码");
    (void)view_field(view, "phone", "手机号码", "", TYPING_DIGITS, 11);
    view_notice(view, "phone.error", TONE_ERROR,
                "手机号码不对：应当是11位数字。");
    view_keys(view, "pad", '\0');
    view_choice(view, "none", "", "没有手机");
}

static void fill_pin(struct view *view)
{
    view_heading(view, "door.title", "仅限工作人员");
    (void)view_secret(view, "pin", "工作人员密码，6 到 12 位数字", 12);
    view_keys(view, "pad", '\0');
}

static void fill_story(struct view *view)
{
    view_heading(view, "story.ask", "说说情况");
    bool is_empty = !*view_field(view, "story", "情况", "", TYPING_TEXT, 500);
    view_choice(view, "later", "", "不会打字，请 12345 打电话问我");
    view_footer(view, "footer.back", is_empty ? "*" : "", "返回");
    if (!is_empty)
        view_footer(view, "footer.delete", "*", "Delete");
}

static void add_offers(struct view *view, bool are_picked)
{
    static const char *const offers[] = { "噪声", "造成", "早上", "噪", "造",
                                          "早",   "遭",   "澡",   "燥" };
    char id[24], key[16];

    for (int i = 0; i < 9; i++) {
        (void)snprintf(id, sizeof id, "offer.%d", i + 1);
        (void)snprintf(key, sizeof key, "%d", i + 1);
        view_candidate(view, id, are_picked ? key : "", offers[i]);
    }
}

static void fill_pinyin(struct view *view)
{
    struct pad_key keys[30];
    char letters[30][2];

    view_heading(view, "pinyin.ask", "说说情况");
    view_text(view, "pinyin.hint", "什么时候、什么地方、怎么了");
    view_set_spare(view, SPARE_EARLY);
    (void)view_field(view, "pinyin", "情况", "夜里", TYPING_NONE, 500);
    view_set_composed(view, true);
    view_fact(view, "composed", "拼音", "zao sheng");
    add_offers(view, true);
    for (int i = 0; i < 30; i++) {
        letters[i][0] = (char)('a' + i % 26);
        letters[i][1] = '\0';
        keys[i] = (struct pad_key){ letters[i], letters[i] };
    }
    keys[26] = (struct pad_key){ "signs", "标点" };
    keys[27] = (struct pad_key){ "digits", "数字" };
    keys[28] = (struct pad_key){ "strokes", "笔画" };
    keys[29] = (struct pad_key){ "caret", "光标" };
    view_pad(view, "letters", 10, keys, 30);
}

static void fill_strokes(struct view *view)
{
    static const struct pad_key keys[] = {
        { "1", "横" },   { "2", "竖" },   { "3", "撇" },   { "4", "点" },
        { "5", "折" },   { "6", "任意" }, { "7", "标点" }, { "8", "数字字母" },
        { "9", "光标" }, { "*", "删除" }, { "0", "" },     { "#", "选字" },
    };

    view_heading(view, "strokes.ask", "说说情况");
    (void)view_field(view, "strokes", "情况", "夜里", TYPING_STROKES, 500);
    view_set_composed(view, false);
    view_fact(view, "composed", "笔画", "丨乛一");
    add_offers(view, false);
    view_pad(view, "keys", 3, keys, 12);
    view_choice(view, "later", "", "不会打字，请 12345 打电话问我");
    view_set_spare(view, SPARE_LATE);
}

static void fill_result(struct view *view)
{
    view_notice(view, "state", TONE_GOOD,
                "已送达公安局，等待受理。办理期限从受理之日算起。");
    view_fact_large(view, "receipt.number", "回执号", "4113 2632 8007");
    view_fact(view, "receipt.code", "查询码", "4821");
    view_fact(view, "next", "下一步", "带原件到卧龙派出所：身份证、租赁合同");
    view_qr(view, "qr", "用手机看进度", "二维码在回执上。",
            "http://127.0.0.1:8080/p/3f2a9c0d1e5b7788990011aabbccddee");
    view_choice(view, "no-paper", "1", "不要纸");
}

static void fill_review(struct view *view)
{
    static const char *const facts[][2] = {
        { "居住登记", "满半年了" },
        { "区县", "卧龙区" },
        { "详细地址", "中州路128号滨河花园3号楼2单元501" },
        { "手机号码", "138****5678" },
    };
    char id[24], key[16];

    view_heading(view, "review.ask", "请核对。");
    view_fact(view, "name", "姓名", "张*三");
    for (int i = 0; i < 4; i++) {
        (void)snprintf(id, sizeof id, "change-%d", i);
        (void)snprintf(key, sizeof key, "%d", i + 1);
        view_set_key(view, view_fact(view, id, facts[i][0], facts[i][1]), key);
    }
    view_text(view, "review.how", "要改哪一项，请按编号。");
}

static void fill_stop(struct view *view)
{
    view_heading(view, "stop", "现在不能打印");
    view_notice(view, "paper.none", TONE_WARN, "本机A4纸用完了。");
    view_progress(view, "print.wait", "正在打印", 1, 3);
    view_choice(view, "staff", "1", "找工作人员");
    view_choice(view, "end", "2", "不打印，结束");
}

static void fill_long(struct view *view)
{
    char id[24], text[512];

    view_heading(view, "long.ask", "身份证信息使用告知");
    for (int i = 0; i < 30; i++) {
        (void)snprintf(id, sizeof id, "part-%d", i);
        (void)snprintf(text, sizeof text,
                       "第%d条，本机受公安局委托，读取您身份证上的姓名、"
                       "号码、住址等信息，只用于办理这件事。送达后从本机"
                       "清除。您可以要求查阅、更正、删除。",
                       i);
        view_text(view, id, text);
    }
}

/* More answers than have one digit each. */
static void fill_many(struct view *view)
{
    char id[24], key[16], text[64];

    view_heading(view, "many.ask", "请核对。");
    for (int i = 0; i < 14; i++) {
        (void)snprintf(id, sizeof id, "answer-%d", i);
        (void)snprintf(key, sizeof key, "%d", 11 + i);
        (void)snprintf(text, sizeof text, "第%d项", i);
        view_set_key(view, view_fact(view, id, text, "中州路128号"), key);
    }
}

void ui_page_fill(struct view *view, enum ui_page page)
{
    bool in_item = page >= UI_PAGE_CHOICE;
    char scope[24];

    (void)snprintf(scope, sizeof scope, "page-%d", (int)page);
    view_begin(view, scope, LANGUAGE_EN);
    add_header(view, in_item);
    switch (page) {
    case UI_PAGE_IDLE:
        fill_idle(view);
        return;
    case UI_PAGE_ATTRACT:
        fill_attract(view);
        return;
    case UI_PAGE_HOME:
        fill_tiles(view, 4);
        break;
    case UI_PAGE_THEMES:
        fill_tiles(view, 9);
        break;
    case UI_PAGE_CHOICE:
        fill_choice(view);
        break;
    case UI_PAGE_LIST:
        view_heading(view, "county.ask", "您住在哪个区县？");
        view_list(view, "county", 15, "row-1", county, NULL);
        break;
    case UI_PAGE_PHONE:
        fill_phone(view);
        break;
    case UI_PAGE_PIN:
        fill_pin(view);
        break;
    case UI_PAGE_STORY:
        fill_story(view);
        break;
    case UI_PAGE_PINYIN:
        fill_pinyin(view);
        break;
    case UI_PAGE_STROKES:
        fill_strokes(view);
        break;
    case UI_PAGE_RESULT:
        fill_result(view);
        break;
    case UI_PAGE_REVIEW:
        fill_review(view);
        break;
    case UI_PAGE_STOP:
        fill_stop(view);
        break;
    case UI_PAGE_LONG:
        fill_long(view);
        break;
    case UI_PAGE_MANY:
        fill_many(view);
        break;
    case UI_PAGE_COUNT:
        break;
    }
    add_footer(view, in_item ? "继续" : NULL);
}
