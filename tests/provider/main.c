/* A key provider: tells its public key, signs what it is given, never tells the
 * private one.  Its name, as it was called, chooses how it behaves. */
#include <jansson.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"

enum { PATH_BYTES = 512, BYTES_MAX = 1024 * 1024 };

static const char *manner;
static char folder[PATH_BYTES];

static bool is(const char *name)
{
    return strcmp(manner, name) == 0;
}

static void say(const struct buf *line)
{
    puts(line->text);
    fflush(stdout);
}

static void tell_key(const struct key *key)
{
    struct buf line;

    buf_init(&line, 256);
    buf_add_text(&line, "{\"key\":\"");
    buf_add_base64(&line, key_public(key), CRYPTO_PUBLIC_BYTES);
    buf_add_text(&line, "\"}");
    say(&line);
    buf_done(&line);
}

/* Once: the next run finds that it has been. */
static void die_once(void)
{
    char path[PATH_BYTES + 8];

    snprintf(path, sizeof path, "%s/died", folder);
    if (file_exists(path))
        return;
    enum err err = file_replace(path, "", 0, 0600);
    _exit(err ? 2 : 1);
}

static void sign(const struct key *key, const json_t *question)
{
    static unsigned char bytes[BYTES_MAX];
    const char *text = json_string_value(json_object_get(question, "bytes"));
    json_int_t id = json_integer_value(json_object_get(question, "id"));
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    struct buf line;
    size_t len = 0;

    if (!text || base64_decode(text, strlen(text), bytes, sizeof bytes, &len) ||
        key_sign(key, bytes, len, signature))
        exit(EXIT_FAILURE);
    signature[0] ^= is("lie");
    buf_init(&line, 256);
    buf_add_format(&line, "{\"id\":%" JSON_INTEGER_FORMAT ",", id);
    buf_add_text(&line, is("refuse") ? "\"error\":\"no\"" : "\"signature\":\"");
    if (!is("refuse")) {
        buf_add_base64(&line, signature, sizeof signature);
        buf_add_char(&line, '"');
    }
    buf_add_char(&line, '}');
    say(&line);
    buf_done(&line);
}

static void answer(const struct key *key, const char *text)
{
    json_t *question = json_loads(text, 0, NULL);
    const char *ask = json_string_value(json_object_get(question, "ask"));

    if (is("garbage"))
        puts("{\"key\":\"tell me yours\"}");
    else if (ask && strcmp(ask, "key") == 0 && !is("mute"))
        tell_key(key);
    else if (ask && strcmp(ask, "sign") == 0 && !is("hang"))
        sign(key, question);
    fflush(stdout);
    json_decref(question);
}

int main(int argc, char **argv)
{
    static char line[2 * BYTES_MAX];
    char path[PATH_BYTES + 16];
    struct key *key = NULL;
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;

    if (!slash)
        return EXIT_FAILURE;
    manner = slash + 1;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - argv[0]), argv[0]);
    snprintf(path, sizeof path, "%s/provider.key", folder);
    if (key_open(path, KEY_SIGN, true, &key))
        return EXIT_FAILURE;
    while (fgets(line, sizeof line, stdin)) {
        if (is("dies-once") && strstr(line, "\"sign\""))
            die_once();
        answer(key, line);
    }
    key_close(key);
    return EXIT_SUCCESS;
}
