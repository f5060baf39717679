/// The version of Holdfast.
public enum ProductVersion {
    /// The version as `--version` and the start log tell it, in the form of Semantic Versioning.
    public static let text = "0.1.0-dev"
}
