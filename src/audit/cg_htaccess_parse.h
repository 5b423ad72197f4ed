/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HTACCESS_PARSE_H
#define CG_HTACCESS_PARSE_H

#include "cg_command.h"
#include "cg_htaccess_text.h"
#include "cg_override.h"

/** Sections may stand in each other this deep: httpd follows them by calling itself, and a hostile
 *  file could exhaust its stack. */
#define CG_HTACCESS_NESTED_MAX 64
/** A file may have so many sections: each is tried with requests of its own, which all of them may
 *  apply to. */
#define CG_HTACCESS_SECTIONS_MAX 1000
/** What httpd says of a file is cut behind this many bytes, as it may quote whole lines. */
#define CG_HTACCESS_SAID_MAX 400

/** What reading the text of an .htaccess takes, and gives. */
typedef struct cg_htaccess_parse {
    apr_pool_t *p; /**< of the section, and of all that directives keep */
    const cg_commands *commands;
    const server_rec *server;
    cg_override override;
    const char *directory; /**< ends in "/" */
    const cg_htaccess_text *text;
    const cg_section *section; /**< out: NULL where there is a problem */
    const char *problem;       /**< out: a clause */
    int status;                /**< out: 500 where problem is what httpd says; 0: it is of this
                                    audit */
} cg_htaccess_parse;

/** Reads a text as ap_parse_htaccess would.
 *
 *  Its author is not trusted, this process often root's, and a directive may run a program when it
 *  is read (AuthLDAPBindPassword exec:..., SessionCryptoPassphrase exec:...). So only the handlers
 *  of modules that are known to do nothing but parse are called: those which make sections and
 *  what has a part in CORS. Directives of other modules are only looked up: whether they are
 *  known and allowed here; that their arguments are wrong is not seen. Where another one would be
 *  carried out while the file is read (<LuaHook...>, <Macro>, Include), the file is not read. */
void cg_htaccess_parse_text(cg_htaccess_parse *parse);

#endif
