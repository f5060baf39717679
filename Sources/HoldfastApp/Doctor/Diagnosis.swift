/// One line of `holdfast doctor`.
struct Diagnosis: Equatable {
    enum Grade: String {
        case ok
        case warning
        case failure
    }

    let grade: Grade

    /// What was looked at, such as `file system`.
    let subject: String

    /// What was found, and what to do about it.
    let text: String

    static func ok(_ subject: String, _ text: String) -> Diagnosis {
        Diagnosis(grade: .ok, subject: subject, text: text)
    }

    static func warning(_ subject: String, _ text: String) -> Diagnosis {
        Diagnosis(grade: .warning, subject: subject, text: text)
    }

    static func failure(_ subject: String, _ text: String) -> Diagnosis {
        Diagnosis(grade: .failure, subject: subject, text: text)
    }

    /// As it is printed: three columns.
    var line: String {
        func padded(_ text: String, _ count: Int) -> String {
            text + String(repeating: " ", count: max(0, count - text.count))
        }
        return "\(padded(grade.rawValue, 7))  \(padded(subject, 15))  \(LogText.escaped(text))"
    }
}
