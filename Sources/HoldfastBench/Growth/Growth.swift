import Benchmark

/// Something that may grow without a message becoming dearer: the cases that a whole broker is measured in, and which
/// of them are held against each other.
struct Growth {
    /// What grows, as the report names it.
    let title: String

    /// How much of it there is where there is much.
    let size: Int

    let cases: [StoreCase]
    let comparisons: [(StoreCase, over: StoreCase)]

    /// How the requests follow each other, as the tables name it.
    let forms: [(title: String, form: StandingLoad.Form)]

    let sizes: StoreSizes

    private static let eachStep: [(title: String, form: StandingLoad.Form)] = [
        ("single, cycles", .cycles(batch: 1)), ("single, steps", .steps(batch: 1)),
        ("by ten, steps", .steps(batch: MessageShape.batchMax)),
    ]

    /// Messages of FIFO queues, in few groups, in as many, and in one.
    static func groups(messages: Int) -> Growth {
        Growth(
            title: "Message groups",
            size: messages,
            cases: [.fifo, .fifoStanding, .fifoThousandGroups, .fifoManyGroups, .fifoOneGroup, .fifoHugeGroup],
            comparisons: [
                (.fifoStanding, over: .fifo), (.fifoManyGroups, over: .fifo), (.fifoManyGroups, over: .fifoStanding),
                // In both a batch of ten is received from several groups.
                (.fifoManyGroups, over: .fifoThousandGroups),
                (.fifoHugeGroup, over: .fifoOneGroup),
            ],
            forms: eachStep,
            sizes: StoreSizes(messages: messages)
        )
    }

    /// Queues of which one is busy, or all are, one after the other.
    static func queues(_ count: Int) -> Growth {
        var sizes = StoreSizes()
        sizes.queues = count
        return Growth(
            title: "Queues",
            size: count,
            cases: [.small, .oneOfManyQueues, .manyQueues],
            comparisons: [(.oneOfManyQueues, over: .small), (.manyQueues, over: .small)],
            forms: [
                ("single, cycles", .cycles(batch: 1)), ("by ten, cycles", .cycles(batch: MessageShape.batchMax)),
            ],
            sizes: sizes
        )
    }

    /// Deduplication ids of messages that were sent to a FIFO queue, and consumed, within the last six minutes.
    static func window(messages: Int) -> Growth {
        var sizes = StoreSizes()
        sizes.window = messages
        return Growth(
            title: "Deduplication ids",
            size: messages,
            cases: [.fifo, .fifoFullWindow],
            comparisons: [(.fifoFullWindow, over: .fifo)],
            forms: eachStep,
            sizes: sizes
        )
    }
}
