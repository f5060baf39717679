package import Dispatch

/// Time as a backup sees it, so that tests need not wait.
package struct BackupTiming: Sendable {
    /// Nanoseconds since some moment.
    package var now: @Sendable () -> Int64

    /// Waits so many nanoseconds, or until the semaphore is signalled; whether it was.
    package var wait: @Sendable (_ nanoseconds: Int64, _ cancelled: DispatchSemaphore) -> Bool

    /// Puts times together.
    package init(
        now: @escaping @Sendable () -> Int64,
        wait: @escaping @Sendable (_ nanoseconds: Int64, _ cancelled: DispatchSemaphore) -> Bool
    ) {
        self.now = now
        self.wait = wait
    }

    /// The machine's monotonic clock.
    package static let machine = BackupTiming(
        now: { Int64(DispatchTime.now().uptimeNanoseconds) },
        wait: { nanoseconds, cancelled in
            cancelled.wait(timeout: .now() + .nanoseconds(Int(nanoseconds))) == .success
        }
    )
}
