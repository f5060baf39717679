internal import Foundation
import QueueModel

extension QueueEngine {
    /// Lists queues by name, page by page.
    ///
    /// NextToken is base64 of the last name of the page before.
    func listQueues(_ request: ListQueuesRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        let limit = request.maxResults ?? Limits.maxResults.upperBound
        guard Limits.maxResults.contains(limit) else {
            throw .invalidParameterValue(
                "\(limit)",
                for: "MaxResults",
                reason: "MaxResults must be an integer between \(Limits.maxResults.lowerBound) "
                    + "and \(Limits.maxResults.upperBound)."
            )
        }
        let prefix = request.queueNamePrefix ?? ""
        guard ListQueuesPage.isPrefix(prefix) else { throw .queueNameIsInvalid }
        let after = try request.nextToken.map(ListQueuesPage.name(inToken:))
        let isPaged = request.maxResults != nil
        submit(.listQueues(ListQueuesCommand(prefix: prefix, after: after, limit: limit)), reply) { [self] outcome in
            guard case .listedQueues(let page) = outcome else { outcome.isNoOutcome(of: "ListQueues") }
            return .listQueues(
                ListQueuesResult(
                    queueUrls: page.names.map { queueUrl(of: $0, for: caller) },
                    nextToken: isPaged && page.hasMore ? page.names.last.map(ListQueuesPage.token(after:)) : nil
                )
            )
        }
    }
}

/// Where a page of ListQueues begins and what it is narrowed to.
private enum ListQueuesPage {
    static func token(after name: QueueName) -> String {
        Data(name.text.utf8).base64EncodedString()
    }

    static func name(inToken token: String) throws(SQSError) -> QueueName {
        guard let data = Data(base64Encoded: token), let name = QueueName(String(decoding: data, as: UTF8.self)) else {
            throw .invalidParameterValue("Invalid or expired next token.")
        }
        return name
    }

    /// Whether a queue's name could begin so.
    static func isPrefix(_ text: String) -> Bool {
        // A name with or without the dot of its `.fifo`.
        text.isEmpty || QueueName(text.filter { $0 != "." }) != nil
    }
}
