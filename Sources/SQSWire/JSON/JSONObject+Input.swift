internal import QueueModel

// Reads the members of an input shape. All of these count null as absent (AWS does), and throw SerializationException
// in the words of AWS's own decoder if a value has another type than the service model says.
extension JSONObject {
    /// A member of type string.
    func string(_ key: StaticString) throws(SQSError) -> String? {
        guard let value = self[key] else { return nil }
        return try value.string.text
    }

    /// A member of type string that has to be there; `name` is what it is called if it is not.
    func requiredString(_ key: StaticString, named name: @autoclosure () -> String) throws(SQSError) -> String {
        guard let text = try string(key) else { throw .missingParameter(name()) }
        return text
    }

    /// A member of type string that has to be there.
    func requiredString(_ key: StaticString) throws(SQSError) -> String {
        try requiredString(key, named: "\(key)")
    }

    /// The queue that a request is for: its member QueueUrl, or else the path that it was sent to.
    func queueUrl() throws(SQSError) -> String {
        let url = try string("QueueUrl")
        if let url, !url.isEmpty { return url }
        // As in the Query protocol, an empty one does not hide the path.
        guard let queueUrl = queuePath ?? url else { throw .missingParameter("QueueUrl") }
        return queueUrl
    }

    /// A member of type string, as UTF-8.
    func utf8(_ key: StaticString) throws(SQSError) -> [UInt8]? {
        guard let value = self[key] else { return nil }
        return try value.string.bytes
    }

    /// A member of type blob: base64.
    func blob(_ key: StaticString) throws(SQSError) -> [UInt8]? {
        guard let value = self[key] else { return nil }
        let string = try value.string
        let blob =
            string.hasEscapes
            ? string.bytes.withUnsafeBytes { Base64.decode($0) }
            : Base64.decode(string.raw)
        guard let blob else { throw .serialization("\(key) is not valid base64.") }
        return blob
    }

    /// A member of type integer: whole, within 32 bits.
    func integer(_ key: StaticString) throws(SQSError) -> Int? {
        guard let value = self[key] else { return nil }
        guard case .number(let number) = value else { throw value.mismatch(with: "an Integer") }
        guard let integer = number.integer else {
            throw .serialization("NUMBER_VALUE can not be converted to an Integer")
        }
        return integer
    }

    /// A member of type list; absent is empty.
    func list(_ key: StaticString) throws(SQSError) -> [JSONValue] {
        guard let value = self[key] else { return [] }
        return try value.list
    }

    /// A member of type list of strings; absent is empty, and null elements are left out.
    func strings(_ key: StaticString) throws(SQSError) -> [String] {
        var strings: [String] = []
        for element in try list(key) {
            if case .null = element { continue }
            strings.append(try element.string.text)
        }
        return strings
    }

    /// A member that is a structure or a map.
    func object(_ key: StaticString) throws(SQSError) -> JSONObject? {
        guard let value = self[key] else { return nil }
        return try value.object
    }

    /// Attributes by name, a map of strings; null values are left out, and of equal names the last one counts.
    func attributes(_ key: StaticString) throws(SQSError) -> [String: String]? {
        guard let pairs = try pairs(key) else { return nil }
        var attributes: [String: String] = [:]
        for (name, value) in pairs {
            // A dictionary would take a name that only Unicode calls equal for the one it looks like.
            guard name.utf8.allSatisfy({ $0 < 0x80 }) else { throw .unknownAttribute(name) }
            attributes[name] = value
        }
        return attributes
    }

    /// Tags, a map of strings; null values are left out, and of equal keys the last one counts.
    func tags(_ key: StaticString) throws(SQSError) -> QueueTags? {
        try pairs(key)?.reduce(into: QueueTags()) { $0[$1.key] = $1.value }
    }

    /// The members of a map of strings as they stand; a null takes an earlier value of the same key away.
    private func pairs(_ key: StaticString) throws(SQSError) -> [(key: String, value: String?)]? {
        guard let members = try object(key)?.members else { return nil }
        var pairs: [(key: String, value: String?)] = []
        for member in members {
            if case .null = member.value {
                pairs.append((member.key.text, nil))
            } else {
                pairs.append((member.key.text, try member.value.string.text))
            }
        }
        return pairs
    }
}

extension JSONValue {
    /// The value as a string.
    var string: JSONString {
        get throws(SQSError) {
            guard case .string(let string) = self else { throw mismatch(with: "a String") }
            return string
        }
    }

    /// The value as a list.
    var list: [JSONValue] {
        get throws(SQSError) {
            switch self {
            case .array(let elements): return elements
            case .object: throw mismatch(with: "")
            default: throw .serialization("Expected list or null")
            }
        }
    }

    /// The value as a structure or map.
    var object: JSONObject {
        get throws(SQSError) {
            switch self {
            case .object(let object): return object
            case .array: throw mismatch(with: "")
            // A null that counts for absent does not come here: this one is an element of a list, or all there is.
            case .null: throw mismatch(with: "a structure or map")
            default: throw .serialization("Expected map or null")
            }
        }
    }

    /// The error for a value that stands where another type should; `type` has its article before it.
    func mismatch(with type: String) -> SQSError {
        switch self {
        case .array: .serialization("Start of list found where not expected")
        case .object: .serialization("Start of structure or map found where not expected.")
        case .string: .serialization("STRING_VALUE can not be converted to \(type)")
        case .number: .serialization("NUMBER_VALUE can not be converted to \(type)")
        case .bool(true): .serialization("TRUE_VALUE can not be converted to \(type)")
        case .bool(false): .serialization("FALSE_VALUE can not be converted to \(type)")
        case .null: .serialization("NULL_VALUE can not be converted to \(type)")
        }
    }
}
