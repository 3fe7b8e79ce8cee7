#include "tests/tty/sample_office.h"

#include "kiosk/crypto/crypto.h"

#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 64 * 1024 };

#define WORDS(zh, en) "{\"zh_CN\":\"" zh "\",\"en\":\"" en "\"}"

static const char question[] =
    "{\"question\":{\"id\":\"scheme\",\"ask\":" WORDS(
        "要哪一种养老保险的证明？",
        "For which pension insurance?") ","
                                        "\"options\":["
                                        "{\"value\":\"employee\","
                                        "\"text\":" WORDS(
                                            "企业职工基本养老保险",
                                            "Basic pension of "
                                            "employees") "},"
                                                         "{\"value\":"
                                                         "\"resident\","
                                                         "\"text\""
                                                         ":" WORDS("城乡居民"
                                                                   "基本养老"
                                                                   "保险",
                                                                   "Basic "
                                                                   "pension "
                                                                   "of "
                                                                   "resident"
                                                                   "s") "}]}"
                                                                        "}";

static const char facts[] =
    "{\"facts\":["
    "{\"label\":" WORDS(
        "姓名",
        "Name") ",\"mask\":\"name\","
                "\"text\":" WORDS(
                    "测试人",
                    "测试人") "},"
                              "{\"label\":" WORDS(
                                  "公民身份号码",
                                  "ID number") ",\"mask\":\"number\","
                                               "\"text\":" WORDS(
                                                   "41130319900307001"
                                                   "7",
                                                   "41130319900307001"
                                                   "7") "},"
                                                        "{\"label\""
                                                        ":" WORDS(
                                                            "险种",
                                                            "Insuranc"
                                                            "e") ","
                                                                 "\"te"
                                                                 "xt\""
                                                                 ":" WORDS(
                                                                     "企业职工"
                                                                     "基本养老"
                                                                     "保险",
                                                                     "Basic "
                                                                     "pension "
                                                                     "of "
                                                                     "employee"
                                                                     "s") "},"
                                                                          "{\"l"
                                                                          "abel"
                                                                          "\""
                                                                          ":" WORDS(
                                                                              "参保单位",
                                                                              "Employer") ","
                                                                                          "\"text\":" WORDS(
                                                                                              "南阳市某某机械有限公司",
                                                                                              "A made-up machine works") "},"
                                                                                                                         "{\"label\":" WORDS(
                                                                                                                             "缴费情况",
                                                                                                                             "Paid in") ","
                                                                                                                                        "\"text\":" WORDS(
                                                                                                                                            "2025年12个月",
                                                                                                                                            "12 months of 2025") "}],"
                                                                                                                                                                 "\"copies_max\":3}";

static const char records[] =
    "{\"records\":[{\"kind\":\"person\",\"as_of\":\"2025-11-18\","
    "\"fields\":{\"phone\":\"13900001111\"}},"
    "{\"kind\":\"household\",\"as_of\":\"2025-11-20\","
    "\"fields\":{\"address\":\"河南省南阳市卧龙区某某路12号\","
    "\"county\":\"411303\"}}]}";

static const char pdf[] = "%PDF-1.4\n1 0 obj<</Type /Page "
                          "/MediaBox [ 0 0 595.28 841.89 ]>>endobj\n"
                          "trailer<<>>\n%%EOF\n";

static bool asks(const struct buf *request, const char *line)
{
    return strncmp(request->text, line, strlen(line)) == 0;
}

static void say(struct buf *answer, const char *kind, const char *body,
                size_t len)
{
    buf_add_format(answer,
                   "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
                   "Content-Length: %zu\r\n\r\n",
                   kind, len);
    buf_add(answer, body, len);
}

static void say_json(struct buf *answer, const char *body)
{
    say(answer, "application/json", body, strlen(body));
}

static void issue(struct buf *answer)
{
    char body[2048], hash[CRYPTO_HEX_DIGEST];

    digest_hex(pdf, sizeof pdf - 1, hash);
    (void)snprintf(
        body, sizeof body,
        "{\"number\":\"SI2026000123\",\"code\":\"7H3K9Q2M\",\"pages\":1,"
        "\"valid_until\":\"20270228\",\"bytes\":%zu,\"sha256\":\"%s\","
        "\"title\":" WORDS(
            "社会保险个人参保证明",
            "Personal insurance certificate") ","
                                              "\"url\":\"http://127.0.0.1/v/"
                                              "SI2026000123\","
                                              "\"pdf\":\"/v1/certificates/"
                                              "0123456789abcdef0123456789abcdef"
                                              "\"}",
        sizeof pdf - 1, hash);
    say_json(answer, body);
}

bool sample_office_answers(const struct buf *request, struct buf *answer)
{
    if (asks(request, "POST /v1/certificates/offer "))
        say_json(answer,
                 strstr(request->text, "\"chosen\":{}") ? question : facts);
    else if (asks(request, "POST /v1/certificates "))
        issue(answer);
    else if (asks(request, "POST /v1/records "))
        say_json(answer, records);
    else if (asks(request, "GET /v1/certificates/"))
        say(answer, "application/pdf", pdf, sizeof pdf - 1);
    else
        return false;
    return true;
}

void sample_office_hides_phone(struct buf *answer)
{
    static const char name[] = "\"phone\":\"";
    static const char phone[] = "138****5678";
    char *at = strstr(answer->text, name);

    if (at && strlen(at) > strlen(name) + strlen(phone))
        memcpy(at + strlen(name), phone, strlen(phone));
}

void sample_office_comes(struct buf *answer)
{
    const char *body = strstr(answer->text, "\r\n\r\n");
    struct buf said;

    if (!body || answer->text[answer->len - 1] != '}' ||
        strstr(body, "\"coming\""))
        return;
    buf_init(&said, ANSWER_MAX);
    buf_add(&said, body + 4,
            answer->len - (size_t)(body + 4 - answer->text) - 1);
    buf_add_text(&said, ",\"coming\":true}");
    buf_clear(answer);
    say_json(answer, said.text);
    buf_done(&said);
}
