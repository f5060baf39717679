#include <sqlite3.h>
#include "joined_writes.h"
#include "page_cache.h"

// Swift can't call functions with a variable number of arguments.
static inline int holdfast_never_checkpoint_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

static inline int holdfast_set_lookaside(sqlite3 *database, int size_bytes, int count) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_LOOKASIDE, (void *)0, size_bytes, count);
}

static inline int holdfast_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
