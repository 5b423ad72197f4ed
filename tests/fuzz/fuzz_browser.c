/* SPDX-License-Identifier: Apache-2.0 */
/* What cors-audit makes of a server's answer, whatever that holds: what passes, the Fetch standard
 * lets pass, and what fails is explained in a line. The input: header lines; behind an empty line
 * the names that a page asks for, and its method. */
#include "fuzz.h"

#include "cg_browser.h"
#include "cg_judge.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>
#include <strings.h>

static const char origin[] = "https://a.com";

/* Joined, as a browser reads it (Fetch, "get"). */
static const char *value_of(apr_pool_t *p, const apr_table_t *headers, const char *name)
{
    const apr_array_header_t *all = apr_table_elts(headers);
    const char *value = NULL;

    for (int i = 0; i < all->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(all, i, apr_table_entry_t);
        char *line = apr_pstrdup(p, entry->val);

        if (strcasecmp(entry->key, name) != 0)
            continue;
        line += strspn(line, " \t\r\n");
        while (*line && strchr(" \t\r\n", line[strlen(line) - 1]))
            line[strlen(line) - 1] = '\0';
        value = value ? apr_pstrcat(p, value, ", ", line, NULL) : line;
    }
    return value;
}

static int may_read(apr_pool_t *p, const apr_table_t *headers, int credentials)
{
    const char *allowed = value_of(p, headers, "access-control-allow-origin");
    const char *trusted = value_of(p, headers, "access-control-allow-credentials");

    if (!allowed)
        return 0;
    if (!credentials && strcmp(allowed, "*") == 0)
        return 1;
    if (strcmp(allowed, origin) != 0)
        return 0;
    return !credentials || (trusted && strcmp(trusted, "true") == 0);
}

/* A preflight that passes says so in plain lists of names. */
static void check_preflight(apr_pool_t *p, const apr_table_t *headers, const char *names,
                            const char *method, int credentials)
{
    const cg_browser_request request = {origin, credentials, method, names};
    const char *why = cg_browser_preflight(p, 204, headers, &request);
    apr_array_header_t *members = cg_browser_members(p, headers, "Access-Control-Allow-Headers");

    FUZZ_MUST(!why || fuzz_is_plain(why));
    FUZZ_MUST(cg_browser_preflight(p, 403, headers, &request));
    if (why)
        return;
    FUZZ_MUST(may_read(p, headers, credentials));
    for (int i = 0; i < members->nelts; i++) {
        const char *name = APR_ARRAY_IDX(members, i, const char *);

        FUZZ_MUST(cg_token_valid(name, strlen(name)));
    }
    if (!cg_method_safelisted(method, strlen(method)))
        FUZZ_MUST(
            cg_browser_lists(p, headers, "Access-Control-Allow-Methods", method, 0) ||
            (!credentials && cg_browser_lists(p, headers, "Access-Control-Allow-Methods", "*", 0)));
}

static void check_faults(apr_pool_t *p, apr_table_t *headers, const char *names)
{
    apr_array_header_t *replies = apr_array_make(p, 4, sizeof(const cg_reply *)), *faults;
    const cg_variant variant = {CG_VARIANT_ARBITRARY, "https://evil.example", NULL, 1};
    const cg_reply all[] = {
        {.sender = CG_SENDER_NOBODY, .status = 200, .headers = headers},
        {.sender = CG_SENDER_TRUSTED, .origin = origin, .status = 200, .headers = headers},
        {.sender = CG_SENDER_VARIANT,
         .variant = &variant,
         .origin = variant.origin,
         .status = 200,
         .headers = headers},
        {.sender = CG_SENDER_TRUSTED,
         .origin = origin,
         .asked_method = CG_REPLY_METHOD,
         .asked_header = *names ? names : NULL,
         .status = 204,
         .headers = headers}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        APR_ARRAY_PUSH(replies, const cg_reply *) = &all[i];
    faults = cg_judge(p, replies, 1);
    FUZZ_MUST(faults->nelts <= CG_FIND_COUNT);
    for (int i = 0; i < faults->nelts; i++) {
        const cg_fault *fault = &APR_ARRAY_IDX(faults, i, cg_fault);

        FUZZ_MUST(fault->id < CG_FIND_COUNT && fault->reply && fuzz_is_plain(fault->summary));
    }
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len, *names, *method;
    apr_table_t *headers = apr_table_make(p, 8);
    char *line;

    while ((line = fuzz_line(p, &rest, end)) && *line) {
        char *colon = strchr(line, ':');

        if (!colon)
            continue;
        *colon = '\0';
        apr_table_addn(headers, line, colon + 1);
    }
    names = fuzz_line(p, &rest, end);
    method = fuzz_line(p, &rest, end);
    for (int credentials = 0; credentials < 2; credentials++) {
        const char *why = cg_browser_check(p, headers, origin, credentials);

        FUZZ_MUST((why == NULL) == may_read(p, headers, credentials));
        FUZZ_MUST(!why || fuzz_is_plain(why));
        check_preflight(p, headers, names, method ? method : "PUT", credentials);
    }
    check_faults(p, headers, names ? names : "");
}
