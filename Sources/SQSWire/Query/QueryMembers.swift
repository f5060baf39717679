internal import QueueModel

/// The parameters whose names begin alike: all of a request, or those of one element of a list.
struct QueryMembers {
    let parameters: QueryParameters
    let node: Int

    /// How the names of these members begin, such as `SendMessageBatchRequestEntry.1.`; for errors.
    let prefix: String

    /// A member's text, as UTF-8.
    func utf8(_ name: String) -> [UInt8]? {
        guard let member = parameters.nodes[node].members[name] else { return nil }
        return parameters.nodes[member].value
    }

    /// A member's text.
    func string(_ name: String) -> String? {
        utf8(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The text of a member that has to be there.
    func requiredString(_ name: String) throws(SQSError) -> String {
        guard let text = string(name) else { throw .missingParameter(prefix + name) }
        return text
    }

    /// The queue: the parameter QueueUrl, or else the path of the request (recorded).
    func queueUrl() throws(SQSError) -> String {
        if let queueUrl = string("QueueUrl"), !queueUrl.isEmpty { return queueUrl }
        guard let queuePath = parameters.queuePath else { throw .missingParameter("QueueUrl") }
        return queuePath
    }

    /// A whole number within 32 bits; an empty one counts as absent.
    func integer(_ name: String) throws(SQSError) -> Int? {
        guard let text = string(name), !text.isEmpty else { return nil }
        guard let number = Int32(text) else {
            throw .invalidParameterValue(text, for: prefix + name, reason: "Must be a number.")
        }
        return Int(number)
    }

    /// Bytes in base64.
    func blob(_ name: String) throws(SQSError) -> [UInt8]? {
        guard let letters = utf8(name) else { return nil }
        guard let blob = letters.withUnsafeBytes({ Base64.decode($0) }) else {
            let text = String(decoding: letters, as: UTF8.self)
            throw .invalidParameterValue(text, for: prefix + name, reason: "Must be base64-encoded.")
        }
        return blob
    }

    /// A member that is a structure.
    func members(_ name: String) -> QueryMembers? {
        guard let member = parameters.nodes[node].members[name] else { return nil }
        return QueryMembers(parameters: parameters, node: member, prefix: "\(prefix)\(name).")
    }

    /// The elements of a list of structures, in the order of their numbers.
    ///
    /// One without a number goes first: AWS's own examples write `Attribute.Name`.
    func elements(_ name: String) -> [QueryMembers] {
        guard let list = members(name) else { return [] }
        let numbered = parameters.nodes[list.node].elements.sorted { $0.key < $1.key }.map { number, node in
            QueryMembers(parameters: parameters, node: node, prefix: "\(list.prefix)\(number).")
        }
        return parameters.nodes[list.node].members.isEmpty ? numbered : [list] + numbered
    }

    /// The elements of a list of strings, in the order of their numbers; one without a number goes first.
    func strings(_ name: String) -> [String] {
        guard let list = members(name) else { return [] }
        var strings: [String] = []
        if let only = parameters.nodes[list.node].value, !only.isEmpty {
            strings.append(String(decoding: only, as: UTF8.self))
        }
        for (_, node) in parameters.nodes[list.node].elements.sorted(by: { $0.key < $1.key }) {
            guard let value = parameters.nodes[node].value else { continue }
            strings.append(String(decoding: value, as: UTF8.self))
        }
        return strings
    }

    /// The parameters `Attribute.N.Name` and `Attribute.N.Value`; of equal names the last one counts.
    func attributes() throws(SQSError) -> [String: String] {
        var attributes: [String: String] = [:]
        for element in elements("Attribute") {
            guard let name = element.string("Name") else { throw .missingParameter("Attribute.Name") }
            guard let value = element.string("Value") else { throw .missingParameter("Attribute.Value") }
            // A dictionary would take a name that only Unicode calls equal for the one it looks like.
            guard name.utf8.allSatisfy({ $0 < 0x80 }) else { throw .unknownAttribute(name) }
            attributes[name] = value
        }
        return attributes
    }

    /// The parameters `Tag.N.Key` and `Tag.N.Value`, if there are any; of equal keys the last one counts.
    func tags() throws(SQSError) -> QueueTags {
        var tags = QueueTags()
        for element in elements("Tag") {
            guard let key = element.string("Key") else { throw .missingParameter("Tag.Key") }
            tags[key] = element.string("Value") ?? ""
        }
        return tags
    }
}
