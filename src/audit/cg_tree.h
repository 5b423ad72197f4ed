/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_TREE_H
#define CG_TREE_H

#include <httpd.h>
#include <util_cfgtree.h>

/** The configuration as it was written. httpd keeps it (ap_conftree) until everything was
 *  checked, with IfModule, Include and macros already resolved; here it is only read. */
typedef struct cg_tree cg_tree;

/** @param root the first directive, usually ap_conftree; may be NULL. */
cg_tree *cg_tree_read(apr_pool_t *p, const ap_directive_t *root);

/** The first directive of the main server, or inside the <VirtualHost> that made a server; NULL
 *  where there is none. Ask for the servers in the order of httpd's list: a file that is
 *  included twice makes two that differ in nothing else. */
const ap_directive_t *cg_tree_of(cg_tree *tree, const server_rec *server);

/** Non-zero where the directive has this name ("<Location", "ProxyPass"). */
int cg_tree_is(const ap_directive_t *node, const char *name);

/** Cuts the next argument off, without its quotes.
 *  @param args where to go on, at first node->args.
 *  @return the argument, or NULL where none is left. */
const char *cg_tree_argument(apr_pool_t *p, const char **args);

/** What a section is for.
 *  @param is_regex in: the directive's name ends in Match; out: that, or "~" stands before the
 *  path.
 *  @return the path, regex or pattern as written, or NULL where there is none. */
const char *cg_tree_section_path(apr_pool_t *p, const ap_directive_t *node, int *is_regex);

/** The section as written: <Location "/api">. */
const char *cg_tree_section_text(apr_pool_t *p, const ap_directive_t *node);

/** The sections directly in one place of the tree, to be taken one by one. */
typedef struct cg_scope cg_scope;

/** @param first the first directive of that place; may be NULL. */
cg_scope *cg_scope_read(apr_pool_t *p, const ap_directive_t *first);

/** Takes the first section not taken yet that httpd holds under this path.
 *  @param kind 'D' Directory, 'F' Files, 'L' Location, 'P' Proxy, 'I' If, ElseIf and Else (path is
 *  not looked at).
 *  @param path as core_dir_config->d has it.
 *  @return the section's node, or NULL where there is none. */
const ap_directive_t *cg_scope_take(cg_scope *scope, char kind, const char *path, int is_regex);

#endif
