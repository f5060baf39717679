import QueueModel

extension Timestamp {
    /// The last moment that the store can have written, in milliseconds: in 2255, so that nanoseconds fit, too.
    static let plausibleMax: Int64 = 9_000_000_000_000

    /// Whether the store can have written it: it lies between 1970 and 2255.
    var isPlausible: Bool {
        milliseconds >= 0 && milliseconds <= Timestamp.plausibleMax
    }
}
