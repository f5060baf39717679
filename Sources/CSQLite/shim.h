#include <sqlite3.h>

/* sqlite3_db_config takes a variable number of arguments, which Swift can't call. */
static inline int holdfast_keep_log_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
