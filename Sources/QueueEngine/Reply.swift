import QueueModel

/// Where the answer to a request goes.
struct Reply: Sendable {
    let executor: any ReplyExecutor
    let completion: @Sendable (Result<SQSResult, SQSError>) -> Void

    /// Builds the answer where it is to be told, and tells it.
    func tell(_ build: @escaping @Sendable () throws(SQSError) -> SQSResult) {
        let completion = completion
        executor.execute { completion(Result(catching: build)) }
    }

    /// Tells an error where answers are told.
    func tell(_ error: SQSError) {
        let completion = completion
        executor.execute { completion(.failure(error)) }
    }
}

extension SQSError {
    /// What a caller hears of a store's error.
    init(_ error: StoreError) {
        self =
            switch error {
            case .queueDoesNotExist: .queueDoesNotExist
            case .refused(let refusal): refusal
            case .unavailable(let reason): .serviceUnavailable(reason)
            // Nobody hears of what was abandoned.
            case .failed, .abandoned: .internalFailure
            }
    }
}
