// A file's contents on the disk, what is pending, and what of it gets to the disk without a sync.

#include <stdlib.h>
#include <string.h>

#include "Parts.h"

/// What a disk writes in one go.
static const int64_t sector_size = 512;

static void *checked(void *memory) {
    if (memory == NULL) abort();
    return memory;
}

inode *new_inode(crash_vfs *vfs) {
    inode *file = checked(calloc(1, sizeof(inode)));
    file->next = vfs->inodes;
    vfs->inodes = file;
    return file;
}

static void forget_pending(inode *file) {
    for (size_t i = 0; i < file->pending_count; i++) free(file->pending[i].bytes);
    file->pending_count = 0;
}

void free_inodes(crash_vfs *vfs) {
    while (vfs->inodes != NULL) {
        inode *file = vfs->inodes;
        vfs->inodes = file->next;
        forget_pending(file);
        free(file->pending);
        free(file->durable);
        free(file);
    }
}

/// A file of its own with the same contents and the same pending operations.
inode *copy_of(const inode *file, crash_vfs *vfs) {
    inode *copy = new_inode(vfs);
    put_bytes(copy, 0, file->durable, file->size);
    for (size_t i = 0; i < file->pending_count; i++) {
        const change *it = &file->pending[i];
        add_pending(copy, it->is_truncate, it->offset, it->bytes, it->size);
    }
    return copy;
}

/// Changes the durable contents; a gap before the bytes is filled with zeros.
void put_bytes(inode *file, int64_t offset, const uint8_t *bytes, size_t size) {
    size_t end = (size_t)offset + size;
    if (size == 0) return;
    if (end > file->capacity) {
        size_t capacity = end + end / 2;
        file->durable = checked(realloc(file->durable, capacity));
        file->capacity = capacity;
    }
    if (end > file->size) {
        memset(file->durable + file->size, 0, end - file->size);
        file->size = end;
    }
    memcpy(file->durable + offset, bytes, size);
}

/// Changes the size of the durable contents.
void cut(inode *file, int64_t size) {
    if ((size_t)size < file->size) {
        file->size = (size_t)size;
    } else if ((size_t)size > file->size) {
        uint8_t zero = 0;
        put_bytes(file, size - 1, &zero, 1);
    }
}

void add_pending(inode *file, bool is_truncate, int64_t offset, const void *bytes, size_t size) {
    if (file->pending_count == file->pending_capacity) {
        file->pending_capacity = file->pending_capacity * 2 + 16;
        file->pending = checked(realloc(file->pending, file->pending_capacity * sizeof(change)));
    }
    change *it = &file->pending[file->pending_count++];
    *it = (change){.is_truncate = is_truncate, .offset = offset, .size = size};
    if (size > 0) {
        it->bytes = checked(malloc(size));
        memcpy(it->bytes, bytes, size);
    }
}

static void apply(inode *file, const change *it) {
    if (it->is_truncate) {
        cut(file, it->offset);
    } else {
        put_bytes(file, it->offset, it->bytes, it->size);
    }
}

/// What a sync does.
void make_durable(inode *file) {
    for (size_t i = 0; i < file->pending_count; i++) apply(file, &file->pending[i]);
    forget_pending(file);
}

/// Writes some sectors of a write, and garbage into some.
static void apply_sectors(inode *file, const change *it, uint64_t *random) {
    int64_t end = it->offset + (int64_t)it->size;
    for (int64_t from = it->offset; from < end;) {
        int64_t to = (from / sector_size + 1) * sector_size;
        if (to > end) to = end;
        int64_t fate = random_below(random, 16);
        if (fate == 0) {
            uint8_t garbage[512];
            for (int64_t i = 0; i < to - from; i++) garbage[i] = (uint8_t)next_random(random);
            put_bytes(file, from, garbage, (size_t)(to - from));
        } else if (fate < 9) {
            put_bytes(file, from, it->bytes + (from - it->offset), (size_t)(to - from));
        }
        from = to;
    }
}

/// Applies a part of an operation. A truncate has no parts.
static void tear(inode *file, const change *it, uint64_t *random) {
    if (it->is_truncate) {
        if (random_below(random, 2) == 0) apply(file, it);
        return;
    }
    size_t part = (size_t)random_below(random, (int64_t)it->size + 1);
    switch (random_below(random, 4)) {
    case 0: put_bytes(file, it->offset, it->bytes, part); break;
    case 1: {
        // A sector is written from its beginning on: its end is never there without what stands before.
        int64_t from = (it->offset + (int64_t)part + sector_size - 1) / sector_size * sector_size;
        if (part == 0) from = it->offset;
        size_t left_out = (size_t)(from - it->offset);
        if (left_out < it->size) put_bytes(file, from, it->bytes + left_out, it->size - left_out);
        break;
    }
    default: apply_sectors(file, it, random);
    }
}

/// Whether the pending operation at an index is kept (2), torn (1) or dropped (0), by one of several ways a cache
/// empties itself: nothing of it, all of it, in the order of the writes, backwards, or anyhow.
static int fate(int64_t way, int64_t border, int64_t at, uint64_t *random) {
    int64_t draw = random_below(random, 100);
    switch (way) {
    case 0: return 0;
    case 1: return 2;
    case 2: return at < border ? 2 : at == border ? 1 : 0;
    case 3: return at > border ? 2 : at == border ? 1 : 0;
    case 4: return draw < 90 ? 2 : draw < 95 ? 1 : 0;
    case 5: return draw < 10 ? 2 : draw < 20 ? 1 : 0;
    default: return draw < 45 ? 2 : draw < 65 ? 1 : 0;
    }
}

/// Brings some of what is pending to the disk and forgets the rest.
void survive(inode *file, uint64_t *random) {
    int64_t count = (int64_t)file->pending_count;
    int64_t way = random_below(random, 8);
    // Mostly near the end, where a commit's last frames are.
    int64_t border = random_below(random, 2) == 0 ? random_below(random, count + 1)
                                                  : count - 1 - random_below(random, count < 8 ? count : 8);
    for (int64_t i = 0; i < count; i++) {
        switch (fate(way, border, i, random)) {
        case 2: apply(file, &file->pending[i]); break;
        case 1: tear(file, &file->pending[i], random); break;
        default: break;
        }
    }
    forget_pending(file);
}
