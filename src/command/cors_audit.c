/* SPDX-License-Identifier: Apache-2.0 */
/* cors-audit: see docs/cors-audit.8. This file is its face: the subcommands. */
#include "cg_report.h"

int main(void)
{
    return 2;
}
