#include "tests/pictures/shoot.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/tty/world.h"

static int codes;

/* In a window of fewer rows the QR stands on the slip only, and the page says
 * so. */
enum { QR_ROWS = 21 };

static void check_code(const char *path, const char *expected, bool has_room)
{
    const char *argv[] = { "/usr/bin/zbarimg", "--quiet", "--raw", path, NULL };
    static struct world_said said;

    world_run(argv, &said);
    if (!has_room) {
        assert_int_not_equal(said.code, 0);
        return;
    }
    if (said.code)
        fail_msg("%s: no QR can be read: %s", path, said.err);
    said.out[strcspn(said.out, "\n")] = '\0';
    assert_string_equal(said.out, expected);
    codes++;
}

void shoot_page(struct glass *glass, struct drive *drive, uint64_t *last,
                const char *path)
{
    size_t i;
    json_t *element;
    json_int_t rows =
        json_integer_value(json_object_get(drive_page(drive), "rows"));

    *last = glass_changed(glass, *last);
    glass_save(glass, path);
    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *kind = json_string_value(json_object_get(element, "kind"));
        const char *value =
            json_string_value(json_object_get(element, "value"));
        if (strcmp(kind, "qr") == 0 && value)
            check_code(path, value, rows >= QR_ROWS);
    }
}

int shoot_codes(void)
{
    return codes;
}
