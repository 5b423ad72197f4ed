/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_inquiry.h"

#include "cg_named.h"

#include <apr_strings.h>
#include <string.h>

/* An inquiry under way. */
typedef struct asking {
    apr_pool_t *p;
    const cg_walk *walk;
    const char *target;
    const char *host;
    const cg_section *wanted;          /* the If that is asked about; NULL: none */
    const apr_array_header_t *assumed; /* of const cg_section *; NULL: none */
    cg_inquiry *to;
    int is_met;  /* wanted held */
    int is_open; /* whoever asks may read */
} asking;

static void add_unresolved(asking *by, const cg_outcome *outcome)
{
    for (int i = 0; i < outcome->unresolved->nelts; i++) {
        const cg_unresolved *each = &APR_ARRAY_IDX(outcome->unresolved, i, cg_unresolved);
        int at = 0;

        while (at < by->to->unresolved->nelts &&
               APR_ARRAY_IDX(by->to->unresolved, at, cg_unresolved).node != each->node)
            at++;
        if (at == by->to->unresolved->nelts)
            APR_ARRAY_PUSH(by->to->unresolved, cg_unresolved) = *each;
    }
}

static void look_for_wanted(asking *by, const cg_outcome *outcome)
{
    for (int i = 0; by->wanted && !by->is_met && i < outcome->sections->nelts; i++)
        by->is_met = APR_ARRAY_IDX(outcome->sections, i, const cg_section *) == by->wanted;
}

static const apr_table_t *preflight_headers(const asking *by, const cg_reply *request)
{
    apr_table_t *headers;

    if (!request->asked_method)
        return NULL;
    headers = apr_table_make(by->p, 2);
    apr_table_setn(headers, "Access-Control-Request-Method", request->asked_method);
    if (request->asked_header)
        apr_table_setn(headers, "Access-Control-Request-Headers", request->asked_header);
    return headers;
}

/* Whoever is refused or sent elsewhere reads nothing here. */
static int is_served(const cg_outcome *outcome)
{
    return outcome->status == 0 || outcome->status / 100 == 2;
}

/* Carries one request out.
 * @return the reply; NULL where it is not served */
static const cg_reply *ask(asking *by, const cg_reply *request)
{
    const cg_question question = {.method = request->asked_method ? "OPTIONS" : "GET",
                                  .target = by->target,
                                  .host = by->host,
                                  .origin = request->origin,
                                  .headers = preflight_headers(by, request)};
    const cg_outcome *outcome = cg_outcome_of(by->p, by->walk, &question, by->assumed);
    cg_reply *reply = apr_pmemdup(by->p, request, sizeof *request);

    add_unresolved(by, outcome);
    look_for_wanted(by, outcome);
    if (!is_served(outcome))
        return NULL;
    reply->status = outcome->status ? outcome->status : 200;
    reply->headers = outcome->headers;
    APR_ARRAY_PUSH(by->to->replies, const cg_reply *) = reply;
    APR_ARRAY_PUSH(by->to->outcomes, const cg_outcome *) = outcome;
    return reply;
}

static void ask_named(asking *by, const apr_array_header_t *named)
{
    for (int i = 0; i < named->nelts; i++) {
        const cg_reply request = {.sender = CG_SENDER_TRUSTED,
                                  .origin = APR_ARRAY_IDX(named, i, const char *)};
        const cg_reply *reply = ask(by, &request);

        if (reply && cg_reply_permits(by->p, reply) != CG_PERMISSION_NONE)
            APR_ARRAY_PUSH(by->to->meant, const char *) = request.origin;
    }
}

/* Variants are built from what may read, or else from what is named at all. */
static apr_array_header_t *trusted_of(const asking *by, const apr_array_header_t *named)
{
    const apr_array_header_t *from = by->to->meant->nelts ? by->to->meant : named;
    apr_array_header_t *trusted = apr_array_make(by->p, 8, sizeof(const char *));

    for (int i = 0; i < from->nelts && i < CG_INQUIRY_TRUSTED_MAX; i++)
        APR_ARRAY_PUSH(trusted, const char *) = APR_ARRAY_IDX(from, i, const char *);
    return trusted;
}

static int is_named(const apr_array_header_t *named, const char *origin)
{
    for (int i = 0; i < named->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(named, i, const char *), origin) == 0)
            return 1;
    }
    return 0;
}

static void ask_variants(asking *by, const apr_array_header_t *named)
{
    const apr_array_header_t *variants = cg_variants_of(by->p, trusted_of(by, named));

    for (int i = 0; i < variants->nelts; i++) {
        const cg_variant *variant = &APR_ARRAY_IDX(variants, i, cg_variant);
        const cg_reply request = {
            .sender = CG_SENDER_VARIANT, .variant = variant, .origin = variant->origin};
        const cg_reply *reply;

        if ((by->is_open && variant->kind != CG_VARIANT_NULL) || is_named(named, variant->origin))
            continue;
        reply = ask(by, &request);
        if (variant->kind == CG_VARIANT_ARBITRARY && reply && cg_reply_acao(by->p, reply, NULL))
            by->is_open |= cg_reply_permits(by->p, reply) != CG_PERMISSION_NONE ||
                           strcmp(cg_reply_acao(by->p, reply, NULL), "*") == 0;
    }
}

/* A preflight that a strict site answers too, and one that asks for what nobody allows by name. */
static void ask_preflights(asking *by)
{
    const cg_reply *first = NULL;
    cg_reply request;

    for (int i = 0; i < by->to->replies->nelts && !first; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(by->to->replies, i, const cg_reply *);

        if (reply->origin && cg_reply_acao(by->p, reply, NULL))
            first = reply;
    }
    if (!first)
        return;
    request = (cg_reply){.sender = first->sender,
                         .variant = first->variant,
                         .origin = first->origin,
                         .asked_method = "GET"};
    ask(by, &request);
    request.asked_method = CG_REPLY_METHOD;
    request.asked_header = CG_REPLY_HEADER;
    ask(by, &request);
}

static void ask_all(asking *by, const apr_array_header_t *named)
{
    const cg_reply nobody = {.sender = CG_SENDER_NOBODY};

    ask(by, &nobody);
    ask_named(by, named);
    ask_variants(by, named);
    ask_preflights(by);
}

static void forget(cg_inquiry *inquiry)
{
    inquiry->replies->nelts = 0;
    inquiry->outcomes->nelts = 0;
    inquiry->meant->nelts = 0;
}

/* The If that a sample was chosen for, and those that it stands in. */
static apr_array_header_t *ifs_of(apr_pool_t *p, const cg_section *section)
{
    apr_array_header_t *ifs = apr_array_make(p, 1, sizeof(const cg_section *));

    for (; section; section = section->parent) {
        if (section->kind == CG_SECTION_IF)
            APR_ARRAY_PUSH(ifs, const cg_section *) = section;
    }
    return ifs;
}

cg_inquiry *cg_inquiry_make(apr_pool_t *p, const cg_sample *sample, const cg_walk *walk,
                            const cg_lines *lines, const char *host)
{
    cg_inquiry *inquiry = apr_pcalloc(p, sizeof *inquiry);
    asking by = {.p = p, .walk = walk, .target = sample->url, .host = host, .to = inquiry};
    const apr_array_header_t *named, *ifs = ifs_of(p, sample->section);
    int is_cut;

    inquiry->replies = apr_array_make(p, 32, sizeof(const cg_reply *));
    inquiry->outcomes = apr_array_make(p, 32, sizeof(const cg_outcome *));
    inquiry->meant = apr_array_make(p, 4, sizeof(const char *));
    inquiry->unresolved = apr_array_make(p, 1, sizeof(cg_unresolved));
    if (ifs->nelts)
        by.wanted = APR_ARRAY_IDX(ifs, 0, const cg_section *);
    named = cg_named_of(p, lines, walk, &is_cut);
    inquiry->is_cut = is_cut != 0;
    ask_all(&by, named);
    if (by.wanted && !by.is_met) {
        forget(inquiry);
        by.is_open = 0;
        by.assumed = ifs;
        inquiry->is_assumed = 1;
        ask_all(&by, named);
    }
    return inquiry;
}
