internal import Glibc

/// The wall clock, written as RFC 3339 in UTC with milliseconds.
package enum UTCTime {
    /// The present moment.
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(secondsSince1970: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// Such as `2026-11-21T00:00:00.000Z`.
    package static func text(secondsSince1970 seconds: Int, milliseconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date =
            "\(padded(Int(parts.tm_year) + 1_900, to: 4))-\(padded(Int(parts.tm_mon) + 1))-\(padded(parts.tm_mday))"
        let time = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
        return "\(date)T\(time).\(padded(milliseconds, to: 3))Z"
    }

    private static func padded(_ number: some BinaryInteger, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
