/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_variant.h"

#include "cg_owner.h"
#include "cg_suffix.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

/* The name that every witness is under: RFC 2606 keeps it free. */
#define EVIL "evil.example"

/* A stranger whose name says nothing bad: a list of what is forbidden passes it. */
#define STRANGER "https://www.unrelated.example"

/* A scheme, a host and a port, and more bytes than are put before, behind or in them. */
#define TEXT_MAX (2 * CG_ORIGIN_MAX)

/* Variants while they are made. */
typedef struct maker {
    apr_pool_t *p;
    apr_array_header_t *variants;
    apr_hash_t *known; /* origins that were made, or are trusted */
    const char *of;
    cg_origin origin; /* of, cut up */
    char owner[CG_OWNER_MAX];
    int is_owned;
} maker;

/* Whether somebody else than the owner of what is trusted can come to own an origin. */
static int is_registrable(const maker *m, const cg_origin *origin)
{
    char owner[CG_OWNER_MAX];

    return cg_owner_of(origin, owner) && !(m->is_owned && strcmp(owner, m->owner) == 0);
}

static void add(maker *m, cg_variant_kind kind, const char *text)
{
    cg_variant *variant;
    cg_origin origin;
    int is_own = kind == CG_VARIANT_HTTP || kind == CG_VARIANT_SUBDOMAIN || kind == CG_VARIANT_PORT;

    if (m->variants->nelts == CG_VARIANTS_MAX || apr_hash_get(m->known, text, APR_HASH_KEY_STRING))
        return;
    if (kind != CG_VARIANT_NULL && cg_origin_parse(text, strlen(text), &origin) != CG_ORIGIN_TUPLE)
        return;
    variant = apr_array_push(m->variants);
    variant->kind = kind;
    variant->origin = apr_pstrdup(m->p, text);
    variant->of = m->of;
    variant->registrable = kind == CG_VARIANT_NULL || (!is_own && is_registrable(m, &origin));
    apr_hash_set(m->known, variant->origin, APR_HASH_KEY_STRING, "");
}

/* Adds the trusted origin with another host. */
static void add_host(maker *m, cg_variant_kind kind, const char *host)
{
    const cg_origin *of = &m->origin;
    const char *port = of->host + of->host_len;
    char text[TEXT_MAX];

    apr_snprintf(text, sizeof text, "%.*s://%s%s", (int)of->scheme_len, of->text, host, port);
    add(m, kind, text);
}

static void add_joined(maker *m, cg_variant_kind kind, const char *before, const char *host,
                       const char *behind)
{
    char text[TEXT_MAX];

    apr_snprintf(text, sizeof text, "%s%s%s", before, host, behind);
    add_host(m, kind, text);
}

/* The same scheme and host behind which a regex without an end lets more follow. A port would hide
 * it. */
static void add_tail_before_port(maker *m, const char *host)
{
    char text[TEXT_MAX];

    if (!m->origin.port)
        return;
    apr_snprintf(text, sizeof text, "%.*s://%s." EVIL, (int)m->origin.scheme_len, m->origin.text,
                 host);
    add(m, CG_VARIANT_TAIL_LABEL, text);
}

static void add_tails(maker *m, const char *host)
{
    add_joined(m, CG_VARIANT_TAIL_LABEL, "", host, "." EVIL);
    add_tail_before_port(m, host);
    add_joined(m, CG_VARIANT_TAIL, "", host, EVIL);
    add_joined(m, CG_VARIANT_UNDERSCORE, "", host, "_." EVIL);
    add_joined(m, CG_VARIANT_UNDERSCORE, "", host, "-" EVIL);
}

static void add_beginnings(maker *m, const char *host, const char *apex)
{
    add_joined(m, CG_VARIANT_BEFORE, "evil", host, "");
    add_joined(m, CG_VARIANT_BEFORE_APEX, "evil", apex, "");
    add_joined(m, CG_VARIANT_BEFORE_DASH, "evil-", apex, "");
}

static void add_dots(maker *m, const char *host)
{
    char text[CG_HOST_MAX + 2];

    apr_cpystrn(text, host, sizeof text);
    for (char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
        *dot = 'x';
        add_host(m, CG_VARIANT_DOT, text);
        *dot = '.';
    }
}

static void add_schemes_and_ports(maker *m)
{
    const cg_origin *of = &m->origin;
    int before_port = (int)(of->host + of->host_len - of->text);
    char text[TEXT_MAX];

    if (cg_scheme_of(of->text, of->scheme_len) == CG_SCHEME_HTTPS) {
        apr_snprintf(text, sizeof text, "http%s", of->text + of->scheme_len);
        add(m, CG_VARIANT_HTTP, text);
    }
    apr_snprintf(text, sizeof text, "%.*s:%d", before_port, of->text,
                 of->port == 8443 ? 9443 : 8443);
    add(m, CG_VARIANT_PORT, text);
}

static void add_neighbours(maker *m, const char *host, const char *apex)
{
    const char *suffix = strchr(apex, '.');

    add_joined(m, CG_VARIANT_SUBDOMAIN, "evil.", host, "");
    add_joined(m, CG_VARIANT_SUBDOMAIN, "evil.", apex, "");
    if (suffix && cg_suffix_is_public(suffix + 1))
        add_joined(m, CG_VARIANT_SIBLING, "evil", suffix, "");
}

/* The part of a host that has an owner; of a name under an unlisted top-level domain the last two
 * labels, which is where an author stops. */
static const char *apex_of(const char *host)
{
    const char *apex = cg_suffix_registrable(host);
    const char *label = host + strlen(host);
    int dots = 0;

    if (apex)
        return apex;
    while (label > host && (label[-1] != '.' || ++dots < 2))
        label--;
    return label;
}

static void add_variants(maker *m, const char *of)
{
    char host[CG_HOST_MAX + 2]; /* a dot may stand at its end */

    if (cg_origin_parse(of, strlen(of), &m->origin) != CG_ORIGIN_TUPLE ||
        m->origin.host_kind == CG_HOST_IPV6)
        return;
    m->of = of;
    m->is_owned = cg_owner_of(&m->origin, m->owner);
    memcpy(host, m->origin.host, m->origin.host_len);
    host[m->origin.host_len] = '\0';
    add_tails(m, host);
    add_dots(m, host);
    add_schemes_and_ports(m);
    if (m->origin.host_kind != CG_HOST_NAME)
        return;
    add_beginnings(m, host, apex_of(host));
    add_neighbours(m, host, apex_of(host));
}

apr_array_header_t *cg_variants_of(apr_pool_t *p, const apr_array_header_t *trusted)
{
    maker m = {.p = p, .known = apr_hash_make(p)};

    m.variants = apr_array_make(p, 24, sizeof(cg_variant));
    for (int i = 0; i < trusted->nelts; i++)
        apr_hash_set(m.known, APR_ARRAY_IDX(trusted, i, const char *), APR_HASH_KEY_STRING, "");
    add(&m, CG_VARIANT_ARBITRARY, "https://" EVIL);
    add(&m, CG_VARIANT_ARBITRARY, STRANGER);
    add(&m, CG_VARIANT_NULL, "null");
    for (int i = 0; i < trusted->nelts; i++)
        add_variants(&m, APR_ARRAY_IDX(trusted, i, const char *));
    return m.variants;
}
