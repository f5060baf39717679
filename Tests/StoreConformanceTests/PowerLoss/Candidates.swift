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
    /// - Parameters:
    ///   - answered: the commands of the batch that were answered.
    ///   - isShortOfRoom: whether receives may have passed by what was received too often.
    /// - Returns: nothing if some state is left, else what the last of them would have answered, and what was.
    mutating func carryOut(_ answered: [Answered], isShortOfRoom: Bool) -> String? {
        var last: String?
        var left: [ReferenceStore] = []
        for store in stores {
            let passingBy = isShortOfRoom ? ReferenceStore(copying: store) : nil
            last = Candidates.difference(from: answered, in: store)
            if last == nil { left.append(store) }
            guard let passingBy else { continue }
            passingBy.passDeadLettersBy(true)
            // It says later when the next one is available.
            let difference = Candidates.difference(from: answered.map(\.withoutNextAvailability), in: passingBy)
            passingBy.passDeadLettersBy(false)
            guard difference == nil, left.last?.snapshot() != passingBy.snapshot() else { continue }
            left.append(passingBy)
        }
        stores = left
        return stores.isEmpty ? last ?? "no state was left" : nil
    }

    private static func difference(from answered: [Answered], in store: ReferenceStore) -> String? {
        let expected = store.apply(answered.map(\.command))
        for (index, answer) in answered.enumerated() where !answer.command.isSame(expected[index], answer.outcome) {
            return "\(answer.command)\n  expected \(expected[index])\n  got \(answer.outcome)"
        }
        return nil
    }

    /// A batch got no answer: it has happened as a whole or not at all; on a full disk also without the commands that
    /// need most room, of which the answer would have been that there is none.
    mutating func mayCarryOut(_ commands: [Command], isShortOfRoom: Bool) {
        var ways = [(commands: commands, isPassingBy: false)]
        if isShortOfRoom {
            let withoutSends = commands.filter { !$0.bringsMessages }
            ways += [false, true].map { (withoutSends, $0) }
            ways.append((withoutSends.filter(\.isWithoutRoom), true))
        }
        stores += stores.flatMap { store in
            ways.map { way in
                let after = ReferenceStore(copying: store)
                after.passDeadLettersBy(way.isPassingBy)
                _ = after.apply(way.commands)
                after.passDeadLettersBy(false)
                return after
            }
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

/// A command and what the store has answered.
struct Answered {
    let command: Command
    let outcome: Result<Outcome, StoreError>

    /// The same without the moment of the next message, neither asked for nor told.
    var withoutNextAvailability: Answered {
        guard case .receiveMessages(var receive) = command else { return self }
        receive.reportsNextAvailability = false
        guard case .success(.receivedMessages(var received)) = outcome else {
            return Answered(command: .receiveMessages(receive), outcome: outcome)
        }
        received.nextAvailableAt = nil
        return Answered(command: .receiveMessages(receive), outcome: .success(.receivedMessages(received)))
    }
}

extension Command {
    /// Whether it writes messages, which a store that is short of room refuses first.
    fileprivate var bringsMessages: Bool {
        switch self {
        case .sendMessages, .moveMessages, .parkMessages: true
        default: false
        }
    }

    /// Whether a store without any room still carries it out.
    fileprivate var isWithoutRoom: Bool {
        switch self {
        case .receiveMessages, .createQueue, .setQueueAttributes, .tagQueue, .untagQueue, .addPermission,
            .removePermission, .startMessageMoveTask:
            false
        default: !bringsMessages
        }
    }
}
