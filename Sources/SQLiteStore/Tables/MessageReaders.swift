import SQLite

/// Statements that read messages from a key on, one for each of the places that a receive reads from.
///
/// From several groups it takes their first messages in turn with those behind them. Each kind mostly follows each
/// other, and there a statement only goes on.
final class MessageReaders {
    private struct Reader {
        let statement: Statement

        /// The message that the next row is of if that is there; nothing if it reads nothing.
        var next: MessageKey?
    }

    /// Places that are read from in turn.
    private static let count = 4

    private var readers: [Reader] = []

    /// The one that is next to be taken for another place.
    private var turn = 0

    /// Prepares the statements: their first parameter is the key from which on they read.
    init(_ prepare: () throws(SQLiteError) -> Statement) throws(SQLiteError) {
        for _ in 0..<MessageReaders.count { readers.append(Reader(statement: try prepare())) }
    }

    /// A statement whose next row is a message, if that is there; `start` binds its other parameters.
    ///
    /// If it is not there the row is another one's, or there is none: the caller looks, and reads no more. What is read
    /// is what stood there at the start, so nothing may be written before `end`.
    func reader(of key: MessageKey, start: (Statement) -> Void) -> Statement {
        let following = MessageKey(rawValue: key.rawValue + 1)
        for index in readers.indices where readers[index].next == key {
            readers[index].next = following
            return readers[index].statement
        }
        turn = (turn + 1) % readers.count
        readers[turn].next = following
        let statement = readers[turn].statement
        statement.reset()
        statement.bind(1, key.rawValue)
        start(statement)
        return statement
    }

    /// Whether something is read that was not ended.
    var isReading: Bool { readers.contains { $0.next != nil } }

    /// Ends all reading.
    func end() {
        for index in readers.indices where readers[index].next != nil {
            readers[index].statement.reset()
            readers[index].next = nil
        }
    }
}
