/// A JSON value as the scanner found it.
///
/// Strings and numbers point into the scanned bytes: a value must not outlive them.
package enum JSONValue {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONString)
    case array([JSONValue])
    case object(JSONObject)
}

/// A number as it is written.
package struct JSONNumber {
    let raw: UnsafeRawBufferPointer

    /// The number's own text.
    package var text: String {
        String(decoding: raw, as: UTF8.self)
    }

    /// The number if it is whole and fits into 32 bits, as the service model's `integer` has to, else nothing.
    ///
    /// A fraction of zeros is let through, for some languages write every number with one. No floating point is
    /// involved, and of a number of millions of digits only the first few are read.
    package var integer: Int? {
        var magnitude = 0
        var index = 0
        let isNegative = raw[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        while index < raw.count, raw[index] != UInt8(ascii: ".") {
            let digit = raw[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            magnitude = magnitude * 10 + Int(digit)
            guard magnitude <= Int(Int32.max) + 1 else { return nil }
            index += 1
        }
        guard raw.dropFirst(index + 1).allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        let value = isNegative ? -magnitude : magnitude
        return value <= Int(Int32.max) ? value : nil
    }
}

/// A member of an object.
package struct JSONMember {
    /// The member's name.
    package let key: JSONString

    /// The member's value.
    package let value: JSONValue
}

/// An object: its members in the order in which they were written.
package struct JSONObject {
    /// The members; a name may come more than once.
    package let members: [JSONMember]

    /// The path of the request that the object is the body of, if it names a queue.
    var queuePath: String?

    /// The value of the last member of this name; nothing if there is none, or if it is null.
    package subscript(key: StaticString) -> JSONValue? {
        for member in members.reversed() where member.key.equals(key) {
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }
}
