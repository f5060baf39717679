// The names in the directory.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "Parts.h"

name *find_name(crash_vfs *vfs, const char *path) {
    for (name *it = vfs->names; it != NULL; it = it->next) {
        if (strcmp(it->path, path) == 0) return it;
    }
    return NULL;
}

uint64_t file_number(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

/// What lay there before this VFS came is on the disk, all of it.
static inode *existing(crash_vfs *vfs, const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    inode *found = new_inode(vfs);
    found->number = file_number(path);
    uint8_t buffer[65536];
    size_t count;
    while ((count = fread(buffer, 1, sizeof(buffer), file)) > 0) put_bytes(found, (int64_t)found->size, buffer, count);
    fclose(file);
    return found;
}

/// The name, with what it leads to before an open or a delete.
name *name_before_open(crash_vfs *vfs, const char *path) {
    name *it = find_name(vfs, path);
    if (it != NULL) {
        // Somebody put another file in its place, who is trusted to have synced it and the directory.
        bool is_replaced = it->current != NULL && it->current->number != file_number(path);
        if (is_replaced) it->durable = it->current = existing(vfs, path);
        return it;
    }
    it = calloc(1, sizeof(name));
    char *copy = strdup(path);
    if (it == NULL || copy == NULL) abort();
    it->path = copy;
    it->durable = it->current = existing(vfs, path);
    it->next = vfs->names;
    vfs->names = it;
    return it;
}

/// What a sync of the directory does.
void sync_names(crash_vfs *vfs) {
    for (name *it = vfs->names; it != NULL; it = it->next) it->durable = it->current;
}

void free_names(crash_vfs *vfs) {
    while (vfs->names != NULL) {
        name *it = vfs->names;
        vfs->names = it->next;
        free(it->path);
        free(it);
    }
}
