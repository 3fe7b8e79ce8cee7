/* The identity stands in a note of the program's own segments, as they were
 * mapped: elf(5). */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "kiosk/base/build.h"

#include <link.h>
#include <stdint.h>
#include <string.h>

struct note {
    const unsigned char *bytes; /* NULL: none found */
    size_t len;
};

/* A note's name and its bytes are each filled up to the segment's alignment. */
static size_t filled(size_t len, size_t align)
{
    return (len + align - 1) / align * align;
}

static void look_in(const unsigned char *at, size_t left, size_t align,
                    struct note *found)
{
    ElfW(Nhdr) head;

    while (left >= sizeof head) {
        memcpy(&head, at, sizeof head);
        size_t name = filled(head.n_namesz, align);
        size_t bytes = filled(head.n_descsz, align);

        if (name > left - sizeof head || bytes > left - sizeof head - name)
            return;
        if (head.n_type == NT_GNU_BUILD_ID &&
            head.n_namesz == sizeof ELF_NOTE_GNU &&
            memcmp(at + sizeof head, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0)
            *found = (struct note){ at + sizeof head + name, head.n_descsz };
        at += sizeof head + name + bytes;
        left -= sizeof head + name + bytes;
    }
}

/* The program comes first, before its libraries; not zero: no more of them. */
static int on_object(struct dl_phdr_info *object, size_t size, void *owner)
{
    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        uintptr_t at = object->dlpi_addr + segment->p_vaddr;

        if (segment->p_type == PT_NOTE)
            look_in((const unsigned char *)at, segment->p_memsz,
                    segment->p_align == 8 ? 8 : 4, owner);
    }
    return 1;
}

bool build_id(char ret_id[BUILD_ID_CHARS + 1])
{
    static const char digits[] = "0123456789abcdef";
    struct note found = { NULL, 0 };

    (void)dl_iterate_phdr(on_object, &found);
    if (found.len == 0 || found.len > BUILD_ID_CHARS / 2)
        return false;
    for (size_t i = 0; i < found.len; i++) {
        ret_id[2 * i] = digits[found.bytes[i] >> 4];
        ret_id[2 * i + 1] = digits[found.bytes[i] & 15];
    }
    ret_id[2 * found.len] = '\0';
    return true;
}
