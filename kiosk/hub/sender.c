#include "kiosk/hub/sender.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

enum { PATH_BYTES_MAX = 4096, LETTER_BYTES_MAX = 256 };

struct sender {
    char *folder;
    uint64_t last;
};

/* "17.json"; other files are nobody's. */
static void on_letter(void *owner, const char *name)
{
    struct sender *sender = owner;
    size_t digits = strspn(name, "0123456789");
    uint64_t number = 0;

    if (digits == 0 || digits > 18 || strcmp(name + digits, ".json") != 0)
        return;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (uint64_t)(name[i] - '0');
    if (number > sender->last)
        sender->last = number;
}

enum err sender_open(const char *folder, struct sender **ret_sender)
{
    struct sender *sender = mem_new(sizeof(*sender));
    enum err err = file_make_folder(folder, 0700);

    sender->folder = mem_copy_text(folder);
    if (!err)
        err = file_list(folder, ".json", on_letter, sender);
    if (err) {
        sender_close(sender);
        return err;
    }
    *ret_sender = sender;
    return ERR_OK;
}

void sender_close(struct sender *sender)
{
    if (sender == NULL)
        return;
    mem_free(sender->folder);
    mem_free(sender);
}

enum err sender_send(struct sender *sender, const char *phone, const char *code)
{
    struct buf path, letter, to;
    enum err err;

    buf_init(&path, PATH_BYTES_MAX);
    buf_init(&letter, LETTER_BYTES_MAX);
    buf_init(&to, LETTER_BYTES_MAX);
    text_mask_phone(phone, &to);
    buf_add_format(&path, "%s/%" PRIu64 ".json", sender->folder,
                   sender->last + 1);
    buf_add_format(&letter, "{\"to\": \"%s\", \"code\": \"%s\"}\n", to.text,
                   code);
    err = file_replace(path.text, letter.text, letter.len, 0600);
    if (!err)
        sender->last++;
    buf_done(&to);
    buf_done(&letter);
    buf_done(&path);
    return err;
}
