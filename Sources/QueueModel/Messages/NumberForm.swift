/// The form of an attribute of type Number.
///
/// Source: Developer Guide, "Amazon SQS message metadata": up to 38 digits of precision, between 10^-128 and 10^+126.
enum NumberForm {
    /// Whether some text is a decimal number (sign, digits with at most one point among them, exponent) in range.
    ///
    /// Zeros before the first and behind the last other digit do not count as precision; zero is always in range.
    static func isNumber(_ text: String.UTF8View) -> Bool {
        var rest = text[...]
        _ = takeSign(from: &rest)
        let whole = takeDigits(from: &rest)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(from: &rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return false }
        var exponent = 0
        if let first = rest.first, first == UInt8(ascii: "e") || first == UInt8(ascii: "E") {
            rest.removeFirst()
            let isNegative = takeSign(from: &rest)
            let digits = takeDigits(from: &rest)
            guard !digits.isEmpty else { return false }
            // Far more than any text has digits to make up for.
            let magnitude = digits.reduce(0) { min($0 * 10 + Int($1 - zero), 1_000_000_000_000) }
            exponent = isNegative ? -magnitude : magnitude
        }
        return rest.isEmpty && isInRange(whole, fraction, exponent: exponent)
    }

    private static let zero = UInt8(ascii: "0")

    private static func isInRange(
        _ whole: String.UTF8View.SubSequence,
        _ fraction: String.UTF8View.SubSequence,
        exponent: Int
    ) -> Bool {
        var power = whole.count + exponent
        var first: (digit: UInt8, power: Int)?
        var precision = 0
        var zerosSince = 0
        for digits in [whole, fraction] {
            for digit in digits {
                power -= 1
                if digit == zero {
                    zerosSince += 1
                } else {
                    precision = first == nil ? 1 : precision + zerosSince + 1
                    zerosSince = 0
                    first = first ?? (digit, power)
                }
            }
        }
        guard let first else { return true }
        let powers = Limits.numberPowersOfTen
        guard precision <= Limits.numberDigitsMax, powers.contains(first.power) else { return false }
        // Of the numbers with the highest power only the power itself is not above the range.
        return first.power < powers.upperBound || precision == 1 && first.digit == UInt8(ascii: "1")
    }

    private static func takeSign(from rest: inout String.UTF8View.SubSequence) -> Bool {
        guard let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") else { return false }
        rest.removeFirst()
        return first == UInt8(ascii: "-")
    }

    private static func takeDigits(from rest: inout String.UTF8View.SubSequence) -> String.UTF8View.SubSequence {
        let digits = rest.prefix { (zero...UInt8(ascii: "9")).contains($0) }
        rest = rest[digits.endIndex...]
        return digits
    }
}
