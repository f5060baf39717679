internal import ArgumentParser

/// Where the executable begins.
public enum EntryPoint {
    /// Runs the command that the process was started with, and ends the process with its exit status.
    public static func main() {
        HoldfastCommand.main()
    }
}
