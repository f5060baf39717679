import Foundation

/// A file that is read without SQLite, before SQLite opens it.
///
/// Never to be made for a file that SQLite has open in this process: closing it would end SQLite's locks.
final class RawFile {
    let path: String
    let sizeBytes: Int
    private let descriptor: Int32

    /// Opens a file; nothing if there is none.
    init?(path: String) throws(SQLiteStoreError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .fileUnreadable(path, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw .fileUnreadable(path, reason: reason)
        }
        sizeBytes = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Fills a buffer from an offset on.
    ///
    /// - Returns: how much there was.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SQLiteStoreError) -> Int {
        var count = 0
        while count < buffer.count {
            guard let start = buffer.baseAddress else { break }
            let step = pread(descriptor, start + count, buffer.count - count, off_t(offset + count))
            if step < 0 {
                if errno == EINTR { continue }
                throw .fileUnreadable(path, reason: String(cString: strerror(errno)))
            }
            guard step > 0 else { break }
            count += step
        }
        return count
    }

    /// Bytes from an offset on, fewer at the end of the file.
    func bytes(at offset: Int, count: Int) throws(SQLiteStoreError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
        defer { buffer.deallocate() }
        return Array(buffer[..<(try read(into: buffer, at: offset))])
    }
}
