/* Full-width signs where YAML wants its own: an input method writes them, and
 * they look the same.  For yaml.c, to say so.  Lines and columns from 0. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One stands in that line. */
bool yaml_has_wide_colon(const char *text, size_t len, size_t line);
/* "title：{zh_CN: …": the line begins with a key and such a colon; the key's
 * column. */
bool yaml_wide_colon_behind_key(const char *text, size_t len, size_t line,
                                size_t *ret_column);
/* "，en: Small": such a comma stands before the key that ends in that column. */
bool yaml_wide_comma_before(const char *text, size_t len, size_t line,
                            size_t column);
