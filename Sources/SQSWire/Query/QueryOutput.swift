internal import QueueModel

/// What an answer of the Query protocol is written to: XML, or JSON where the caller asked for it.
///
/// XML knows a list by its elements' name alone, JSON by the list's; a map is a list of keys with their values.
protocol QueryOutput {
    /// Writes a member that is a string.
    mutating func text(_ name: StaticString, _ text: String)

    /// Writes a member that is a string given as UTF-8.
    mutating func text(_ name: StaticString, utf8: [UInt8])

    /// Writes a member that is bytes.
    mutating func base64(_ name: StaticString, _ bytes: [UInt8])

    /// Writes a member that is a whole number.
    mutating func integer(_ name: StaticString, _ value: Int)

    /// Writes a member that is a truth value.
    mutating func bool(_ name: StaticString, _ value: Bool)

    /// Writes a member that is a structure.
    mutating func structure(_ name: StaticString, _ write: (inout Self) -> Void)

    /// Writes a list of strings; an empty one is left out.
    mutating func texts(_ name: StaticString, of element: StaticString, _ texts: [String])

    /// Writes a list of structures; an empty one is left out.
    mutating func list<Element>(
        _ name: StaticString,
        of element: StaticString,
        _ elements: [Element],
        _ write: (inout Self, Element) -> Void
    )
}

extension QueryOutput {
    /// Writes a member that is a string, or nothing at all if there is none.
    mutating func text(_ name: StaticString, ifThere text: String?) {
        if let text { self.text(name, text) }
    }

    /// Writes a member that is a whole number, or nothing at all if there is none.
    mutating func integer(_ name: StaticString, ifThere value: Int?) {
        if let value { integer(name, value) }
    }
}
