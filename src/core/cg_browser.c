/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_browser.h"

#include "cg_quote.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>

static int is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

const char *cg_browser_trimmed(apr_pool_t *p, const char *value, apr_size_t len)
{
    while (len > 0 && is_space(*value)) {
        value++;
        len--;
    }
    while (len > 0 && is_space(value[len - 1]))
        len--;
    return apr_pstrmemdup(p, value, len);
}

/* All lines of one name. */
typedef struct header_lines {
    apr_pool_t *p;
    apr_array_header_t *pieces; /* of const char *: the lines, with ", " between them */
    int count;
} header_lines;

static int join(void *ctx, const char *name, const char *value)
{
    header_lines *lines = ctx;

    (void)name;
    if (lines->count++)
        APR_ARRAY_PUSH(lines->pieces, const char *) = ", ";
    APR_ARRAY_PUSH(lines->pieces, const char *) =
        cg_browser_trimmed(lines->p, value, strlen(value));
    return 1;
}

const char *cg_browser_value(apr_pool_t *p, const apr_table_t *headers, const char *name,
                             int *lines)
{
    header_lines found = {p, apr_array_make(p, 1, sizeof(const char *)), 0};

    apr_table_do(join, &found, headers, name, NULL);
    if (lines)
        *lines = found.count;
    return found.count ? apr_array_pstrcat(p, found.pieces, '\0') : NULL;
}

static const char *quote(apr_pool_t *p, const char *text)
{
    return cg_quote(p, text, strlen(text));
}

static const char *check_credentials(apr_pool_t *p, const apr_table_t *headers)
{
    const char *text = cg_browser_value(p, headers, "Access-Control-Allow-Credentials", NULL);

    if (!text)
        return "it has no Access-Control-Allow-Credentials";
    if (strcmp(text, "true") == 0)
        return NULL;
    return apr_psprintf(p, "Access-Control-Allow-Credentials is %s, not true", quote(p, text));
}

const char *cg_browser_check(apr_pool_t *p, const apr_table_t *headers, const char *origin,
                             int credentials)
{
    int lines;
    const char *text = cg_browser_value(p, headers, "Access-Control-Allow-Origin", &lines);

    if (!text)
        return "it has no Access-Control-Allow-Origin";
    if (lines > 1)
        return apr_psprintf(p, "Access-Control-Allow-Origin is sent %d times: %s", lines,
                            quote(p, text));
    if (strcmp(text, "*") == 0)
        return credentials
                   ? "Access-Control-Allow-Origin is *, which does not hold with credentials"
                   : NULL;
    if (strcmp(text, origin) != 0)
        return apr_psprintf(p, "Access-Control-Allow-Origin is %s, not %s", quote(p, text),
                            quote(p, origin));
    return credentials ? check_credentials(p, headers) : NULL;
}

/* The members of a list in a header. */
typedef struct name_list {
    apr_pool_t *p;
    apr_array_header_t *names; /* of const char * */
    const char *wrong;         /* the first that is no token; NULL: none */
} name_list;

static int add_names(void *ctx, const char *header, const char *value)
{
    name_list *list = ctx;

    (void)header;
    while (*value) {
        apr_size_t len = strcspn(value, ",");
        const char *name = cg_browser_trimmed(list->p, value, len);

        value += len + (value[len] == ',');
        if (!*name)
            continue;
        APR_ARRAY_PUSH(list->names, const char *) = name;
        if (!list->wrong && !cg_token_valid(name, strlen(name)))
            list->wrong = name;
    }
    return 1;
}

/* Fetch, "extract header list values". */
static name_list names_of(apr_pool_t *p, const apr_table_t *headers, const char *name)
{
    name_list list = {p, apr_array_make(p, 8, sizeof(const char *)), NULL};

    apr_table_do(add_names, &list, headers, name, NULL);
    return list;
}

static int holds(const name_list *list, const char *name, int ignores_case)
{
    for (int i = 0; i < list->names->nelts; i++) {
        const char *each = APR_ARRAY_IDX(list->names, i, const char *);

        if (ignores_case ? cg_token_is(each, strlen(each), name) : strcmp(each, name) == 0)
            return 1;
    }
    return 0;
}

apr_array_header_t *cg_browser_members(apr_pool_t *p, const apr_table_t *headers, const char *name)
{
    return names_of(p, headers, name).names;
}

int cg_browser_lists(apr_pool_t *p, const apr_table_t *headers, const char *name,
                     const char *member, int ignores_case)
{
    name_list list = names_of(p, headers, name);

    return holds(&list, member, ignores_case);
}

static const char *check_method(apr_pool_t *p, const apr_table_t *headers,
                                const cg_browser_request *request)
{
    const char *method = request->method;
    name_list allowed = names_of(p, headers, "Access-Control-Allow-Methods");

    if (allowed.wrong)
        return apr_psprintf(p, "Access-Control-Allow-Methods holds %s, which is no method",
                            quote(p, allowed.wrong));
    if (cg_method_safelisted(method, strlen(method)) || holds(&allowed, method, 0) ||
        (!request->credentials && holds(&allowed, "*", 0)))
        return NULL;
    return apr_psprintf(p, "the method %s is not in Access-Control-Allow-Methods",
                        quote(p, method));
}

/* "*" stands for any header but Authorization (Fetch, "CORS non-wildcard request-header name"). */
static int is_allowed_header(const name_list *allowed, const char *name, int credentials)
{
    return holds(allowed, name, 1) || (!credentials && holds(allowed, "*", 0) &&
                                       !cg_token_is(name, strlen(name), "authorization"));
}

static const char *check_headers(apr_pool_t *p, const apr_table_t *headers,
                                 const cg_browser_request *request)
{
    name_list allowed = names_of(p, headers, "Access-Control-Allow-Headers");
    name_list asked = {p, apr_array_make(p, 8, sizeof(const char *)), NULL};

    if (allowed.wrong)
        return apr_psprintf(p, "Access-Control-Allow-Headers holds %s, which is no header's name",
                            quote(p, allowed.wrong));
    add_names(&asked, NULL, request->names ? request->names : "");
    for (int i = 0; i < asked.names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(asked.names, i, const char *);

        if (!is_allowed_header(&allowed, name, request->credentials))
            return apr_psprintf(p, "the header %s is not in Access-Control-Allow-Headers",
                                quote(p, name));
    }
    return NULL;
}

const char *cg_browser_preflight(apr_pool_t *p, int status, const apr_table_t *headers,
                                 const cg_browser_request *request)
{
    const char *why = cg_browser_check(p, headers, request->origin, request->credentials);

    if (why)
        return why;
    if (status < 200 || status > 299)
        return apr_psprintf(p, "the preflight's status is %d, not 200 to 299", status);
    why = check_method(p, headers, request);
    return why ? why : check_headers(p, headers, request);
}
