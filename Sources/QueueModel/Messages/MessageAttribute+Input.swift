extension MessageAttribute {
    /// Makes an attribute of what a caller wrote.
    ///
    /// Sources: recorded answers, and the Developer Guide ("Amazon SQS message metadata") for what was not recorded.
    ///
    /// - Throws: InvalidParameterValue, or UnsupportedOperation for list values, in AWS's words.
    public init(_ input: MessageAttributeInput) throws(SQSError) {
        let name = input.name
        try MessageAttribute.checkName(name)
        guard !input.dataType.isEmpty else {
            throw .invalidParameterValue(
                "The message attribute '\(name)' must contain non-empty message attribute type."
            )
        }
        guard !input.hasListValues else {
            throw .listValuesAreUnsupported
        }
        let value =
            switch input.dataType.prefix(while: { $0 != "." }) {
            case "String":
                Value.string(try MessageAttribute.text(of: input, type: "String"))
            case "Number":
                Value.string(try MessageAttribute.number(of: input))
            case "Binary":
                Value.binary(try MessageAttribute.bytes(of: input))
            default:
                throw .invalidParameterValue(
                    "The type of message (user) attribute '\(name)' is invalid. You must use only the following "
                        + "supported type prefixes: Binary, Number, String."
                )
            }
        guard MessageAttribute.hasDottedForm(input.dataType) else {
            throw .invalidParameterValue(
                "The type of message (user) attribute '\(name)' can only contain alphanumeric characters, hyphens, "
                    + "underscores and single periods, and can be at most "
                    + "\(Limits.messageAttributeNameLengthMax) letters long."
            )
        }
        self.init(name: name, dataType: input.dataType, value: value)
    }

    /// Checks that there are not too many attributes, and makes them of what a caller wrote; sorted by name.
    ///
    /// - Throws: InvalidParameterValue, or UnsupportedOperation for list values, in AWS's words.
    public static func checked(_ inputs: [MessageAttributeInput]) throws(SQSError) -> [MessageAttribute] {
        guard inputs.count <= Limits.messageAttributesMax else {
            throw .invalidParameterValue(
                "Number of message attributes [\(inputs.count)] exceeds the allowed maximum "
                    + "[\(Limits.messageAttributesMax)]."
            )
        }
        var attributes: [MessageAttribute] = []
        attributes.reserveCapacity(inputs.count)
        for input in inputs {
            // The Query protocol can name an attribute twice. `==` would take two spellings of a letter for one.
            guard !attributes.contains(where: { $0.name.utf8.elementsEqual(input.name.utf8) }) else {
                throw .invalidParameterValue("Message (user) attribute name '\(input.name)' already exists.")
            }
            attributes.append(try MessageAttribute(input))
        }
        attributes.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return attributes
    }

    private static func checkName(_ name: String) throws(SQSError) {
        guard !name.isEmpty else {
            throw .invalidParameterValue("The request must contain non-empty message attribute name.")
        }
        guard !hasReservedPrefix(name), !name.hasPrefix("."), !name.hasSuffix(".") else {
            throw .invalidParameterValue(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
                    + "These strings are reserved for internal use. "
                    + "Additionally, they cannot start or end with '.'."
            )
        }
        guard hasDottedForm(name) else {
            throw .invalidParameterValue(
                "Message (user) attribute name '\(name)' can only contain alphanumeric characters, hyphens, "
                    + "underscores and single periods, and can be at most "
                    + "\(Limits.messageAttributeNameLengthMax) letters long."
            )
        }
    }

    private static func hasReservedPrefix(_ name: String) -> Bool {
        // Few names begin so: the others are spared the copy.
        guard let first = name.utf8.first, first | 0x20 == UInt8(ascii: "a") else { return false }
        // By bytes: a Character may hold more than the letter it begins with.
        let lowercased = name.lowercased().utf8
        return lowercased.starts(with: "aws.".utf8) || lowercased.starts(with: "amazon.".utf8)
    }

    /// Whether a name or type has 1 to 256 letters (also outside ASCII: recorded), digits, `-`, `_` and single dots
    /// that stand neither first nor last.
    private static func hasDottedForm(_ text: String) -> Bool {
        var count = 0
        var wasDot = true
        for scalar in text.unicodeScalars {
            count += 1
            switch scalar {
            case ".":
                guard !wasDot else { return false }
                wasDot = true
                continue
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_":
                break
            default:
                guard !scalar.isASCII, isLetterOrDigit(scalar) else { return false }
            }
            wasDot = false
        }
        return count <= Limits.messageAttributeNameLengthMax && !wasDot
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            true
        default:
            false
        }
    }

    private static func emptyValue(_ name: String, type: String) -> SQSError {
        .invalidParameterValue(
            "Message (user) attribute '\(name)' must contain a non-empty value of type '\(type)'."
        )
    }

    private static func text(of input: MessageAttributeInput, type: String) throws(SQSError) -> String {
        guard let text = input.stringValue, !text.isEmpty else { throw emptyValue(input.name, type: type) }
        guard input.binaryValue?.isEmpty ?? true else { throw secondValue(input.name) }
        guard MessageCharacters.areAllowed(text) else {
            throw .invalidParameterValue(
                "Invalid characters found. Valid unicode characters are \(MessageCharacters.allowed)"
            )
        }
        return text
    }

    private static func number(of input: MessageAttributeInput) throws(SQSError) -> String {
        let text = try text(of: input, type: "Number")
        guard NumberForm.isNumber(text.utf8) else {
            throw .invalidParameterValue(
                "Can't cast the value of message (user) attribute '\(input.name)' to a number."
            )
        }
        return text
    }

    private static func bytes(of input: MessageAttributeInput) throws(SQSError) -> [UInt8] {
        guard let bytes = input.binaryValue, !bytes.isEmpty else { throw emptyValue(input.name, type: "Binary") }
        guard input.stringValue?.isEmpty ?? true else { throw secondValue(input.name) }
        return bytes
    }

    private static func secondValue(_ name: String) -> SQSError {
        .invalidParameterValue("Message (user) attribute '\(name)' must contain only the value that fits its type.")
    }
}
