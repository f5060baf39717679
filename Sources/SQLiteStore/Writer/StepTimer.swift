import Logging
import Synchronization

/// Keeps how long the writer's steps took, by their kind: no one of them is to keep the others waiting for long.
final class StepTimer: Sendable {
    private let monotonicNanoseconds: @Sendable () -> Int64
    private let times = Mutex<[WriterStepTimes]>(Array(repeating: WriterStepTimes(), count: WriterStep.allCases.count))

    init(monotonicNanoseconds: @escaping @Sendable () -> Int64) {
        self.monotonicNanoseconds = monotonicNanoseconds
    }

    /// To be kept until the step's end.
    func start() -> Int64 {
        monotonicNanoseconds()
    }

    func end(_ step: WriterStep, since start: Int64) {
        let nanoseconds = max(0, monotonicNanoseconds() - start)
        times.withLock { $0[step.index].add(nanoseconds: nanoseconds) }
    }

    /// What was measured so far; from now on it is measured anew if that is wanted.
    func times(isStartingAnew: Bool) -> [WriterStep: WriterStepTimes] {
        times.withLock { times in
            var named: [WriterStep: WriterStepTimes] = [:]
            for step in WriterStep.allCases where times[step.index].count > 0 {
                named[step] = times[step.index]
                if isStartingAnew {
                    times[step.index] = WriterStepTimes()
                }
            }
            return named
        }
    }

    /// The longest of each kind, for the log.
    var metadata: Logger.Metadata {
        Dictionary(
            uniqueKeysWithValues: times(isStartingAnew: false).map { step, times in
                ("\(step.rawValue)Milliseconds", "\(Double(times.longestNanoseconds / 10_000) / 100)")
            }
        )
    }
}

extension WriterStep {
    /// Its place among all.
    fileprivate var index: Int {
        switch self {
        case .batch: 0
        case .commit: 1
        case .checkpoint: 2
        case .sweep: 3
        case .purgeQueue: 4
        case .deleteQueue: 5
        case .moveMessages: 6
        case .inspection: 7
        }
    }
}
