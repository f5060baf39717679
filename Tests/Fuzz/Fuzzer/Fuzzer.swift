import Foundation
import FuzzedDecoders

/// The decoder that HOLDFAST_FUZZ_DECODER names.
private let decoder: FuzzedDecoder = {
    let name = ProcessInfo.processInfo.environment["HOLDFAST_FUZZ_DECODER"] ?? ""
    guard let decoder = FuzzedDecoder(rawValue: name) else {
        let names = FuzzedDecoder.allCases.map(\.rawValue).joined(separator: ", ")
        fatalError("HOLDFAST_FUZZ_DECODER must be one of \(names)")
    }
    return decoder
}()

/// What libFuzzer calls with each input; it keeps an input that ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try decoder.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
