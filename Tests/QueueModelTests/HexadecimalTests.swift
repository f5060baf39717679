import QueueModel
import Testing

@Suite struct HexadecimalTests {
    @Test func `every digit has its letter at every place`() {
        var words: [UInt64] = [0, .max, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210]
        for digit in UInt64(0)..<16 {
            for place in UInt64(0)..<16 { words.append(digit << (4 * place)) }
        }
        for word in words {
            let plain = String(word, radix: 16)
            let expected = String(repeating: "0", count: 16 - plain.count) + plain
            #expect(MD5Digest(high: word, low: ~word).text.prefix(16) == expected)
        }
    }

    @Test func `a message id has the usual form of a UUID`() {
        let id = MessageID(high: 0x219F_8380_5770_4CC2, low: 0x8C3E_5C71_5E14_5F5E)
        #expect(id.text == "219f8380-5770-4cc2-8c3e-5c715e145f5e")
    }
}
