import QueueModel
import ReferenceStore

/// The states that a store may be in, each as a reference store: more than one if a batch got no answer.
struct Candidates {
    private(set) var stores: [ReferenceStore]

    init(clock: ManualClock, inFlightMessagesMax: Int) {
        stores = [ReferenceStore(clock: clock, inFlightMessagesMax: inFlightMessagesMax)]
    }

    /// Carries out what a batch was answered, and drops the states from which the answers can't come.
    ///
    /// - Returns: nothing if some state is left, else what the last of them would have answered, and what was.
    mutating func carryOut(_ answered: [(command: Command, outcome: Result<Outcome, StoreError>)]) -> String? {
        var difference: String?
        stores.removeAll { store in
            let expected = store.apply(answered.map(\.command))
            for (index, (command, outcome)) in answered.enumerated() where !command.isSame(expected[index], outcome) {
                difference = "\(command)\n  expected \(expected[index])\n  got \(outcome)"
                return true
            }
            return false
        }
        return stores.isEmpty ? difference ?? "no state was left" : nil
    }

    /// A batch got no answer: it has happened as a whole or not at all.
    mutating func mayCarryOut(_ commands: [Command]) {
        stores += stores.map { store in
            let after = ReferenceStore(copying: store)
            _ = after.apply(commands)
            return after
        }
    }

    /// Sweeps, which nobody sees.
    func sweep() {
        for store in stores {
            _ = store.apply(.sweep(SweepCommand(rowsMax: 500)))
        }
    }

    /// A sweep that did not come to its end: what has expired is there as long as the store has it.
    func removeExpired(but stored: Set<UInt64>) {
        for store in stores {
            store.removeExpired { !stored.contains($0) }
        }
    }

    /// How a state differs from every candidate; nothing if it is one of them.
    func difference(from actual: StoreSnapshot) -> String? {
        let differences = stores.compactMap { $0.snapshot().difference(from: actual) }
        guard differences.count == stores.count else { return nil }
        return differences.joined(separator: "\n  and from the state with the unanswered batch:\n")
    }

    /// Drops those whose state is another one.
    mutating func keep(_ actual: StoreSnapshot) {
        stores.removeAll { $0.snapshot() != actual }
    }
}
