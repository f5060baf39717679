import QueueModel

/// The message attributes that a receive asks for: names, prefixes that end in `.*`, or all of them.
///
/// Recorded: `All`, `.*` and `*` ask for all; a name that no attribute can have asks for nothing and is no error.
struct MessageAttributeFilter: Sendable {
    private var asksForAll = false
    private var names: [String] = []
    private var prefixes: [String] = []

    /// Reads MessageAttributeNames.
    init(_ texts: [String]) {
        for text in texts {
            if text == "All" || text == "*" || text == ".*" {
                asksForAll = true
            } else if text.hasSuffix(".*") {
                prefixes.append(String(text.dropLast(2)))
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
            names.contains(attribute.name) || prefixes.contains { attribute.name.hasPrefix($0) }
        }
    }
}
