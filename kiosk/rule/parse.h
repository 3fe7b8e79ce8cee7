/* What the files that read a rule share. */
#pragma once

#include "kiosk/rule/token.h"

struct rule_node *parse_expression(struct reader *reader);
/* One deeper: in brackets, or behind ? and :. */
struct rule_node *parse_inner(struct reader *reader);
struct rule_node *node_new(struct reader *reader, enum node_op op, size_t at);
/* Adds an operand; false, told, when the tree becomes too high or wide. */
bool node_add(struct reader *reader, struct rule_node *node,
              struct rule_node *operand);
/* Takes that token; else complains and returns false. */
bool parse_expect(struct reader *reader, enum token_kind kind,
                  const char *what);
/* Expressions with commas up to that token, as operands of node. */
bool parse_list_into(struct reader *reader, struct rule_node *node,
                     enum token_kind close, const char *what);

/* parse_call.c.  After "name(" was read: a call, or has(...) and the like. */
struct rule_node *parse_global_call(struct reader *reader, const char *name,
                                    size_t at);
/* After "receiver.name(" was read: a call or a macro. */
struct rule_node *parse_member_call(struct reader *reader,
                                    struct rule_node *receiver,
                                    const char *name, size_t at);
/* The name or the variable that name is here. */
struct rule_node *parse_name_node(struct reader *reader, const char *name,
                                  size_t at, bool is_absolute);
bool name_is_reserved(const char *name);
