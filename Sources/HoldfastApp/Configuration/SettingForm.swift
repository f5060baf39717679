import Logging

/// How the value of a setting is written and read.
package struct SettingForm<Value: Sendable>: Sendable {
    /// What a value must look like, to follow "must be".
    let expectation: String

    /// Reads a value; nothing if the text is not one.
    let value: @Sendable (String) -> Value?

    /// Writes a value so that reading it gives the same one.
    let text: @Sendable (Value) -> String
}

extension SettingForm where Value == Int {
    /// A whole number in decimal digits.
    static func wholeNumber(in range: ClosedRange<Int>) -> SettingForm {
        SettingForm(
            expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            value: { text in
                guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                    let number = Int(text), range.contains(number)
                else { return nil }
                return number
            },
            text: { String($0) }
        )
    }
}

extension SettingForm where Value == String {
    /// An IP address or a host name, without a port and without brackets.
    static let host = SettingForm(
        expectation: "an IP address or a host name, without a port",
        value: { $0.wholeMatch(of: /[A-Za-z0-9._:%-]{1,253}/) == nil ? nil : $0 },
        text: { $0 }
    )

    /// A path of the file system.
    static let path = SettingForm(
        expectation: "a path",
        value: { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 },
        text: { $0 }
    )

    /// An AWS account id.
    static let account = SettingForm(
        expectation: "twelve digits",
        value: { $0.wholeMatch(of: /[0-9]{12}/) == nil ? nil : $0 },
        text: { $0 }
    )

    /// The name of a region, AWS's or one's own.
    static let region = SettingForm(
        expectation: "small letters, digits and single hyphens such as us-east-1, at most 32 of them",
        value: { text in
            text.utf8.count <= 32 && text.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil ? text : nil
        },
        text: { $0 }
    )
}

extension SettingForm where Value == String? {
    /// Scheme, host, port and path of a URL without anything behind; empty for none.
    ///
    /// A slash at its end is dropped.
    static let baseURL = SettingForm(
        expectation: "http:// or https:// with a host and perhaps a port and a path, or empty",
        value: { text in
            if text.isEmpty { return .some(nil) }
            let origin = /https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/
            let path = /(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/
            guard let start = text.prefixMatch(of: origin) else { return nil }
            if let port = start.1, !(1...65_535).contains(Int(port) ?? 0) { return nil }
            let rest = text[start.range.upperBound...]
            let end = rest.hasSuffix("/") ? rest.dropLast() : rest
            guard end.wholeMatch(of: path) != nil else { return nil }
            return String(start.0 + end)
        },
        text: { $0 ?? "" }
    )
}

extension SettingForm where Value == Logger.Level {
    /// A level of swift-log.
    static let logLevel = SettingForm(
        expectation: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
        value: { Logger.Level(rawValue: $0) },
        text: { $0.rawValue }
    )
}
