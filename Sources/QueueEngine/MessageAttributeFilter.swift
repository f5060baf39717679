import QueueModel

/// The message attributes that a receive asks for: names, prefixes that end in `.*`, or all of them.
///
/// Recorded: `All`, `.*` and `*` ask for all; a name that no attribute can have asks for nothing and is no error.
/// Names are compared by their bytes, for `==` takes two spellings of a letter for one.
struct MessageAttributeFilter: Sendable {
    private var asksForAll = false
    private var names: [String] = []
    private var prefixes: [String] = []

    /// Reads MessageAttributeNames.
    init(_ texts: [String]) {
        for text in texts {
            if text == "All" || text == "*" || text == ".*" {
                asksForAll = true
            } else if text.utf8.suffix(2).elementsEqual(".*".utf8) {
                prefixes.append(String(text.unicodeScalars.dropLast(2)))
            } else {
                names.append(text)
            }
        }
    }

    /// Those of a message's attributes that are asked for, by name.
    func selects(from stored: EncodedMessageAttributes) -> [MessageAttribute] {
        guard !stored.bytes.isEmpty, asksForAll || !names.isEmpty || !prefixes.isEmpty else { return [] }
        let attributes = stored.decoded()
        guard !asksForAll else { return attributes }
        return attributes.filter { attribute in
            names.contains { attribute.name.utf8.elementsEqual($0.utf8) }
                || prefixes.contains { attribute.name.utf8.starts(with: $0.utf8) }
        }
    }
}
