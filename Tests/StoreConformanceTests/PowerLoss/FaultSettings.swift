import Foundation

/// Which faults the test of the failing disk goes through.
///
/// Environment: HOLDFAST_TEST_FAULT_SEEDS (number of scenarios), HOLDFAST_TEST_FAULT_STRIDE (every how many of the
/// reads and writes is made to fail; 1 is each of them); HOLDFAST_TEST_FAULT_SEED (only this scenario),
/// HOLDFAST_TEST_FAULT_KIND (only this kind, such as `write`, `sync-forever` or `write-forever-full`),
/// HOLDFAST_TEST_FAULT_NUMBER (only this operation).
struct FaultSettings {
    let seeds: [UInt64]
    let kinds: [FaultKind]

    /// Which operations of a scenario fail, each in a run of its own; the first one that it does not reach is the last.
    let number: Int?
    private let strideOfMany: Int

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func number(_ name: String) -> UInt64? {
            guard let text = environment["HOLDFAST_TEST_FAULT_\(name)"] else { return nil }
            guard let number = UInt64(text), number > 0 else {
                preconditionFailure("HOLDFAST_TEST_FAULT_\(name) is \(text), which is not a whole number above 0")
            }
            return number
        }
        seeds = number("SEED").map { [$0] } ?? Array(1...(number("SEEDS") ?? 1))
        strideOfMany = number("STRIDE").map { Int($0) } ?? 10
        self.number = number("NUMBER").map { Int($0) }
        if let text = environment["HOLDFAST_TEST_FAULT_KIND"] {
            kinds = FaultKind.all.filter { $0.name == text }
            precondition(!kinds.isEmpty, "HOLDFAST_TEST_FAULT_KIND is \(text), not of \(FaultKind.all.map(\.name))")
        } else {
            kinds = FaultKind.all
        }
    }

    /// The n-th operation to fail, from 0 on; nothing once there is no other.
    func number(at index: Int, of kind: FaultKind) -> Int? {
        if let number { return index == 0 ? number : nil }
        return 1 + index * (kind.isOfMany ? strideOfMany : 1)
    }
}
