#include "kiosk/hub/pages_verify.h"

#include <string.h>

#include "kiosk/hub/page_parts.h"

static const struct words heading =
    WORDS("核对证明真伪", "Is this certificate genuine?");

/* What stands large, and what it means. */
static const struct {
    struct words name;
    struct words text;
} verdicts[VERDICT_COUNT] = {
    [VERDICT_NONE] = { WORDS("", ""), WORDS("", "") },
    [VERDICT_FORM_BAD] = { WORDS("请再看一看纸上的编号", "Please look again"),
                           WORDS("证明编号像 SI20261126000001，验证码是八个"
                                 "字母和数字。",
                                 "A number looks like SI20261126000001; a code "
                                 "has eight letters and digits.") },
    [VERDICT_GENUINE] = { WORDS("真的，有效", "Genuine and valid"),
                          WORDS("这份证明由本系统开具，没有被撤销。请看下面的"
                                "内容和您手里的是不是一样。",
                                "This certificate was issued here and has not "
                                "been withdrawn. Please compare what stands "
                                "below with what you hold.") },
    [VERDICT_EXPIRED] = { WORDS("真的，但已过有效期",
                                "Genuine, but no longer valid"),
                          WORDS("这份证明由本系统开具，已经过了有效期。",
                                "This certificate was issued here; its "
                                "validity has ended.") },
    [VERDICT_WITHDRAWN] = { WORDS("已撤销", "Withdrawn"),
                            WORDS("这份证明由本系统开具，后来撤销了，不能再用"
                                  "。",
                                  "This certificate was issued here and "
                                  "withdrawn later. It can no longer be "
                                  "used.") },
    [VERDICT_OTHER_CODE] = { WORDS("对不上：可能被改动",
                                   "Does not match: it may have been altered"),
                             WORDS("证明编号和验证码不是同一份证明的。请再核对"
                                   "输入；仍然对不上的，不要采用。",
                                   "The number and the code do not belong to "
                                   "one certificate. Please check what you "
                                   "entered; if it still does not match, do "
                                   "not rely on it.") },
    [VERDICT_OTHER_FILE] = { WORDS("文件被改动过", "The file was altered"),
                             WORDS("编号和验证码是对的，但这个文件不是当时开具"
                                   "的文件。不要采用。",
                                   "Number and code are right, but this is not "
                                   "the file that was issued. Do not rely on "
                                   "it.") },
    [VERDICT_UNKNOWN] = { WORDS("查不到", "Unknown"),
                          WORDS("本系统没有开具过这份证明，或者编号、地址输入"
                                "有误。",
                                "No such certificate was issued here, or the "
                                "number or address is not right.") },
    [VERDICT_SHUT] = { WORDS("输错次数太多", "Too many wrong codes"),
                       WORDS("一小时内不能再核对这个编号。",
                             "This number cannot be checked again for an "
                             "hour.") },
    [VERDICT_FAILED] = { WORDS("现在查不到", "This cannot be shown now"),
                         WORDS("系统暂时不能查询，请过一会儿再看。",
                               "The system cannot answer at the moment. Please "
                               "try again later.") },
};

static void add_verdict(struct buf *out, const struct page_frame *frame,
                        enum verdict verdict)
{
    if (verdict == VERDICT_NONE)
        return;
    page_add_words(
        out, frame,
        "<section class=\"card\"><p class=\"state\" role=\"status\">",
        &verdicts[verdict].name, "</p>");
    page_add_words(out, frame, "<p>", &verdicts[verdict].text,
                   "</p></section>");
}

static void add_date(struct buf *out, const struct page_frame *frame,
                     const struct words *label, const char *date)
{
    bool is_english = frame->language == LANGUAGE_EN;
    struct buf text;

    if (strlen(date) != 8)
        return;
    buf_init(&text, 64);
    buf_add_format(&text, is_english ? "%.4s-%.2s-%.2s" : "%.4s年%.2s月%.2s日",
                   date, date + 4, date + 6);
    page_add_fact(out, frame, label, text.text);
    buf_done(&text);
}

static void add_facts(struct buf *out, const struct page_frame *frame,
                      const struct page_certificate *certificate)
{
    static const struct words number = WORDS("证明编号", "Number");
    static const struct words title = WORDS("证明", "Certificate");
    static const struct words name = WORDS("姓名", "Name");
    static const struct words issued = WORDS("开具日期", "Issued on");
    static const struct words until = WORDS("有效期至", "Valid until");
    static const struct words digest =
        WORDS("文件校验值（SHA-256）", "The file's SHA-256");

    if (certificate->title[0] == '\0')
        return;
    buf_add_text(out, "<dl class=\"card\">");
    page_add_fact(out, frame, &title, certificate->title);
    page_add_fact(out, frame, &number, certificate->number);
    page_add_fact(out, frame, &name, certificate->name);
    add_date(out, frame, &issued, certificate->issued);
    add_date(out, frame, &until, certificate->valid_until);
    page_add_fact(out, frame, &digest, certificate->sha256);
    buf_add_text(out, "</dl>");
}

static void add_field(struct buf *out, const struct page_frame *frame,
                      const char *name, const struct words *label,
                      const char *value)
{
    page_add_element(out, "<label for=\"", name, "\">");
    page_add_words(out, frame, "", label, "</label>");
    page_add_element(out, "<input id=\"", name, "\"");
    page_add_element(out, " name=\"", name, "\" autocomplete=\"off\"");
    page_add_element(out, " value=\"", value, "\">");
}

static void add_form(struct buf *out, const struct page_frame *frame,
                     const struct page_certificate *certificate)
{
    static const struct words ask =
        WORDS("请输入纸上的证明编号和验证码。收到的是文件的，还可以填文件的校验"
              "值。",
              "Enter the number and the code on the paper. If you were sent a "
              "file, you may enter its digest as well.");
    static const struct words number = WORDS("证明编号", "Number");
    static const struct words code = WORDS("验证码", "Code");
    static const struct words digest = WORDS("文件校验值（SHA-256），可以不填",
                                             "The file's SHA-256, optional");
    static const struct words check = WORDS("核对", "Check");

    buf_add_text(out, "<form class=\"card\" method=\"post\" action=\"/v?lang=");
    buf_add_text(out, frame->language == LANGUAGE_EN ? "en\">" : "zh\">");
    page_add_words(out, frame, "<p>", &ask, "</p>");
    add_field(out, frame, "number", &number, certificate->number);
    add_field(out, frame, "code", &code, "");
    add_field(out, frame, "sha256", &digest, "");
    page_add_words(out, frame, "<button type=\"submit\">", &check,
                   "</button></form>");
}

void page_write_verdict(const struct page_frame *frame, enum verdict verdict,
                        const struct page_certificate *certificate,
                        struct buf *out)
{
    page_begin(out, frame, &heading);
    add_verdict(out, frame, verdict);
    add_facts(out, frame, certificate);
    if (verdict != VERDICT_FAILED && verdict != VERDICT_SHUT)
        add_form(out, frame, certificate);
    page_end(out);
}
