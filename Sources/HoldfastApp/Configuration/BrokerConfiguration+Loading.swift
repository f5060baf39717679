extension BrokerConfiguration {
    /// The variable that names the configuration file; `--config` goes over it.
    package static let fileEnvironmentName = "HOLDFAST_CONFIG"

    /// Starts of variables that belong to tests and are none of the broker's business.
    private static let foreignEnvironmentPrefixes = ["HOLDFAST_TEST_", "HOLDFAST_MODEL_"]

    /// Puts a configuration together: options over environment over file over defaults.
    ///
    /// `options` go by the names of ``Setting/option``. Throws `ConfigurationError` with everything that is wrong with
    /// file, environment and options; a value that is overruled must be good nevertheless.
    package init(options: [String: String], environment: [String: String], file path: String?) throws {
        self.init()
        var problems: [String] = []
        do {
            if let path = path ?? environment[Self.fileEnvironmentName] {
                try apply(ConfigurationFile(path: path), problems: &problems)
            }
        } catch let error as ConfigurationError {
            problems += error.problems
        }
        apply(environment: environment, problems: &problems)
        for setting in Setting.all {
            guard let option = setting.option, let text = options[option] else { continue }
            apply(text, to: setting, from: "--\(option)", problems: &problems)
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    }

    private mutating func apply(_ file: ConfigurationFile, problems: inout [String]) {
        for entry in file.entries {
            guard let setting = Setting.all.first(where: { $0.key == entry.key }) else {
                preconditionFailure("ConfigurationFile let an unknown key through")
            }
            apply(entry.text, to: setting, from: "\(file.path):\(entry.line): \(entry.key)", problems: &problems)
        }
    }

    private mutating func apply(environment: [String: String], problems: inout [String]) {
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("HOLDFAST_") {
            if name == Self.fileEnvironmentName { continue }
            if Self.foreignEnvironmentPrefixes.contains(where: { name.hasPrefix($0) }) { continue }
            guard let setting = Setting.all.first(where: { $0.environmentName == name }) else {
                problems.append("unknown environment variable \(name)")
                continue
            }
            apply(text, to: setting, from: name, problems: &problems)
        }
    }

    private mutating func apply(_ text: String, to setting: Setting, from place: String, problems: inout [String]) {
        if let problem = setting.problem(with: text, from: place) {
            problems.append(problem)
        } else {
            _ = setting.set(text, in: &self)
        }
    }
}

extension Setting {
    /// What is wrong with a value, or nothing; `place` says where it was given.
    package func problem(with text: String, from place: String) -> String? {
        var scratch = BrokerConfiguration()
        if set(text, in: &scratch) { return nil }
        return "\(place) is '\(text)' but must be \(expectation)"
    }
}
