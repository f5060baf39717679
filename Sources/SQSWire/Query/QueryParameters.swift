public import NIOCore
public import QueueModel

/// The parameters of a request of the Query protocol, decoded and indexed once.
///
/// A name such as `Attribute.2.Value` is a path: numbers may come in any order and with gaps, and of equal names the
/// last one counts.
public struct QueryParameters: Sendable {
    /// A place that a name leads to.
    struct Node: Sendable {
        /// The value, valid UTF-8; nothing if the name is only a part of longer ones.
        var value: [UInt8]?

        /// What stands behind a dot and a name.
        var members: [String: Int] = [:]

        /// What stands behind a dot and a number.
        var elements: [Int: Int] = [:]
    }

    /// More than any request that can be meant: ten entries with ten attributes each have less than five hundred.
    static let pairsMax = 10_000

    /// No parameter of the service model has a name with more parts than seven.
    private static let partsMax = 8

    /// The path of the request, if it names a queue.
    let queuePath: String?

    /// The parameter `Action`; nothing if it is missing or empty.
    public private(set) var action: String?

    private(set) var nodes = [Node()]
    private var pairs = 0

    /// Reads the target's query and then the form in the body, whose parameters win over the target's.
    ///
    /// - Parameters:
    ///   - path: The target's path; with an account and a name it is that of a queue.
    ///   - query: The target's query, without its question mark.
    ///   - form: The body, if it is a form.
    /// - Throws: MalformedQueryString for broken escapes, text that is no UTF-8, numbers without an end and too many
    ///   parameters.
    public init(path: Substring, query: Substring?, form: ByteBuffer?) throws(SQSError) {
        queuePath = QueuePath.queueUrl(path)
        nodes.reserveCapacity(8)
        nodes[0].members.reserveCapacity(8)
        if let query {
            try ByteBuffer(substring: query).withUnsafeReadableBytes { (bytes) throws(SQSError) in try read(bytes) }
        }
        if let form {
            try form.withUnsafeReadableBytes { (bytes) throws(SQSError) in try read(bytes) }
        }
        if let action = root.string("Action"), !action.isEmpty {
            self.action = action
        }
    }

    /// All parameters.
    var root: QueryMembers {
        QueryMembers(parameters: self, node: 0, prefix: "")
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(SQSError) {
        var start = 0
        while start < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            let pair = UnsafeRawBufferPointer(rebasing: rest[..<(rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.count)])
            start += pair.count + 1
            guard !pair.isEmpty else { continue }
            pairs += 1
            guard pairs <= QueryParameters.pairsMax else {
                throw .malformedQueryString("The request has too many parameters.")
            }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
            let name = try PercentEncoding.decode(UnsafeRawBufferPointer(rebasing: pair[..<equals]))
            let value = try PercentEncoding.decode(
                UnsafeRawBufferPointer(rebasing: pair[min(equals + 1, pair.count)...])
            )
            // No parameter has such a name, and a dictionary might take it for one that has.
            guard name.allSatisfy({ $0 < 0x80 }) else { continue }
            try set(value, at: String(decoding: name, as: UTF8.self))
        }
    }

    private mutating func set(_ value: [UInt8], at name: String) throws(SQSError) {
        guard name.utf8.contains(UInt8(ascii: ".")) else {
            // So are all parameters of a request for one message.
            nodes[try child(name[...], of: 0)].value = value
            return
        }
        let parts = name.utf8.split(
            separator: UInt8(ascii: "."),
            maxSplits: QueryParameters.partsMax,
            omittingEmptySubsequences: false
        )
        guard parts.count <= QueryParameters.partsMax else { return }
        var node = 0
        for part in parts {
            node = try child(Substring(part), of: node)
        }
        nodes[node].value = value
    }

    private mutating func child(_ part: Substring, of node: Int) throws(SQSError) -> Int {
        let isNumber = !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let next = nodes.count
        let child: Int
        if isNumber {
            guard let number = Int(part) else {
                throw .malformedQueryString("The number in a parameter's name is too large.")
            }
            child = QueryParameters.known(&nodes[node].elements[number], orNew: next)
        } else {
            child = QueryParameters.known(&nodes[node].members[String(part)], orNew: next)
        }
        if child == next {
            nodes.append(Node())
        }
        return child
    }

    /// What a dictionary has at a place, or what it has from now on; the key is looked up once.
    private static func known(_ place: inout Int?, orNew new: Int) -> Int {
        if let place { return place }
        place = new
        return new
    }
}
