internal import ArgumentParser
internal import Benchmark
internal import QueueModel

/// What `holdfast bench` loads an endpoint with.
struct BenchLoadOptions: ParsableArguments {
    @Option(
        name: .customLong("queue"),
        parsing: .upToNextOption,
        help: ArgumentHelp("Kinds of queues: standard, fifo.", valueName: "kind")
    )
    var queues: [BenchQueueKind] = [.standard]
    @Option(help: ArgumentHelp("Message groups of a FIFO queue.", valueName: "number")) var groups: Int = 64
    @Option(
        name: .customLong("batch"),
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Messages of one request, 1 to 10; 1 uses the operations without Batch.",
            valueName: "number"
        )
    )
    var batches: [Int] = [1, 10]
    @Option(
        name: .customLong("body-bytes"),
        parsing: .upToNextOption,
        help: ArgumentHelp("Bytes of a message's body.", valueName: "bytes")
    )
    var bodyBytes: [Int] = [200]
    @Option(
        name: .customLong("protocol"),
        parsing: .upToNextOption,
        help: ArgumentHelp("Protocols: json, query.", valueName: "protocol")
    )
    var protocols: [WireProtocol] = [.json]
    @Option(help: ArgumentHelp("Connections that send, receive and delete.", valueName: "number"))
    var connections: Int = 64
    @Option(help: "Seconds of each load.") var seconds: Double = 10
    @Option(help: ArgumentHelp("Seconds of the same load before, not measured.", valueName: "seconds"))
    var warmUp: Double = 1

    func validate() throws {
        func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard !range.contains(value) else { return }
            throw ValidationError(
                "--\(option) is '\(value)' but must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        try check("groups", groups, 1...9_999_999)
        try check("connections", connections, 1...10_000)
        for batch in batches { try check("batch", batch, 1...MessageShape.batchMax) }
        for size in bodyBytes {
            try check(
                "body-bytes",
                size,
                MessageShape.sequenceDigits...Limits.messageSizeBytesMax / (batches.max() ?? 1)
            )
        }
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("--seconds is '\(seconds)' but must be above 0 and at most 86400")
        }
        guard warmUp >= 0, warmUp <= 3_600 else {
            throw ValidationError("--warm-up is '\(warmUp)' but must be from 0 to 3600")
        }
    }

    /// One for each combination.
    var measurements: [QueueMeasurement] {
        var all: [QueueMeasurement] = []
        for wire in protocols {
            for queue in queues {
                for size in bodyBytes {
                    for batch in batches {
                        let groups = queue == .fifo ? groups : nil
                        all.append(
                            QueueMeasurement(
                                wire: wire,
                                shape: MessageShape(bodyBytes: size, groups: groups, batch: batch),
                                connections: connections,
                                seconds: seconds,
                                warmUpSeconds: warmUp
                            )
                        )
                    }
                }
            }
        }
        return all
    }
}

/// A kind of queue, as the option has it.
enum BenchQueueKind: String, CaseIterable, ExpressibleByArgument {
    case standard
    case fifo
}

extension WireProtocol: ExpressibleByArgument {}
