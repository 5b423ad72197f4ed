/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_COMMAND_H
#define CG_COMMAND_H

#include <httpd.h>

#include <apr_hash.h>
#include <http_config.h>

/** What a directive is, whichever modules have it. */
typedef struct cg_command {
    unsigned is_on_read : 1; /**< carried out while the file is read (EXEC_ON_READ) */
    unsigned is_safe : 1;    /**< may be carried out for somebody who is not trusted: its handlers
                                  only parse, see cg_htaccess_parse.h */
    int places;              /**< OR_...: where it may be used */
} cg_command;

/** The directives that were asked for. */
typedef struct cg_commands {
    apr_hash_t *found; /**< name -> cg_command, in its pool */
    const module *self;
} cg_commands;

/** @param name of a directive, in any case, with "<" where it is a section.
 *  @return NULL where no module has it. */
const cg_command *cg_commands_find(const cg_commands *commands, const char *name);

#endif
