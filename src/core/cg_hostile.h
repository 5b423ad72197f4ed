/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HOSTILE_H
#define CG_HOSTILE_H

#include "cg_probe.h"

/** Builds every part of the regex with what its author meant by it, and learns those examples; then
 *  with what an attacker would choose, and keeps the witnesses.
 *  @param turns cg_example_turns: the rest of the regex takes each once beside each part. */
void cg_hostile_probe_parts(cg_probe *probe, const apr_array_header_t *turns);

#endif
