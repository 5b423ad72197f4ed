/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HASH_H
#define CG_HASH_H

#include <apr.h>
#include <string.h>

/** More words than the longest key of a set has: a host of 127 labels, its scheme and its port. */
#define CG_HASH_WORDS 256

/** The random numbers of this process. A keyed hash, since whoever writes a list of origins (a
 *  tenant, an .htaccess) must not be able to make its lookups slow. */
typedef struct cg_hash_key {
    struct {
        apr_uint32_t low, high;
    } words[CG_HASH_WORDS];
    apr_uint64_t last; /**< odd */
} cg_hash_key;

/** NH (RFC 4418, 5.2) over several texts, each with its length: a product of keyed halves for
 *  each eight bytes, so that two texts collide by chance of the key only. Inline: it is most of
 *  a lookup. */
typedef struct cg_hash {
    apr_uint64_t sum;
    unsigned words;
} cg_hash;

/** The key, made at the first call of any thread, read-only afterwards. */
const cg_hash_key *cg_hash_process_key(void);

static inline void cg_hash_word(cg_hash *h, const cg_hash_key *key, apr_uint64_t word)
{
    unsigned i = h->words++ % CG_HASH_WORDS;
    apr_uint32_t low = (apr_uint32_t)word + key->words[i].low;
    apr_uint32_t high = (apr_uint32_t)(word >> 32) + key->words[i].high;

    h->sum += (apr_uint64_t)low * high;
}

/* The last len % 8 bytes of a text; no byte outside it is read. */
static inline apr_uint64_t cg_hash_rest(const char *text, apr_size_t len)
{
    apr_size_t rest = len % 8;
    apr_uint64_t word = 0;

    if (len >= 8 && rest) {
        memcpy(&word, text + len - 8, 8);
        return APR_IS_BIGENDIAN ? word & ((APR_UINT64_C(1) << (8 * rest)) - 1)
                                : word >> (8 * (8 - rest));
    }
    for (apr_size_t i = len - rest; i < len; i++)
        word = word << 8 | (unsigned char)text[i];
    return word;
}

/** Takes in len bytes, and their number modulo 256. */
static inline void cg_hash_text(cg_hash *h, const cg_hash_key *key, const char *text,
                                apr_size_t len)
{
    apr_uint64_t word;

    for (apr_size_t i = 0; i + 8 <= len; i += 8) {
        memcpy(&word, text + i, 8);
        cg_hash_word(h, key, word);
    }
    cg_hash_word(h, key, cg_hash_rest(text, len) | (apr_uint64_t)len << 56);
}

/** Takes in the last text and ends; h stays as it was, so that it can be continued. */
static inline apr_uint32_t cg_hash_end(cg_hash h, const cg_hash_key *key, const char *text,
                                       apr_size_t len)
{
    cg_hash_text(&h, key, text, len);
    return (apr_uint32_t)((h.sum ^ h.sum >> 32) * key->last >> 32);
}

#endif
