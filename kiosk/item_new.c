/* `kiosk new-item`: a few questions, and a file to begin with that passes the
 * check: a guide, a card if one is needed, one choice, a telephone, and what
 * every item ends with. */
#include "kiosk/item_commands.h"

#include "kiosk/base/file.h"
#include "kiosk/flow/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 256, ITEM_BYTES = 64 * 1024 };

/* What is asked, in its order. */
enum question {
    TITLE_ZH,
    TITLE_EN,
    AUTHORITY_ZH,
    AUTHORITY_EN,
    CARD,
    ASK_ZH,
    ASK_EN,
    FIRST_ZH,
    FIRST_EN,
    SECOND_ZH,
    SECOND_EN,
    QUESTION_COUNT
};

static const char *const questions[QUESTION_COUNT] = {
    [TITLE_ZH] = "What is the matter called, in Chinese",
    [TITLE_EN] = "The same in English",
    [AUTHORITY_ZH] = "Which office is it for, in Chinese",
    [AUTHORITY_EN] = "The same in English",
    [CARD] = "Is an ID card needed (yes or no)",
    [ASK_ZH] = "The first question to ask, in Chinese",
    [ASK_EN] = "The same in English",
    [FIRST_ZH] = "Its first answer, in Chinese",
    [FIRST_EN] = "The same in English",
    [SECOND_ZH] = "Its second answer, in Chinese",
    [SECOND_EN] = "The same in English",
};

typedef char answer[ANSWER_BYTES];

/* False: the input ended. */
static bool ask(const char *question, answer into)
{
    for (;;) {
        printf("%s? ", question);
        fflush(stdout);
        if (!fgets(into, ANSWER_BYTES, stdin))
            return false;
        into[strcspn(into, "\r\n")] = '\0';
        if (*into)
            return true;
    }
}

static bool ask_all(answer answers[QUESTION_COUNT])
{
    for (int i = 0; i < QUESTION_COUNT; i++) {
        do {
            if (!ask(questions[i], answers[i]))
                return false;
        } while (i == CARD && strcmp(answers[i], "yes") != 0 &&
                 strcmp(answers[i], "no") != 0);
    }
    return true;
}

/* In single quotes, as YAML has them. */
static void add_quoted(struct buf *out, const char *text)
{
    buf_add_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_add_char(out, '\'');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '\'');
}

static void add_words(struct buf *out, const char *before, const char *zh,
                      const char *en)
{
    buf_add_format(out, "%s: {zh_CN: ", before);
    add_quoted(out, zh);
    buf_add_text(out, ", en: ");
    add_quoted(out, en);
    buf_add_text(out, "}\n");
}

static void add_head(struct buf *out, const char *name,
                     answer answers[QUESTION_COUNT])
{
    bool has_card = strcmp(answers[CARD], "yes") == 0;

    buf_add_format(out,
                   "# Made by kiosk new-item; screens/items/README.md has "
                   "every key.\nid: %s\nversion: 1\norder: 900\n",
                   name);
    add_words(out, "title", answers[TITLE_ZH], answers[TITLE_EN]);
    add_words(out, "summary", answers[TITLE_ZH], answers[TITLE_EN]);
    if (has_card)
        add_words(out, "bring", "要带：本人身份证　约{minutes}分钟",
                  "Bring your own ID card. About {minutes} minutes");
    else
        add_words(out, "bring", "不用身份证　约{minutes}分钟",
                  "No ID card needed. About {minutes} minutes");
    buf_add_text(out, "minutes: 3\n");
    add_words(out, "authority", answers[AUTHORITY_ZH], answers[AUTHORITY_EN]);
    add_words(out, "unit", answers[AUTHORITY_ZH], answers[AUTHORITY_EN]);
    add_words(out, "contact", "12345 热线", "the 12345 hotline");
    buf_add_format(out,
                   "needs: {network: wished, reader: %s, printer: wished}\n"
                   "assurance: %s\n",
                   has_card ? "must" : "no", has_card ? "card" : "none");
    if (!has_card)
        return;
    buf_add_text(out, "card_fields: [name, number]\nnotice:\n  version: 1\n");
    add_words(out, "  text",
              "本机受{authority}"
              "委托，读取您身份证上的姓名和公民身份号码，只用来办这件事。"
              "送达后从本机清除。您也可以不在这里办，到窗口办理。咨询和投诉：{"
              "contact}。",
              "On behalf of {authority}, this machine reads the name and the "
              "number on your card, only for this matter. They are erased here "
              "once delivered. You may use the counter instead. Questions and "
              "complaints: {contact}.");
}

static void add_steps(struct buf *out, answer answers[QUESTION_COUNT])
{
    buf_add_text(out, "steps:\n  - id: guide\n    screen: guide\n    lines:\n"
                      "      - id: office\n");
    add_words(out, "        label", "谁来办", "Who deals with it");
    add_words(out, "        text", "{unit}", "{unit}");
    if (strcmp(answers[CARD], "yes") == 0)
        buf_add_text(out, "  - {id: card, screen: card}\n");
    buf_add_text(out, "  - id: kind\n    screen: choice\n");
    add_words(out, "    ask", answers[ASK_ZH], answers[ASK_EN]);
    add_words(out, "    label", "您选的", "Your choice");
    buf_add_text(out, "    options:\n      - value: first\n");
    add_words(out, "        text", answers[FIRST_ZH], answers[FIRST_EN]);
    buf_add_text(out, "      - value: second\n");
    add_words(out, "        text", answers[SECOND_ZH], answers[SECOND_EN]);
    buf_add_text(out, "  - id: phone\n    screen: field\n");
    add_words(out, "    ask", "您的手机号码是多少？",
              "What is your mobile number?");
    add_words(out, "    label", "手机号码", "Mobile number");
    add_words(out, "    why", "办好了用它找您。", "It is used to reach you.");
    buf_add_text(out, "    type: mobile\n");
    add_words(out, "    way", "没有手机，自己来问", "I have none; I will ask");
    buf_add_text(out, "  - {id: review, screen: review}\n"
                      "  - {id: send, screen: send}\n"
                      "  - id: result\n    screen: result\n    lines:\n"
                      "      - id: next\n");
    add_words(out, "        label", "下一步", "What to do next");
    add_words(out, "        text", "有事请找{contact}。", "Ask {contact}.");
}

static void add_test(struct buf *out, answer answers[QUESTION_COUNT])
{
    bool has_card = strcmp(answers[CARD], "yes") == 0;

    buf_add_format(out,
                   "tests:\n  - name: without a telephone\n%s"
                   "    answers: {kind: first, phone: later}\n"
                   "    refused: {phone: {'1234': form}}\n"
                   "    pages: [guide, %skind, phone, review, send, result]\n"
                   "    lines_of: {guide: [office], result: [next]}\n"
                   "    sent: {kind: first, phone: later}\n",
                   has_card ? "    card: {birth: 1980-05-17}\n" : "",
                   has_card ? "card, " : "");
}

/* "folder/name" or "folder/name.yaml": the file's path and the item's name. */
static bool find_place(const char *given, char path[ITEM_PATH_BYTES],
                       char name[ANSWER_BYTES])
{
    const char *slash = strrchr(given, '/');
    const char *from = slash ? slash + 1 : given;
    size_t len = strlen(from);

    if (len > 5 && strcmp(from + len - 5, ".yaml") == 0)
        len -= 5;
    if (len == 0 || len > 31 ||
        strspn(from, "abcdefghijklmnopqrstuvwxyz0123456789-") < len)
        return false;
    snprintf(name, ANSWER_BYTES, "%.*s", (int)len, from);
    snprintf(path, ITEM_PATH_BYTES, "%.*s.yaml", (int)(from - given + (int)len),
             given);
    return true;
}

static int write_item(const char *path, const struct buf *text)
{
    enum err err = file_replace(path, text->text, text->len, 0644);

    if (!err) {
        printf("\n%s is written.\n", path);
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "kiosk: %s: it cannot be written (%s)\n", path,
            err_name(err));
    return EXIT_FAILURE;
}

int item_new(const char *given, char path[ITEM_PATH_BYTES])
{
    static answer answers[QUESTION_COUNT];
    char name[ANSWER_BYTES];
    struct buf text;

    if (!find_place(given, path, name)) {
        fprintf(stderr,
                "kiosk: %s: expected a name of at most 31 of a-z, 0-9 and -\n",
                given);
        return EXIT_FAILURE;
    }
    if (file_exists(path)) {
        fprintf(stderr, "kiosk: %s: this file is there already\n", path);
        return EXIT_FAILURE;
    }
    if (!ask_all(answers)) {
        fputs("\nkiosk: the answers ended, nothing was written\n", stderr);
        return EXIT_FAILURE;
    }
    buf_init(&text, ITEM_BYTES);
    add_head(&text, name, answers);
    add_steps(&text, answers);
    add_test(&text, answers);
    int code = write_item(path, &text);
    buf_done(&text);
    return code;
}
