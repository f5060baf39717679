// A way for SQLite to reach its files that can lose power and whose disk can fail.
//
// It stands before SQLite's default VFS and speaks SQLite's public interface only. Whatever is written goes to the real
// file at once, as into the kernel's cache, so everybody sees it. Besides, for each database, log and journal it keeps
// what the disk is sure to hold: the contents as of the last sync, and the names as of the last sync of the directory.
// What came later is pending: each write and truncate by itself, and each name that was made or taken away.
//
// `crash_vfs_power_off` leaves files behind as a disk may hold them after a power cut: everything that was synced, and
// of the rest any part, chosen by the seed. A pending operation is kept, dropped or torn, whatever happened to those
// before it. A torn write is kept by sectors of 512 bytes, up to some byte or from some sector on, and a sector that
// was being written may hold anything. Bytes outside of a write are never harmed, which SQLite relies on (its
// "powersafe overwrite", on by default).
//
// A name becomes durable as SQLite's unix VFS has it: the first sync of a log or journal that was opened to be made if
// missing also syncs the directory, and so does a delete that asks for it. All names of the directory are durable then.
//
// A sync that fails by `crash_vfs_fail` is the last word about what it should have written, as on Linux: some of it
// never gets to the disk, and no later sync tells so, although the kernel's cache goes on to show it.
//
// One `crash_vfs` has the files of one directory. Its calls may come from any thread.

#ifndef CRASH_VFS_H
#define CRASH_VFS_H

#include <stdbool.h>
#include <stdint.h>

/// A VFS with its disk.
typedef struct crash_vfs crash_vfs;

/// What SQLite does to files; sets of them are ored.
enum {
    crash_vfs_open = 1,
    crash_vfs_write = 2,
    crash_vfs_sync = 4,
    crash_vfs_truncate = 8,
    crash_vfs_delete = 16,
    crash_vfs_read = 32,
    /// A write past the end of its file, which is a `crash_vfs_write` besides.
    crash_vfs_grow = 64,
    /// All that change what lies on the disk; they are what a crash is counted by.
    crash_vfs_changes = 31,
};

/// Registers a VFS under a name of its own. All that is left to chance follows from the seed.
crash_vfs *crash_vfs_new(uint64_t seed);

/// What to open databases with.
const char *crash_vfs_name(const crash_vfs *vfs);

/// Takes it away again; every file must have been closed.
void crash_vfs_free(crash_vfs *vfs);

/// Files that are open.
int64_t crash_vfs_open_files(crash_vfs *vfs);

/// Changes so far.
int64_t crash_vfs_change_count(crash_vfs *vfs);

/// Checkpoints that have begun so far.
int64_t crash_vfs_checkpoint_count(crash_vfs *vfs);

/// Has the `n`th of these operations from now, 1 or more, be the last one: it happens in full, in part or not at all,
/// and that one and everything after it fails.
void crash_vfs_crash_after(crash_vfs *vfs, int operations, int64_t n);

/// The same for all changes, counted from the beginning of the `checkpoint`th checkpoint from now.
void crash_vfs_crash_in_checkpoint(crash_vfs *vfs, int64_t checkpoint, int64_t n);

/// Has everything fail from now on.
void crash_vfs_crash(crash_vfs *vfs);

/// Whether everything fails.
bool crash_vfs_has_crashed(crash_vfs *vfs);

/// Whether it was a checkpoint that was cut short by the crash.
bool crash_vfs_has_crashed_in_checkpoint(crash_vfs *vfs);

/// After a crash that was one of the process only: what was written is there, and nothing more is synced than before.
/// Every file must have been closed.
void crash_vfs_restart(crash_vfs *vfs);

/// Writes the files into a directory that is there, as they may be after the power was cut now. The seed decides.
/// False if they can't be written.
bool crash_vfs_power_off(crash_vfs *vfs, const char *directory, uint64_t seed);

/// Has the `n`th of these operations from now on, 1 or more, fail with one of SQLite's codes, and if asked for all
/// later ones. `n` of 0 ends it.
void crash_vfs_fail(crash_vfs *vfs, int operations, int64_t n, bool forever, int code);

/// Operations that failed by `crash_vfs_fail` so far.
int64_t crash_vfs_failure_count(crash_vfs *vfs);

/// Has syncs of the log, or of the database, say that all went well and do nothing: a disk that lies.
void crash_vfs_lie(crash_vfs *vfs, bool about_log, bool about_database);

#endif
