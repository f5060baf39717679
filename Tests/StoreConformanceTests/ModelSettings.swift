import Foundation

/// How many random runs the model test makes, and which ones.
///
/// Environment: HOLDFAST_MODEL_SEEDS (runs), HOLDFAST_MODEL_FIRST_SEED, HOLDFAST_MODEL_COMMANDS (commands of a run),
/// HOLDFAST_MODEL_SEED (only this run).
struct ModelSettings {
    let seeds: [UInt64]
    let commandCount: Int

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func number(_ name: String) -> Int? {
            guard let text = environment["HOLDFAST_MODEL_\(name)"] else { return nil }
            guard let number = Int(text), number >= 0 else {
                preconditionFailure("HOLDFAST_MODEL_\(name) is \(text), which is not a whole number")
            }
            return number
        }
        commandCount = number("COMMANDS") ?? 300
        if let only = number("SEED") {
            seeds = [UInt64(only)]
        } else {
            let first = UInt64(number("FIRST_SEED") ?? 1)
            seeds = (0..<(number("SEEDS") ?? 500)).map { first + UInt64($0) }
        }
    }
}
