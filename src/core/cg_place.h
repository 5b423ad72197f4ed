/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_PLACE_H
#define CG_PLACE_H

/** Where in the configuration something was written. The file's text is what httpd says of it,
 *  so it may also read "macro 'x' (defined on line …) used on line …". */
typedef struct cg_place {
    const char *file;
    int line;
} cg_place;

#endif
