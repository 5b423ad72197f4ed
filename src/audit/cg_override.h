/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_OVERRIDE_H
#define CG_OVERRIDE_H

#include "cg_inventory.h"

/** What .htaccess files may say in one directory: AllowOverride, its Options=, AllowOverrideList. */
typedef struct cg_override {
    int directives;          /**< OR_..., with NONFATAL_... */
    int options;             /**< OPT_... that Options may name */
    const apr_table_t *list; /**< directives by name; NULL: none */
} cg_override;

/** Where a host looks for .htaccess files, and what they may say there: its AccessFileName and
 *  its Directory sections, as ap_directory_walk takes them. */
typedef struct cg_overrides {
    const char *names; /**< AccessFileName, as ap_getword_conf cuts it */
    cg_override outside;
    apr_array_header_t *rules; /**< of const cg_section *: Directory sections that change it, in
                                    order */
    const char *key;           /**< the same for hosts that see all files alike */
} cg_overrides;

const cg_overrides *cg_overrides_read(apr_pool_t *p, const cg_host *host);

/** What holds in a directory. Sections by regex come too late for it, as in httpd.
 *  @param directory ends in "/". */
cg_override cg_overrides_at(const cg_overrides *overrides, const char *directory);

/** Non-zero where httpd does not look for a file. */
int cg_override_is_none(const cg_override *override);

/** A string that is the same for equal ones. */
const char *cg_override_key(apr_pool_t *p, const cg_override *override);

/** Non-zero where a directive may be used.
 *  @param places OR_... of its command_rec. */
int cg_override_permits(const cg_override *override, const char *directive, int places);

#endif
