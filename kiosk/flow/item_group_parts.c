/* What a rule asks of the entries of a group must be among their parts: a
 * misspelt one makes a rule that is an error, and so never holds.  Looked for
 * in the text: children.all(c, … c.born …), of which c is an entry. */
#include "kiosk/flow/item_load.h"

#include <stdio.h>
#include <string.h>

enum { PARTS_MAX = 64, NAME_BYTES = 64 };

static size_t name_len(const char *text)
{
    size_t len = 0;

    if (*text >= '0' && *text <= '9')
        return 0;
    while ((text[len] >= 'a' && text[len] <= 'z') ||
           (text[len] >= 'A' && text[len] <= 'Z') ||
           (text[len] >= '0' && text[len] <= '9') || text[len] == '_')
        len++;
    return len;
}

static const char *past_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* Past a text in quotes, a name, or one other character. */
static const char *past_word(const char *text)
{
    size_t len = name_len(text);

    if (len > 0)
        return text + len;
    if (*text != '"' && *text != '\'')
        return text + 1;
    for (len = 1; text[len] && text[len] != text[0]; len++)
        len += text[len] == '\\' && text[len + 1];
    return text + len + (text[len] != '\0');
}

static bool is_name(const char *text, size_t len, const char *name)
{
    return strlen(name) == len && memcmp(text, name, len) == 0;
}

/* ---- The parts of a group ------------------------------------------------ */

struct parts {
    const char *names[PARTS_MAX];
    size_t count;
};

static void find_parts(const struct loader *loader, const char *group,
                       struct parts *parts)
{
    char prefix[NAME_BYTES];

    snprintf(prefix, sizeof prefix, "%s_1_", group);
    parts->count = 0;
    for (size_t i = 0; i < loader->loaded->name_count; i++) {
        const char *name = loader->loaded->names[i].name;

        if (strncmp(name, prefix, strlen(prefix)) == 0 &&
            parts->count < PARTS_MAX && strcmp(name, prefix) != 0)
            parts->names[parts->count++] = name + strlen(prefix);
    }
}

static bool has_part(const struct parts *parts, const char *text, size_t len)
{
    for (size_t i = 0; i < parts->count; i++)
        if (is_name(text, len, parts->names[i]))
            return strcmp(parts->names[i], "more") != 0;
    return false;
}

static void complain_part(struct loader *loader, const struct yaml *node,
                          const char *group, const struct parts *parts,
                          const char *at)
{
    struct yaml place = item_place_in(node, (size_t)(at - node->text));
    char part[NAME_BYTES];
    const char *near;

    snprintf(part, sizeof part, "%.*s", (int)name_len(at), at);
    near = yaml_nearest(part, parts->names, parts->count);
    if (near)
        item_complain(loader, &place,
                      "an entry of \"%s\" has no \"%s\"; did you mean \"%s\"?",
                      group, part, near);
    else
        item_complain(loader, &place,
                      "an entry of \"%s\" has no \"%s\": expected one of its "
                      "pages",
                      group, part);
}

/* ---- Where entries are asked ---------------------------------------------- */

/* Behind the bracket of all(c, …: every c.part up to the bracket's end. */
static void check_entries(struct loader *loader, const struct yaml *node,
                          const char *group, const char *at)
{
    const char *var = past_space(at);
    size_t len = name_len(var);
    struct parts parts;
    int depth = 1;

    find_parts(loader, group, &parts);
    at = past_space(var + len);
    if (len == 0 || *at != ',')
        return;
    while (*at && depth > 0) {
        bool is_var = name_len(at) == len && memcmp(at, var, len) == 0;
        const char *next = past_word(at);

        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (is_var && at[-1] != '.' && *past_space(next) == '.') {
            const char *part = past_space(past_space(next) + 1);
            size_t part_len = name_len(part);

            if (part_len > 0 && *past_space(part + part_len) != '(' &&
                !has_part(&parts, part, part_len))
                complain_part(loader, node, group, &parts, part);
        }
        at = next;
    }
}

static void check_group(struct loader *loader, const struct yaml *node,
                        const char *group)
{
    char before = '\0';

    for (const char *at = node->text; *at;) {
        size_t len = name_len(at);
        const char *next = past_word(at);

        if (len > 0 && before != '.' && is_name(at, len, group) &&
            *past_space(next) == '.') {
            const char *macro = past_space(past_space(next) + 1);
            const char *bracket = past_space(macro + name_len(macro));

            if (*bracket == '(')
                check_entries(loader, node, group, bracket + 1);
        }
        if (!strchr(" \t\r\n", *at))
            before = next[-1];
        at = next;
    }
}

void item_group_parts_check(struct loader *loader, const struct yaml *node)
{
    const struct loaded *loaded = loader->loaded;

    for (size_t i = 0; i < loaded->name_count; i++)
        if (loaded->names[i].kind == RULE_LIST)
            check_group(loader, node, loaded->names[i].name);
}
