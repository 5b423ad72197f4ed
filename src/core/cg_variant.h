/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_VARIANT_H
#define CG_VARIANT_H

#include <apr_pools.h>
#include <apr_tables.h>

/** What an origin that nobody meant to trust has to do with one that is trusted. */
typedef enum cg_variant_kind {
    CG_VARIANT_ARBITRARY,   /**< nothing: https://evil.example,
                                https://www.unrelated.example */
    CG_VARIANT_NULL,        /**< null: any site's sandboxed frame */
    CG_VARIANT_TAIL_LABEL,  /**< https://app.example.com.evil.example */
    CG_VARIANT_TAIL,        /**< https://app.example.comevil.example */
    CG_VARIANT_BEFORE,      /**< https://evilapp.example.com */
    CG_VARIANT_BEFORE_APEX, /**< https://evilexample.com: before the registrable part */
    CG_VARIANT_BEFORE_DASH, /**< https://evil-example.com */
    CG_VARIANT_DOT,         /**< https://appxexample.com: a letter in place of a dot */
    CG_VARIANT_HTTP,        /**< http in place of https */
    CG_VARIANT_SUBDOMAIN,   /**< https://evil.app.example.com, https://evil.example.com */
    CG_VARIANT_PORT,        /**< another port of the same host */
    CG_VARIANT_UNDERSCORE,  /**< https://app.example.com_.evil.example: a byte that browsers let
                                  through in hosts; the same with a hyphen */
    CG_VARIANT_SIBLING      /**< another name under the same public suffix: https://evil.github.io,
                                  https://evil.com */
} cg_variant_kind;

typedef struct cg_variant {
    cg_variant_kind kind;
    const char *origin; /**< serialised as browsers do (cg_origin_parse accepts it), or "null" */
    const char *of;     /**< the trusted origin it was built from; NULL for ARBITRARY and NULL */
    int registrable;    /**< somebody else than the owner of "of" can register its host, or is given
                             it (cg_owner_of); for ARBITRARY and NULL: 1; for HTTP, SUBDOMAIN and
                             PORT: 0 */
} cg_variant;

/** The variants of some trusted origins, each origin once, ARBITRARY and NULL first; never one of
 *  the trusted origins themselves. At most CG_VARIANTS_MAX.
 *  @param trusted of const char *, serialised origins; others are passed over.
 *  @return an array of cg_variant. */
#define CG_VARIANTS_MAX 256
apr_array_header_t *cg_variants_of(apr_pool_t *p, const apr_array_header_t *trusted);

#endif
