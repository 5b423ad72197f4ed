/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_VERSION_H
#define CG_VERSION_H

/** As in CHANGELOG.md; a test keeps the two equal. */
#define CG_VERSION "0.1.0"

/** The module's name, as reports give it. */
#define CG_TOOL "mod_cors_guard"

#endif
