/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SUBCOMMAND_H
#define CG_SUBCOMMAND_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

typedef enum cg_format { CG_FORMAT_TEXT = 1, CG_FORMAT_JSON = 2, CG_FORMAT_SARIF = 4 } cg_format;

typedef struct cg_options cg_options;

/** A subcommand: the one table of them is in cors_audit.c. */
typedef struct cg_subcommand {
    const char *name;
    const char *arguments; /**< for the help: what stands behind the options */
    const char *summary;   /**< for the help: one line */
    const char *text;      /**< for the help: a few lines more */
    const char *options;   /**< letters of the options that it takes (cg_options.c) */
    int formats;           /**< of cg_format, those that it can write */
    int arguments_min;
    int arguments_max; /**< -1: any number */
    int (*run)(apr_pool_t *p, const cg_options *options);
} cg_subcommand;

/** The command line of a subcommand. What was not given is NULL, 0 or empty, but for the
 *  defaults that are named. */
struct cg_options {
    const cg_subcommand *command;
    cg_format format; /**< default: text */
    int fail_on; /**< a cg_severity, the lowest that counts, or one above all; default: medium */
    const char *baseline;
    const char *output;
    const char *config;
    const char *program;
    apr_array_header_t *defines; /**< of const char *, as are those below */
    apr_array_header_t *origins; /**< as browsers send them */
    apr_array_header_t *headers; /**< "Name: value" */
    apr_array_header_t *arguments;
    apr_interval_time_t timeout; /**< 0: the subcommand's own */
    const char *method;
    const char *reason;
    const char *expires;
    const char *proxy;
    const char *cacert;
    const char *connect_to;
    int credentials;
    int insecure;
};

/** The subcommands. Each returns how cors-audit ends (cg_message.h). */
int cg_audit_command(apr_pool_t *p, const cg_options *options);
int cg_explain_command(apr_pool_t *p, const cg_options *options);
int cg_probe_command(apr_pool_t *p, const cg_options *options);
int cg_diff_command(apr_pool_t *p, const cg_options *options);
int cg_baseline_command(apr_pool_t *p, const cg_options *options);

#endif
