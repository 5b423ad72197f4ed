/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_identity.h"

#include <grp.h>
#include <httpd.h>
#include <http_config.h>
#include <pwd.h>
#include <unistd.h>
#include <unixd.h>

/* The groups of a user that are looked at; Linux allows a process as many. */
#define GROUPS_MAX 65536

struct cg_identity {
    int is_exact;
    int is_other; /* this process is root's, and httpd's children are not */
    uid_t user;
    gid_t group;
    gid_t *groups;
    int groups_count;
    gid_t own_group;
    gid_t *own_groups;
    int own_groups_count;
};

/* See set_group_privs in mod_unixd.c. */
static void read_groups(apr_pool_t *p, cg_identity *made)
{
    const struct passwd *user = getpwuid(made->user);
    int count = 64;

    made->groups = apr_palloc(p, (apr_size_t)count * sizeof(gid_t));
    made->groups[0] = made->group;
    made->groups_count = 1;
    if (!user)
        return;
    if (getgrouplist(user->pw_name, made->group, made->groups, &count) < 0) {
        if (count <= 0 || count > GROUPS_MAX)
            return;
        made->groups = apr_palloc(p, (apr_size_t)count * sizeof(gid_t));
        if (getgrouplist(user->pw_name, made->group, made->groups, &count) < 0)
            return;
    }
    made->groups_count = count;
}

static void read_own_groups(apr_pool_t *p, cg_identity *made)
{
    int count = getgroups(0, NULL);

    made->own_group = getegid();
    if (count <= 0)
        return;
    made->own_groups = apr_palloc(p, (apr_size_t)count * sizeof(gid_t));
    count = getgroups(count, made->own_groups);
    made->own_groups_count = count > 0 ? count : 0;
}

/* Modules that change the user with each virtual host. */
static int serves_as_many(void)
{
    return ap_find_linked_module("mpm_itk.c") || ap_find_linked_module("mod_ruid2.c");
}

cg_identity *cg_identity_read(apr_pool_t *p)
{
    cg_identity *made = apr_pcalloc(p, sizeof *made);

    made->user = ap_unixd_config.user_id;
    made->group = ap_unixd_config.group_id;
    made->is_other =
        geteuid() == 0 && made->user != 0 && made->user != (uid_t)-1 && made->group != (gid_t)-1;
    made->is_exact = (geteuid() == 0 || geteuid() == made->user) && !serves_as_many();
    if (made->is_other) {
        read_groups(p, made);
        read_own_groups(p, made);
    }
    return made;
}

int cg_identity_is_exact(const cg_identity *identity)
{
    return identity->is_exact;
}

int cg_identity_take(const cg_identity *identity)
{
    if (!identity->is_other)
        return 1;
    if (setgroups((size_t)identity->groups_count, identity->groups) == 0 &&
        setegid(identity->group) == 0 && seteuid(identity->user) == 0)
        return 1;
    cg_identity_give_back(identity);
    return 0;
}

/* What fails here was never taken; and with fewer rights than root this process only reads less. */
void cg_identity_give_back(const cg_identity *identity)
{
    if (!identity->is_other)
        return;
    if (seteuid(0) != 0 || setegid(identity->own_group) != 0 ||
        setgroups((size_t)identity->own_groups_count, identity->own_groups) != 0)
        return;
}
