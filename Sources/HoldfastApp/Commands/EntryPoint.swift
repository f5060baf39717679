internal import ArgumentParser
package import SQLiteStore

/// Where the executable begins.
public enum EntryPoint {
    /// Runs the command that the process was started with, and ends the process with its exit status.
    public static func main() {
        HoldfastCommand.main()
    }

    /// The same with a store of other settings, for tests that need one.
    package static func main(storeConfiguration: SQLiteStoreConfiguration) {
        do {
            var command = try HoldfastCommand.parseAsRoot()
            if let serve = command as? ServeCommand {
                try serve.run(storeConfiguration: storeConfiguration)
            } else {
                try command.run()
            }
        } catch {
            HoldfastCommand.exit(withError: error)
        }
    }
}
