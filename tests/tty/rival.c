#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/request.h"
#include "tests/tty/rival.h"
#include "tests/tty/world.h"

#include <jansson.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 8 * 1024, ANSWER_BYTES = 256 * 1024 };

static int64_t ahead_ms;

void rival_ahead(int64_t ms)
{
    ahead_ms = ms;
}

void rival_install(const char *folder)
{
    char real[WORLD_PATH], script[4 * WORLD_PATH];

    world_program(real, "kiosk-hub");
    snprintf(script, sizeof script,
             "#!/bin/sh\n'%s' \"$@\" | while read -r line; do\n"
             "echo \"$line\" > '%s/hub.told'; echo \"$line\"; done\n",
             real, folder);
    world_install(folder, script);
}

static uint16_t port_of(const char *folder)
{
    char path[WORLD_PATH];
    size_t len;

    world_join(path, folder, "hub.told");
    char *text = world_read(path, &len);
    json_t *told = json_loads(text ? text : "", JSON_DISABLE_EOF_CHECK, NULL);
    const char *url = json_string_value(json_object_get(told, "terminals"));

    assert_non_null(url);
    uint16_t port = (uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10);
    json_decref(told);
    mem_free(text);
    return port;
}

static int connect_to(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address),
                     0);
    return fd;
}

static void send_request(int fd, const struct request_line *line,
                         const struct request_proof *proof)
{
    char text[REQUEST_BYTES];
    int len = snprintf(text, sizeof text,
                       "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                       "Connection: close\r\nContent-Length: %zu\r\n",
                       line->method, line->path, line->body_len);

    for (int i = 0; i < REQUEST_HEADER_COUNT; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%s: %s\r\n",
                        request_header_names[i], proof->values[i]);
    len += snprintf(text + len, sizeof text - (size_t)len, "\r\n%.*s",
                    (int)line->body_len, (const char *)line->body);
    assert_in_range(len, 1, sizeof text - 1);
    assert_int_equal(send(fd, text, (size_t)len, MSG_NOSIGNAL), len);
}

static int read_answer(int fd, char *body, size_t size)
{
    static char answer[ANSWER_BYTES];
    size_t len = 0;
    ssize_t got;

    while (len + 1 < sizeof answer &&
           (got = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0)
        len += (size_t)got;
    answer[len] = '\0';
    close(fd);
    const char *end = strstr(answer, "\r\n\r\n");
    assert_non_null(end);
    snprintf(body, size, "%s", end + 4);
    return (int)strtol(answer + strlen("HTTP/1.1 "), NULL, 10);
}

static struct key *key_in(const char *folder)
{
    char path[WORLD_PATH];
    struct key *key;

    world_join(path, folder, "rival.key");
    assert_int_equal(key_open(path, KEY_SIGN, true, &key), ERR_OK);
    return key;
}

static int ask_at(const char *folder, const struct request_line *line,
                  int64_t wall_ms, char *body, size_t size)
{
    struct key *key = key_in(folder);
    struct request_proof proof;

    assert_int_equal(request_sign(key, line, wall_ms, &proof), ERR_OK);
    key_close(key);
    int fd = connect_to(port_of(folder));
    send_request(fd, line, &proof);
    return read_answer(fd, body, size);
}

int rival_ask(const char *folder, const char *method, const char *path,
              const char *json, char *body, size_t size)
{
    const struct request_line line = { method, path, json ? json : "",
                                       json ? strlen(json) : 0 };
    int status = ask_at(folder, &line, clock_wall_ms() + ahead_ms, body, size);

    if (status != 401)
        return status;
    json_t *said = json_loads(body, 0, NULL);
    int64_t hub_ms = json_integer_value(json_object_get(said, "hub_time"));
    json_decref(said);
    return ask_at(folder, &line, hub_ms, body, size);
}
