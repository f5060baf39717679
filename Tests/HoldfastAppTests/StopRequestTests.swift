import HoldfastApp
import Testing

private struct DiskError: Error {}

struct StopRequestTests {
    @Test func `the first signal counts`() {
        let request = StopRequest()
        #expect(request.current == nil)
        request.give(.signal("SIGTERM"))
        request.give(.signal("SIGINT"))
        guard case .signal("SIGTERM") = request.wait() else {
            Issue.record("it is \(request.wait())")
            return
        }
    }

    @Test func `a failure of the store goes over a signal, and no signal over a failure`() {
        for reasons: [StopReason] in [
            [.signal("SIGTERM"), .storeFailure(DiskError())],
            [.storeFailure(DiskError()), .signal("SIGTERM")],
        ] {
            let request = StopRequest()
            for reason in reasons { request.give(reason) }
            guard case .storeFailure(is DiskError) = request.wait() else {
                Issue.record("it is \(request.wait())")
                return
            }
        }
    }
}
