import SQLite

/// Where the bytes of a log are read from: a file that nobody has open, or the one that SQLite has open.
protocol LogBytes {
    associatedtype Failure: Error

    var sizeBytes: Int { get }

    /// Fills a buffer from an offset on; the answer is how much there was.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Failure) -> Int
}

extension RawFile: LogBytes {}

extension OpenLog: LogBytes {}
