/// Writes the answers of the Query protocol as JSON, as AWS does for who accepts nothing else.
struct JSONOutput: QueryOutput {
    var json: JSONWriter

    mutating func text(_ name: StaticString, _ text: String) {
        json.member(name, text)
    }

    mutating func text(_ name: StaticString, utf8: [UInt8]) {
        json.member(name, utf8)
    }

    mutating func base64(_ name: StaticString, _ bytes: [UInt8]) {
        json.key(name)
        json.base64(bytes)
    }

    mutating func integer(_ name: StaticString, _ value: Int) {
        json.key(name)
        json.integer(value)
    }

    mutating func bool(_ name: StaticString, _ value: Bool) {
        json.key(name)
        json.bool(value)
    }

    mutating func structure(_ name: StaticString, _ write: (inout JSONOutput) -> Void) {
        json.key(name)
        object(write)
    }

    mutating func texts(_ name: StaticString, of element: StaticString, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        json.key(name)
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }

    mutating func list<Element>(
        _ name: StaticString,
        of element: StaticString,
        _ elements: [Element],
        _ write: (inout JSONOutput, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        json.key(name)
        json.beginArray()
        for one in elements {
            object { write(&$0, one) }
        }
        json.endArray()
    }

    /// Writes an object without a name.
    mutating func object(_ write: (inout JSONOutput) -> Void) {
        json.beginObject()
        write(&self)
        json.endObject()
    }
}
