import QueueModel
import Testing

@Suite struct SipHashTests {
    private let sip = SipHash(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))

    private func hash(_ bytes: Range<Int>) -> [UInt64] {
        let value = bytes.map { UInt8(truncatingIfNeeded: $0) }.withUnsafeBytes { sip.hash($0) }
        return [value.first, value.second]
    }

    @Test func `hashes are those of SipHash-2-4 with 128 bits`() {
        // Vectors of the authors, whose message of n bytes is 0, 1, ... n - 1.
        #expect(hash(0..<0) == [0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d])
        #expect(hash(0..<1) == [0x44af_996b_d8c1_87da, 0x45fc_229b_1159_7634])
        #expect(hash(0..<15) == [0x11a8_b033_99e9_9354, 0xd9c3_cf97_0fec_087e])
        // Of a length that takes more than the byte for it: made with Python, written from the paper.
        #expect(hash(0..<300) == [0x6db3_146d_405a_00ce, 0x11b3_e1a7_f7b5_8653])
    }

    @Test func `a number is hashed as eight bytes before what follows`() {
        var state = sip.begin()
        state.add(0x0706_0504_0302_0100)
        let value = Array(UInt8(8)..<13).withUnsafeBytes { state.finish(with: $0) }
        #expect([value.first, value.second] == hash(0..<13))
    }

    @Test func `no two lists of texts have the same hash`() {
        let lists = [
            [], [""], ["", ""], ["a"], ["a", ""], ["", "a"], ["ab"], ["a", "b"], ["a\0"], ["abcdefgh"],
            ["abcdefgh\0"], ["abcdefg", "h"], ["\u{1}\0\0\0\0\0\0\0", ""],
        ]
        let values = lists.map { texts in
            var state = sip.begin()
            for text in texts { state.add(text) }
            return state.finish()
        }
        #expect(Set(values).count == lists.count)
    }

    @Test func `another secret and another purpose hash otherwise`() {
        let values = [
            SipHash(secret: [1], purpose: "a"), SipHash(secret: [2], purpose: "a"), SipHash(secret: [1], purpose: "b"),
        ].map { Array("x".utf8).withUnsafeBytes($0.hash) }
        #expect(Set(values).count == values.count)
    }
}
