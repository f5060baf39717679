import Foundation

/// How many random runs the model test makes, and which ones.
///
/// Environment: HOLDFAST_MODEL_SEEDS (runs), HOLDFAST_MODEL_FIRST_SEED, HOLDFAST_MODEL_COMMANDS (commands of a run),
/// HOLDFAST_MODEL_SEED (only this run), HOLDFAST_MODEL_SKIP (kinds of commands that are left out, with commas between).
struct ModelSettings {
    /// Kinds of commands that can be left out.
    enum Kind: String, CaseIterable {
        /// Queues of that type.
        case fifo
        case tags
        case permissions
        /// Message move tasks.
        case tasks
        /// The listing of the queues that name a dead-letter queue.
        case sources
        /// Waiting between two purges, and before a name is used again.
        case intervals
    }

    let seeds: [UInt64]
    let commandCount: Int
    let kinds: Set<Kind>

    init(seedCount: Int = 500, environment: [String: String] = ProcessInfo.processInfo.environment) {
        func number(_ name: String) -> Int? {
            guard let text = environment["HOLDFAST_MODEL_\(name)"] else { return nil }
            guard let number = Int(text), number >= 0 else {
                preconditionFailure("HOLDFAST_MODEL_\(name) is \(text), which is not a whole number")
            }
            return number
        }
        let skipped = (environment["HOLDFAST_MODEL_SKIP"] ?? "").split(separator: ",").map { name in
            guard let kind = Kind(rawValue: String(name)) else { preconditionFailure("there is no kind \(name)") }
            return kind
        }
        kinds = Set(Kind.allCases).subtracting(skipped)
        commandCount = number("COMMANDS") ?? 300
        if let only = number("SEED") {
            seeds = [UInt64(only)]
        } else {
            let first = UInt64(number("FIRST_SEED") ?? 1)
            seeds = (0..<(number("SEEDS") ?? seedCount)).map { first + UInt64($0) }
        }
    }
}
