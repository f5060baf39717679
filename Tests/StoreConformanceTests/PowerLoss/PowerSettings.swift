import Foundation

/// How many runs the power-loss test makes, and which ones.
///
/// Environment: HOLDFAST_TEST_POWER_SEEDS (runs), HOLDFAST_TEST_POWER_FIRST_SEED, HOLDFAST_TEST_POWER_SEED (only this
/// run, which then tells what happened before a difference).
struct PowerSettings {
    let seeds: [UInt64]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func number(_ name: String) -> UInt64? {
            guard let text = environment["HOLDFAST_TEST_POWER_\(name)"] else { return nil }
            guard let number = UInt64(text) else {
                preconditionFailure("HOLDFAST_TEST_POWER_\(name) is \(text), which is not a whole number")
            }
            return number
        }
        if let only = number("SEED") {
            seeds = [only]
        } else {
            let first = number("FIRST_SEED") ?? 1
            seeds = (0..<(number("SEEDS") ?? 300)).map { first + $0 }
        }
    }
}
