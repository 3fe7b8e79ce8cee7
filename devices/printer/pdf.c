#include "devices/printer/pdf.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 4, BOX_BYTES = 96, POINTS_MAX = 14400 };

/* Bytes of "/Type /Page" and "/Type /Pages" differ in what follows. */
static bool is_page(const char *pdf, size_t len, size_t at)
{
    if (len - at < 12 || memcmp(pdf + at, "/Type", 5) != 0)
        return false;
    at += 5;
    while (at + 6 < len && (pdf[at] == ' ' || pdf[at] == '\n'))
        at++;
    return at + 5 < len && memcmp(pdf + at, "/Page", 5) == 0 &&
           pdf[at + 5] != 's';
}

int pdf_count_pages(const char *pdf, size_t len)
{
    int count = 0;

    for (size_t i = 0; i < len && count < PDF_PAGES_MAX; i++)
        if (pdf[i] == '/' && is_page(pdf, len, i))
            count++;
    return count ? count : 1;
}

/* "[ 0 0 226.77 292.85 ]" */
static bool read_box(const char *pdf, size_t len, double *ret_width,
                     double *ret_height)
{
    char text[BOX_BYTES];
    double numbers[NUMBERS];
    size_t part = len < sizeof(text) - 1 ? len : sizeof(text) - 1;
    char *at = text;

    memcpy(text, pdf, part);
    text[part] = '\0';
    at += strspn(at, " \n[");
    for (int i = 0; i < NUMBERS; i++) {
        char *end;

        numbers[i] = strtod(at, &end);
        if (end == at)
            return false;
        at = end;
    }
    *ret_width = numbers[2] - numbers[0];
    *ret_height = numbers[3] - numbers[1];
    return *ret_width > 0 && *ret_width <= POINTS_MAX && *ret_height > 0 &&
           *ret_height <= POINTS_MAX;
}

static int hundredths_of_millimetre(double points)
{
    return (int)(points * 2540 / 72 + 0.5);
}

bool pdf_page_size(const char *pdf, size_t len, int *ret_width, int *ret_height)
{
    double width, height, highest = 0;

    for (size_t i = 0; i + 9 < len; i++) {
        if (pdf[i] != '/' || memcmp(pdf + i, "/MediaBox", 9) != 0 ||
            !read_box(pdf + i + 9, len - i - 9, &width, &height) ||
            height <= highest)
            continue;
        highest = height;
        *ret_width = hundredths_of_millimetre(width);
        *ret_height = hundredths_of_millimetre(height);
    }
    return highest > 0;
}
