/* A reader that says what a real one was heard to say: the recording of "kiosk
 * probe --record", a line for each transfer:
 *
 *     {"pipe":"out 0","bytes":"aaaaaa96690003"}
 *
 * A command is answered by what came after the next one like it; when there is
 * none any more, by the last. */
#include "tests/usb/emulator/emulator.h"

#include <stdio.h>
#include <string.h>

struct transfer {
    int pipe;
    GByteArray *bytes;
};

struct exchange {
    uint8_t command[2];
    GPtrArray *answer; /* of struct transfer */
};

static int hex_of(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static GByteArray *bytes_of(const char *hex)
{
    GByteArray *bytes = g_byte_array_new();
    for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]); hex += 2) {
        guint8 byte = (guint8)(hex_of(hex[0]) << 4 | hex_of(hex[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    return bytes;
}

static void begin_exchange(GPtrArray *exchanges, const uint8_t *command)
{
    struct exchange *exchange = g_new0(struct exchange, 1);
    memcpy(exchange->command, command, sizeof exchange->command);
    exchange->answer = g_ptr_array_new();
    g_ptr_array_add(exchanges, exchange);
}

static void add_answer(GPtrArray *exchanges, int pipe, GByteArray *bytes)
{
    if (exchanges->len == 0 || bytes->len == 0)
        return;
    struct exchange *last = g_ptr_array_index(exchanges, exchanges->len - 1);
    struct transfer *transfer = g_new0(struct transfer, 1);
    *transfer = (struct transfer){ pipe, g_byte_array_ref(bytes) };
    g_ptr_array_add(last->answer, transfer);
}

static void take_line(GPtrArray *exchanges, GByteArray *out, const char *line)
{
    static const char in_front[] = "{\"pipe\":\"in ";
    const char *hex = strstr(line, "\"bytes\":\"");
    const char *pipe = strpbrk(line, "01");

    if (!hex || !pipe)
        return;
    GByteArray *bytes = bytes_of(hex + strlen("\"bytes\":\""));
    if (strncmp(line, in_front, sizeof in_front - 1) == 0) {
        add_answer(exchanges, *pipe - '0', bytes);
    } else {
        g_byte_array_append(out, bytes->data, bytes->len);
        if (out->len >= 10) {
            begin_exchange(exchanges, out->data + 7);
            g_byte_array_set_size(out, 0);
        }
    }
    g_byte_array_unref(bytes);
}

bool replay_load(struct reader *reader, const char *path)
{
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    reader->replay = g_ptr_array_new();
    reader->replay_at = 0;
    GByteArray *out = g_byte_array_new();
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        take_line(reader->replay, out, *line);
    g_strfreev(lines);
    g_byte_array_unref(out);
    g_free(text);
    return reader->replay->len > 0;
}

static struct exchange *find(struct reader *reader, const uint8_t *command)
{
    struct exchange *last = NULL;

    for (guint i = 0; i < reader->replay->len; i++) {
        struct exchange *exchange = g_ptr_array_index(reader->replay, i);
        if (memcmp(exchange->command, command, 2) != 0)
            continue;
        last = exchange;
        if (i < reader->replay_at)
            continue;
        reader->replay_at = i + 1;
        break;
    }
    return last;
}

void replay_answer(struct reader *reader, const uint8_t *command)
{
    struct exchange *exchange = find(reader, command);

    for (guint i = 0; exchange && i < exchange->answer->len; i++) {
        struct transfer *transfer = g_ptr_array_index(exchange->answer, i);
        push_packets(reader, transfer->pipe, transfer->bytes->data,
                     transfer->bytes->len, PACKET);
    }
    give(reader);
}
