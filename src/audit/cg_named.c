/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_named.h"

#include "cg_example.h"
#include "cg_origin.h"

#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* Examples that are built of one pattern. */
#define EXAMPLES_MAX 64
/* Steps that building them may take, of one request's patterns together: as cg_witness.h. */
#define STEPS_MAX 262144

/* Origins while they are collected. */
typedef struct naming {
    apr_pool_t *p;
    apr_array_header_t *origins;
    apr_hash_t *known;
    unsigned steps;
    int is_cut;
} naming;

static void add(naming *to, const char *text)
{
    cg_origin origin;

    if (apr_hash_get(to->known, text, APR_HASH_KEY_STRING) ||
        cg_origin_parse(text, strlen(text), &origin) != CG_ORIGIN_TUPLE)
        return;
    if (to->origins->nelts == CG_NAMED_MAX) {
        to->is_cut = 1;
        return;
    }
    text = apr_pstrdup(to->p, text);
    apr_hash_set(to->known, text, APR_HASH_KEY_STRING, "");
    APR_ARRAY_PUSH(to->origins, const char *) = text;
}

/* In words */

/* A regex says \. where an origin has a dot. */
static char *without_escapes(apr_pool_t *p, const char *text)
{
    char *plain = apr_palloc(p, strlen(text) + 1), *end = plain;

    for (; *text; text++) {
        if (*text == '\\' && text[1] && !apr_isalnum(text[1]))
            continue;
        *end++ = (char)apr_tolower(*text);
    }
    *end = '\0';
    return plain;
}

static int may_stand_in_host(char byte)
{
    return apr_isalnum(byte) || (byte && strchr(".-_:[]", byte));
}

/* The origin that begins at scheme, as far as it goes. */
static void add_written(naming *to, const char *scheme)
{
    const char *host = strstr(scheme, "://") + 3;
    size_t len = 0;
    char *text;

    while (may_stand_in_host(host[len]))
        len++;
    while (len && strchr(".-_:", host[len - 1]))
        len--;
    text = apr_pstrmemdup(to->p, scheme, (apr_size_t)(host - scheme) + len);
    add(to, text);
    /* "[a-z]" at the end of a pattern is no part of a host, the brackets of an address are. */
    text[strcspn(text, "[")] = '\0';
    add(to, text);
}

static void add_words(naming *to, const char *text)
{
    const char *plain = without_escapes(to->p, text);

    for (const char *at = plain; (at = strstr(at, "http")) != NULL; at += 4) {
        if (strncmp(at + 4, "://", 3) == 0 || strncmp(at + 4, "s://", 4) == 0)
            add_written(to, at);
        else if (strncmp(at + 4, "s?://", 5) == 0)
            add_written(to, apr_pstrcat(to->p, "https", at + 6, NULL));
    }
}

/* By a pattern */

/* A pattern may begin anywhere in an origin, and end anywhere. */
static void add_example(naming *to, const char *text)
{
    if (strstr(text, "://") && text[0] != ':') {
        add(to, text);
        return;
    }
    while (*text == ':' || *text == '/')
        text++;
    if (*text == '.' || *text == '-')
        text = apr_pstrcat(to->p, "app", *text == '-' ? ".x" : "", text, NULL);
    add(to, apr_pstrcat(to->p, "https://", text, NULL));
    if (!strchr(text, '.'))
        add(to, apr_pstrcat(to->p, "https://", text, ".com", NULL));
}

/* A wide part that can finish "https://" at the beginning means that and more: then an example
 * without a scheme tells nothing. */
static void add_built(naming *to, const cg_regex_tree *tree, const cg_example_plan *plan, int *led)
{
    cg_example example;

    if (to->steps > STEPS_MAX) {
        to->is_cut = 1;
        return;
    }
    if (cg_example_build(tree, plan, &example) &&
        (plan->lead ? example.led : !*led || strstr(example.text, "://"))) {
        *led |= plan->lead;
        add_example(to, apr_pstrdup(to->p, example.text));
    }
    to->steps += example.steps;
}

static void add_pattern(naming *to, const char *pattern)
{
    static const cg_example_plan plans[] = {
        {.lead = 1}, {.lead = 1, .least = 1}, {.least = 0}, {.least = 1}, {.last = 1}};
    const cg_regex_tree *tree = cg_regex_parse(to->p, pattern);
    const apr_array_header_t *turns = cg_example_turns(to->p, tree);
    int led = 0;

    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        cg_example_plan plan = plans[i];

        add_built(to, tree, &plan, &led);
        for (int turn = 0; turn < turns->nelts && turn < EXAMPLES_MAX; turn++) {
            plan.turn = APR_ARRAY_IDX(turns, turn, cg_example_turn);
            add_built(to, tree, &plan, &led);
        }
    }
}

/* A regex of ap_expr: /.../ or m#...#. */
static void add_expression(naming *to, const char *text)
{
    for (const char *at = text; (at = strchr(at, '~')) != NULL;) {
        const char *from = at + 1, *end;
        char delimiter;

        at++;
        from += strspn(from, " \t");
        if (*from == 'm')
            from++;
        delimiter = *from;
        end = delimiter ? strchr(from + 1, delimiter) : NULL;
        while (end && end[-1] == '\\')
            end = strchr(end + 1, delimiter);
        if (!end)
            return;
        add_pattern(to, apr_pstrmemdup(to->p, from + 1, (apr_size_t)(end - from - 1)));
        at = end;
    }
}

/* Directives */

/* Of other things than who asks. */
static int is_about_else(const char *attribute)
{
    static const char *const names[] = {"Request_",   "Remote_", "Server_",
                                        "User-Agent", "Referer", "Accept"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ap_cstr_casecmpn(attribute, names[i], strlen(names[i])) == 0)
            return 1;
    }
    return 0;
}

static void add_setenvif(naming *to, const char *args)
{
    const char *attribute = cg_tree_argument(to->p, &args);
    const char *pattern = attribute ? cg_tree_argument(to->p, &args) : NULL;

    if (pattern && !is_about_else(attribute))
        add_pattern(to, pattern);
}

static void add_condition(naming *to, const char *args)
{
    const char *tested = cg_tree_argument(to->p, &args);
    const char *pattern = tested ? cg_tree_argument(to->p, &args) : NULL;

    if (pattern && strcmp(tested, "expr") != 0)
        add_pattern(to, *pattern == '!' ? pattern + 1 : pattern);
    else if (pattern)
        add_expression(to, pattern);
}

static void add_node(naming *to, const ap_directive_t *node)
{
    add_words(to, node->args);
    if (cg_tree_is(node, "SetEnvIf") || cg_tree_is(node, "SetEnvIfNoCase"))
        add_setenvif(to, node->args);
    else if (cg_tree_is(node, "RewriteCond"))
        add_condition(to, node->args);
    else if (!cg_tree_is(node, "RewriteRule"))
        add_expression(to, node->args);
}

static void add_ifs(naming *to, const apr_array_header_t *ifs)
{
    for (int i = 0; i < ifs->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(ifs, i, const cg_section *);

        add_words(to, section->text);
        add_expression(to, section->text);
        add_ifs(to, section->ifs);
    }
}

apr_array_header_t *cg_named_of(apr_pool_t *p, const cg_lines *lines, const cg_walk *walk,
                                int *is_cut)
{
    naming to = {.p = p, .known = apr_hash_make(p)};

    to.origins = apr_array_make(p, 8, sizeof(const char *));
    for (int i = 0; i < lines->nodes->nelts; i++)
        add_node(&to, APR_ARRAY_IDX(lines->nodes, i, const ap_directive_t *));
    add_ifs(&to, walk->host->ifs);
    for (int i = 0; i < walk->sections->nelts; i++)
        add_ifs(&to, APR_ARRAY_IDX(walk->sections, i, const cg_section *)->ifs);
    *is_cut = to.is_cut;
    return to.origins;
}
