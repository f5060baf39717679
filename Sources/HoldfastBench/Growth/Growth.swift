import Benchmark

/// Something that may grow without a message becoming dearer: the cases that a whole broker is measured in, and which
/// of them are held against each other.
struct Growth {
    /// What grows, as the report names it.
    let title: String

    /// How much of it there is where there is much.
    let size: Int

    let cases: [GrowthCase]
    let comparisons: [GrowthComparison]

    /// How the requests follow each other, as the tables name it.
    let forms: [(title: String, form: StandingLoad.Form)]

    /// Seconds between filling and measuring.
    var restSeconds = 0

    /// Whether all queues are FIFO queues, whose order is checked.
    var isFifo: Bool { cases.allSatisfy { $0.groups != nil } }

    private static let eachStep: [(title: String, form: StandingLoad.Form)] = [
        ("single, cycles", .cycles(batch: 1)), ("single, steps", .steps(batch: 1)),
        ("by ten, steps", .steps(batch: MessageShape.batchMax)),
    ]

    private static let fewGroups = GrowthCase(title: "FIFO, 1,000 standing in 64 groups", groups: 64)

    /// Messages of FIFO queues, in few groups, in as many, and in one.
    static func groups(messages: Int, restSeconds: Int) -> Growth {
        let count = named(messages)
        let standing = GrowthCase(title: "FIFO, \(count) standing in 64 groups", groups: 64, standing: messages)
        let thousand = GrowthCase(title: "FIFO, 1,000 groups", groups: 1_000)
        let many = GrowthCase(title: "FIFO, \(count) groups", groups: messages, standing: messages)
        let one = GrowthCase(title: "FIFO, 1,000 in one group", groups: 1)
        let huge = GrowthCase(title: "FIFO, \(count) in one group", groups: 1, standing: messages)
        return Growth(
            title: "Message groups",
            size: messages,
            cases: [fewGroups, standing, thousand, many, one, huge],
            comparisons: [
                GrowthComparison(own: standing, base: fewGroups), GrowthComparison(own: many, base: fewGroups),
                GrowthComparison(own: many, base: standing),
                // In both a batch of ten is received from several groups.
                GrowthComparison(own: many, base: thousand),
                GrowthComparison(own: huge, base: one),
            ],
            forms: eachStep,
            restSeconds: restSeconds
        )
    }

    /// Queues of which one is busy, or all are, one after the other.
    static func queues(_ count: Int) -> Growth {
        let single = GrowthCase(title: "standard, 1,000 standing")
        let one = GrowthCase(title: "one busy of \(named(count)) queues", queues: count)
        let all = GrowthCase(
            title: "all of \(named(count)) queues busy",
            queues: count,
            areAllBusy: true,
            standing: 10 * count
        )
        return Growth(
            title: "Queues",
            size: count,
            cases: [single, one, all],
            comparisons: [
                GrowthComparison(own: one, base: single), GrowthComparison(own: all, base: single, atMost: 2),
            ],
            forms: [
                ("single, cycles", .cycles(batch: 1)), ("by ten, cycles", .cycles(batch: MessageShape.batchMax)),
            ]
        )
    }

    /// Deduplication ids of messages that were sent to a FIFO queue, and consumed, within the last seconds.
    static func window(_ consumed: GrowthCase.Consumed) -> Growth {
        let full = GrowthCase(
            title: "after \(named(consumed.messages)) messages in \(named(consumed.seconds)) s",
            groups: 64,
            consumed: consumed
        )
        return Growth(
            title: "Deduplication ids",
            size: consumed.messages,
            cases: [fewGroups, full],
            comparisons: [GrowthComparison(own: full, base: fewGroups)],
            forms: eachStep
        )
    }

    private static func named(_ count: Int) -> String {
        Double(count).formatted(decimals: 0)
    }
}
