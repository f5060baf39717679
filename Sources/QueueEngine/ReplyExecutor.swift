/// Where an answer is built and told, such as the event loop of the connection that it goes to.
///
/// The store's only writer thread must not do that work.
public protocol ReplyExecutor: Sendable {
    /// Does some work soon, in the order of the calls. May be called from any thread and must not block.
    func execute(_ work: @escaping @Sendable () -> Void)
}
