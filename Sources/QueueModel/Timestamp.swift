/// A moment of the store's clock, in whole milliseconds since 1970.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Makes the moment that lies so many milliseconds after 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Whole seconds since 1970, rounded down: the form of CreatedTimestamp and LastModifiedTimestamp.
    public var seconds: Int64 {
        milliseconds / 1_000
    }

    /// The moment so many seconds later, or the last or first one that there is.
    ///
    /// A damaged file may hold any moment.
    public func adding(seconds: Int) -> Timestamp {
        let (sum, isOverflow) = milliseconds.addingReportingOverflow(Int64(seconds) * 1_000)
        return Timestamp(milliseconds: isOverflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// The earlier moment is the smaller one.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
