#include "kiosk/settings.h"

#include "kiosk/backend/transport.h"
#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/device.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    KIND_TEXT,
    KIND_NUMBER,
    KIND_SWITCH,
    KIND_WORD,
    KIND_DIGITS,
    KIND_HOURS,
    /* All of these may be empty. */
    KIND_DRIVER,
    KIND_HUB,
    KIND_PAGES,
    KIND_KEY,
    KIND_FILE,
    KIND_QUEUE,
    KIND_IDS
};

enum {
    FILE_MAX_BYTES = 16 * 1024 * 1024,
    URL_CHARS_MAX = 200,
    QUEUE_BYTES_MAX = 127
};

struct setting {
    const char *name;
    enum kind kind;
    size_t at; /* offset in struct settings */
    /* Of a number; of a text its characters; of a driver least is its class. */
    int64_t least, most;
    const char *words; /* of a word: those allowed, "a|b" */
    const char *fallback;
    const char *explanation;
};

#define AT(member) offsetof(struct settings, member)

static const struct setting table[] = {
    { "place_zh", KIND_TEXT, AT(place_zh), 1, 40, NULL, "演示大厅",
      "Where the machine stands, in Chinese; first line of every page" },
    { "place_en", KIND_TEXT, AT(place_en), 1, 60, NULL, "Demonstration hall",
      "The same in English" },
    { "machine_number", KIND_TEXT, AT(machine_number), 1, 8, NULL, "1",
      "What people call this machine in its hall" },
    { "terminal", KIND_DIGITS, AT(terminal), 4, 4, NULL, "0001",
      "Four digits, unique in the city: receipt numbers begin with them" },
    { "division", KIND_DIGITS, AT(division), 6, 6, NULL, "411300",
      "The division (county or district, six digits) where the terminal is: "
      "which items are offered, and which overlays are laid over them" },
    { "desk_zh", KIND_TEXT, AT(desk_zh), 1, 40, NULL, "大厅导办台",
      "Where people find help, in Chinese" },
    { "desk_en", KIND_TEXT, AT(desk_en), 1, 60, NULL,
      "the information desk of the hall", "The same in English" },
    { "phone", KIND_TEXT, AT(phone), 1, 30, NULL, "12345",
      "The telephone that helps people here" },
    { "hours", KIND_HOURS, AT(hours), 0, 0, NULL, "00:00-24:00",
      "Opening hours, from-to" },
    { "elsewhere_zh", KIND_TEXT, AT(elsewhere_zh), 1, 60, NULL,
      "本大厅人工窗口",
      "Where to go while this machine is closed or out of service, in "
      "Chinese" },
    { "elsewhere_en", KIND_TEXT, AT(elsewhere_en), 1, 80, NULL,
      "the counters of this hall", "The same in English" },
    { "after_hours_zh", KIND_TEXT, AT(after_hours_zh), 0, 60, NULL, "",
      "The nearest place that is open outside these hours, in Chinese; empty: "
      "none is known" },
    { "after_hours_en", KIND_TEXT, AT(after_hours_en), 0, 80, NULL, "",
      "The same in English" },
    { "language", KIND_WORD, AT(language), 0, 0, "zh_CN|en", "zh_CN",
      "The language that every session begins in" },
    { "high_contrast", KIND_SWITCH, AT(high_contrast), 0, 0, NULL, "false",
      "Whether every session begins in high contrast" },
    { "sound", KIND_SWITCH, AT(sound), 0, 0, NULL, "true",
      "A short bell when a card was read, something is not right, or the paper "
      "is ready" },
    { "large_font", KIND_TEXT, AT(large_font), 1, 60, NULL, "DejaVu Sans Mono",
      "The font that large print asks the terminal for; the session's own "
      "(xterm.resources)" },
    { "large_size", KIND_NUMBER, AT(large_size), 0, 200, NULL, "28",
      "Points of large print; 0: there is none. Offered only where the "
      "terminal proves at the start that it can do it, and the session tells "
      "KIOSK_FONT_SIZE" },
    { "larger_size", KIND_NUMBER, AT(larger_size), 0, 200, NULL, "40",
      "Points of its second size; 0: there is none" },
    { "idle_s", KIND_NUMBER, AT(idle_s), 40, 900, NULL, "120",
      "Seconds without a press after which a session ends and is wiped" },
    { "idle_warn_s", KIND_NUMBER, AT(idle_warn_s), 20, 30, NULL, "30",
      "Seconds before that in which a page asks whether anybody is there; no "
      "countdown is seen before" },
    { "bye_s", KIND_NUMBER, AT(bye_s), 5, 60, NULL, "15",
      "Seconds that the goodbye page stays" },
    { "state_folder", KIND_TEXT, AT(state_folder), 1, 200, NULL,
      "/var/lib/kiosk", "Where outbox, journal and keys are kept" },
    { "reserve_mib", KIND_NUMBER, AT(reserve_mib), 0, 1024, NULL, "16",
      "MiB of its disk kept free, so that a full one still lets a citizen "
      "finish; 0: none" },
    { "key_provider", KIND_TEXT, AT(key_provider), 0, 200, NULL, "",
      "The program that signs for this machine, where its key is in a chip or "
      "elsewhere; empty: machine.key in state_folder" },
    { "share_folder", KIND_TEXT, AT(share_folder), 0, 200, NULL, "",
      "Items and translations; empty: share/ beside the program, else "
      "../../share/kiosk from there" },
    { "card_driver", KIND_DRIVER, AT(card_driver), DEVICE_CARD, 0, NULL, "",
      "The driver of the card reader; empty: there is none" },
    { "card_place", KIND_TEXT, AT(card_place), 0, 31, NULL, "",
      "Which card reader, by its bus and ports as kiosk probe prints them, "
      "such as 1-1.2; empty: the first that is found" },
    { "card_ids", KIND_IDS, AT(card_ids), 0, 0, NULL, "",
      "The USB ids of card readers, instead of the usual ones" },
    { "card_wiring", KIND_WORD, AT(card_wiring), 0, 0,
      "auto|four-pipes|one-pair", "auto",
      "How the card reader is wired; auto: as its descriptors say" },
    { "printer_driver", KIND_DRIVER, AT(printer_driver), DEVICE_PRINTER, 0,
      NULL, "", "The driver of the slip printer; empty: there is none" },
    { "printer_queue", KIND_QUEUE, AT(printer_queue), 0, 0, NULL, "",
      "The queue of CUPS that printer/cups prints on" },
    { "printer_server", KIND_TEXT, AT(printer_server), 1, 120, NULL,
      "/run/cups/cups.sock", "Where CUPS listens: a socket's path or a host" },
    { "paper", KIND_WORD, AT(paper), 0, 0, "58mm|80mm|A4", "80mm",
      "The paper of slips" },
    { "a4_driver", KIND_DRIVER, AT(a4_driver), DEVICE_PRINTER, 0, NULL, "",
      "The driver of the printer for certificates on A4; empty: the slip "
      "printer, if its paper is A4" },
    { "a4_queue", KIND_QUEUE, AT(a4_queue), 0, 0, NULL, "",
      "The queue of CUPS that printer/cups prints certificates on" },
    { "hub_url", KIND_HUB, AT(hub_url), 0, 0, NULL, "",
      "Where cases are sent; empty: nowhere, they wait here" },
    { "hub_ca", KIND_FILE, AT(hub_ca), 0, 0, NULL, "",
      "File of the certificates that may have signed the hub's; empty: the "
      "system's" },
    { "hub_office_key", KIND_KEY, AT(hub_office_key), 0, 0, NULL, "",
      "The office's public key, to which every case is sealed; kiosk-hub "
      "prints it. Needed to take cases" },
    { "hub_public_url", KIND_PAGES, AT(hub_public_url), 0, 0, NULL, "",
      "Where phones find the progress pages; empty: no QR code is shown" },
    { "hub_answer_s", KIND_NUMBER, AT(hub_answer_s), 2, 120, NULL, "20",
      "Seconds after which an answer of the hub is not waited for" },
    { "send_wait_s", KIND_NUMBER, AT(send_wait_s), 1, 60, NULL, "8",
      "Seconds that a citizen waits for the hub before the page says "
      "已存本机" },
    { "heartbeat_s", KIND_NUMBER, AT(heartbeat_s), 10, 3600, NULL, "60",
      "Seconds between two reports of health to the hub" },
};

enum { TABLE_COUNT = sizeof table / sizeof *table };

static char **text_at(struct settings *settings, const struct setting *setting)
{
    return (char **)(void *)((char *)settings + setting->at);
}

static bool is_number(const struct setting *setting)
{
    return setting->kind == KIND_NUMBER;
}

static bool is_one_of(const char *words, const char *text)
{
    size_t len = strlen(text);
    while (*words) {
        size_t word = strcspn(words, "|");
        if (word == len && strncmp(words, text, len) == 0)
            return true;
        words += word;
        words += *words == '|';
    }
    return false;
}

static bool parse_number(const char *text, int64_t *ret_number)
{
    int64_t number = 0;
    if (!*text || strlen(text) > 9)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        number = number * 10 + (*text - '0');
    }
    *ret_number = number;
    return true;
}

static size_t count_characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static bool is_driver(enum device_class class, const char *name)
{
    for (const struct driver *const *driver = driver_table; *driver; driver++)
        if ((*driver)->class == class && strcmp((*driver)->name, name) == 0)
            return true;
    return false;
}

/* "one of card/sim, or nothing" */
static void describe_drivers(enum device_class class, char *text, size_t size)
{
    size_t len = (size_t)snprintf(text, size, "one of ");
    const char *between = "";

    for (const struct driver *const *driver = driver_table; *driver; driver++) {
        if ((*driver)->class != class || len >= size)
            continue;
        len += (size_t)snprintf(text + len, size - len, "%s%s", between,
                                (*driver)->name);
        between = "|";
    }
    if (len < size)
        snprintf(text + len, size - len, ", or nothing");
}

static bool is_hub_url(const char *text)
{
    struct buf base;
    buf_init(&base, 2 * URL_CHARS_MAX);
    bool is_right =
        strlen(text) <= URL_CHARS_MAX && transport_check_url(text, &base);
    buf_done(&base);
    return is_right;
}

/* "/p/ADDRESS" is put behind it. */
static bool is_pages_url(const char *text)
{
    size_t len = strlen(text);
    bool is_web =
        strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
    if (!is_web || len > URL_CHARS_MAX || text[len - 1] == '/')
        return false;
    for (; *text; text++)
        if (*text <= ' ' || *text >= 0x7f || strchr("\"<>?#", *text))
            return false;
    return true;
}

static bool is_key(const char *text)
{
    unsigned char key[CRYPTO_PUBLIC_BYTES];
    size_t len = 0;
    enum err err = base64_decode(text, strlen(text), key, sizeof key, &len);
    return !err && len == sizeof key;
}

static bool is_file(const char *path)
{
    char *bytes = NULL;
    size_t len;
    enum err err = file_read(path, FILE_MAX_BYTES, &bytes, &len);
    mem_free(bytes);
    return !err;
}

/* CUPS itself allows no other names. */
static bool is_queue(const char *name)
{
    if (strlen(name) > QUEUE_BYTES_MAX)
        return false;
    for (; *name; name++)
        if ((unsigned char)*name <= ' ' || *name == 0x7f ||
            strchr("/?#'\"", *name))
            return false;
    return true;
}

static bool is_ids(const char *text)
{
    struct usb_id ids[USB_IDS_MAX + 1];
    return usb_ids_parse(text, ids) == ERR_OK;
}

/* What a value must be, in words, for the message and the help. */
static void describe(const struct setting *setting, char *text, size_t size)
{
    switch (setting->kind) {
    case KIND_NUMBER:
        snprintf(text, size, "a whole number from %lld to %lld",
                 (long long)setting->least, (long long)setting->most);
        return;
    case KIND_SWITCH:
        snprintf(text, size, "true or false");
        return;
    case KIND_WORD:
        snprintf(text, size, "one of %s", setting->words);
        return;
    case KIND_DIGITS:
        snprintf(text, size, "%lld digits", (long long)setting->least);
        return;
    case KIND_HOURS:
        snprintf(text, size, "HH:MM-HH:MM");
        return;
    case KIND_DRIVER:
        describe_drivers((enum device_class)setting->least, text, size);
        return;
    case KIND_HUB:
        snprintf(text, size,
                 "https://HOST:PORT, plain http on loopback only, or nothing");
        return;
    case KIND_PAGES:
        snprintf(text, size, "https://HOST without a / at its end, or nothing");
        return;
    case KIND_KEY:
        snprintf(text, size, "a key of 32 bytes in base64, or nothing");
        return;
    case KIND_FILE:
        snprintf(text, size, "a file that can be read, or nothing");
        return;
    case KIND_QUEUE:
        snprintf(text, size,
                 "a name without spaces and / ? # \' \", or nothing");
        return;
    case KIND_IDS:
        snprintf(text, size, "at most %d ids such as 0400:c35a, or nothing",
                 USB_IDS_MAX);
        return;
    case KIND_TEXT:
        snprintf(text, size, "a text of %lld to %lld characters",
                 (long long)setting->least, (long long)setting->most);
        return;
    }
}

/* They would get onto screens and slips. */
static bool has_control(const char *text)
{
    for (uint32_t c; (c = text_next(&text));)
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            return true;
    return false;
}

static bool is_text_right(const struct setting *setting, const char *text)
{
    size_t count = count_characters(text);
    int from, to;

    if (!*text && setting->kind >= KIND_DRIVER)
        return true;
    switch (setting->kind) {
    case KIND_DRIVER:
        return is_driver((enum device_class)setting->least, text);
    case KIND_HUB:
        return is_hub_url(text);
    case KIND_PAGES:
        return is_pages_url(text);
    case KIND_KEY:
        return is_key(text);
    case KIND_FILE:
        return is_file(text);
    case KIND_QUEUE:
        return is_queue(text);
    case KIND_IDS:
        return is_ids(text);
    case KIND_WORD:
        return is_one_of(setting->words, text);
    case KIND_DIGITS:
        return count == (size_t)setting->least &&
               strspn(text, "0123456789") == count;
    case KIND_HOURS:
        return clock_is_hours(text, &from, &to);
    case KIND_TEXT:
        return count >= (size_t)setting->least &&
               count <= (size_t)setting->most && !has_control(text);
    case KIND_NUMBER:
    case KIND_SWITCH:
        return false;
    }
    return false;
}

/* False when text is not what the setting takes; nothing is changed then. */
static bool set(struct settings *settings, const struct setting *setting,
                const char *text)
{
    if (is_number(setting)) {
        int64_t number;
        if (!parse_number(text, &number) || number < setting->least ||
            number > setting->most)
            return false;
        *(int64_t *)(void *)((char *)settings + setting->at) = number;
        return true;
    }
    if (setting->kind == KIND_SWITCH) {
        bool is_on = strcmp(text, "true") == 0;
        if (!is_on && strcmp(text, "false") != 0)
            return false;
        *(bool *)((char *)settings + setting->at) = is_on;
        return true;
    }
    if (!is_text_right(setting, text))
        return false;
    char **place = text_at(settings, setting);
    mem_free(*place);
    *place = mem_copy_text(text);
    return true;
}

void settings_init(struct settings *settings)
{
    *settings = (struct settings){ 0 };
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        bool is_right = set(settings, &table[i], table[i].fallback);
        if (!is_right)
            abort(); /* a default outside its own limits is our bug */
    }
}

void settings_done(struct settings *settings)
{
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        if (is_number(&table[i]) || table[i].kind == KIND_SWITCH)
            continue;
        mem_free(*text_at(settings, &table[i]));
    }
    *settings = (struct settings){ 0 };
}

static const struct setting *find(const char *name)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static void complain_unknown(struct problems *problems, const char *path,
                             const struct yaml *key)
{
    const char *names[TABLE_COUNT];
    for (size_t i = 0; i < TABLE_COUNT; i++)
        names[i] = table[i].name;
    const char *near = yaml_nearest(key->text, names, TABLE_COUNT);
    problems_add(problems, path, key->line, key->column,
                 "unknown setting \"%s\"%s%s%s; kiosk --help-settings lists "
                 "them all",
                 key->text, near ? "; did you mean \"" : "", near ? near : "",
                 near ? "\"?" : "");
}

static void read_one(struct settings *settings, const char *path,
                     const struct yaml *key, const struct yaml *value,
                     struct problems *problems)
{
    const struct setting *setting = find(key->text);
    if (!setting) {
        complain_unknown(problems, path, key);
        return;
    }
    if (value->kind == YAML_TEXT && set(settings, setting, value->text))
        return;
    char expected[96] = "";
    describe(setting, expected, sizeof expected);
    problems_add(problems, path, value->line, value->column, "%s: expected %s",
                 setting->name, expected);
}

enum err settings_read(struct settings *settings, const char *path,
                       struct problems *problems)
{
    struct yaml *root;
    enum err err = yaml_read(path, problems, &root);
    if (err)
        return err;
    if (root->kind != YAML_MAP) {
        problems_add(problems, path, root->line, root->column,
                     "expected settings as \"name: value\" lines");
    } else {
        for (size_t i = 0; i < root->count; i++)
            read_one(settings, path, root->keys[i], root->items[i], problems);
    }
    yaml_tree_free(root);
    return problems->count ? ERR_BAD_INPUT : ERR_OK;
}

void settings_print_help(FILE *out)
{
    fprintf(out, "Settings, one \"name: value\" a line in a YAML file "
                 "(kiosk --settings FILE):\n");
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        char expected[96] = "";
        describe(&table[i], expected, sizeof expected);
        fprintf(out, "\n  %s\n      %s\n      %s; default: %s\n", table[i].name,
                table[i].explanation, expected,
                *table[i].fallback ? table[i].fallback : "(empty)");
    }
}

void settings_print_example(FILE *out)
{
    fprintf(out, "# Settings of one terminal. Every line shows its default: "
                 "take away the\n# \"#\" before a name to change it. Made by "
                 "kiosk --example-settings.\n");
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        char expected[96] = "";
        describe(&table[i], expected, sizeof expected);
        fprintf(out, "\n# %s (%s)\n#%s: \"%s\"\n", table[i].explanation,
                expected, table[i].name, table[i].fallback);
    }
}

int settings_opens(const struct settings *settings)
{
    int from = 0, to = 0;
    bool is_right = clock_is_hours(settings->hours, &from, &to);
    (void)is_right; /* no other hours are read */
    return from;
}

bool settings_is_open(const struct settings *settings, int minute_of_day)
{
    int from = 0, to = 0;
    bool is_right = clock_is_hours(settings->hours, &from, &to);
    return is_right && minute_of_day >= from && minute_of_day < to;
}
