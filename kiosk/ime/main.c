/* kiosk-ime: writes Chinese.  With a folder of data it answers questions, a
 * line each, until its input ends; with --make it makes that folder. */
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/sandbox.h"
#include "kiosk/ime/ask.h"
#include "kiosk/ime/engine.h"
#include "kiosk/ime/make.h"
#include "kiosk/ime/phrases.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096, WORDS_BYTES = 8 * 1024 * 1024 };

static const char help[] =
    "kiosk-ime: writes Chinese by pinyin and by strokes\n"
    "\n"
    "  kiosk-ime FOLDER     answers questions from standard input, one JSON\n"
    "                       object a line, until it ends\n"
    "  kiosk-ime --make SCHEMAS PACKAGED FOLDER\n"
    "                       makes FOLDER from our schemas and the packaged\n"
    "                       dictionaries (/usr/share/rime-data)\n"
    "  kiosk-ime --help     this text\n"
    "\n"
    "A question:\n"
    "  {\"ime\": 7, \"ask\": \"pinyin\", \"text\": \"nihao\"}\n"
    "kiosk/ime/README.md has the others.\n";

static enum err open_words(const char *folder, struct phrases **ret_phrases)
{
    char path[PATH_BYTES + 64];
    char *text;
    size_t len;

    (void)snprintf(path, sizeof path, "%s/words.tsv", folder);
    enum err err = file_read(path, WORDS_BYTES, &text, &len);
    if (err)
        return err;
    err = phrases_open(text, len, ret_phrases);
    mem_free(text);
    return err;
}

static int serve(const char *folder)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct phrases *words = NULL;
    enum err err = open_words(folder, &words);

    (void)sigaction(SIGPIPE, &ignore, NULL);
    if (!err)
        err = engine_open(folder);
    if (err) {
        (void)fprintf(stderr, "kiosk-ime: %s: %s\n", folder, err_text(err));
        return 1;
    }
    if (sandbox_enter(SANDBOX_IME)) {
        (void)fprintf(stderr, "kiosk-ime: cannot give up its rights\n");
        return 1;
    }
    err = ask_serve(words, 0, 1);
    engine_close();
    phrases_close(words);
    return err ? 1 : 0;
}

static int make(char **argv)
{
    const char *why = "";
    enum err err = make_data(argv[0], argv[1], argv[2], &why);

    if (!err)
        return 0;
    (void)fprintf(stderr, "kiosk-ime: %s: %s\n", why, err_text(err));
    return 1;
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(help, stdout);
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "--make") == 0)
        return make(argv + 2);
    if (argc == 2 && argv[1][0] != '-')
        return serve(argv[1]);
    (void)fputs(help, stderr);
    return 2;
}
