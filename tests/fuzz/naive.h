/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NAIVE_H
#define NAIVE_H

#include "cg_pattern.h"

/* Whether lists allow an origin, told by looking at one member after the other. */

/** Non-zero where a pattern matches an origin: host compared label by label from the right. */
int naive_matches(const cg_pattern *pattern, const cg_origin *origin);

/** Non-zero where every origin that other matches is matched by pattern. */
int naive_covers(const cg_pattern *pattern, const cg_pattern *other);

#endif
