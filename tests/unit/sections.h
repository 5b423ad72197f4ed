/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include "unit.h"

#include "cg_policy.h"

#include <apr_strings.h>

/* Sections of a configuration, built with the setters of src/core. Each directive has a line of its own, so that a
 * test can tell places apart. */
#define FILE_NAME "site.conf"

static inline cg_setting *setting(apr_pool_t *p, int value, int line)
{
    cg_setting *made = apr_palloc(p, sizeof *made);

    *made = (cg_setting){value, {FILE_NAME, line}};
    return made;
}

/* CorsAllowOrigin with args separated by spaces. */
static inline cg_origins *origins(apr_pool_t *p, const char *args, int line)
{
    cg_place place = {FILE_NAME, line};
    cg_origins *made = cg_origins_make(p, &place);
    char *last, *copy = apr_pstrdup(p, args);

    for (char *arg = apr_strtok(copy, " ", &last); arg; arg = apr_strtok(NULL, " ", &last)) {
        const char *error = cg_origins_add(p, made, arg, &place);

        if (error)
            fail_msg("%s", error);
    }
    return made;
}

static inline cg_names *names(apr_pool_t *p, cg_names_kind kind, const char *args, int line)
{
    cg_place place = {FILE_NAME, line};
    cg_names *made = cg_names_make(p, kind, &place);
    char *last, *copy = apr_pstrdup(p, args);

    for (char *arg = apr_strtok(copy, " ", &last); arg; arg = apr_strtok(NULL, " ", &last))
        assert_null(cg_names_add(p, made, arg));
    return made;
}

#endif
