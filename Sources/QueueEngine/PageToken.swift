internal import Foundation
import QueueModel

/// Where a page of queues begins, and how long it is.
///
/// NextToken is base64 of the last name of the page before.
enum PageToken {
    /// The token of the page after this one; nothing on the last page, or if the caller asked for no pages.
    static func next(after page: ListedQueues, isPaged: Bool) -> String? {
        guard isPaged, page.hasMore, let last = page.names.last else { return nil }
        return Data(last.text.utf8).base64EncodedString()
    }

    /// The name in a caller's NextToken.
    ///
    /// - Throws: InvalidParameterValue if it is none of ours.
    static func name(in token: String?) throws(SQSError) -> QueueName? {
        guard let token else { return nil }
        guard let data = Data(base64Encoded: token), let name = QueueName(String(decoding: data, as: UTF8.self)) else {
            throw .invalidParameterValue("Invalid or expired next token.")
        }
        return name
    }

    /// Names of one page.
    ///
    /// - Throws: InvalidParameterValue for MaxResults out of range.
    static func limit(_ maxResults: Int?) throws(SQSError) -> Int {
        let range = Limits.maxResults
        let limit = maxResults ?? range.upperBound
        guard range.contains(limit) else {
            throw .invalidParameterValue(
                "\(limit)",
                for: "MaxResults",
                reason: "MaxResults must be an integer between \(range.lowerBound) and \(range.upperBound)."
            )
        }
        return limit
    }
}
