/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_trial.h"

#include "cg_browser.h"
#include "cg_origin.h"

#include <apr_strings.h>
#include <string.h>

#define STATUS_TOO_MANY 429
#define STATUS_BROKEN 500

/* A trial under way. */
typedef struct running {
    apr_pool_t *p;
    cg_client *client;
    cg_trial *trial;
    apr_time_t deadline;
    int is_open; /* everybody may read: further variants would say the same */
} running;

static int is_listed(const apr_array_header_t *origins, const char *origin)
{
    for (int i = 0; i < origins->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(origins, i, const char *), origin) == 0)
            return 1;
    }
    return 0;
}

static void trust(running *run, const char *origin)
{
    apr_array_header_t *trusted = run->trial->trusted;

    if (trusted->nelts < CG_TRIAL_TRUSTED_MAX && !is_listed(trusted, origin))
        APR_ARRAY_PUSH(trusted, const char *) = origin;
}

/* An origin that the site names although another one asked is one that it trusts. */
static void learn(running *run, const cg_reply *reply)
{
    const char *acao = cg_reply_acao(run->p, reply, NULL);
    cg_origin origin;

    if (!acao || (reply->origin && strcmp(acao, reply->origin) == 0))
        return;
    if (cg_origin_parse(acao, strlen(acao), &origin) == CG_ORIGIN_TUPLE)
        trust(run, acao);
}

/* Sends one request; NULL where no more may be sent. */
static const cg_reply *ask(running *run, const cg_reply *request)
{
    cg_trial *trial = run->trial;
    cg_reply *reply;

    if (trial->problem)
        return NULL;
    if (apr_time_now() > run->deadline || trial->replies->nelts == CG_TRIAL_REQUESTS_MAX) {
        trial->problem = apr_psprintf(
            run->p, "not everything was asked: after %d requests the %s was over; try --timeout",
            trial->replies->nelts,
            trial->replies->nelts == CG_TRIAL_REQUESTS_MAX ? "number of them" : "time");
        return NULL;
    }
    reply = apr_pmemdup(run->p, request, sizeof *request);
    cg_client_send(run->p, run->client, &trial->site, reply);
    if (reply->problem) {
        trial->problem = reply->problem;
        return NULL;
    }
    APR_ARRAY_PUSH(trial->replies, cg_reply *) = reply;
    return reply;
}

static void ask_trusted(running *run)
{
    const apr_array_header_t *trusted = run->trial->trusted;

    /* It grows meanwhile. */
    for (int i = 0; i < trusted->nelts; i++) {
        cg_reply request = {.sender = i == 0 ? CG_SENDER_OWN : CG_SENDER_TRUSTED,
                            .origin = APR_ARRAY_IDX(trusted, i, const char *)};
        const cg_reply *reply = ask(run, &request);

        if (!reply)
            return;
        learn(run, reply);
    }
}

/* Whether whoever asks may read, so that nothing is gained by asking for others. */
static int is_open(apr_pool_t *p, const cg_reply *reply)
{
    return reply->variant->kind == CG_VARIANT_ARBITRARY &&
           cg_browser_check(p, reply->headers, reply->origin, 0) == NULL;
}

static void ask_variants(running *run)
{
    const apr_array_header_t *variants = cg_variants_of(run->p, run->trial->trusted);

    for (int i = 0; i < variants->nelts; i++) {
        const cg_variant *variant = &APR_ARRAY_IDX(variants, i, cg_variant);
        cg_reply request = {
            .sender = CG_SENDER_VARIANT, .variant = variant, .origin = variant->origin};
        const cg_reply *reply;

        if (run->is_open && variant->kind != CG_VARIANT_NULL)
            continue;
        reply = ask(run, &request);
        if (!reply)
            return;
        run->is_open |= is_open(run->p, reply);
    }
}

/* A preflight that a strict site answers too, and one that asks for what nobody allows by name. */
static void ask_preflights(running *run)
{
    int count = run->trial->replies->nelts, asked = 0;

    for (int i = 0; i < count && asked < CG_TRIAL_PREFLIGHTS_MAX; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(run->trial->replies, i, const cg_reply *);
        cg_reply request = {.sender = reply->sender,
                            .variant = reply->variant,
                            .origin = reply->origin,
                            .asked_method = "GET"};

        if (reply->sender == CG_SENDER_NOBODY ||
            (reply->variant && reply->variant->kind != CG_VARIANT_ARBITRARY &&
             cg_reply_permits(run->p, reply) == CG_PERMISSION_NONE))
            continue;
        if (!ask(run, &request))
            return;
        request.asked_method = CG_REPLY_METHOD;
        request.asked_header = CG_REPLY_HEADER;
        if (!ask(run, &request))
            return;
        asked++;
    }
}

int cg_trial_is_ordinary(const cg_reply *reply)
{
    return reply->status != STATUS_TOO_MANY && reply->status < STATUS_BROKEN;
}

/* Applications answer 500 to origins that they do not like; a site that has no other answer, or
 * that had enough, was not seen. */
static void look_at_statuses(const running *run)
{
    cg_trial *trial = run->trial;
    int ordinary = 0, too_many = 0, last = 0;

    for (int i = 0; i < trial->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(trial->replies, i, const cg_reply *);

        too_many += reply->status == STATUS_TOO_MANY;
        ordinary += !reply->asked_method && cg_trial_is_ordinary(reply);
        last = reply->asked_method ? last : reply->status;
    }
    if (trial->problem)
        return;
    if (too_many)
        trial->problem = apr_psprintf(run->p,
                                      "it answered %d of %d requests with 429: it limits how many "
                                      "one client may send; try later, or from another address",
                                      too_many, trial->replies->nelts);
    else if (!ordinary)
        trial->problem =
            apr_psprintf(run->p,
                         "it answered every GET with an error (%d), which says nothing "
                         "of the resource; repair it, or name another URL",
                         last);
}

cg_trial *cg_trial_run(apr_pool_t *p, cg_client *client, const cg_options *options,
                       const cg_site *site)
{
    cg_trial *trial = apr_pcalloc(p, sizeof *trial);
    running run = {.p = p, .client = client, .trial = trial};
    apr_interval_time_t timeout = options->timeout ? options->timeout : CG_CLIENT_TIMEOUT;
    const cg_reply nobody = {.sender = CG_SENDER_NOBODY};
    const cg_reply *reply;

    trial->site = *site;
    trial->trusted = apr_array_make(p, CG_TRIAL_TRUSTED_MAX, sizeof(const char *));
    trial->replies = apr_array_make(p, 32, sizeof(cg_reply *));
    run.deadline = apr_time_now() + CG_TRIAL_TIMEOUTS * timeout;
    trust(&run, site->origin);
    for (int i = 0; i < options->origins->nelts; i++)
        trust(&run, APR_ARRAY_IDX(options->origins, i, const char *));
    reply = ask(&run, &nobody);
    if (reply)
        learn(&run, reply);
    ask_trusted(&run);
    ask_variants(&run);
    ask_preflights(&run);
    look_at_statuses(&run);
    return trial;
}
