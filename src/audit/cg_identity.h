/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_IDENTITY_H
#define CG_IDENTITY_H

#include <apr_pools.h>

/** As whom httpd's children serve requests (User and Group), where this process is root's: what
 *  others wrote, and may be a symbolic link to anything, is opened with their rights, so that the
 *  audit neither reads what httpd could not, nor shows it to anybody. */
typedef struct cg_identity cg_identity;

cg_identity *cg_identity_read(apr_pool_t *p);

/** Non-zero where, with the identity taken on, this process may open what httpd's children may, and
 *  nothing else. */
int cg_identity_is_exact(const cg_identity *identity);

/** Takes the identity on, for this whole process. Give it back at once: start no program meanwhile,
 *  and run nobody else's code.
 *  @return 0 where that is not possible; nothing is changed then. */
int cg_identity_take(const cg_identity *identity);

/** Takes root's back. */
void cg_identity_give_back(const cg_identity *identity);

#endif
