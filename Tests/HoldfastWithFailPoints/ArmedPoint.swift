import Foundation
import SQLiteStore
import Synchronization

/// A point that ends the process with SIGKILL when it is passed for the n-th time.
///
/// The environment tells it: `HOLDFAST_TEST_FAIL_POINT`, its name; `HOLDFAST_TEST_FAIL_AT`, n, or 1;
/// `HOLDFAST_TEST_FAIL_PAUSE_MICROSECONDS`, how long the store stands still at the point first, so that what was
/// answered too early reaches the clients; or `HOLDFAST_TEST_FAIL_DELAY_MICROSECONDS`, after which another thread
/// kills while the store goes on, for work that has no point inside, such as a checkpoint.
final class ArmedPoint: Sendable {
    /// A variable with a bad value.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private let point: FailPoint
    private let pauseMicroseconds: Int
    private let delayMicroseconds: Int
    private let passingsLeft: Atomic<Int>

    /// Nothing if no point is armed.
    init?(environment: [String: String]) throws {
        guard let name = environment["HOLDFAST_TEST_FAIL_POINT"] else { return nil }
        guard let point = FailPoint(rawValue: name) else {
            let names = FailPoint.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(description: "HOLDFAST_TEST_FAIL_POINT is \(name), not one of \(names)")
        }
        self.point = point
        passingsLeft = Atomic(try Self.number("FAIL_AT", in: environment) ?? 1)
        pauseMicroseconds = try Self.number("FAIL_PAUSE_MICROSECONDS", in: environment) ?? 0
        delayMicroseconds = try Self.number("FAIL_DELAY_MICROSECONDS", in: environment) ?? 0
    }

    static func number(_ name: String, in environment: [String: String]) throws -> Int? {
        guard let text = environment["HOLDFAST_TEST_\(name)"] else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw Problem(description: "HOLDFAST_TEST_\(name) is \(text), not a number")
        }
        return number
    }

    /// To be called whenever any point is passed.
    func pass(_ passed: FailPoint) {
        guard passed == point, passingsLeft.subtract(1, ordering: .relaxed).newValue == 0 else { return }
        guard delayMicroseconds > 0 else {
            usleep(UInt32(pauseMicroseconds))
            ArmedPoint.kill()
        }
        Thread.detachNewThread { [delayMicroseconds] in
            usleep(UInt32(delayMicroseconds))
            ArmedPoint.kill()
        }
    }

    /// As `kill -9` would: nothing is written, nothing is run.
    private static func kill() -> Never {
        Foundation.kill(getpid(), SIGKILL)
        while true { pause() }
    }
}
