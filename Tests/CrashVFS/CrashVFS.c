// The VFS itself: opening and deleting, crashes and faults, and the end of power.

#include "Parts.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Files whose life on the disk is followed.
static const int followed_types =
    SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;

static crash_vfs *of(sqlite3_vfs *vfs) {
    return (crash_vfs *)vfs;
}

/// Counts an operation and decides about it; `code` is changed if a failure of another kind is asked for.
verdict judge(crash_vfs *vfs, int operation, int *code) {
    if (vfs->has_crashed) return is_refused;
    if ((operation & crash_vfs_changes) != 0) {
        vfs->change_count += 1;
    }
    if ((operation & vfs->crash_operations) != 0 && vfs->crash_after > 0 && --vfs->crash_after == 0) {
        vfs->has_crashed = true;
        vfs->has_crashed_in_checkpoint = vfs->is_in_checkpoint;
        return crashes;
    }
    fault *fault = &vfs->fault;
    if ((fault->operations & operation) == 0 || fault->after == 0) return goes_on;
    if (fault->after > 1) {
        fault->after -= 1;
        return goes_on;
    }
    if (!fault->is_forever) fault->after = 0;
    vfs->failure_count += 1;
    *code = fault->code;
    return fails;
}

static int open_real(crash_vfs *vfs, const char *path, crash_file *file, int flags, int *flags_out) {
    file->real = (sqlite3_file *)(file + 1);
    int code = vfs->real->xOpen(vfs->real, path, file->real, flags, flags_out);
    if (file->real->pMethods == NULL) return code;
    if (code != SQLITE_OK) {
        file->real->pMethods->xClose(file->real);
        return code;
    }
    file->base.pMethods = &crash_methods;
    vfs->open_files += 1;
    return SQLITE_OK;
}

/// The log and the journal that lie beside a database lie on the disk even if nobody gets to opening them.
static void know_companions(crash_vfs *vfs, const char *path) {
    static const char *endings[] = {"-wal", "-journal"};
    for (int i = 0; i < 2; i++) {
        char companion[1024];
        int length = snprintf(companion, sizeof(companion), "%s%s", path, endings[i]);
        if (length < 0 || (size_t)length >= sizeof(companion)) abort();
        name_before_open(vfs, companion);
    }
}

static int open_file(sqlite3_vfs *base, const char *path, sqlite3_file *base_file, int flags, int *flags_out) {
    crash_vfs *vfs = of(base);
    crash_file *file = (crash_file *)base_file;
    memset(file, 0, (size_t)base->szOsFile);
    file->vfs = vfs;
    file->type = flags & (followed_types);
    pthread_mutex_lock(&vfs->lock);
    name *name = path != NULL && file->type != 0 ? name_before_open(vfs, path) : NULL;
    if (file->type == SQLITE_OPEN_MAIN_DB) know_companions(vfs, path);
    int code = SQLITE_CANTOPEN;
    verdict verdict = judge(vfs, crash_vfs_open, &code);
    if (verdict == goes_on) {
        code = open_real(vfs, path, file, flags, flags_out);
        if (code == SQLITE_OK && name != NULL) {
            if (name->current == NULL) {
                name->current = new_inode(vfs);
                name->current->number = file_number(path);
            }
            file->inode = name->current;
            file->syncs_directory = file->type != SQLITE_OPEN_MAIN_DB && (flags & SQLITE_OPEN_CREATE) != 0;
        }
    }
    pthread_mutex_unlock(&vfs->lock);
    return code;
}

static int delete_file(sqlite3_vfs *base, const char *path, int syncs_directory) {
    crash_vfs *vfs = of(base);
    pthread_mutex_lock(&vfs->lock);
    name *name = name_before_open(vfs, path);
    int code = SQLITE_IOERR_DELETE;
    verdict verdict = judge(vfs, crash_vfs_delete, &code);
    if (verdict == goes_on || (verdict == crashes && random_below(&vfs->random, 2) == 0)) {
        int real = vfs->real->xDelete(vfs->real, path, 0);
        if (real == SQLITE_OK) name->current = NULL;
        if (real == SQLITE_OK && syncs_directory && verdict == goes_on) sync_names(vfs);
        if (verdict == goes_on) code = real;
    }
    pthread_mutex_unlock(&vfs->lock);
    return code;
}

static int access_file(sqlite3_vfs *base, const char *path, int flags, int *answer) {
    crash_vfs *vfs = of(base);
    if (crash_vfs_has_crashed(vfs)) return SQLITE_IOERR_ACCESS;
    return vfs->real->xAccess(vfs->real, path, flags, answer);
}

static int full_path(sqlite3_vfs *base, const char *path, int size, char *result) {
    return of(base)->real->xFullPathname(of(base)->real, path, size, result);
}

static int randomness(sqlite3_vfs *base, int size, char *result) {
    return of(base)->real->xRandomness(of(base)->real, size, result);
}

static int pause_thread(sqlite3_vfs *base, int microseconds) {
    return of(base)->real->xSleep(of(base)->real, microseconds);
}

static int current_time(sqlite3_vfs *base, double *result) {
    return of(base)->real->xCurrentTime(of(base)->real, result);
}

static int last_error(sqlite3_vfs *base, int size, char *result) {
    return of(base)->real->xGetLastError(of(base)->real, size, result);
}

crash_vfs *crash_vfs_new(uint64_t seed) {
    static atomic_llong last_number;
    crash_vfs *vfs = calloc(1, sizeof(crash_vfs));
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    if (vfs == NULL || real == NULL || pthread_mutex_init(&vfs->lock, NULL) != 0) abort();
    vfs->real = real;
    vfs->random = seed;
    snprintf(vfs->registered_name, sizeof(vfs->registered_name), "crash-%lld", ++last_number);
    vfs->base = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = (int)sizeof(crash_file) + real->szOsFile,
        .mxPathname = real->mxPathname,
        .zName = vfs->registered_name,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_path,
        .xRandomness = randomness,
        .xSleep = pause_thread,
        .xCurrentTime = current_time,
        .xGetLastError = last_error,
    };
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) abort();
    return vfs;
}

const char *crash_vfs_name(const crash_vfs *vfs) {
    return vfs->registered_name;
}

void crash_vfs_free(crash_vfs *vfs) {
    if (vfs->open_files != 0) abort();
    sqlite3_vfs_unregister(&vfs->base);
    free_names(vfs);
    free_inodes(vfs);
    pthread_mutex_destroy(&vfs->lock);
    free(vfs);
}

/// Reads or sets one thing under the lock.
#define LOCKED(vfs, statement) \
    pthread_mutex_lock(&(vfs)->lock); \
    statement; \
    pthread_mutex_unlock(&(vfs)->lock)

int64_t crash_vfs_open_files(crash_vfs *vfs) {
    LOCKED(vfs, int64_t count = vfs->open_files);
    return count;
}

int64_t crash_vfs_change_count(crash_vfs *vfs) {
    LOCKED(vfs, int64_t count = vfs->change_count);
    return count;
}

int64_t crash_vfs_checkpoint_count(crash_vfs *vfs) {
    LOCKED(vfs, int64_t count = vfs->checkpoint_count);
    return count;
}

int64_t crash_vfs_failure_count(crash_vfs *vfs) {
    LOCKED(vfs, int64_t count = vfs->failure_count);
    return count;
}

bool crash_vfs_has_crashed(crash_vfs *vfs) {
    LOCKED(vfs, bool answer = vfs->has_crashed);
    return answer;
}

bool crash_vfs_has_crashed_in_checkpoint(crash_vfs *vfs) {
    LOCKED(vfs, bool answer = vfs->has_crashed_in_checkpoint);
    return answer;
}

void crash_vfs_crash_after(crash_vfs *vfs, int operations, int64_t n) {
    LOCKED(vfs, vfs->crash_operations = operations; vfs->crash_after = n);
}

void crash_vfs_crash_in_checkpoint(crash_vfs *vfs, int64_t checkpoint, int64_t n) {
    LOCKED(vfs, vfs->crash_checkpoint = checkpoint; vfs->crash_in_checkpoint = n);
}

void crash_vfs_crash(crash_vfs *vfs) {
    LOCKED(vfs, vfs->has_crashed = true);
}

void crash_vfs_restart(crash_vfs *vfs) {
    if (crash_vfs_open_files(vfs) != 0) abort();
    LOCKED(vfs, vfs->has_crashed = vfs->is_in_checkpoint = false; vfs->crash_after = vfs->crash_checkpoint = 0);
}

void crash_vfs_fail(crash_vfs *vfs, int operations, int64_t n, bool forever, int code) {
    fault fault = {.operations = operations, .after = n, .is_forever = forever, .code = code};
    LOCKED(vfs, vfs->fault = fault);
}

void crash_vfs_lie(crash_vfs *vfs, bool about_log, bool about_database) {
    LOCKED(vfs, vfs->lies_about_log = about_log; vfs->lies_about_database = about_database);
}

static bool write_out(const inode *file, const char *directory, const char *path) {
    char target[1024];
    const char *last = strrchr(path, '/');
    int length = snprintf(target, sizeof(target), "%s/%s", directory, last == NULL ? path : last + 1);
    if (length < 0 || (size_t)length >= sizeof(target)) return false;
    FILE *out = fopen(target, "wb");
    if (out == NULL) return false;
    bool is_whole = fwrite(file->durable, 1, file->size, out) == file->size;
    return fclose(out) == 0 && is_whole;
}

bool crash_vfs_power_off(crash_vfs *vfs, const char *directory, uint64_t seed) {
    uint64_t random = seed;
    bool is_whole = true;
    pthread_mutex_lock(&vfs->lock);
    vfs->has_crashed = true;
    int64_t way = random_below(&random, 4);
    for (name *name = vfs->names; name != NULL; name = name->next) {
        bool is_current = way == 0 ? false : way == 1 ? true : random_below(&random, 2) == 0;
        const inode *source = is_current ? name->current : name->durable;
        if (source == NULL) continue;
        inode *file = copy_of(source, vfs);
        survive(file, &random);
        is_whole = write_out(file, directory, name->path) && is_whole;
    }
    pthread_mutex_unlock(&vfs->lock);
    return is_whole;
}
