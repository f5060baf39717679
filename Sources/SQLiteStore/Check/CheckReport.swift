/// Something that is not as it should be in a database.
public struct CheckFinding: Sendable, Equatable {
    /// Which check found it, such as `structure` or `messages`.
    public let check: String

    /// What is wrong and where; never a body.
    public let text: String
}

/// What a check of a database found.
public struct CheckReport: Sendable, Equatable {
    /// What is wrong; nothing if all is well.
    public internal(set) var findings: [CheckFinding] = []

    /// Queues in the database.
    public internal(set) var queueCount = 0

    /// Messages in all queues.
    public internal(set) var messageCount = 0

    /// The bytes of all bodies and attributes, if they were read.
    public internal(set) var contentSizeBytes: Int?

    /// Where the damaged log was kept, if what lay behind the damage was given up.
    public internal(set) var keptLogPath: String?

    /// One kind of finding, of which a damaged database may have very many.
    static let findingsMaxPerKind = 20

    mutating func add(_ check: String, _ text: String) {
        findings.append(CheckFinding(check: check, text: text))
    }

    /// Adds what a statement tells, a text in each row, and only counts what is beyond a bound.
    mutating func add<Failure>(_ check: String, rows texts: () throws(Failure) -> String?) throws(Failure) {
        var count = 0
        while let text = try texts() {
            count += 1
            if count <= CheckReport.findingsMaxPerKind { add(check, text) }
        }
        if count > CheckReport.findingsMaxPerKind {
            add(check, "and \(count - CheckReport.findingsMaxPerKind) more of these")
        }
    }
}
