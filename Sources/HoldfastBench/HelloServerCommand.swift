import ArgumentParser
import Glibc
import NIOCore
import NIOPosix

/// Runs the yardstick's server as a process of its own, so that its CPU time can be told from the generator's.
struct HelloServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hello-server",
        abstract: "Run the bare NIO server that the yardstick H is measured with."
    )

    @Option(help: "Port of 127.0.0.1 to listen on.")
    var port: Int

    @Option(help: "Event loop threads.")
    var loops = 1

    @Flag(help: "End when the process that started this one is gone.")
    var endWithParent = false

    func run() throws {
        let parent = getppid()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        let channel = try HelloServer.start(port: port, group: group)
        if endWithParent {
            channel.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                if getppid() != parent { channel.close(promise: nil) }
            }
        }
        try channel.closeFuture.wait()
        try group.syncShutdownGracefully()
    }
}
