import Foundation
import FuzzedDecoders
import Testing

/// The saved inputs of the fuzzer, among them those that found something once.
@Suite struct CorpusTests {
    private static let corpus = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Corpus")

    private static func inputs(of decoder: FuzzedDecoder) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: corpus.appending(path: decoder.rawValue),
            includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
    }

    @Test(arguments: FuzzedDecoder.allCases)
    func `a decoder keeps its promises with every saved input`(decoder: FuzzedDecoder) throws {
        let inputs = try Self.inputs(of: decoder)
        #expect(inputs.count >= 10)
        for input in inputs {
            let bytes = try Data(contentsOf: input)
            do {
                try decoder.check(Array(bytes))
            } catch {
                Issue.record("\(decoder)/\(input.lastPathComponent): \(error)")
            }
        }
    }

    @Test(arguments: FuzzedDecoder.allCases)
    func `a decoder keeps its promises with every saved input cut short or with a byte changed`(
        decoder: FuzzedDecoder
    ) throws {
        for input in try Self.inputs(of: decoder) {
            let bytes = Array(try Data(contentsOf: input))
            let step = max(1, bytes.count / 8)
            for index in stride(from: 0, to: bytes.count, by: step) {
                var changed = bytes
                changed[index] ^= 1 << UInt8(index % 8)
                do {
                    try decoder.check(Array(bytes[..<index]))
                    try decoder.check(changed)
                } catch {
                    Issue.record("\(decoder)/\(input.lastPathComponent), byte \(index): \(error)")
                }
            }
        }
    }

    @Test func `the corpus is small`() throws {
        for decoder in FuzzedDecoder.allCases {
            for input in try Self.inputs(of: decoder) {
                #expect(try Data(contentsOf: input).count <= 4_096, "\(input.lastPathComponent)")
            }
        }
    }
}
