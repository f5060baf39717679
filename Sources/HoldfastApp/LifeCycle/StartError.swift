/// Why a broker did not start.
package struct StartError: Error, CustomStringConvertible {
    /// How the process should exit.
    package let status: ExitStatus

    /// What went wrong, for the one who started it.
    package let description: String
}
