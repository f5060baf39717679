#include <sqlite3.h>

// Swift can't call functions with a variable number of arguments.
static inline int holdfast_never_checkpoint_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
