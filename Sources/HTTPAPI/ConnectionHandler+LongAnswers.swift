internal import NIOCore
internal import QueueEngine

// Long answers: while there is no room left for them, a client that takes nothing of its own is not waited for as long
// as usual, since everybody else's receives wait for it.
extension ConnectionHandler {
    /// To be called when a long answer was written; looks every second whether it gets on until it was taken.
    func watchLongAnswer(context: ChannelHandlerContext) {
        guard longAnswersUntaken > 0, longAnswerCheck == nil else { return }
        untakenSizeBytes = unsentSizeBytes(context)
        secondsWithoutProgress = 0
        scheduleLongAnswerCheck(context: context)
    }

    func longAnswerLeft() {
        longAnswersUntaken -= 1
        if longAnswersUntaken == 0 {
            longAnswerCheck?.cancel()
            longAnswerCheck = nil
        }
    }

    private func scheduleLongAnswerCheck(context: ChannelHandlerContext) {
        longAnswerCheck = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            self.lookAtLongAnswer()
        }
    }

    private func lookAtLongAnswer() {
        longAnswerCheck = nil
        guard let context, longAnswersUntaken > 0 else { return }
        let unsent = unsentSizeBytes(context)
        secondsWithoutProgress = unsent == untakenSizeBytes ? secondsWithoutProgress + 1 : 0
        untakenSizeBytes = unsent
        if secondsWithoutProgress >= configuration.stalledSeconds, engine.answerRoom.isUsedUp {
            // What it did not get goes back to its queue.
            closeNow()
        } else {
            scheduleLongAnswerCheck(context: context)
        }
    }

    private func unsentSizeBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
