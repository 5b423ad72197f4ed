/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* Where a piece of the result comes from, which matters for a "?" in it. */
typedef enum piece { PIECE_LITERAL, PIECE_ESCAPED, PIECE_EXPANDED } piece;

typedef struct result {
    cg_rewriting *on;
    const cg_rewrite_rule *rule;
    char *text;
    apr_size_t len;
    apr_size_t size;
    int *query;  /* NULL: nobody asks, or it is decided */
    int is_last; /* the last "?" decides, not the first */
} result;

int cg_rewrite_may(cg_rewriting *on, apr_size_t bytes)
{
    const cg_question *question = on->run->question;

    if (cg_work_take(&on->run->work, question->work, on->node, 1 + bytes / CG_WORK_BYTES))
        return 1;
    cg_rewrite_obscure(on, "its rules do more than this audit follows");
    return 0;
}

void cg_rewrite_obscure(cg_rewriting *on, const char *reason)
{
    if (!on->unclear)
        on->unclear = reason;
}

static int grow(result *out, apr_size_t len)
{
    apr_size_t needed = out->len + len + 1, size = out->size ? out->size : 128;
    char *text;

    if (needed > CG_REWRITE_TEXT_MAX) {
        cg_rewrite_obscure(out->on, "it makes a longer text than httpd takes for a URL");
        return 0;
    }
    if (needed <= out->size)
        return 1;
    while (size < needed)
        size *= 2;
    if (!cg_rewrite_may(out->on, size))
        return 0;
    text = apr_palloc(out->on->p, size);
    if (out->len)
        memcpy(text, out->text, out->len);
    out->text = text;
    out->size = size;
    return 1;
}

static void append(result *out, const char *text, apr_size_t len, piece from)
{
    if (!grow(out, len))
        return;
    memcpy(out->text + out->len, text, len);
    out->len += len;
    if (out->query && from != PIECE_ESCAPED && memchr(text, '?', len)) {
        *out->query = from == PIECE_EXPANDED;
        if (!out->is_last)
            out->query = NULL;
    }
}

/* The brace that closes what text stands in, or c before it; NULL where there is none. */
static const char *closing(const char *text, char c)
{
    int depth = 1;

    for (; *text; text++) {
        if (c && *text == c && depth == 1)
            return text;
        if (*text == '}' && --depth == 0)
            return c ? NULL : text;
        if (*text == '{')
            depth++;
    }
    return NULL;
}

static int is_escaped(const cg_rewrite_rule *rule, char c)
{
    unsigned char byte = (unsigned char)c;
    int chosen = rule->escapes && strchr(rule->escapes, c);

    if (rule->escapes_control)
        chosen |= byte <= ' ' || byte == 0x7f;
    else
        chosen |= !rule->escapes;
    return chosen && !(rule->noescapes && strchr(rule->noescapes, c));
}

/* What [B] makes of a capture. */
static void append_escaped(result *out, const char *text, apr_size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (apr_size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        char coded[3] = {'%', digits[byte >> 4], digits[byte & 15]};

        if (!is_escaped(out->rule, text[i]) || apr_isalnum(text[i]) || text[i] == '_')
            append(out, text + i, 1, PIECE_EXPANDED);
        else if (text[i] == ' ' && !out->rule->no_plus)
            append(out, "+", 1, PIECE_EXPANDED);
        else
            append(out, coded, 3, PIECE_EXPANDED);
    }
}

static void append_capture(result *out, const cg_rewrite_captures *from, int number)
{
    const ap_regmatch_t *match = &from->matches[number];

    if (from->unclear)
        cg_rewrite_obscure(out->on, from->unclear);
    if (!from->source || number >= AP_MAX_REG_MATCH || match->rm_eo <= match->rm_so)
        return;
    if (out->rule && out->rule->escapes_captures)
        append_escaped(out, from->source + match->rm_so, (apr_size_t)(match->rm_eo - match->rm_so));
    else
        append(out, from->source + match->rm_so, (apr_size_t)(match->rm_eo - match->rm_so),
               PIECE_EXPANDED);
}

static const char *nested(result *out, const char *text, apr_size_t len)
{
    cg_rewriting *on = out->on;
    const char *made = "";

    if (on->nesting == CG_REWRITE_NESTING_MAX) {
        cg_rewrite_obscure(on, "its maps are nested too deep");
        return made;
    }
    on->nesting++;
    made = cg_rewrite_expand(on, apr_pstrmemdup(on->p, text, len), out->rule, NULL);
    on->nesting--;
    return made;
}

/* ${map:key|default}, of which text is behind the brace, up to end. */
static void append_mapped(result *out, const char *text, const char *key, const char *end)
{
    const char *name = apr_pstrmemdup(out->on->p, text, (apr_size_t)(key - text));
    const char *fallback = closing(key + 1, '|');
    const char *key_end = fallback ? fallback : end;
    const char *value =
        cg_rewrite_map(out->on, name, nested(out, key + 1, (apr_size_t)(key_end - key - 1)));

    if (!value && fallback)
        value = nested(out, fallback + 1, (apr_size_t)(end - fallback - 1));
    if (value)
        append(out, value, strlen(value), PIECE_EXPANDED);
}

/* What begins with "%{" or "${"; where no brace closes it, or a map has no key, it is text.
 * @return what is behind it. */
static const char *append_braces(result *out, const char *text)
{
    const char *inside = text + 2, *end = closing(inside, '\0'), *value;

    cg_rewrite_may(out->on, end ? (apr_size_t)(end - text) : strlen(text));
    if (end && *text == '%') {
        value = cg_rewrite_variable(out->on,
                                    apr_pstrmemdup(out->on->p, inside, (apr_size_t)(end - inside)));
        append(out, value, strlen(value), PIECE_EXPANDED);
        return end + 1;
    }
    if (end) {
        const char *key = closing(inside, ':');

        if (key) {
            append_mapped(out, inside, key, end);
            return end + 1;
        }
    }
    append(out, text, 2, PIECE_ESCAPED);
    return inside;
}

/* text begins with "\", "$" or "%". @return what is behind what was taken. */
static const char *append_special(result *out, const char *text)
{
    if (*text == '\\') {
        append(out, text[1] ? text + 1 : text, 1, PIECE_ESCAPED);
        return text + (text[1] ? 2 : 1);
    }
    if (text[1] == '{')
        return append_braces(out, text);
    if (apr_isdigit(text[1])) {
        append_capture(out, *text == '$' ? &out->on->rule_captures : &out->on->condition_captures,
                       text[1] - '0');
        return text + 2;
    }
    append(out, text, 1, PIECE_ESCAPED);
    return text + 1;
}

const char *cg_rewrite_expand(cg_rewriting *on, const char *text, const cg_rewrite_rule *rule,
                              int *query)
{
    result out = {on, rule, NULL, 0, 0, query, rule && rule->query_last};

    if (query)
        *query = 0;
    if (!strpbrk(text, "\\$%"))
        return text;
    while (*text && out.len + 1 < CG_REWRITE_TEXT_MAX && cg_rewrite_may(on, 0)) {
        apr_size_t plain = strcspn(text, "\\$%");

        append(&out, text, plain, PIECE_LITERAL);
        text += plain;
        if (*text)
            text = append_special(&out, text);
    }
    if (!grow(&out, 0))
        return "";
    out.text[out.len] = '\0';
    return out.text;
}
