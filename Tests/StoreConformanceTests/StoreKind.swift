import Testing

/// The stores that stand behind the seam.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case reference
    case sqlite

    /// What the suite runs over.
    static let underTest = allCases

    /// Those whose queues and messages outlive the process.
    static let persistent = underTest.filter { $0 != .reference }

    var testDescription: String { rawValue }
}
