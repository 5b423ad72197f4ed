/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_setenvif.h"

#include "cg_limited.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_strmatch.h>
#include <string.h>

/* One condition, with all that is set where it holds. */
typedef struct line {
    const ap_directive_t *node;
    const char *attribute;            /* NULL: SetEnvIfExpr */
    cg_limited *names;                /* the attribute as a regex of header names, or NULL */
    const char *pattern;              /* as written */
    const apr_strmatch_pattern *text; /* a pattern that is searched as it is, or NULL */
    cg_limited *regex;                /* NULL beside text, or where it does not compile */
    const cg_expr *condition;         /* of SetEnvIfExpr */
    int icase;
    apr_table_t *variables;
} line;

struct cg_setenvif {
    apr_array_header_t *lines; /* of line */
};

/* Reading */

/* What mod_setenvif searches as it is: no metacharacter, or only escaped ones. NULL: a regex. */
static const char *plain_text(apr_pool_t *p, const char *pattern)
{
    char *text = apr_pstrdup(p, pattern), *to = text;

    for (const char *from = pattern; *from; from++) {
        int is_meta = strchr("^.$|()[]*+?{}", *from) != NULL;

        if (*from == '\\') {
            from++;
            if (!*from || !strchr("^.$|()[]*+?{}\\", *from))
                return NULL;
        } else if (is_meta) {
            return NULL;
        }
        *to++ = *from;
    }
    *to = '\0';
    return text;
}

static int names_headers(const char *attribute)
{
    for (; *attribute; attribute++) {
        if (!apr_isalnum(*attribute) && *attribute != '-' && *attribute != '_')
            return 1;
    }
    return 0;
}

static int is_special(const char *attribute)
{
    static const char *const specials[] = {"remote_addr",    "remote_host",      "request_uri",
                                           "request_method", "request_protocol", "server_addr"};

    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (ap_cstr_casecmp(attribute, specials[i]) == 0)
            return 1;
    }
    return 0;
}

static void compile(apr_pool_t *p, line *made)
{
    int flags = AP_REG_EXTENDED | (made->icase ? AP_REG_ICASE : 0);
    const char *text = plain_text(p, made->pattern);

    if (text)
        made->text = apr_strmatch_precompile(p, text, !made->icase);
    else
        made->regex = cg_limited_compile(p, made->pattern, flags);
    if (!is_special(made->attribute) && names_headers(made->attribute))
        made->names = cg_limited_compile(p, made->attribute, flags | AP_REG_NOSUB);
}

/* Two directives in a row with one condition are one line to mod_setenvif. */
static line *line_for(apr_pool_t *p, apr_array_header_t *lines, const line *wanted)
{
    line *last = lines->nelts ? &APR_ARRAY_IDX(lines, lines->nelts - 1, line) : NULL;

    if (last && last->attribute && wanted->attribute &&
        ap_cstr_casecmp(last->attribute, wanted->attribute) == 0 && last->icase == wanted->icase &&
        strcmp(last->pattern, wanted->pattern) == 0)
        return last;
    last = apr_array_push(lines);
    *last = *wanted;
    last->variables = apr_table_make(p, 2);
    if (last->attribute)
        compile(p, last);
    return last;
}

static void read_variables(apr_pool_t *p, line *to, const char *args)
{
    const char *word, *value;

    while ((word = cg_tree_argument(p, &args))) {
        value = strchr(word, '=');
        if (value)
            apr_table_setn(to->variables, apr_pstrmemdup(p, word, (size_t)(value - word)),
                           value[1] ? value + 1 : "1");
        else if (*word == '!')
            apr_table_setn(to->variables, word + 1, "!");
        else
            apr_table_setn(to->variables, word, "1");
    }
}

static int starts_with(const ap_directive_t *node, const char *name)
{
    return ap_cstr_casecmpn(node->directive, name, strlen(name)) == 0;
}

cg_setenvif *cg_setenvif_read(apr_pool_t *p, cg_setenvif *lines, const ap_directive_t *node,
                              cg_recipe_scope scope)
{
    const char *args = node->args;
    line wanted = {.node = node};

    if (!starts_with(node, "SetEnvIf") && !starts_with(node, "BrowserMatch"))
        return lines;
    if (!lines) {
        lines = apr_pcalloc(p, sizeof *lines);
        lines->lines = apr_array_make(p, 2, sizeof(line));
    }
    wanted.icase = cg_tree_is(node, "SetEnvIfNoCase") || cg_tree_is(node, "BrowserMatchNoCase");
    if (starts_with(node, "BrowserMatch"))
        wanted.attribute = "User-Agent";
    else if (!cg_tree_is(node, "SetEnvIfExpr"))
        wanted.attribute = cg_tree_argument(p, &args);
    wanted.pattern = cg_tree_argument(p, &args);
    if (!wanted.pattern)
        return lines;
    if (!wanted.attribute)
        wanted.condition =
            cg_expr_read(p, node, wanted.pattern,
                         scope == CG_RECIPE_HTACCESS ? CG_EXPR_RESTRICTED : CG_EXPR_CONDITION);
    read_variables(p, line_for(p, lines->lines, &wanted), args);
    return lines;
}

/* Running */

/* No longer value is made: twice what httpd takes for one line of a request. */
#define VALUE_MAX 16384

/* mod_setenvif looks a value up only where the name differs from that of the line before, and an
 * expression leaves what it matched last: both can be seen from outside. */
typedef struct looked_up {
    const cg_setenvif *place;
    const char *attribute;
    const char *value; /* never NULL */
} looked_up;

static const char *special_value(const request_rec *r, const char *attribute)
{
    if (ap_cstr_casecmp(attribute, "request_uri") == 0)
        return r->uri;
    if (ap_cstr_casecmp(attribute, "request_method") == 0)
        return r->method;
    if (ap_cstr_casecmp(attribute, "request_protocol") == 0)
        return r->protocol;
    return NULL;
}

static const char *value_of(cg_run *run, const line *of)
{
    const apr_array_header_t *headers = apr_table_elts(run->r->headers_in);
    const char *value = NULL;

    if (is_special(of->attribute)) {
        value = special_value(run->r, of->attribute);
        if (!value)
            cg_run_unresolve(run, of->node, "who asks is known at request time only");
        return value;
    }
    if (!of->names) {
        value = apr_table_get(run->r->headers_in, of->attribute);
        return value ? value : apr_table_get(run->r->subprocess_env, of->attribute);
    }
    for (int i = 0; i < headers->nelts; i++) {
        const apr_table_entry_t *header = &APR_ARRAY_IDX(headers, i, apr_table_entry_t);

        if (cg_run_finds(run, of->node, of->names, header->key, NULL))
            value = header->val;
    }
    return value;
}

static void look_up(cg_run *run, const cg_setenvif *place, const line *of, looked_up *last)
{
    if (last->place == place && last->attribute &&
        ap_cstr_casecmp(last->attribute, of->attribute) == 0)
        return;
    last->place = place;
    last->attribute = of->attribute;
    last->value = value_of(run, of);
    if (!last->value)
        last->value = "";
}

static int holds(cg_run *run, const line *of, looked_up *last, ap_regmatch_t *groups)
{
    if (of->condition)
        return cg_run_matches(run, of->node, of->condition, groups, &last->value);
    if (of->text)
        return apr_strmatch(of->text, last->value, strlen(last->value)) != NULL;
    if (of->regex)
        return cg_run_finds(run, of->node, of->regex, last->value, groups);
    cg_run_unresolve(run, of->node, "the regex does not compile");
    return 0;
}

/* What $0 to $9 make of a value. */
static void set_one(cg_run *run, const line *of, const apr_table_entry_t *each,
                    const looked_up *last, ap_regmatch_t *groups)
{
    char *value = NULL;

    if (!of->text && last->value &&
        ap_pregsub_ex(run->p, &value, each->val, last->value, AP_MAX_REG_MATCH, groups,
                      VALUE_MAX) == APR_ENOMEM) {
        static const char *const reason = "its value gets longer than this audit follows";

        apr_hash_set(run->unknown, each->key, APR_HASH_KEY_STRING, reason);
        cg_run_unresolve(run, of->node, reason);
        return;
    }
    if (!value || cg_run_may(run, of->node, strlen(value)))
        cg_run_set(run, of->node, each->key, value ? value : each->val);
}

static void set_all(cg_run *run, const line *of, const looked_up *last, ap_regmatch_t *groups)
{
    const apr_array_header_t *variables = apr_table_elts(of->variables);

    for (int i = 0; i < variables->nelts; i++) {
        const apr_table_entry_t *each = &APR_ARRAY_IDX(variables, i, apr_table_entry_t);

        if (*each->val == '!')
            cg_run_unset(run, of->node, each->key);
        else
            set_one(run, of, each, last, groups);
    }
}

void cg_setenvif_run(cg_run *run, const apr_array_header_t *places)
{
    looked_up last = {NULL, NULL, ""};

    for (int i = 0; i < places->nelts; i++) {
        const cg_setenvif *place = APR_ARRAY_IDX(places, i, const cg_setenvif *);

        for (int j = 0; j < place->lines->nelts; j++) {
            const line *each = &APR_ARRAY_IDX(place->lines, j, line);
            ap_regmatch_t groups[AP_MAX_REG_MATCH];

            if (!cg_run_may(run, each->node, 0))
                return;
            memset(groups, 0, sizeof groups);
            if (each->attribute)
                look_up(run, place, each, &last);
            if (holds(run, each, &last, groups))
                set_all(run, each, &last, groups);
        }
    }
}
