extension MD5Digest {
    /// MD5OfMessageAttributes of these attributes, which must be sorted by name; nothing for none.
    ///
    /// Each name, type and value with its length before it, the value after a byte for its kind; source: Developer
    /// Guide, "Calculating the MD5 message digest for message attributes".
    public init?(ofAttributes attributes: [MessageAttribute]) {
        guard !attributes.isEmpty else { return nil }
        var hasher = MD5Hasher()
        for attribute in attributes {
            hasher.update(length: attribute.name.utf8.count)
            hasher.update(attribute.name)
            hasher.update(length: attribute.dataType.utf8.count)
            hasher.update(attribute.dataType)
            switch attribute.value {
            case .string(let text):
                hasher.update([1])
                hasher.update(length: text.utf8.count)
                hasher.update(text)
            case .binary(let bytes):
                hasher.update([2])
                hasher.update(length: bytes.count)
                hasher.update(bytes)
            }
        }
        self = hasher.digest
    }
}
