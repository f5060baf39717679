/// The frames of a write-ahead log, one after the other, in bounded memory.
struct LogFile<File: LogBytes> {
    let file: File
    let pageSize: Int

    /// How many whole frames there are; SQLite looks at no others.
    var frameCount: Int {
        max(0, file.sizeBytes - LogHeader.sizeBytes) / (LogFrame.headerSizeBytes + pageSize)
    }

    /// Lends all frames in their order, as long as `isWanted` says so.
    func forEachFrame(while isWanted: (LogFrame) -> Bool) throws(File.Failure) {
        let frameSize = LogFrame.headerSizeBytes + pageSize
        let framesRead = max(1, 1_048_576 / frameSize)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: framesRead * frameSize, alignment: 8)
        defer { buffer.deallocate() }
        var index = 0
        while index < frameCount {
            let wanted = min(framesRead, frameCount - index) * frameSize
            let count = try file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]),
                at: LogHeader.sizeBytes + index * frameSize
            )
            guard count >= frameSize else { return }
            for start in stride(from: 0, through: count - frameSize, by: frameSize) {
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<start + frameSize])
                guard isWanted(LogFrame(index: index, bytes: bytes)) else { return }
                index += 1
            }
        }
    }
}
