import QueueModel
import Testing

@Suite struct MessageCharactersTests {
    private func areAllowed(_ scalar: UInt32, after count: Int, of filler: String) -> Bool? {
        guard let scalar = Unicode.Scalar(scalar) else { return nil }
        let text = String(repeating: filler, count: count) + String(scalar) + String(repeating: filler, count: 9)
        let isAllowed = MessageCharacters.areAllowed(text)
        #expect(MessageCharacters.areAllowed(Array(text.utf8)) == isAllowed)
        return isAllowed
    }

    @Test(arguments: [UInt32(0), 1, 8, 0xB, 0xC, 0xE, 0x1F, 0xFFFE, 0xFFFF])
    func `characters outside XML's set are found wherever they stand`(scalar: UInt32) {
        for count in 0..<18 {
            #expect(areAllowed(scalar, after: count, of: "a") == false)
            #expect(areAllowed(scalar, after: count, of: "ö\n") == false)
        }
    }

    @Test(
        arguments: [
            UInt32(9), 0xA, 0xD, 0x20, 0x7F, 0x80, 0xD7FF, 0xE000, 0xEFFF, 0xF000, 0xFFBF, 0xFFC0, 0xFFFD, 0x10000,
            0x1FFFF,
            0x10FFFF,
        ]
    )
    func `characters of XML's set are taken wherever they stand`(scalar: UInt32) {
        for count in 0..<18 {
            #expect(areAllowed(scalar, after: count, of: "a") == true)
        }
    }

    @Test func `nothing is wrong with an empty text`() {
        #expect(MessageCharacters.areAllowed(""))
    }
}
