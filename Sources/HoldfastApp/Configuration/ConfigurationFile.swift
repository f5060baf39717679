internal import Foundation
internal import Yams

/// A YAML file of settings: what it says, not yet whether the values are good.
package struct ConfigurationFile: Sendable {
    /// A value with the place it stands at.
    package struct Entry: Sendable, Equatable {
        /// `section.name`.
        package let key: String

        /// The value as it is written.
        package let text: String

        /// The line the key stands on, from 1.
        package let line: Int
    }

    /// The file's path as it was given.
    package let path: String

    /// The values in the order of the file.
    package let entries: [Entry]

    /// Reads a file; `ConfigurationError` if it can't be read or is no mapping of sections of known keys.
    package init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("the configuration file '\(path)' is missing or can't be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError("\(path): the configuration file is not UTF-8")
        }
        try self.init(yaml: text, path: path)
    }

    /// Reads the text of a file; `path` is only for messages.
    package init(yaml: String, path: String) throws {
        self.path = path
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw ConfigurationError(Self.problem(error, path: path))
        }
        var reading = Reading(path: path)
        reading.read(root: root)
        guard reading.problems.isEmpty else { throw ConfigurationError(problems: reading.problems) }
        entries = reading.entries
    }

    /// Says in one line what libYAML found: its own text quotes the file.
    private static func problem(_ error: YamlError, path: String) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(path):\(mark.line):\(mark.column): \(problem)"
        case .reader(let problem, _, _, _):
            "\(path): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "\(path):\(context.mark.line): the mapping that starts here has a key twice: "
                + duplicates.sorted().joined(separator: ", ")
        default:
            "\(path): \(error)"
        }
    }

    /// Walks the tree, gathering values and problems.
    private struct Reading {
        let path: String
        var entries: [Entry] = []
        var problems: [String] = []

        private static let sections = Set(Setting.all.map { $0.key.prefix { $0 != "." } })
        private static let keys = Set(Setting.all.map(\.key))

        mutating func read(root: Node?) {
            // A file of nothing but comments sets nothing.
            guard let root, !Self.isEmpty(root) else { return }
            guard let sections = root.mapping else {
                problems.append("\(place(root)): the file must be a mapping of sections such as server:")
                return
            }
            for (name, section) in sections {
                read(section: name, section)
            }
        }

        private mutating func read(section nameNode: Node, _ section: Node) {
            let name = nameNode.scalar?.string ?? "?"
            guard Self.sections.contains(name[...]) else {
                let known = Self.sections.sorted().joined(separator: ", ")
                problems.append("\(place(nameNode)): unknown key \(name); the sections are \(known)")
                return
            }
            // A section whose keys are all commented out.
            if Self.isEmpty(section) { return }
            guard let values = section.mapping else {
                problems.append("\(place(nameNode)): \(name) must hold keys of its own, not a value")
                return
            }
            for (keyNode, value) in values {
                read(key: "\(name).\(keyNode.scalar?.string ?? "?")", at: keyNode, value)
            }
        }

        private mutating func read(key: String, at keyNode: Node, _ value: Node) {
            guard Self.keys.contains(key) else {
                let section = key.prefix { $0 != "." } + "."
                let known = Self.keys.filter { $0.hasPrefix(section) }.sorted().joined(separator: ", ")
                problems.append("\(place(keyNode)): unknown key \(key); known are \(known)")
                return
            }
            guard let scalar = value.scalar, !Self.isEmpty(value) else {
                problems.append("\(place(keyNode)): \(key) needs one plain value")
                return
            }
            entries.append(Entry(key: key, text: scalar.string, line: keyNode.mark?.line ?? 0))
        }

        private func place(_ node: Node) -> String {
            node.mark.map { "\(path):\($0.line)" } ?? path
        }

        private static func isEmpty(_ node: Node) -> Bool {
            node.tag == Tag(.null)
        }
    }
}
