/* Named lists of choices: lists/NAME.tsv beside the items, each read once, when
 * the first step names it.  Columns: value, parent, zh_CN, en, with that
 * header line.  For the item loader only; others see struct list in item.h. */
#pragma once

#include "kiosk/flow/item.h"

struct lists;

/* folder: that of the items. */
struct lists *lists_new(const char *folder);
void lists_free(struct lists *lists);

/* The list, borrowed until lists_free.  ERR_NOT_FOUND when there is no such
 * file; ERR_BAD_INPUT with the lines that are wrong in problems, the first
 * time only. */
MUST_CHECK enum err lists_get(struct lists *lists, const char *name,
                              struct problems *problems,
                              const struct list **ret_list);

/* The row of that value, or NULL. */
const struct list_row *list_find(const struct list *list, const char *value);
