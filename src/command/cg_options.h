/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_OPTIONS_H
#define CG_OPTIONS_H

#include "cg_subcommand.h"

/** What a command line asks for. */
typedef enum cg_asked {
    CG_ASKED_RUN,
    CG_ASKED_HELP,
    CG_ASKED_VERSION,
    CG_ASKED_WRONG /**< and it was said what is wrong */
} cg_asked;

/** Reads the options of a subcommand, in any order with its arguments.
 *  @param argv what follows the subcommand's name begins at argv[first].
 *  @param out filled for CG_ASKED_RUN. */
cg_asked cg_options_read(apr_pool_t *p, const cg_subcommand *command, int argc,
                         const char *const *argv, int first, cg_options *out);

/** Writes the options that a subcommand takes to stdout, two columns. */
void cg_options_help(const cg_subcommand *command);

#endif
