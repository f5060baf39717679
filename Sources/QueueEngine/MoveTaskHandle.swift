internal import Foundation
import QueueModel

/// What names a move task to CancelMessageMoveTask: base64 of `{"taskId":"UUID","sourceArn":"ARN"}`, as on AWS.
struct MoveTaskHandle {
    /// The id as it stands in the handle, whether or not a task could have it.
    let taskId: String

    /// The dead-letter queue's ARN, likewise.
    let sourceArn: String

    /// Names a task.
    init(taskId: MessageID, source: QueueARN) {
        self.taskId = taskId.text
        sourceArn = source.text
    }

    /// Reads a handle; nothing if it is none.
    init?(_ text: String) {
        guard let data = Data(base64Encoded: text), let members = try? JSONDecoder().decode(Members.self, from: data)
        else { return nil }
        taskId = members.taskId
        sourceArn = members.sourceArn
    }

    /// The handle as text.
    var text: String {
        // Neither an id nor an ARN has letters that JSON would escape.
        Data(#"{"taskId":"\#(taskId)","sourceArn":"\#(sourceArn)"}"#.utf8).base64EncodedString()
    }

    private struct Members: Decodable {
        let taskId: String
        let sourceArn: String
    }
}

extension MessageID {
    /// Reads an id as `text` writes it; nothing if it has another form.
    init?(text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32, let high = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
        guard self.text == text else { return nil }
    }
}
