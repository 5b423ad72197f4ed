/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HASH_H
#define CG_HASH_H

#include <apr.h>
#include <string.h>

/** SipHash-1-3 (Aumasson, Bernstein 2012) over several texts, each with its length. A keyed
 *  hash, since whoever writes a list of origins (a tenant, an .htaccess) must not be able to
 *  make its lookups slow. Inline: it is most of a lookup. */
typedef struct cg_hash {
    apr_uint64_t v0, v1, v2, v3;
} cg_hash;

/** Copies the random key of this process, made at the first call of any thread. */
void cg_hash_key(apr_uint64_t key[2]);

static inline apr_uint64_t cg_hash_rotate(apr_uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void cg_hash_round(cg_hash *h)
{
    h->v0 += h->v1;
    h->v1 = cg_hash_rotate(h->v1, 13) ^ h->v0;
    h->v0 = cg_hash_rotate(h->v0, 32);
    h->v2 += h->v3;
    h->v3 = cg_hash_rotate(h->v3, 16) ^ h->v2;
    h->v0 += h->v3;
    h->v3 = cg_hash_rotate(h->v3, 21) ^ h->v0;
    h->v2 += h->v1;
    h->v1 = cg_hash_rotate(h->v1, 17) ^ h->v2;
    h->v2 = cg_hash_rotate(h->v2, 32);
}

static inline void cg_hash_word(cg_hash *h, apr_uint64_t word)
{
    h->v3 ^= word;
    cg_hash_round(h);
    h->v0 ^= word;
}

static inline cg_hash cg_hash_begin(const apr_uint64_t key[2])
{
    return (cg_hash){
        key[0] ^ APR_UINT64_C(0x736f6d6570736575), key[1] ^ APR_UINT64_C(0x646f72616e646f6d),
        key[0] ^ APR_UINT64_C(0x6c7967656e657261), key[1] ^ APR_UINT64_C(0x7465646279746573)};
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

/** Takes in len bytes, up to 255, and their number. */
static inline void cg_hash_text(cg_hash *h, const char *text, apr_size_t len)
{
    apr_uint64_t word;

    for (apr_size_t i = 0; i + 8 <= len; i += 8) {
        memcpy(&word, text + i, 8);
        cg_hash_word(h, word);
    }
    cg_hash_word(h, cg_hash_rest(text, len) | (apr_uint64_t)len << 56);
}

/** Takes in the last text and ends; h stays as it was, so that it can be continued. */
static inline apr_uint32_t cg_hash_end(cg_hash h, const char *text, apr_size_t len)
{
    apr_uint64_t sum;

    cg_hash_text(&h, text, len);
    h.v2 ^= 0xff;
    cg_hash_round(&h);
    cg_hash_round(&h);
    cg_hash_round(&h);
    sum = h.v0 ^ h.v1 ^ h.v2 ^ h.v3;
    return (apr_uint32_t)(sum ^ sum >> 32);
}

#endif
