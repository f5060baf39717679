// What the parts of the crash VFS share.

#ifndef CRASH_VFS_PARTS_H
#define CRASH_VFS_PARTS_H

#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>

#include "include/CrashVFS.h"

/// A write, or a truncate if there is no data, that may or may not be on the disk.
typedef struct change {
    bool is_truncate;
    int64_t offset;
    size_t size;
    uint8_t *bytes;
} change;

/// What a name leads to: a file's contents on the disk, and what came since.
typedef struct inode {
    struct inode *next;
    /// The real file's number, by which another one in its place is told.
    uint64_t number;
    uint8_t *durable;
    size_t size;
    size_t capacity;
    change *pending;
    size_t pending_count;
    size_t pending_capacity;
} inode;

/// A name in the directory: what it leads to on the disk, and what it leads to for everybody.
typedef struct name {
    struct name *next;
    char *path;
    inode *durable;
    inode *current;
} name;

/// A failure that is to come, or has come and stays.
typedef struct fault {
    int operations;
    int64_t after;
    bool is_forever;
    int code;
} fault;

struct crash_vfs {
    sqlite3_vfs base;
    sqlite3_vfs *real;
    pthread_mutex_t lock;
    char registered_name[32];
    uint64_t random;
    name *names;
    inode *inodes;
    bool has_crashed;
    bool is_in_checkpoint;
    bool has_crashed_in_checkpoint;
    /// How many of these operations there are until the crash, 0 for none.
    int crash_operations;
    int64_t crash_after;
    /// Checkpoints until the counting above begins, 0 for none.
    int64_t crash_checkpoint;
    int64_t crash_in_checkpoint;
    fault fault;
    int64_t change_count;
    int64_t checkpoint_count;
    int64_t failure_count;
    int64_t open_files;
    bool lies_about_log;
    bool lies_about_database;
};

/// An open file; the real one follows it in memory.
typedef struct crash_file {
    sqlite3_file base;
    crash_vfs *vfs;
    /// Nothing for files that are not looked after, such as temporary ones.
    inode *inode;
    sqlite3_file *real;
    int type;
    /// Whether its first sync also syncs the directory.
    bool syncs_directory;
} crash_file;

/// What is to become of an operation.
typedef enum verdict { goes_on, fails, crashes, is_refused } verdict;

// Chance.c
uint64_t next_random(uint64_t *state);
int64_t random_below(uint64_t *state, int64_t limit);

// Inode.c
inode *new_inode(crash_vfs *vfs);
void free_inodes(crash_vfs *vfs);
void put_bytes(inode *file, int64_t offset, const uint8_t *bytes, size_t size);
void cut(inode *file, int64_t size);
void add_pending(inode *file, bool is_truncate, int64_t offset, const void *bytes, size_t size);
void make_durable(inode *file);
void survive(inode *file, uint64_t *random);
inode *copy_of(const inode *file, crash_vfs *vfs);

// Names.c
name *find_name(crash_vfs *vfs, const char *path);
uint64_t file_number(const char *path);
name *name_before_open(crash_vfs *vfs, const char *path);
void sync_names(crash_vfs *vfs);
void free_names(crash_vfs *vfs);

// CrashVFS.c
verdict judge(crash_vfs *vfs, int operation, int *code);

// Files.c
extern const sqlite3_io_methods crash_methods;

#endif
