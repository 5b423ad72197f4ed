/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_subcommand.h"

#include "cg_message.h"
#include "cg_output.h"
#include "cg_server.h"

int cg_audit_command(apr_pool_t *p, const cg_options *options)
{
    json_t *report = cg_server_audit(p, options);
    int result = CG_EXIT_FAILED;

    if (!report)
        return CG_EXIT_FAILED;
    result = cg_output_report(options, report);
    if (cg_server_unread(p, report) != CG_EXIT_CLEAN)
        result = CG_EXIT_FAILED;
    json_decref(report);
    return result;
}
