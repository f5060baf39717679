// The methods of an open file.

#include <string.h>

#include "Parts.h"

static crash_file *of(sqlite3_file *file) {
    return (crash_file *)file;
}

static void enter(crash_file *file) {
    pthread_mutex_lock(&file->vfs->lock);
}

static int leave(crash_file *file, int code) {
    pthread_mutex_unlock(&file->vfs->lock);
    return code;
}

static int close_file(sqlite3_file *base) {
    crash_file *file = of(base);
    enter(file);
    int code = file->real->pMethods->xClose(file->real);
    file->vfs->open_files -= 1;
    return leave(file, file->vfs->has_crashed ? SQLITE_IOERR_CLOSE : code);
}

static int read_file(sqlite3_file *base, void *bytes, int size, sqlite3_int64 offset) {
    crash_file *file = of(base);
    enter(file);
    int code = SQLITE_IOERR_READ;
    if (judge(file->vfs, crash_vfs_read, &code) == goes_on) {
        code = file->real->pMethods->xRead(file->real, bytes, size, offset);
    } else {
        memset(bytes, 0, (size_t)size);
    }
    return leave(file, code);
}

/// Writes to the kernel's cache, and takes note of it for the disk.
static int write_through(crash_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    if (size == 0) return SQLITE_OK;
    int code = file->real->pMethods->xWrite(file->real, bytes, size, offset);
    if (code == SQLITE_OK && file->inode != NULL) add_pending(file->inode, false, offset, bytes, (size_t)size);
    return code;
}

static bool grows(crash_file *file, int size, sqlite3_int64 offset) {
    sqlite3_int64 present = 0;
    return file->real->pMethods->xFileSize(file->real, &present) == SQLITE_OK && offset + size > present;
}

static int write_file(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 offset) {
    crash_file *file = of(base);
    enter(file);
    int code = SQLITE_IOERR_WRITE;
    int operation = grows(file, size, offset) ? crash_vfs_write | crash_vfs_grow : crash_vfs_write;
    verdict verdict = judge(file->vfs, operation, &code);
    if (verdict == goes_on) return leave(file, write_through(file, bytes, size, offset));
    if (verdict == is_refused) return leave(file, code);
    // A write that fails may have happened in part; one that is cut short by a crash even in full.
    uint64_t *random = &file->vfs->random;
    int64_t part = random_below(random, 2) == 0 ? 0 : random_below(random, size);
    if (verdict == crashes && random_below(random, 3) == 0) part = size;
    write_through(file, bytes, (int)part, offset);
    return leave(file, code);
}

static int truncate_file(sqlite3_file *base, sqlite3_int64 size) {
    crash_file *file = of(base);
    enter(file);
    int code = SQLITE_IOERR_TRUNCATE;
    verdict verdict = judge(file->vfs, crash_vfs_truncate, &code);
    bool happens = verdict == goes_on || (verdict == crashes && random_below(&file->vfs->random, 2) == 0);
    if (happens) {
        int real = file->real->pMethods->xTruncate(file->real, size);
        if (real == SQLITE_OK && file->inode != NULL) add_pending(file->inode, true, size, NULL, 0);
        if (verdict == goes_on) code = real;
    }
    return leave(file, code);
}

static void sync_inode(crash_file *file) {
    crash_vfs *vfs = file->vfs;
    bool lies = file->type == SQLITE_OPEN_WAL ? vfs->lies_about_log
                                              : file->type == SQLITE_OPEN_MAIN_DB && vfs->lies_about_database;
    if (file->inode == NULL || lies) return;
    make_durable(file->inode);
    if (file->syncs_directory) {
        sync_names(vfs);
        file->syncs_directory = false;
    }
}

static int sync_file(sqlite3_file *base, int flags) {
    crash_file *file = of(base);
    (void)flags;
    enter(file);
    int code = SQLITE_IOERR_FSYNC;
    verdict verdict = judge(file->vfs, crash_vfs_sync, &code);
    if (verdict == goes_on) {
        // The real file needs no sync: the disk is what is kept here.
        sync_inode(file);
        code = SQLITE_OK;
    } else if (verdict == crashes && random_below(&file->vfs->random, 2) == 0) {
        sync_inode(file);
    } else if (verdict == fails && file->inode != NULL) {
        survive(file->inode, &file->vfs->random);
    }
    return leave(file, code);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    crash_file *file = of(base);
    enter(file);
    int code = file->vfs->has_crashed ? SQLITE_IOERR_FSTAT : file->real->pMethods->xFileSize(file->real, size);
    return leave(file, code);
}

static int lock_file(sqlite3_file *base, int level) {
    crash_file *file = of(base);
    enter(file);
    int code = file->vfs->has_crashed ? SQLITE_IOERR_LOCK : file->real->pMethods->xLock(file->real, level);
    return leave(file, code);
}

static int unlock_file(sqlite3_file *base, int level) {
    return of(base)->real->pMethods->xUnlock(of(base)->real, level);
}

static int check_reserved_lock(sqlite3_file *base, int *answer) {
    return of(base)->real->pMethods->xCheckReservedLock(of(base)->real, answer);
}

static int control(sqlite3_file *base, int operation, void *argument) {
    crash_file *file = of(base);
    crash_vfs *vfs = file->vfs;
    switch (operation) {
    // These could change the file behind our back; both are hints only.
    case SQLITE_FCNTL_SIZE_HINT:
    case SQLITE_FCNTL_CHUNK_SIZE: return SQLITE_OK;
    case SQLITE_FCNTL_CKPT_START:
        enter(file);
        vfs->checkpoint_count += 1;
        vfs->is_in_checkpoint = true;
        if (vfs->crash_checkpoint > 0 && --vfs->crash_checkpoint == 0) {
            vfs->crash_operations = crash_vfs_changes;
            vfs->crash_after = vfs->crash_in_checkpoint;
        }
        leave(file, SQLITE_OK);
        break;
    case SQLITE_FCNTL_CKPT_DONE:
        enter(file);
        vfs->is_in_checkpoint = false;
        leave(file, SQLITE_OK);
        break;
    default: break;
    }
    return file->real->pMethods->xFileControl(file->real, operation, argument);
}

static int sector_size(sqlite3_file *base) {
    return of(base)->real->pMethods->xSectorSize(of(base)->real);
}

static int characteristics(sqlite3_file *base) {
    return of(base)->real->pMethods->xDeviceCharacteristics(of(base)->real);
}

static int map_memory(sqlite3_file *base, int region, int size, int extends, void volatile **memory) {
    return of(base)->real->pMethods->xShmMap(of(base)->real, region, size, extends, memory);
}

static int lock_memory(sqlite3_file *base, int offset, int count, int flags) {
    return of(base)->real->pMethods->xShmLock(of(base)->real, offset, count, flags);
}

static void memory_barrier(sqlite3_file *base) {
    of(base)->real->pMethods->xShmBarrier(of(base)->real);
}

static int unmap_memory(sqlite3_file *base, int deletes) {
    return of(base)->real->pMethods->xShmUnmap(of(base)->real, deletes);
}

// Version 2: the wal-index is passed through, and files are never mapped into memory.
const sqlite3_io_methods crash_methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_memory,
    .xShmLock = lock_memory,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = unmap_memory,
};
