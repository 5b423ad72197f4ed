/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_lines.h"

#include <apr_strings.h>

/* Lines while they are collected. */
typedef struct collecting {
    cg_lines *lines;
    apr_array_header_t *texts; /* of const char * */
} collecting;

static void add_text(const collecting *to, const char *text)
{
    APR_ARRAY_PUSH(to->texts, const char *) = text;
}

static void add_recipe(const collecting *to, const cg_recipe *recipe)
{
    if (!recipe)
        return;
    to->lines->writes_cors |= recipe->writes_cors;
    to->lines->is_local |= recipe->is_local;
    for (int i = 0; i < recipe->nodes->nelts; i++) {
        const ap_directive_t *node = APR_ARRAY_IDX(recipe->nodes, i, const ap_directive_t *);

        APR_ARRAY_PUSH(to->lines->nodes, const ap_directive_t *) = node;
        add_text(to, node->directive);
        add_text(to, node->args);
    }
    add_text(to, ""); /* where one place ends */
}

/* Every If, since it depends on the request which of them hold. */
static void add_ifs(const collecting *to, const apr_array_header_t *ifs)
{
    for (int i = 0; i < ifs->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(ifs, i, const cg_section *);

        add_text(to, section->text);
        to->lines->is_local |= cg_recipe_is_local(section->text) != 0;
        add_recipe(to, section->recipe);
        add_ifs(to, section->ifs);
        add_text(to, "</If>");
    }
}

static void add_sections(const collecting *to, const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        add_recipe(to, section->recipe);
        add_ifs(to, section->ifs);
    }
}

cg_lines cg_lines_of(apr_pool_t *p, const cg_walk *walk)
{
    cg_lines lines = {.nodes = apr_array_make(p, 16, sizeof(const ap_directive_t *))};
    const collecting to = {&lines, apr_array_make(p, 32, sizeof(const char *))};

    add_recipe(&to, walk->host->main_recipe);
    add_recipe(&to, walk->host->recipe);
    add_ifs(&to, walk->host->ifs);
    if (walk->before) {
        add_sections(&to, walk->before->sections);
        add_text(&to, "DirectoryIndex");
    }
    add_sections(&to, walk->sections);
    lines.text = apr_array_pstrcat(p, to.texts, '\n');
    return lines;
}

int cg_lines_number(const cg_lines *lines, const ap_directive_t *node)
{
    for (int i = 0; i < lines->nodes->nelts; i++) {
        if (APR_ARRAY_IDX(lines->nodes, i, const ap_directive_t *) == node)
            return i;
    }
    return -1;
}
