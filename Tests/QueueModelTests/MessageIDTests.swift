import QueueModel
import Testing

@Suite struct MessageIDTests {
    @Test func `an id is shown as a lower-case UUID`() {
        #expect(
            MessageID(high: 0x219f_8380_5770_4cc2, low: 0x8c3e_5c71_5e14_5f5e).text
                == "219f8380-5770-4cc2-8c3e-5c715e145f5e"
        )
        #expect(MessageID(high: 0, low: 1).text == "00000000-0000-0000-0000-000000000001")
    }

    @Test func `drawn ids differ and are of version 4`() {
        var generator = SeededGenerator(seed: 7)
        let ids = (0..<1_000).map { _ in MessageID.random(using: &generator).text }
        #expect(Set(ids).count == 1_000)
        for id in ids {
            let letters = Array(id)
            #expect(letters.count == 36)
            #expect(letters[14] == "4")
            #expect("89ab".contains(letters[19]))
        }
    }
}
