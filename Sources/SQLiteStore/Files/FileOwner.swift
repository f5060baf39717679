import Foundation

/// Whom a file belongs to.
///
/// A command that root runs on the directory of a service's user makes files that the service has to open later. So
/// they get the owner that the database has, or else the directory.
struct FileOwner: Equatable {
    let userId: uid_t
    let groupId: gid_t

    init(userId: uid_t, groupId: gid_t) {
        self.userId = userId
        self.groupId = groupId
    }

    /// The owner of what is in a data directory; nothing if that can't be seen.
    init?(of files: DataDirectory) {
        guard let status = FileStatus(files.databasePath) ?? FileStatus(files.path) else { return nil }
        self = status.owner
    }

    /// Gives it an open file that root has made; whether there is nothing left to do.
    ///
    /// Only root can, and only root has to. A file with a second name is left alone: that may be in a place that is
    /// none of the owner's business.
    func take(_ descriptor: Int32) -> Bool {
        guard geteuid() == 0 else { return true }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard FileOwner(userId: status.st_uid, groupId: status.st_gid) != self, status.st_uid == 0,
            isDirectory || status.st_nlink == 1
        else { return true }
        return fchown(descriptor, userId, groupId) == 0
    }

    /// The same for a directory, which is no symbolic link.
    func take(directory: String) -> Bool {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return take(descriptor)
    }
}
