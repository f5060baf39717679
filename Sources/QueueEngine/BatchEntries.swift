import QueueModel

/// What holds for the entries of every batch.
enum BatchEntries {
    /// Checks how many entries there are, and their ids.
    ///
    /// - Parameters:
    ///   - ids: the entries' ids in their order.
    ///   - entry: the entry's shape, for an empty batch.
    /// - Throws: the error that refuses the whole batch.
    static func check(ids: [String], entry: String) throws(SQSError) {
        guard !ids.isEmpty else { throw .emptyBatchRequest(entry: entry) }
        guard ids.count <= Limits.batchEntriesMax else { throw .tooManyEntriesInBatchRequest(count: ids.count) }
        guard ids.allSatisfy({ hasIdForm($0, lengthMax: Limits.batchEntryIdLengthMax) }) else {
            throw .invalidBatchEntryId
        }
        for (index, id) in ids.enumerated() {
            // There are ten at most: a set would take longer.
            guard !ids[..<index].contains(id) else { throw .batchEntryIdsNotDistinct(id: id) }
        }
    }

    /// Whether a text has 1 to so many letters, digits, hyphens and underscores.
    static func hasIdForm(_ id: String, lengthMax: Int) -> Bool {
        (1...lengthMax).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default:
                    false
                }
            }
    }
}

extension BatchResult {
    /// What became of a batch's entries, each of which failed with an error or went through, in their order.
    init(_ outcomes: some Sequence<(String, SQSError?)>) {
        self.init()
        successful.reserveCapacity(outcomes.underestimatedCount)
        for (id, error) in outcomes {
            if let error {
                failed.append(BatchResultErrorEntry(id: id, error: error))
            } else {
                successful.append(id)
            }
        }
    }
}
