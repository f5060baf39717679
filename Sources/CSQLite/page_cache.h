#include <sqlite3.h>

// SQLite's own page cache, but for one thing. When SQLite puts the pages of a tree in order it gives a page the number
// of the lock-byte page for a moment. The cache takes that for the largest number it holds, and so each commit after it
// walks through all of the cache for pages beyond the end of the file: a millisecond with 64 MiB. This one tells such
// a number from those that stay, and spares the walk.

typedef struct {
    sqlite3_pcache *inner;
    // no page that stays has a larger number
    unsigned last;
    // number of the lock-byte page, which is never read or written, and how many pages have it now
    unsigned spare;
    unsigned spare_count;
} holdfast_page_cache;

// SQLite's own.
static inline sqlite3_pcache_methods2 *holdfast_inner_cache(void) {
    static sqlite3_pcache_methods2 methods;
    return &methods;
}

static inline int holdfast_cache_init(void *argument) {
    (void)argument;
    return holdfast_inner_cache()->xInit(holdfast_inner_cache()->pArg);
}

static inline void holdfast_cache_shutdown(void *argument) {
    (void)argument;
    if (holdfast_inner_cache()->xShutdown) holdfast_inner_cache()->xShutdown(holdfast_inner_cache()->pArg);
}

static inline sqlite3_pcache *holdfast_cache_create(int page_size, int extra_size, int is_purgeable) {
    holdfast_page_cache *cache = sqlite3_malloc(sizeof(holdfast_page_cache));
    if (!cache) return 0;
    cache->inner = holdfast_inner_cache()->xCreate(page_size, extra_size, is_purgeable);
    cache->last = 0;
    cache->spare = 0x40000000u / (unsigned)page_size + 1;
    cache->spare_count = 0;
    if (!cache->inner) {
        sqlite3_free(cache);
        return 0;
    }
    return (sqlite3_pcache *)cache;
}

static inline void holdfast_cache_size(sqlite3_pcache *cache, int size) {
    holdfast_inner_cache()->xCachesize(((holdfast_page_cache *)cache)->inner, size);
}

static inline int holdfast_cache_page_count(sqlite3_pcache *cache) {
    return holdfast_inner_cache()->xPagecount(((holdfast_page_cache *)cache)->inner);
}

static inline sqlite3_pcache_page *holdfast_cache_fetch(sqlite3_pcache *outer, unsigned number, int creates) {
    holdfast_page_cache *cache = (holdfast_page_cache *)outer;
    sqlite3_pcache_page *page = holdfast_inner_cache()->xFetch(cache->inner, number, creates);
    if (page && number > cache->last) cache->last = number;
    return page;
}

static inline void holdfast_cache_unpin(sqlite3_pcache *cache, sqlite3_pcache_page *page, int discards) {
    holdfast_inner_cache()->xUnpin(((holdfast_page_cache *)cache)->inner, page, discards);
}

static inline void holdfast_cache_rekey(
    sqlite3_pcache *outer, sqlite3_pcache_page *page, unsigned from, unsigned to
) {
    holdfast_page_cache *cache = (holdfast_page_cache *)outer;
    holdfast_inner_cache()->xRekey(cache->inner, page, from, to);
    if (from == cache->spare && cache->spare_count > 0) cache->spare_count--;
    if (to == cache->spare) {
        cache->spare_count++;
    } else if (to > cache->last) {
        cache->last = to;
    }
}

static inline void holdfast_cache_truncate(sqlite3_pcache *outer, unsigned first) {
    holdfast_page_cache *cache = (holdfast_page_cache *)outer;
    if (first > cache->last && cache->spare_count == 0) return;
    holdfast_inner_cache()->xTruncate(cache->inner, first);
    cache->spare_count = 0;
    if (cache->last >= first) cache->last = first > 0 ? first - 1 : 0;
}

static inline void holdfast_cache_destroy(sqlite3_pcache *outer) {
    holdfast_page_cache *cache = (holdfast_page_cache *)outer;
    holdfast_inner_cache()->xDestroy(cache->inner);
    sqlite3_free(cache);
}

static inline void holdfast_cache_shrink(sqlite3_pcache *cache) {
    if (holdfast_inner_cache()->xShrink) holdfast_inner_cache()->xShrink(((holdfast_page_cache *)cache)->inner);
}

// To be called before SQLite's first use, as all that is for the whole library.
static inline int holdfast_spare_cache_walks(void) {
    int code = sqlite3_config(SQLITE_CONFIG_GETPCACHE2, holdfast_inner_cache());
    if (code != SQLITE_OK) return code;
    sqlite3_pcache_methods2 methods = {
        .iVersion = 1,
        .pArg = 0,
        .xInit = holdfast_cache_init,
        .xShutdown = holdfast_cache_shutdown,
        .xCreate = holdfast_cache_create,
        .xCachesize = holdfast_cache_size,
        .xPagecount = holdfast_cache_page_count,
        .xFetch = holdfast_cache_fetch,
        .xUnpin = holdfast_cache_unpin,
        .xRekey = holdfast_cache_rekey,
        .xTruncate = holdfast_cache_truncate,
        .xDestroy = holdfast_cache_destroy,
        .xShrink = holdfast_cache_shrink,
    };
    return sqlite3_config(SQLITE_CONFIG_PCACHE2, &methods);
}
