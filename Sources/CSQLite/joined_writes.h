#include <sqlite3.h>
#include <string.h>

// A way to SQLite's files that joins the writes of the write-ahead log. SQLite writes each page of a commit in two, a
// header of 24 bytes and the page, and each of them is a system call. Here they wait until the commit's last page has
// come, or the next does not follow, or there is no more room, and go to the file together.
//
// Nothing waits beyond its commit, and whatever measures, cuts or syncs the log, or reads what waits, finds it written.
// A write that fails late is told by the write or the sync that made it go, with its own code: SQLite takes the commit
// back for it, as it does for a write that fails at once. For a read that fails it would not, so what a read could not
// write goes on waiting for the next write.

// Bytes that may wait: 16 pages with their headers. More would be no fewer calls to speak of.
enum { holdfast_waiting_max = 16 * (24 + 4096) };

// A log that is open.
typedef struct {
    sqlite3_file base;
    // as SQLite's own VFS has opened it, behind this structure
    sqlite3_file *real;
    // what waits, how much that is, and where it belongs
    unsigned char *waiting;
    int count;
    sqlite3_int64 offset;
    // how much may wait
    int count_max;
    // where the last write ended, and whether it was the header of a commit's last page
    sqlite3_int64 end;
    int is_last_header;
} holdfast_log;

typedef struct {
    sqlite3_vfs base;
    sqlite3_vfs *real;
    char name[40];
} holdfast_joining_vfs;

// Writes what waits; if that fails it goes on waiting.
static inline int holdfast_log_flush(holdfast_log *log) {
    if (log->count == 0) return SQLITE_OK;
    int code = log->real->pMethods->xWrite(log->real, log->waiting, log->count, log->offset);
    if (code == SQLITE_OK) log->count = 0;
    return code;
}

// The same where SQLite takes the commit back if it fails: it writes all of it anew, or never.
static inline int holdfast_log_flush_or_drop(holdfast_log *log) {
    int code = holdfast_log_flush(log);
    log->count = 0;
    return code;
}

static inline int holdfast_log_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    holdfast_log *log = (holdfast_log *)file;
    // A page follows its header, but where SQLite writes the headers of a commit anew, by themselves.
    int ends_commit = log->is_last_header;
    if (log->count > 0 && (offset != log->offset + log->count || size > log->count_max - log->count)) {
        int code = holdfast_log_flush_or_drop(log);
        if (code != SQLITE_OK) return code;
    }
    if (size > log->count_max) return log->real->pMethods->xWrite(log->real, bytes, size, offset);
    // In a header the database's size in pages stands only with a commit's last page.
    const unsigned char *header = (const unsigned char *)bytes;
    log->is_last_header = size == 24 && (header[4] | header[5] | header[6] | header[7]) != 0;
    if (log->is_last_header && offset != log->end) ends_commit = 1;
    log->end = offset + size;
    if (log->count == 0) log->offset = offset;
    memcpy(log->waiting + log->count, bytes, (size_t)size);
    log->count += size;
    return ends_commit ? holdfast_log_flush_or_drop(log) : SQLITE_OK;
}

static inline int holdfast_log_close(sqlite3_file *file) {
    holdfast_log *log = (holdfast_log *)file;
    int written = holdfast_log_flush(log);
    int closed = log->real->pMethods->xClose(log->real);
    sqlite3_free(log->waiting);
    return written != SQLITE_OK ? written : closed;
}

static inline int holdfast_log_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
    holdfast_log *log = (holdfast_log *)file;
    if (offset < log->offset + log->count && log->offset < offset + size) {
        int code = holdfast_log_flush(log);
        if (code != SQLITE_OK) return code;
    }
    return log->real->pMethods->xRead(log->real, bytes, size, offset);
}

static inline int holdfast_log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    holdfast_log *log = (holdfast_log *)file;
    int code = holdfast_log_flush(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xTruncate(log->real, size);
}

static inline int holdfast_log_sync(sqlite3_file *file, int flags) {
    holdfast_log *log = (holdfast_log *)file;
    int code = holdfast_log_flush_or_drop(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xSync(log->real, flags);
}

static inline int holdfast_log_size(sqlite3_file *file, sqlite3_int64 *size) {
    holdfast_log *log = (holdfast_log *)file;
    int code = holdfast_log_flush(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xFileSize(log->real, size);
}

static inline int holdfast_log_control(sqlite3_file *file, int operation, void *argument) {
    holdfast_log *log = (holdfast_log *)file;
    int code = holdfast_log_flush(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xFileControl(log->real, operation, argument);
}

static inline int holdfast_log_lock(sqlite3_file *file, int level) {
    holdfast_log *log = (holdfast_log *)file;
    return log->real->pMethods->xLock(log->real, level);
}

static inline int holdfast_log_unlock(sqlite3_file *file, int level) {
    holdfast_log *log = (holdfast_log *)file;
    return log->real->pMethods->xUnlock(log->real, level);
}

static inline int holdfast_log_check_lock(sqlite3_file *file, int *answer) {
    holdfast_log *log = (holdfast_log *)file;
    return log->real->pMethods->xCheckReservedLock(log->real, answer);
}

static inline int holdfast_log_sector_size(sqlite3_file *file) {
    holdfast_log *log = (holdfast_log *)file;
    return log->real->pMethods->xSectorSize(log->real);
}

static inline int holdfast_log_characteristics(sqlite3_file *file) {
    holdfast_log *log = (holdfast_log *)file;
    return log->real->pMethods->xDeviceCharacteristics(log->real);
}

static inline const sqlite3_io_methods *holdfast_log_methods(void) {
    static const sqlite3_io_methods methods = {
        .iVersion = 1,
        .xClose = holdfast_log_close,
        .xRead = holdfast_log_read,
        .xWrite = holdfast_log_write,
        .xTruncate = holdfast_log_truncate,
        .xSync = holdfast_log_sync,
        .xFileSize = holdfast_log_size,
        .xLock = holdfast_log_lock,
        .xUnlock = holdfast_log_unlock,
        .xCheckReservedLock = holdfast_log_check_lock,
        .xFileControl = holdfast_log_control,
        .xSectorSize = holdfast_log_sector_size,
        .xDeviceCharacteristics = holdfast_log_characteristics,
    };
    return &methods;
}

static inline sqlite3_vfs *holdfast_real_vfs(sqlite3_vfs *vfs) {
    return ((holdfast_joining_vfs *)vfs)->real;
}

// All files but logs are SQLite's own.
static inline int holdfast_joining_open(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_out
) {
    sqlite3_vfs *real = holdfast_real_vfs(vfs);
    if ((flags & SQLITE_OPEN_WAL) == 0) return real->xOpen(real, path, file, flags, flags_out);
    holdfast_log *log = (holdfast_log *)file;
    memset(log, 0, (size_t)vfs->szOsFile);
    log->waiting = sqlite3_malloc(holdfast_waiting_max);
    if (!log->waiting) return SQLITE_NOMEM;
    log->real = (sqlite3_file *)(log + 1);
    int code = real->xOpen(real, path, log->real, flags, flags_out);
    if (code != SQLITE_OK) {
        if (log->real->pMethods) log->real->pMethods->xClose(log->real);
        sqlite3_free(log->waiting);
        return code;
    }
    // Where a write can harm what lies beside it SQLite fills up the sector behind a commit, in part after the sync.
    int characteristics = log->real->pMethods->xDeviceCharacteristics(log->real);
    log->count_max = (characteristics & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0 ? holdfast_waiting_max : 0;
    log->base.pMethods = holdfast_log_methods();
    return SQLITE_OK;
}

static inline int holdfast_joining_delete(sqlite3_vfs *vfs, const char *path, int syncs_directory) {
    return holdfast_real_vfs(vfs)->xDelete(holdfast_real_vfs(vfs), path, syncs_directory);
}

static inline int holdfast_joining_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    return holdfast_real_vfs(vfs)->xAccess(holdfast_real_vfs(vfs), path, flags, answer);
}

static inline int holdfast_joining_full_path(sqlite3_vfs *vfs, const char *path, int size, char *result) {
    return holdfast_real_vfs(vfs)->xFullPathname(holdfast_real_vfs(vfs), path, size, result);
}

static inline int holdfast_joining_randomness(sqlite3_vfs *vfs, int size, char *result) {
    return holdfast_real_vfs(vfs)->xRandomness(holdfast_real_vfs(vfs), size, result);
}

static inline int holdfast_joining_sleep(sqlite3_vfs *vfs, int microseconds) {
    return holdfast_real_vfs(vfs)->xSleep(holdfast_real_vfs(vfs), microseconds);
}

static inline int holdfast_joining_time(sqlite3_vfs *vfs, double *result) {
    return holdfast_real_vfs(vfs)->xCurrentTime(holdfast_real_vfs(vfs), result);
}

static inline int holdfast_joining_last_error(sqlite3_vfs *vfs, int size, char *result) {
    return holdfast_real_vfs(vfs)->xGetLastError(holdfast_real_vfs(vfs), size, result);
}

// Makes such a way in front of another, which is found by its name, or of SQLite's own for none. It belongs to one
// connection, which opens files with its name and has to take it away after it is closed.
//
// Null without memory, and for a name that is none.
static inline holdfast_joining_vfs *holdfast_joining_vfs_new(const char *real_name) {
    sqlite3_vfs *real = sqlite3_vfs_find(real_name);
    if (!real) return 0;
    holdfast_joining_vfs *vfs = sqlite3_malloc(sizeof(holdfast_joining_vfs));
    if (!vfs) return 0;
    vfs->real = real;
    // Connections are opened on several threads; this one's address is nobody else's.
    sqlite3_snprintf(sizeof(vfs->name), vfs->name, "holdfast-%p", (void *)vfs);
    vfs->base = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = (int)sizeof(holdfast_log) + real->szOsFile,
        .mxPathname = real->mxPathname,
        .zName = vfs->name,
        .xOpen = holdfast_joining_open,
        .xDelete = holdfast_joining_delete,
        .xAccess = holdfast_joining_access,
        .xFullPathname = holdfast_joining_full_path,
        .xRandomness = holdfast_joining_randomness,
        .xSleep = holdfast_joining_sleep,
        .xCurrentTime = holdfast_joining_time,
        .xGetLastError = holdfast_joining_last_error,
    };
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) {
        sqlite3_free(vfs);
        return 0;
    }
    return vfs;
}

static inline void holdfast_joining_vfs_free(holdfast_joining_vfs *vfs) {
    sqlite3_vfs_unregister(&vfs->base);
    sqlite3_free(vfs);
}
