import QueueModel
import Testing

@Suite struct MessageAttributeInputTests {
    private func error(of inputs: [MessageAttributeInput]) -> SQSError? {
        do throws(SQSError) {
            _ = try MessageAttribute.checked(inputs)
            return nil
        } catch {
            return error
        }
    }

    private func error(name: String = "a", type: String = "String", string: String? = "x") -> SQSError? {
        error(of: [MessageAttributeInput(name: name, dataType: type, stringValue: string)])
    }

    @Test(
        arguments: [
            "a", "A_b-c.9", "Überschrift", "名前", "awsome", "aws", "Amazonas.x", String(repeating: "n", count: 256),
        ]
    )
    func `names of letters, digits, hyphens, underscores and single dots are taken`(name: String) {
        #expect(error(name: name) == nil)
    }

    @Test(
        arguments: [
            "", "AWS.x", "aws.x", "Amazon.x", "AMAZON.x", ".x", "x.", "a..b", "a b", "!", "\"", "§", "(", "?", "a/b",
            "☃", "AWS.\u{301}x", "amazon.\u{301}x",
            String(repeating: "n", count: 257),
        ]
    )
    func `other names are refused`(name: String) {
        #expect(error(name: name)?.code == "InvalidParameterValue")
    }

    @Test(
        arguments: [
            "0", "-1", "+1", "1.5", ".5", "5.", "1e10", "-1.25E-7", "00012", String(repeating: "9", count: 38),
            "-0.000", "0e999", "1e126", "10e125", "-1e126", "9e125", "1e-128", "0.1e-127",
            String(repeating: "0", count: 100) + "1." + String(repeating: "0", count: 100),
            "1" + String(repeating: "0", count: 126), "0." + String(repeating: "0", count: 127) + "1",
            "0." + String(repeating: "0", count: 500) + "1e501", String(repeating: "9", count: 38) + "000",
        ]
    )
    func `decimal numbers are numbers`(text: String) {
        #expect(error(type: "Number", string: text) == nil)
        #expect(error(type: "Number.int", string: text) == nil)
    }

    @Test(arguments: [
        "x", "1x", " 1", "1 ", "-", ".", "1e", "e5", "0x10", "1,5", "--1", "1.2.3", "NaN", "Infinity", "٣",
        "1e400", "1e127", "1.1e126", "2e126", "-1e127", "1e-129", "0.9e-128", "1e99999999999999999999999",
        "1e-99999999999999999999999", String(repeating: "9", count: 39), "1" + String(repeating: "0", count: 37) + "1",
        "1." + String(repeating: "0", count: 37) + "1", "1" + String(repeating: "0", count: 127),
    ])
    func `other values of type Number are refused`(text: String) {
        #expect(
            error(type: "Number", string: text)
                == .invalidParameterValue("Can't cast the value of message (user) attribute 'a' to a number.")
        )
    }

    @Test(arguments: ["Strings", "string", "Int", "Text.String", "."])
    func `types have one of three prefixes`(type: String) {
        #expect(
            error(type: type)
                == .invalidParameterValue(
                    "The type of message (user) attribute 'a' is invalid. You must use only the following "
                        + "supported type prefixes: Binary, Number, String."
                )
        )
    }

    @Test func `types may have a label, of the same form as a name`() {
        #expect(error(type: "String.my_label-1") == nil)
        #expect(error(type: "String.a.b") == nil)
        for type in ["", "String.", "String..a", "String.a b", "String." + String(repeating: "a", count: 250)] {
            #expect(error(type: type)?.code == "InvalidParameterValue")
        }
    }

    @Test func `values must be there and fit the type`() {
        #expect(
            error(string: "")?.message
                == "Message (user) attribute 'a' must contain a non-empty value of type 'String'."
        )
        #expect(error(string: nil)?.code == "InvalidParameterValue")
        #expect(error(string: "a\u{1}")?.code == "InvalidParameterValue")
        #expect(error(type: "Binary")?.code == "InvalidParameterValue")
        for (string, binary) in [(nil, []), ("x", [1])] as [(String?, [UInt8])] {
            let input = MessageAttributeInput(name: "a", dataType: "Binary", stringValue: string, binaryValue: binary)
            #expect(error(of: [input])?.code == "InvalidParameterValue")
        }
        #expect(error(of: [MessageAttributeInput(name: "a", dataType: "Binary.gif", binaryValue: [0])]) == nil)
    }

    @Test func `list values are not supported`() {
        let input = MessageAttributeInput(name: "a", dataType: "String", stringValue: "x", hasListValues: true)
        #expect(error(of: [input])?.code == "AWS.SimpleQueueService.UnsupportedOperation")
    }

    @Test func `a message has at most ten attributes, each once`() {
        func inputs(_ count: Int) -> [MessageAttributeInput] {
            (0..<count).map { MessageAttributeInput(name: "a\($0)", dataType: "String", stringValue: "x") }
        }
        #expect(error(of: inputs(10)) == nil)
        #expect(
            error(of: inputs(11))?.message == "Number of message attributes [11] exceeds the allowed maximum [10]."
        )
        #expect(error(of: inputs(1) + inputs(1))?.code == "InvalidParameterValue")
    }

    @Test func `names that are spelled in other bytes are other names, even if they look the same`() throws {
        let inputs = ["\u{e9}", "e\u{301}"].map {
            MessageAttributeInput(name: $0, dataType: "String", stringValue: "x")
        }
        #expect(
            try MessageAttribute.checked(inputs).map { Array($0.name.utf8) } == [[0x65, 0xCC, 0x81], [0xC3, 0xA9]]
        )
    }

    @Test func `attributes come back sorted by name`() throws {
        let inputs = ["b", "B", "a"].map { MessageAttributeInput(name: $0, dataType: "String", stringValue: "x") }
        #expect(try MessageAttribute.checked(inputs).map(\.name) == ["B", "a", "b"])
    }
}
