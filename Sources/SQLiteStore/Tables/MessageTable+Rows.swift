import QueueModel

extension MessageTable {
    /// What a message row holds besides its key.
    struct Row {
        let messageId: MessageID
        let content: MessageContent
        let sentAt: Timestamp
        let deadLetterSource: QueueName?

        /// Bytes of body and attributes as they are stored; damaged ones can't be taken apart.
        var sizeBytes: Int { content.body.count + content.attributes.bytes.count }

        /// Whether it lies in a FIFO queue: only there messages have deduplication ids.
        var isFifo: Bool { content.messageDeduplicationId != nil }
    }

    /// A message beyond the cursor.
    struct Fresh {
        let key: MessageKey
        let sentAt: Timestamp
        let hasLease: Bool
        let sizeBytes: Int
    }

    /// A message by its age and group.
    struct Grouped {
        let key: MessageKey
        let sentAt: Timestamp

        /// Nothing if it is of none.
        let group: GroupHash?
    }

    /// A message on a walk from the oldest on.
    struct Old {
        let key: MessageKey
        let sentAt: Timestamp

        /// What its removal has to free.
        let bodySizeBytes: Int
    }

    /// A message of a group.
    struct GroupMessage {
        let key: MessageKey
        let lease: Lease?
        let sentAt: Timestamp
        let sizeBytes: Int

        /// Its MessageGroupId.
        let group: String

        /// What it holds, unless its body is large: most messages are looked at to be handed out.
        let row: Row?

        /// The group's row if it is the first of its group.
        var head: GroupTable.Head { GroupTable.Head(key: key, lease: lease, sentAt: sentAt) }
    }
}
