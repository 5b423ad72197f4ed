/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_inquiry.h"

#include "cg_kept_outcome.h"
#include "cg_named.h"

#include <apr_strings.h>
#include <string.h>

/* An inquiry under way. */
typedef struct asking {
    apr_pool_t *p;
    apr_pool_t *each; /* of one request */
    cg_work *work;
    const cg_walk *walk;
    const char *target;
    const char *host;
    const cg_section *wanted;          /* the If that is asked about; NULL: none */
    const apr_array_header_t *assumed; /* of const cg_section *; NULL: none */
    cg_inquiry *to;
    apr_hash_t *told; /* nodes of to->unresolved */
    int is_met;       /* wanted held */
    int is_open;      /* whoever asks may read */
} asking;

static void add_unresolved(asking *by, const ap_directive_t *node, const char *reason)
{
    const ap_directive_t **key;

    if (apr_hash_get(by->told, &node, sizeof node))
        return;
    key = apr_pmemdup(by->p, &node, sizeof node);
    apr_hash_set(by->told, key, sizeof *key, key);
    APR_ARRAY_PUSH(by->to->unresolved, cg_unresolved) =
        (cg_unresolved){node, apr_pstrdup(by->p, reason)};
}

static void add_all_unresolved(asking *by, const cg_outcome *outcome)
{
    for (int i = 0; i < outcome->unresolved->nelts; i++) {
        const cg_unresolved *each = &APR_ARRAY_IDX(outcome->unresolved, i, cg_unresolved);

        if (by->to->unresolved->nelts == CG_INQUIRY_UNRESOLVED_MAX)
            return;
        add_unresolved(by, each->node,
                       by->to->unresolved->nelts == CG_INQUIRY_UNRESOLVED_MAX - 1 ? CG_INQUIRY_MORE
                                                                                  : each->reason);
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
    headers = apr_table_make(by->each, 2);
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

/* Bytes of all lines. */
static apr_size_t size_of(const apr_table_t *headers)
{
    const apr_array_header_t *lines = apr_table_elts(headers);
    apr_size_t size = 0;

    for (int i = 0; i < lines->nelts; i++) {
        const apr_table_entry_t *each = &APR_ARRAY_IDX(lines, i, apr_table_entry_t);

        size += strlen(each->key) + strlen(each->val) + 4;
    }
    return size;
}

static const cg_reply *keep(asking *by, const cg_reply *request, const cg_outcome *outcome)
{
    const cg_outcome *kept = cg_kept_outcome_make(by->p, outcome);
    cg_reply *reply = apr_pmemdup(by->p, request, sizeof *request);

    reply->status = kept->status ? kept->status : 200;
    reply->headers = kept->headers;
    APR_ARRAY_PUSH(by->to->replies, const cg_reply *) = reply;
    APR_ARRAY_PUSH(by->to->outcomes, const cg_outcome *) = kept;
    return reply;
}

static const cg_reply *carry_out(asking *by, const cg_reply *request)
{
    const cg_question question = {.method = request->asked_method ? "OPTIONS" : "GET",
                                  .target = by->target,
                                  .host = by->host,
                                  .origin = request->origin,
                                  .headers = preflight_headers(by, request),
                                  .work = by->work};
    const cg_outcome *outcome = cg_outcome_of(by->each, by->walk, &question, by->assumed);
    cg_work kept = {0, NULL};

    add_all_unresolved(by, outcome);
    look_for_wanted(by, outcome);
    if (!is_served(outcome))
        return NULL;
    cg_work_take(&kept, by->work, NULL, CG_WORK_OF_KEPT(size_of(outcome->headers)));
    return keep(by, request, outcome);
}

/* Carries one request out.
 * @return the reply; NULL where it is not served, or not tried any more */
static const cg_reply *ask(asking *by, const cg_reply *request)
{
    const cg_reply *reply;

    if (cg_work_is_spent(by->work))
        return NULL;
    reply = carry_out(by, request);
    apr_pool_clear(by->each);
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

/* In place of what else is said of the directive, which is not as much. */
static void tell_spent(asking *by, const cg_lines *lines)
{
    static const char *const reason =
        "not all of it was tried: it takes more steps than this audit follows";
    const ap_directive_t *last = by->work->last;

    if (!cg_work_is_spent(by->work))
        return;
    if (!last)
        last = APR_ARRAY_IDX(lines->nodes, 0, const ap_directive_t *);
    by->to->is_spent = 1;
    add_unresolved(by, last, reason);
    for (int i = 0; i < by->to->unresolved->nelts; i++) {
        cg_unresolved *each = &APR_ARRAY_IDX(by->to->unresolved, i, cg_unresolved);

        if (each->node == last)
            each->reason = reason;
    }
}

cg_inquiry *cg_inquiry_make(apr_pool_t *p, const cg_sample *sample, const cg_walk *walk,
                            const cg_lines *lines, const char *host, cg_work *work)
{
    cg_inquiry *inquiry = apr_pcalloc(p, sizeof *inquiry);
    asking by = {.p = p,
                 .work = work,
                 .walk = walk,
                 .target = sample->url,
                 .host = host,
                 .to = inquiry,
                 .told = apr_hash_make(p)};
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
    apr_pool_create(&by.each, p);
    ask_all(&by, named);
    if (by.wanted && !by.is_met) {
        forget(inquiry);
        by.is_open = 0;
        by.assumed = ifs;
        inquiry->is_assumed = 1;
        ask_all(&by, named);
    }
    apr_pool_destroy(by.each);
    tell_spent(&by, lines);
    return inquiry;
}
