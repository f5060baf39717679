/// A send as bytes in which only digits differ from one to the next, so that writing it is one copy.
struct SendTemplate: Sendable {
    /// Where the digits of one message stand, counted from the start of the request.
    private struct Places {
        var body = 0
        var group: Int?
        var deduplication: Int?
    }

    /// Digits of a group's number in its name.
    static let groupDigits = 7

    private let bytes: [UInt8]
    private let places: [Places]

    /// Assembles a SendMessage, or a SendMessageBatch of several messages.
    init(_ shape: MessageShape, head: RequestHead, queueURL: String, _ wire: WireProtocol) {
        var body: [UInt8] = []
        var places: [Places] = []
        let isBatch = shape.batch > 1
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: MessageShape.sequenceDigits)
        let filler = [UInt8](repeating: UInt8(ascii: "x"), count: shape.bodyBytes - zeros.count)
        func add(_ text: String) { body += Array(text.utf8) }

        switch wire {
        case .json: add(#"{"QueueUrl": "\#(queueURL)""# + (isBatch ? #", "Entries": ["# : ""))
        case .query:
            add("Action=SendMessage\(isBatch ? "Batch" : "")&Version=2012-11-05&QueueUrl=")
            body += FormEncoding.encoded(queueURL)
        }
        for entry in 0..<shape.batch {
            var place = Places()
            let prefix = isBatch ? "SendMessageBatchRequestEntry.\(entry + 1)." : ""
            func field(_ name: String, last: String) {
                switch wire {
                case .json: add(#"\#(last == "{" ? "{" : ", ")"\#(name)": ""#)
                case .query: add("&\(prefix)\(name)=")
                }
            }
            func endField() { if wire == .json { add("\"") } }
            if isBatch {
                if wire == .json, entry > 0 { add(", ") }
                field("Id", last: "{")
                add("\(entry)")
                endField()
            }
            field("MessageBody", last: ",")
            place.body = body.count
            body += zeros + filler
            endField()
            if shape.groups != nil {
                field("MessageGroupId", last: ",")
                add("g")
                place.group = body.count
                body += zeros.prefix(Self.groupDigits)
                endField()
                field("MessageDeduplicationId", last: ",")
                place.deduplication = body.count
                body += zeros
                endField()
            }
            if isBatch, wire == .json { add("}") }
            places.append(place)
        }
        if wire == .json { add(isBatch ? "]}" : "}") }

        bytes = head.request(isBatch ? "SendMessageBatch" : "SendMessage", body: body)
        let headBytes = bytes.count - body.count
        self.places = places.map {
            Places(
                body: $0.body + headBytes,
                group: $0.group.map { $0 + headBytes },
                deduplication: $0.deduplication.map { $0 + headBytes }
            )
        }
    }

    /// Writes the send of messages numbered from `sequence` on; `group` is asked for each one's group.
    func write(sequence: Int, into buffer: inout RequestBuffer, group: (_ entry: Int) -> Int) {
        let start = buffer.count
        buffer.append(bytes)
        for (entry, place) in places.enumerated() {
            buffer.overwrite(at: start + place.body, decimal: sequence + entry, digits: MessageShape.sequenceDigits)
            if let offset = place.group {
                buffer.overwrite(at: start + offset, decimal: group(entry), digits: Self.groupDigits)
            }
            if let offset = place.deduplication {
                buffer.overwrite(at: start + offset, decimal: sequence + entry, digits: MessageShape.sequenceDigits)
            }
        }
    }
}
