#include "kiosk/hub/page_parts.h"

#include <string.h>

const char page_style[] =
    "*{box-sizing:border-box}"
    "body{margin:0;background:#f4f4f2;color:#1a1a1a;"
    "font:18px/1.6 system-ui,sans-serif;overflow-wrap:anywhere}"
    "main{max-width:34rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.3rem;margin:.5rem 0}"
    "h2{font-size:1.05rem;margin:1rem 0 .3rem}"
    ".card{background:#fff;border:1px solid #767676;border-radius:8px;"
    "padding:1rem;margin:1rem 0}"
    ".state{font-size:2rem;font-weight:bold;margin:0}"
    ".lang{text-align:right;margin:0}"
    ".lang a{display:inline-block;padding:.6rem;color:#0b4aa2}"
    ".demo{border:2px solid #8a1c1c;color:#8a1c1c;padding:.4rem .8rem;"
    "text-align:center;margin:0}"
    ".error{color:#8a1c1c;font-weight:bold}"
    "label{display:block}"
    "input,button{font:inherit;width:100%;min-height:3rem;padding:.5rem;"
    "margin-top:.5rem;border:1px solid #555;border-radius:6px}"
    "input{letter-spacing:.3em}"
    "button{background:#0b4aa2;color:#fff;border-color:#0b4aa2}"
    "dt{color:#4a4a4a;margin-top:.8rem}"
    "dd{margin:0}"
    "footer{color:#4a4a4a;font-size:.9rem}";

static const struct words heading =
    WORDS("办理进度", "Progress of your matter");
static const struct words demo =
    WORDS("演示　无效", "Demonstration, not valid");
static const struct words verify_link =
    WORDS("核对证明真伪", "Check whether a certificate is genuine");
static const struct words code_ask =
    WORDS("要看详细内容，请输入回执上的四位查询码。",
          "For the details, enter the four-digit lookup code on your receipt.");
static const struct words code_label = WORDS("查询码", "Lookup code");
static const struct words code_send = WORDS("查看", "Show");

struct state_words {
    const char *state;
    struct words name;
    struct words text;
    struct words next;
    struct words meaning; /* of the receipt until the office has begun; then
                             NULLs: the page itself says how far it has come */
};

static const struct state_words states[] = {
    { "delivered", WORDS("已送达", "Delivered"),
      WORDS("已送达，等待受理。办理期限从受理之日算起。",
            "Delivered, waiting to be accepted. The time limit starts on the "
            "day of acceptance."),
      WORDS("等待办理单位受理。受理以后，这一页会写【已受理】。",
            "The office decides whether to accept it; then this page says so."),
      WORDS("本回执只证明收到了申请，不代表已经受理。",
            "Your receipt shows that your application was received, not that "
            "it was accepted.") },
    { "delivered-booked", WORDS("已送达", "Delivered"),
      WORDS("已送达，时间已经约好。", "Delivered. The time is booked for you."),
      WORDS("请按约好的时间到场。",
            "Please be there at the time of your appointment."),
      WORDS("本回执证明时间已经约好，不代表事情已经办好。",
            "Your receipt shows that the time is booked for you, not that the "
            "matter is done.") },
    { "delivered-paid", WORDS("已送达", "Delivered"),
      WORDS("已送达，款已缴清。", "Delivered. What you paid for is settled."),
      WORDS("没有下一步了。", "There is nothing more to do."),
      WORDS("本回执证明款已收到，不用再做什么。",
            "Your receipt shows that your payment was received. You need do "
            "nothing more.") },
    { "accepted", WORDS("已受理", "Accepted"),
      WORDS("办理单位已经受理。办理期限从受理之日算起。",
            "The office has accepted it. The time limit runs from the day of "
            "acceptance."),
      WORDS("请等待办理单位办理。", "The office is working on it."),
      WORDS(NULL, NULL) },
    { "correction", WORDS("需要补正", "Correction needed"),
      WORDS("材料不全或有误，需要补正。",
            "Something is missing or wrong and must be put right."),
      WORDS("请与办理单位联系，问清要补什么。",
            "Please ask the office what is needed."),
      WORDS(NULL, NULL) },
    { PAGE_SLOT_LOST, WORDS("没有约上", "No appointment"),
      WORDS("您选的时间在送达以前被别人约满了，请重新预约。",
            "The time you chose was taken by others before this arrived. "
            "Please make another appointment."),
      WORDS("请重新预约。", "Please make another appointment."),
      WORDS(NULL, NULL) },
    { "finished", WORDS("已办结", "Finished"),
      WORDS("已经办结。", "This matter is finished."),
      WORDS("没有下一步了。", "There is nothing more to do."),
      WORDS(NULL, NULL) },
    { "withdrawn", WORDS("已撤回", "Withdrawn"),
      WORDS("这件事已经撤回，不再办理。",
            "This matter was withdrawn and goes no further."),
      WORDS("需要时请重新申请。", "Please apply again if you need to."),
      WORDS(NULL, NULL) },
};

static const struct {
    struct words title;
    struct words text;
} notices[PAGE_NOTICE_COUNT] = {
    [PAGE_HOME] = { WORDS("自助终端办理进度", "Progress of kiosk matters"),
                    WORDS("这里可以查看在自助终端提交的事项办到哪一步了。"
                          "请用手机扫描回执上的二维码。",
                          "Here you can see how far a matter sent from a "
                          "self-service terminal has come. Please scan the QR "
                          "code on your receipt.") },
    [PAGE_ABSENT] = { WORDS("还没有送达，或地址不对",
                            "Not delivered yet, or a wrong address"),
                      WORDS("如果回执上写着【暂存凭条】，网络恢复后会自动送出"
                            "，请过一会儿再看。如果不是，请核对地址，或重新扫"
                            "描回执上的二维码。",
                            "If your slip says that the form is stored and not "
                            "yet delivered, it will be sent by itself; please "
                            "look again later. If not, check the address or "
                            "scan the QR code on your receipt again.") },
    [PAGE_SHUT] = { WORDS("输错次数太多", "Too many wrong codes"),
                    WORDS("为保护您的信息，一小时内不能再输入查询码。状态仍然"
                          "可以看。",
                          "To protect your information, no code can be entered "
                          "for an hour. The state can still be seen.") },
    [PAGE_REFUSED] = { WORDS("这一页不能这样用",
                             "This page cannot be used like that"),
                       WORDS("请重新扫描回执上的二维码。",
                             "Please scan the QR code on your receipt "
                             "again.") },
    [PAGE_FAILED] = { WORDS("现在查不到", "This cannot be shown now"),
                      WORDS("系统暂时不能查询，您的申请没有丢失。请过一会儿再"
                            "看。",
                            "The system cannot answer at the moment. Your "
                            "application is not lost. Please look again "
                            "later.") },
};

static const struct words tries[PAGE_TRY_COUNT] = {
    [TRY_NOT_DIGITS] = WORDS("查询码是四位数字，请看回执。",
                             "The lookup code is four digits; please see your "
                             "receipt."),
    [TRY_WRONG] = WORDS("查询码不对，请看回执。输错五次，要等一小时。",
                        "This code is not right; please see your receipt. "
                        "After five wrong codes you must wait for an hour."),
};

static void page_add_escaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        case '\'':
            buf_add_text(out, "&#39;");
            break;
        default:
            buf_add_char(out, *text);
        }
    }
}

void page_add_element(struct buf *out, const char *start, const char *text,
                      const char *end)
{
    buf_add_text(out, start);
    page_add_escaped(out, text);
    buf_add_text(out, end);
}

void page_add_words(struct buf *out, const struct page_frame *frame,
                    const char *start, const struct words *words,
                    const char *end)
{
    page_add_element(out, start, words_in(words, frame->language), end);
}

void page_begin(struct buf *out, const struct page_frame *frame,
                const struct words *title)
{
    bool is_english = frame->language == LANGUAGE_EN;

    buf_add_text(out, "<!doctype html><html lang=\"");
    buf_add_text(out, is_english ? "en" : "zh-CN");
    buf_add_text(out,
                 "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                 "content=\"width=device-width, initial-scale=1\">"
                 "<meta name=\"robots\" content=\"noindex\">");
    page_add_words(out, frame, "<title>", title, "</title><style>");
    buf_add_text(out, page_style);
    buf_add_text(out, "</style></head><body><main>");
    if (frame->is_demo)
        page_add_words(out, frame, "<p class=\"demo\">", &demo, "</p>");
    buf_add_text(out,
                 is_english
                     ? "<p class=\"lang\"><a href=\"?lang=zh\" lang=\"zh-CN\">"
                       "中文</a></p>"
                     : "<p class=\"lang\"><a href=\"?lang=en\" lang=\"en\">"
                       "English</a></p>");
    page_add_words(out, frame, "<h1>", title, "</h1>");
}

void page_end(struct buf *out)
{
    buf_add_text(out, "</main></body></html>\n");
}

void page_write_notice(const struct page_frame *frame, enum page_notice notice,
                       struct buf *out)
{
    page_begin(out, frame, &notices[notice].title);
    page_add_words(out, frame, "<p class=\"card\">", &notices[notice].text,
                   "</p>");
    if (notice == PAGE_HOME)
        page_add_words(out, frame, "<p><a href=\"/v\">", &verify_link,
                       "</a></p>");
    page_end(out);
}

static const struct state_words *find_state(const char *state)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (strcmp(states[i].state, state) == 0)
            return &states[i];
    }
    return NULL;
}

static void add_state(struct buf *out, const struct page_frame *frame,
                      const struct state_words *state)
{
    page_add_words(out, frame, "<section class=\"card\"><p class=\"state\">",
                   &state->name, "</p>");
    page_add_words(out, frame, "<p>", &state->text, "</p></section>");
}

static bool has_begun(const struct state_words *state)
{
    return !state->meaning.in[0];
}

static void add_meaning(struct buf *out, const struct page_frame *frame,
                        const struct state_words *state)
{
    if (!has_begun(state))
        page_add_words(out, frame, "<footer><p>", &state->meaning,
                       "</p></footer>");
}

static void add_form(struct buf *out, const struct page_frame *frame,
                     enum page_try last_try)
{
    buf_add_text(out, "<form class=\"card\" method=\"post\" action=\"?lang=");
    buf_add_text(out, frame->language == LANGUAGE_EN ? "en\">" : "zh\">");
    if (last_try != TRY_NONE)
        page_add_words(out, frame, "<p class=\"error\" role=\"alert\">",
                       &tries[last_try], "</p>");
    page_add_words(out, frame, "<p>", &code_ask, "</p>");
    page_add_words(out, frame, "<label for=\"code\">", &code_label, "</label>");
    buf_add_text(out, "<input id=\"code\" name=\"code\" inputmode=\"numeric\" "
                      "maxlength=\"8\" autocomplete=\"off\" required>");
    page_add_words(out, frame, "<button type=\"submit\">", &code_send,
                   "</button></form>");
}

bool page_write_state(const struct page_frame *frame, const char *state,
                      enum page_try last_try, struct buf *out)
{
    const struct state_words *words = find_state(state);

    if (words == NULL)
        return false;
    page_begin(out, frame, &heading);
    add_state(out, frame, words);
    add_form(out, frame, last_try);
    add_meaning(out, frame, words);
    page_end(out);
    return true;
}

void page_add_fact(struct buf *out, const struct page_frame *frame,
                   const struct words *label, const char *text)
{
    if (text[0] == '\0')
        return;
    page_add_words(out, frame, "<dt>", label, "</dt>");
    page_add_element(out, "<dd>", text, "</dd>");
}

/* "2026-11-23T14:03:05+08:00" or "2026-11-23T14"; another shape is shown as it
 * is. */
static void add_time(struct buf *out, enum language language, const char *time)
{
    static const char shape[] = "0000-00-00T00:00";
    size_t len = 0;

    while (shape[len] != '\0' &&
           (shape[len] == '0' ? time[len] >= '0' && time[len] <= '9'
                              : time[len] == shape[len]))
        len++;
    if (len == strlen(shape)) {
        buf_add_format(out,
                       language == LANGUAGE_EN ? "%.4s-%.2s-%.2s %.5s"
                                               : "%.4s年%.2s月%.2s日 %.5s",
                       time, time + 5, time + 8, time + 11);
    } else if (len == strlen("0000-00-00T00") && time[len] == '\0') {
        buf_add_format(out,
                       language == LANGUAGE_EN
                           ? "%.4s-%.2s-%.2s, in the hour from %.2s:00"
                           : "%.4s年%.2s月%.2s日 %.2s时",
                       time, time + 5, time + 8, time + 11);
    } else {
        buf_add_text(out, time);
    }
}

/* Until the office has begun, what is to be done stands in the slip's rows. */
static bool has_next(const struct page_details *details,
                     const struct state_words *state)
{
    for (size_t i = 0; i < details->row_count; i++)
        if (!details->rows[i].is_contact)
            return !has_begun(state);
    return false;
}

static void add_row(struct buf *out, const struct page_frame *frame,
                    const struct page_row *row, bool with_next)
{
    const struct words label = { .in = { row->label, row->label } };

    if (!with_next && !row->is_contact)
        return;
    if (!*row->label) /* a text that stands by itself */
        page_add_element(out, "<dd>", row->text, "</dd>");
    else
        page_add_fact(out, frame, &label, row->text);
}

bool page_write_details(const struct page_frame *frame,
                        const struct page_details *details, struct buf *out)
{
    static const struct words title = WORDS("事项", "Matter");
    static const struct words receipt = WORDS("回执号", "Receipt number");
    static const struct words number = WORDS("办件编号", "Case number");
    static const struct words sent = WORDS("提交时间", "Submitted");
    static const struct words unit = WORDS("办理单位", "Office");
    static const struct words next = WORDS("下一步", "What happens next");
    static const struct words slip = WORDS("回执上写的", "What the slip says");
    static const struct words said = WORDS("办理单位说明", "The office says");
    const struct state_words *words = find_state(details->state);
    struct buf time;

    if (words == NULL)
        return false;
    page_begin(out, frame, &heading);
    add_state(out, frame, words);
    buf_add_text(out, "<dl class=\"card\">");
    page_add_fact(out, frame, &title, details->title);
    page_add_fact(out, frame, &receipt, details->receipt);
    page_add_fact(out, frame, &number, details->case_number);
    buf_init(&time, 128);
    add_time(&time, frame->language, details->time);
    page_add_fact(out, frame, &sent, time.text);
    buf_done(&time);
    page_add_fact(out, frame, &unit, details->unit);
    page_add_fact(out, frame, &said, details->words);
    if (!has_next(details, words))
        page_add_fact(out, frame, &next,
                      words_in(&words->next, frame->language));
    if (details->row_count > 0)
        page_add_words(out, frame, "</dl><h2>", &slip,
                       "</h2><dl class=\"card\">");
    for (size_t i = 0; i < details->row_count; i++)
        add_row(out, frame, &details->rows[i], has_next(details, words));
    buf_add_text(out, "</dl>");
    add_meaning(out, frame, words);
    page_end(out);
    return true;
}
