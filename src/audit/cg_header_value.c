/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_header_value.h"

#include <apr_strings.h>
#include <string.h>

typedef enum part_kind { TEXT, VARIABLE, UNKNOWN } part_kind;

typedef struct part {
    part_kind kind;
    const char *text; /* or the variable's name */
} part;

struct cg_header_value {
    apr_array_header_t *parts; /* of part; NULL beside string */
    const cg_expr *string;
};

static char escape_of(char letter)
{
    switch (letter) {
    case '\\':
        return '\\';
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

/* Text up to the next %, with the escapes that mod_headers knows. */
static const char *read_text(apr_pool_t *p, const char *at, part *made)
{
    char *to = apr_palloc(p, strlen(at) + 1);

    made->kind = TEXT;
    made->text = to;
    while (*at && *at != '%') {
        char escaped = at[0] == '\\' ? escape_of(at[1]) : '\0';

        *to++ = escaped ? escaped : *at;
        at += escaped ? 2 : 1;
    }
    *to = '\0';
    return at;
}

/* %%, %{NAME}e and the other tags, of which only the variables are known beforehand. */
static const char *read_tag(apr_pool_t *p, const char *at, part *made)
{
    const char *end;

    *made = (part){TEXT, "%"};
    at++;
    if (*at == '%')
        return at + 1;
    if (!*at)
        return at;
    made->text = "";
    if (*at == '{') {
        end = strchr(at, '}');
        if (!end)
            end = at + strlen(at);
        made->text = apr_pstrmemdup(p, at + 1, (size_t)(end - at) - 1);
        at = *end ? end + 1 : end;
    }
    made->kind = *at == 'e' ? VARIABLE : UNKNOWN;
    return *at ? at + 1 : at;
}

const cg_header_value *cg_header_value_read(apr_pool_t *p, const ap_directive_t *node,
                                            const char *text, cg_recipe_scope scope)
{
    cg_header_value *made = apr_pcalloc(p, sizeof *made);

    if (strncmp(text, "expr=", 5) == 0) {
        made->string =
            cg_expr_read(p, node, text + 5,
                         scope == CG_RECIPE_HTACCESS ? CG_EXPR_RESTRICTED_STRING : CG_EXPR_STRING);
        return made;
    }
    made->parts = apr_array_make(p, 2, sizeof(part));
    while (*text) {
        part *next = apr_array_push(made->parts);

        text = *text == '%' ? read_tag(p, text, next) : read_text(p, text, next);
    }
    return made;
}

/* Line breaks become spaces: unwrap_header. */
static const char *unwrapped(apr_pool_t *p, const char *value)
{
    char *copy;

    if (!strpbrk(value, "\r\n"))
        return value;
    copy = apr_pstrdup(p, value);
    for (char *at = strpbrk(copy, "\r\n"); at; at = strpbrk(at, "\r\n"))
        *at = ' ';
    return copy;
}

static const char *variable(const cg_run *run, const char *name, apr_array_header_t *used)
{
    const char *value = apr_table_get(run->r->subprocess_env, name);

    APR_ARRAY_PUSH(used, const char *) = name;
    return value ? unwrapped(run->p, value) : "(null)";
}

static const char *too_long(cg_run *run, const ap_directive_t *node)
{
    cg_run_unresolve(run, node, "the header gets longer than this audit follows");
    return "";
}

static const char *short_enough(cg_run *run, const ap_directive_t *node, const char *value)
{
    return strlen(value) > CG_HEADER_VALUE_MAX ? too_long(run, node) : value;
}

const char *cg_header_value_of(cg_run *run, const ap_directive_t *node,
                               const cg_header_value *value, apr_array_header_t *used)
{
    apr_array_header_t *pieces;
    apr_size_t len = 0;

    if (value->string)
        return short_enough(run, node, cg_run_string(run, node, value->string));
    pieces = apr_array_make(run->p, value->parts->nelts, sizeof(const char *));
    for (int i = 0; i < value->parts->nelts; i++) {
        const part *each = &APR_ARRAY_IDX(value->parts, i, part);
        const char *text = each->text;

        if (each->kind == VARIABLE)
            text = variable(run, each->text, used);
        if (each->kind == UNKNOWN) {
            cg_run_unresolve(run, node, "its value is known at request time only");
            text = "";
        }
        APR_ARRAY_PUSH(pieces, const char *) = text;
        len += strlen(text);
        if (len > CG_HEADER_VALUE_MAX)
            return too_long(run, node);
    }
    if (pieces->nelts == 1)
        return APR_ARRAY_IDX(pieces, 0, const char *);
    return cg_run_may(run, node, CG_HEADER_BYTES(len)) ? apr_array_pstrcat(run->p, pieces, '\0')
                                                       : "";
}
