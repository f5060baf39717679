import Dispatch
import QueueEngine
import QueueModel
import ReferenceStore
import Testing

/// Callers, timers and the store on threads of their own.
@Suite struct LongPollThreadTests {
    @Test(arguments: 0..<20)
    func `whoever comes first, each request is answered once and nothing stays behind`(round: Int) throws {
        let broker = Broker()
        try broker.create("q")
        let pollsPerThread = 60
        let answers = (0..<4 * pollsPerThread).map { _ in Answer() }
        DispatchQueue.concurrentPerform(iterations: 6) { thread in
            switch thread {
            case 0:
                for _ in 0..<150 { broker.timers.advance(milliseconds: 97) }
            case 1:
                // Not `send`: another thread may be the one that tells.
                for index in 0..<150 {
                    let message = MessageInput(body: [65], delaySeconds: index % 3)
                    broker.begin(.sendMessage(SendMessageRequest(queueUrl: "q", message: message)))
                }
            default:
                for index in 0..<pollsPerThread {
                    let answer = answers[(thread - 2) * pollsPerThread + index]
                    let caller = Caller.new()
                    let request = ReceiveMessageRequest(
                        queueUrl: "q",
                        visibilityTimeoutSeconds: 1,
                        waitTimeSeconds: 1 + index % 5
                    )
                    broker.engine.perform(.receiveMessage(request), for: caller, on: Inline()) { answer.add($0) }
                    if index % 3 == round % 3 { caller.leave() }
                }
            }
        }
        broker.engine.endLongPolls()
        #expect(answers.allSatisfy { $0.count == 1 })
        #expect(broker.timers.waiting == 0)
    }
}
