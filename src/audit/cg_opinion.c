/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_opinion.h"

#include "cg_access.h"
#include "cg_audit_host.h"
#include "cg_inquiry.h"
#include "cg_judge.h"
#include "cg_remedy.h"
#include "cg_report.h"

#include <apr_strings.h>
#include <string.h>

struct cg_opinions {
    apr_pool_t *p;
    json_t *report;
    apr_hash_t *known; /* text of lines and what else matters -> cg_opinion */
};

/* Longer ones are not remembered: few files have as much to say of CORS, and a thousand sections of
 * one would each keep all that it says. */
#define KEY_MAX 32768

/* A directive that has a part in something, by its number among the lines of the request: the same
 * text elsewhere has others in its place. */
typedef struct part {
    int number; /* -1: place says where it is */
    cg_place place;
} part;

/* Something wrong, as it is told of each request with the same lines. */
typedef struct objection {
    cg_report_finding finding; /* without host, section, lines */
    apr_array_header_t *parts; /* of part, the most telling first */
} objection;

/* Something that cannot be told. */
typedef struct gap {
    part part;
    const char *reason;
} gap;

typedef struct opinion {
    apr_array_header_t *objections; /* of objection */
    apr_array_header_t *gaps;       /* of gap */
} opinion;

/* One request that an opinion is made of, or told of. */
typedef struct subject {
    cg_opinions *in;
    apr_pool_t *p;    /* scratch */
    apr_pool_t *kept; /* of the opinion */
    const cg_sample *sample;
    const cg_walk *walk;
    const cg_outcome *outcome;
    cg_lines lines;
    cg_work *work;
    const cg_inquiry *inquiry;
} subject;

cg_opinions *cg_opinions_make(apr_pool_t *p, json_t *report)
{
    cg_opinions *opinions = apr_palloc(p, sizeof *opinions);

    *opinions = (cg_opinions){p, report, apr_hash_make(p)};
    return opinions;
}

/* Directives */

static part part_of(const subject *s, const ap_directive_t *node)
{
    int number = cg_lines_number(&s->lines, node);

    if (number >= 0)
        return (part){number, {NULL, 0}};
    return (part){-1, {apr_pstrdup(s->kept, node->filename), node->line_num}};
}

static cg_place place_of(const subject *s, const part *of)
{
    const ap_directive_t *node;

    if (of->number < 0)
        return of->place;
    node = APR_ARRAY_IDX(s->lines.nodes, of->number, const ap_directive_t *);
    return (cg_place){node->filename, node->line_num};
}

/* Of a pattern that lets too much in, the pattern tells most; of all else what writes the header. */
static int is_of_pattern(cg_find_id id)
{
    return id == CG_FIND_OPEN_PATTERN || id == CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS ||
           id == CG_FIND_REGISTRABLE_DOT || id == CG_FIND_UNREGISTRABLE_DOT;
}

/* How much a directive tells of what is sent: 2 for the Header line of the origin, 1 for another. */
static int telling(const ap_directive_t *node)
{
    if (!cg_tree_is(node, "Header"))
        return 0;
    return ap_strcasestr(node->args, "Access-Control-Allow-Origin") ? 2 : 1;
}

static apr_array_header_t *parts_of(const subject *s, cg_find_id id,
                                    const apr_array_header_t *nodes)
{
    static const int by_header[] = {2, 1, 0}, by_pattern[] = {0, 2, 1};
    const int *order = is_of_pattern(id) ? by_pattern : by_header;
    apr_array_header_t *parts = apr_array_make(s->kept, nodes->nelts, sizeof(part));

    for (int rank = 0; rank < 3; rank++) {
        for (int i = 0; i < nodes->nelts; i++) {
            const ap_directive_t *node = APR_ARRAY_IDX(nodes, i, const ap_directive_t *);

            if (telling(node) == order[rank])
                APR_ARRAY_PUSH(parts, part) = part_of(s, node);
        }
    }
    return parts;
}

static const cg_outcome *outcome_of(const subject *s, const cg_reply *reply)
{
    for (int i = 0; i < s->inquiry->replies->nelts; i++) {
        if (APR_ARRAY_IDX(s->inquiry->replies, i, const cg_reply *) == reply)
            return APR_ARRAY_IDX(s->inquiry->outcomes, i, const cg_outcome *);
    }
    return NULL;
}

static apr_array_header_t *nodes_of(const subject *s, const cg_fault *fault)
{
    const cg_outcome *outcome = outcome_of(s, fault->reply);

    switch (fault->id) {
    case CG_FIND_ALL_HEADERS:
        return cg_outcome_nodes(s->p, outcome, "access-control-allow-headers");
    case CG_FIND_ALL_METHODS:
    case CG_FIND_LOWER_CASE_PATCH:
        return cg_outcome_nodes(s->p, outcome, "access-control-allow-methods");
    case CG_FIND_MAX_AGE:
        return cg_outcome_nodes(s->p, outcome, "access-control-max-age");
    default:
        return outcome->nodes;
    }
}

/* Making an opinion */

static cg_confidence confidence_of(const subject *s)
{
    cg_confidence confidence = CG_CONFIDENCE_CERTAIN;

    if (s->inquiry->is_assumed)
        return CG_CONFIDENCE_POSSIBLE;
    if (s->sample->is_forced || s->walk->unsure->nelts)
        confidence = CG_CONFIDENCE_LIKELY;
    if (s->inquiry->unresolved->nelts)
        confidence--;
    return confidence;
}

static void object(const subject *s, opinion *to, const cg_fault *fault)
{
    const apr_array_header_t *nodes = nodes_of(s, fault);
    const char *acao = cg_reply_acao(s->p, fault->reply, NULL);
    objection *made;

    if (!nodes->nelts)
        return;
    made = apr_array_push(to->objections);
    memset(made, 0, sizeof *made);
    made->parts = parts_of(s, fault->id, nodes);
    made->finding.id = fault->id;
    made->finding.confidence = confidence_of(s);
    made->finding.summary = fault->summary;
    made->finding.witness.origin = apr_pstrdup(s->kept, fault->reply->origin);
    made->finding.witness.acao = apr_pstrdup(s->kept, acao ? acao : "");
    made->finding.witness.credentials =
        cg_reply_permits(s->p, fault->reply) == CG_PERMISSION_READ_CREDENTIALS;
    made->finding.remedy =
        apr_pstrdup(s->kept, cg_remedy_of(s->p, fault->id, s->inquiry->replies, s->inquiry->meant));
}

/* Where access is by address, "*" shows to every site what only some networks reach. */
static void object_all(const subject *s, opinion *to)
{
    const apr_array_header_t *faults =
        cg_judge(s->p, s->inquiry->replies, cg_audit_host_has_tls(s->p, s->walk->host));

    for (int i = 0; i < faults->nelts; i++) {
        cg_fault fault = APR_ARRAY_IDX(faults, i, cg_fault);

        if (fault.id == CG_FIND_WILDCARD && cg_access_by_address(s->p, s->outcome->sections)) {
            fault.id = CG_FIND_WILDCARD_BEHIND_IP;
            fault.summary = "Every origin may read what only some addresses reach.";
        }
        object(s, to, &fault);
    }
}

static int says_credentials(const subject *s)
{
    for (int i = 0; i < s->inquiry->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(s->inquiry->replies, i, const cg_reply *);

        if (cg_reply_has(s->p, reply, "Access-Control-Allow-Credentials", "true", 0))
            return 1;
    }
    return 0;
}

/* What may change the headers, and only a running server knows. */
static void object_to_unresolved(const subject *s, opinion *to)
{
    const apr_array_header_t *unresolved = s->inquiry->unresolved;
    int credentials = says_credentials(s);
    objection *made;

    for (int i = 0; i < unresolved->nelts; i++) {
        const cg_unresolved *each = &APR_ARRAY_IDX(unresolved, i, cg_unresolved);
        gap *added = apr_array_push(to->gaps);

        *added = (gap){part_of(s, each->node), apr_pstrdup(s->kept, each->reason)};
    }
    if (!unresolved->nelts)
        return;
    made = apr_array_push(to->objections);
    memset(made, 0, sizeof *made);
    made->parts = apr_array_make(s->kept, 1, sizeof(part));
    for (int i = 0; i < to->gaps->nelts; i++)
        APR_ARRAY_PUSH(made->parts, part) = APR_ARRAY_IDX(to->gaps, i, gap).part;
    made->finding.id = credentials ? CG_FIND_UNRESOLVED_WITH_CREDENTIALS : CG_FIND_UNRESOLVED;
    made->finding.confidence = CG_CONFIDENCE_POSSIBLE;
    made->finding.summary = "What is sent depends on something that only a running server knows.";
    made->finding.remedy = apr_pstrdup(
        s->kept, cg_remedy_of(s->p, made->finding.id, s->inquiry->replies, s->inquiry->meant));
}

/* Of const ap_directive_t *: all that made an origin's header. */
static apr_hash_t *makers_of(const subject *s)
{
    apr_hash_t *makers = apr_hash_make(s->p);

    for (int i = 0; i < s->inquiry->outcomes->nelts; i++) {
        const cg_outcome *outcome = APR_ARRAY_IDX(s->inquiry->outcomes, i, const cg_outcome *);

        for (int n = 0; n < outcome->nodes->nelts; n++) {
            const ap_directive_t **node = &APR_ARRAY_IDX(outcome->nodes, n, const ap_directive_t *);

            apr_hash_set(makers, node, sizeof *node, node);
        }
    }
    return makers;
}

/* Whether a line names the header with its value. */
static int says_origin(const ap_directive_t *node)
{
    static const char *const others[] = {"unset", "note", "edit", "echo"};
    int says = cg_tree_is(node, "Header") &&
               ap_strcasestr(node->args, "Access-Control-Allow-Origin") != NULL;

    for (size_t i = 0; says && i < sizeof others / sizeof *others; i++)
        says = ap_strcasestr(node->args, others[i]) == NULL;
    return says;
}

/* Such a line that none of the requests made do anything: whatever it waits for was not thought
 * of. */
static void tell_idle(const subject *s, opinion *to)
{
    apr_hash_t *makers = makers_of(s);
    int told = 0;

    for (int i = 0; i < s->lines.nodes->nelts && told < CG_INQUIRY_UNRESOLVED_MAX; i++) {
        const ap_directive_t *node = APR_ARRAY_IDX(s->lines.nodes, i, const ap_directive_t *);

        if (!says_origin(node) || apr_hash_get(makers, &node, sizeof node))
            continue;
        APR_ARRAY_PUSH(to->gaps, gap) =
            (gap){part_of(s, node), ++told == CG_INQUIRY_UNRESOLVED_MAX
                                        ? CG_INQUIRY_MORE
                                        : "none of the requests that were tried is answered by it"};
    }
}

static const opinion *form(subject *s, const char *host)
{
    opinion *made = apr_pcalloc(s->kept, sizeof *made);

    made->objections = apr_array_make(s->kept, 2, sizeof(objection));
    made->gaps = apr_array_make(s->kept, 1, sizeof(gap));
    s->inquiry = cg_inquiry_make(s->p, s->sample, s->walk, &s->lines, host, s->work);
    object_all(s, made);
    object_to_unresolved(s, made);
    if (!s->inquiry->is_spent)
        tell_idle(s, made);
    if (s->inquiry->is_cut)
        APR_ARRAY_PUSH(made->gaps, gap) =
            (gap){{0, {NULL, 0}}, "it names more origins than were tried"};
    return made;
}

/* Telling it */

/* The section that a directive of the request stands in: the innermost. */
static const cg_section *section_of(const subject *s, const ap_directive_t *node)
{
    const cg_section *found = NULL;

    for (int i = 0; i < s->outcome->sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(s->outcome->sections, i, const cg_section *);
        const cg_recipe *recipe = section->recipe;

        for (int n = 0; recipe && n < recipe->nodes->nelts; n++) {
            if (APR_ARRAY_IDX(recipe->nodes, n, const ap_directive_t *) == node)
                found = section;
        }
    }
    if (!found && s->sample->section && s->sample->section->kind == CG_SECTION_IF)
        found = s->sample->section;
    return found;
}

/* A policy goes where the header is written. */
static const char *text_of_section(const subject *s, const objection *said)
{
    const cg_section *section = NULL;
    int most = -1;

    for (int i = 0; i < said->parts->nelts; i++) {
        const part *each = &APR_ARRAY_IDX(said->parts, i, part);
        const ap_directive_t *node;

        if (each->number < 0)
            continue;
        node = APR_ARRAY_IDX(s->lines.nodes, each->number, const ap_directive_t *);
        if (telling(node) <= most)
            continue;
        most = telling(node);
        section = section_of(s, node);
    }
    return section ? section->text : "";
}

static void tell_objection(const subject *s, const objection *said)
{
    cg_report_finding finding = said->finding;
    apr_array_header_t *lines = apr_array_make(s->p, said->parts->nelts, sizeof(cg_place));

    for (int i = 0; i < said->parts->nelts; i++)
        APR_ARRAY_PUSH(lines, cg_place) = place_of(s, &APR_ARRAY_IDX(said->parts, i, part));
    finding.lines = lines;
    finding.host = cg_audit_host_name(s->p, s->walk->host);
    finding.address = cg_audit_host_address(s->walk->host, &finding.port);
    finding.section = text_of_section(s, said);
    cg_report_add_finding(s->in->report, &finding);
}

static void tell(const subject *s, const opinion *told)
{
    for (int i = 0; i < told->objections->nelts; i++)
        tell_objection(s, &APR_ARRAY_IDX(told->objections, i, objection));
    for (int i = 0; i < told->gaps->nelts; i++) {
        const gap *each = &APR_ARRAY_IDX(told->gaps, i, gap);
        const cg_place place = place_of(s, &each->part);

        cg_report_add_unresolved(s->in->report, &place, each->reason);
    }
}

static const char *host_of(const subject *s)
{
    const server_rec *server = s->walk->host->server;
    const char *name = server->server_hostname ? server->server_hostname : "localhost";

    return server->port && server->port != 80 && server->port != 443
               ? apr_psprintf(s->p, "%s:%u", name, (unsigned)server->port)
               : name;
}

/* All that an answer may depend on. */
static const char *key_of(const subject *s, const char *host)
{
    const cg_section *section = s->sample->section;
    const char *local = "";

    if (s->lines.is_local)
        local = apr_pstrcat(s->p, host, " ", s->sample->url, " ",
                            s->walk->path ? s->walk->path : "", NULL);
    return apr_psprintf(s->p, "%s\n%s\n%d %d %d %d %s", local,
                        section && section->kind == CG_SECTION_IF ? section->text : "",
                        cg_audit_host_has_tls(s->p, s->walk->host), s->sample->is_forced,
                        s->walk->unsure->nelts > 0,
                        cg_access_by_address(s->p, s->outcome->sections) != NULL, s->lines.text);
}

void cg_opinions_note(cg_opinions *opinions, apr_pool_t *p, const cg_sample *sample,
                      const cg_walk *walk, const cg_outcome *outcome, cg_work *work)
{
    subject s = {opinions, p, p, sample, walk, outcome, cg_lines_of(p, walk), work, NULL};
    const char *host, *key;
    const opinion *told;
    int is_kept;

    if (!s.lines.writes_cors)
        return;
    host = host_of(&s);
    key = key_of(&s, host);
    is_kept = strlen(key) <= KEY_MAX;
    if (is_kept)
        s.kept = opinions->p;
    told = apr_hash_get(opinions->known, key, APR_HASH_KEY_STRING);
    if (!told) {
        told = form(&s, host);
        if (is_kept && !s.inquiry->is_spent)
            apr_hash_set(opinions->known, apr_pstrdup(opinions->p, key), APR_HASH_KEY_STRING, told);
    }
    tell(&s, told);
}
