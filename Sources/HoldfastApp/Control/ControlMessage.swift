internal import Foundation
internal import SQLiteStore

/// What commands and a running broker say to each other: JSON, one object a line.
package enum ControlMessage {
    /// Bytes of a line at most.
    package static let lineSizeBytesMax = 65_536

    /// From a command to the broker.
    package enum Request: Codable, Equatable, Sendable {
        /// Make a backup; the path is absolute.
        case backup(path: String, isReplacing: Bool, bytesPerSecond: Int?)

        /// End it; so does closing the connection.
        case cancel
    }

    /// From the broker to a command.
    package enum Answer: Codable, Equatable, Sendable {
        /// The backup is that far.
        case progress(pageCount: Int, copiedPageCount: Int)

        /// The backup is whole, synced and has its name; nothing follows.
        case done(pageCount: Int)

        /// There is no backup; nothing follows.
        case failed(status: Int32, reason: String)
    }

    /// A message as a line with its end.
    package static func line(_ message: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(message) else { preconditionFailure("text and numbers are always JSON") }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    /// The message of a line without its end, or nothing if it is none.
    package static func message<Message: Decodable>(_ type: Message.Type, in line: some Sequence<UInt8>) -> Message? {
        try? JSONDecoder().decode(type, from: Data(line))
    }
}

/// Bytes that arrive in pieces, cut into lines.
package struct ControlLines {
    private var bytes: [UInt8] = []

    /// Nothing has arrived yet.
    package init() {}

    /// Takes a piece in; false if what has no end yet is longer than a line may be.
    package mutating func append(_ piece: some Sequence<UInt8>) -> Bool {
        bytes.append(contentsOf: piece)
        return bytes.count <= ControlMessage.lineSizeBytesMax || bytes.contains(UInt8(ascii: "\n"))
    }

    /// Takes the first whole line out, without its end.
    package mutating func next() -> [UInt8]? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { bytes.removeFirst(end + 1) }
        return Array(bytes[..<end])
    }
}

extension ExitStatus {
    /// How the process exits if there is no backup, or nothing is restored.
    init(_ error: BackupError) {
        switch error {
        case .fileExists, .fileUnusable, .logBeside, .insideDataDirectory, .noRoom, .databaseExists:
            self = .dataDirectory
        case .alreadyRunning, .storeStopped, .cancelled, .restoreCancelled: self = .dataInUse
        case .copyFailed: self = .storeFailure
        case .notThere: self = .notThere
        case .notRestorable: self = .unusableData
        }
    }
}
