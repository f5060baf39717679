import QueueModel
import Testing

@Suite struct ReceiptSealTests {
    private let seal = ReceiptSeal(key: Array(0..<32))
    private let receipt = Receipt(
        locator: 0xFEDC_BA98_7654_3210,
        receiveCount: 3,
        receivedAt: Timestamp(milliseconds: 1_700_000_000_123)
    )

    @Test func `a handle opens to the receipt that it was made of`() {
        let extremes = [
            receipt, Receipt(locator: 0, receiveCount: 0, receivedAt: Timestamp(milliseconds: 0)),
            Receipt(locator: .max, receiveCount: Int(UInt32.max), receivedAt: Timestamp(milliseconds: .max)),
            Receipt(locator: 1, receiveCount: 1, receivedAt: Timestamp(milliseconds: -1)),
        ]
        for receipt in extremes {
            #expect(seal.open(seal.seal(receipt)) == receipt)
        }
        #expect(Set(extremes.map(seal.seal)).count == extremes.count)
    }

    @Test func `a handle has the letters that it always had`() {
        // Made with Python: SipHash-2-4 written from the paper, hashlib and base64.
        #expect(seal.seal(receipt) == "Af7cuph2VDIQAAAAAwAAAYvP5Wh7cJUR1IzXeXYAjTlkhowtcA==")
    }

    @Test func `a changed letter anywhere opens nothing`() {
        let handle = Array(seal.seal(receipt).utf8)
        for position in handle.indices {
            for letter in UInt8(1)..<128 where letter != handle[position] {
                var changed = handle
                changed[position] = letter
                let text = String(decoding: changed, as: UTF8.self)
                #expect(seal.open(text) == nil, "\(text)")
            }
        }
    }

    @Test func `a handle cut short or made longer opens nothing`() {
        let handle = seal.seal(receipt)
        for length in 0..<handle.count { #expect(seal.open(String(handle.prefix(length))) == nil) }
        for rest in ["=", "\n", " ", "A", "AAAA", "\0", handle] {
            #expect(seal.open(handle + rest) == nil)
            #expect(seal.open(rest + handle) == nil)
        }
    }

    @Test func `another key opens nothing`() {
        #expect(ReceiptSeal(key: Array(1..<33)).open(seal.seal(receipt)) == nil)
    }

    @Test func `nonsense opens nothing`() {
        for text in [
            "", "garbage", "=", "====", "é", String(repeating: "A", count: 52), String(repeating: "é", count: 26),
        ] {
            #expect(seal.open(text) == nil)
        }
    }
}
