/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_command.h"

#include <apr_strings.h>
#include <string.h>

/* Their handlers were read: they compile regexes and expressions, and fill tables. */
static int only_parses(const module *owner, const module *self)
{
    static const char *const names[] = {
        "core.c",        "mod_access_compat.c", "mod_alias.c", "mod_dir.c",     "mod_env.c",
        "mod_expires.c", "mod_headers.c",       "mod_mime.c",  "mod_rewrite.c", "mod_setenvif.c",
    };

    if (owner == self)
        return 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(owner->name, names[i]) == 0)
            return 1;
    }
    return 0;
}

/* <IfModule>, <IfDefine>, <IfVersion>, <IfFile>, ...: they ask, and read on or skip. */
static int only_asks(const module *owner, const char *name)
{
    return ap_cstr_casecmpn(name, "<If", 3) == 0 &&
           (strcmp(owner->name, "core.c") == 0 || strcmp(owner->name, "mod_version.c") == 0);
}

/* Where several modules have it, httpd calls them all. Returns 0 where none has. */
static int look_up(const char *name, const module *self, cg_command *found)
{
    module *owner = ap_top_module;
    int is_known = 0;

    found->is_safe = 1;
    while (owner) {
        const command_rec *command = ap_find_command_in_modules(name, &owner);
        int on_read;

        if (!command)
            break;
        is_known = 1;
        on_read = (command->req_override & EXEC_ON_READ) != 0;
        found->is_on_read |= on_read;
        found->is_safe &= on_read ? only_asks(owner, name) : only_parses(owner, self);
        found->places |= command->req_override;
        owner = owner->next;
    }
    return is_known;
}

/* What is not known is not kept: hostile files may be full of it. */
const cg_command *cg_commands_find(const cg_commands *commands, const char *name)
{
    cg_command *found = apr_hash_get(commands->found, name, APR_HASH_KEY_STRING);
    apr_pool_t *p = apr_hash_pool_get(commands->found);
    cg_command looked_up = {0, 0, 0};

    if (found)
        return found;
    if (!look_up(name, commands->self, &looked_up))
        return NULL;
    found = apr_pmemdup(p, &looked_up, sizeof looked_up);
    apr_hash_set(commands->found, apr_pstrdup(p, name), APR_HASH_KEY_STRING, found);
    return found;
}
