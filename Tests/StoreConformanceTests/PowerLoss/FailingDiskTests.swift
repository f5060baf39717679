import Dispatch
import Foundation
import Synchronization
import Testing

@Suite struct FailingDiskTests {
    /// Seeds of the scenarios, and of which operations each is made to fail: all of them if it is 1, else every so many
    /// of the reads and writes.
    ///
    /// Environment: HOLDFAST_TEST_FAULT_SEEDS (number of scenarios), HOLDFAST_TEST_FAULT_STRIDE.
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds = environment["HOLDFAST_TEST_FAULT_SEEDS"].flatMap { UInt64($0) } ?? 1
    private static let strideOfMany = environment["HOLDFAST_TEST_FAULT_STRIDE"].flatMap { Int($0) } ?? 10

    /// A way to fail that is gone through operation by operation.
    struct Kind: Sendable, CustomTestStringConvertible {
        let operation: DiskFault.Operation
        let isForever: Bool
        let isFull: Bool

        static let all = DiskFault.Operation.allCases.flatMap { operation in
            [false, true].flatMap { isForever in
                operation.fullness.map { isFull in
                    Kind(operation: operation, isForever: isForever, isFull: isFull)
                }
            }
        }

        var testDescription: String {
            "\(operation), \(isForever ? "from then on" : "once")\(isFull ? ", full" : "")"
        }
    }

    /// Every sync, open, truncate and delete of a scenario of all operations, from the making of the database over
    /// checkpoints to the stop, and every so many of the reads and writes.
    @Test(arguments: Kind.all)
    func `a disk that fails brings an error and never a false answer, and what was answered is there`(kind: Kind) {
        for seed in 1...FailingDiskTests.seeds {
            let faults = go(through: kind, seed: seed)
            print("faults: \(kind.testDescription), seed \(seed): \(faults) were tried")
            #expect(faults > 0)
        }
    }

    /// Goes on until the scenario ends before its fault; how many faults that were.
    private func go(through kind: Kind, seed: UInt64) -> Int {
        let isOfMany = [.write, .grow, .read].contains(kind.operation)
        let step = isOfMany ? FailingDiskTests.strideOfMany : 1
        let hits = Mutex(0)
        let isOver = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: 2) { lane in
            var index = lane
            while !isOver.load(ordering: .relaxed) {
                let fault = DiskFault(
                    operation: kind.operation,
                    number: 1 + index * step,
                    isForever: kind.isForever,
                    isFull: kind.isFull
                )
                index += 2
                do {
                    var run = try PowerRun(seed: seed, keepsHistory: true)
                    guard try run.run(with: fault) else {
                        isOver.store(true, ordering: .relaxed)
                        break
                    }
                    hits.withLock { $0 += 1 }
                } catch {
                    Issue.record("\(fault): \(error)")
                    isOver.store(true, ordering: .relaxed)
                }
            }
        }
        return hits.withLock { $0 }
    }
}
