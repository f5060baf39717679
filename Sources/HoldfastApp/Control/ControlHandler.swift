internal import Logging
internal import NIOCore
internal import SQLiteStore
internal import Synchronization

/// One command's connection: carries out what it asks for, for as long as it is there.
final class ControlHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Between two lines of progress.
    private static let progressNanoseconds: Int64 = 200_000_000

    private let store: SQLiteStore
    private let logger: Logger
    private var lines = ControlLines()
    private var backup: RunningBackup?

    init(store: SQLiteStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard lines.append(unwrapInboundIn(data).readableBytesView) else {
            return context.close(promise: nil)
        }
        while let line = lines.next() {
            switch ControlMessage.message(ControlMessage.Request.self, in: line) {
            case .backup(let path, let isReplacing, let bytesPerSecond) where backup == nil:
                let request = BackupRequest(path: path, isReplacing: isReplacing, bytesPerSecond: bytesPerSecond)
                begin(request, channel: context.channel)
            case .cancel:
                backup?.cancel()
            case .backup, nil:
                let reason = "the broker does not understand the command; is it of another version?"
                ControlHandler.end(context.channel, with: .failed(status: ExitStatus.usage.rawValue, reason: reason))
            }
        }
    }

    /// Whoever asked is gone, and nobody else waits.
    func channelInactive(context: ChannelHandlerContext) {
        backup?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin(_ request: BackupRequest, channel: any Channel) {
        let logger = logger
        let nextProgress = Atomic(Int64(0))
        let path: Logger.MetadataValue = "\(request.path)"
        do throws(BackupError) {
            backup = try store.backUp(request) { progress in
                let now = Int64(NIODeadline.now().uptimeNanoseconds)
                // A command that does not read is told nothing more until it does.
                guard now >= nextProgress.load(ordering: .relaxed), channel.isWritable else { return }
                nextProgress.store(now + ControlHandler.progressNanoseconds, ordering: .relaxed)
                let answer = ControlMessage.Answer.progress(
                    pageCount: progress.pageCount,
                    copiedPageCount: progress.copiedPageCount
                )
                channel.writeAndFlush(ByteBuffer(bytes: ControlMessage.line(answer)), promise: nil)
            } onEnd: { result in
                switch result {
                case .success(let progress):
                    logger.notice("backed up", metadata: ["path": path, "pages": "\(progress.pageCount)"])
                    ControlHandler.end(channel, with: .done(pageCount: progress.pageCount))
                case .failure(let error):
                    logger.warning("not backed up", metadata: ["path": path, "error": "\(error)"])
                    ControlHandler.end(channel, with: .failed(error))
                }
            }
            logger.notice("backing up", metadata: ["path": path])
        } catch {
            ControlHandler.end(channel, with: .failed(error))
        }
    }

    private static func end(_ channel: any Channel, with answer: ControlMessage.Answer) {
        channel.writeAndFlush(ByteBuffer(bytes: ControlMessage.line(answer))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}

extension ControlMessage.Answer {
    /// The failure that an error is told as.
    static func failed(_ error: BackupError) -> ControlMessage.Answer {
        .failed(status: ExitStatus(error).rawValue, reason: error.description)
    }
}
