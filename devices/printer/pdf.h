/* The two things about a PDF of ours that printing it needs.  Files are looked
 * through as bytes, by the words that cairo writes uncompressed; one that hides
 * them in compressed objects is a page of unknown size. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { PDF_PAGES_MAX = 99 };

/* From 1 to PDF_PAGES_MAX. */
int pdf_count_pages(const char *pdf, size_t len);

/* The highest page, in hundredths of a millimetre; false: no size is told. */
bool pdf_page_size(const char *pdf, size_t len, int *ret_width,
                   int *ret_height);
