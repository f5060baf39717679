/// The statements on the way of a message, by name: their query plans are tested, for none may cost more the more
/// messages stand in a queue.
package enum HotStatements {
    /// Every one of them.
    package static var all: [String: String] {
        var all: [String: String] = ["queue_state.write": QueueTable.writeStateSQL]
        for (name, sql) in LeaseTable.hotStatements {
            all["leases.\(name)"] = sql
        }
        for (name, sql) in MessageTable.hotStatements {
            all["messages.\(name)"] = sql
        }
        for (name, sql) in MoveTaskTable.hotStatements {
            all["move_tasks.\(name)"] = sql
        }
        for (name, sql) in GroupTable.hotStatements {
            all["groups.\(name)"] = sql
        }
        for (name, sql) in GroupIndex.hotStatements {
            all["group_index.\(name)"] = sql
        }
        for (name, sql) in GroupMessageTable.hotStatements {
            all["group_messages.\(name)"] = sql
        }
        for (name, sql) in DeduplicationTable.hotStatements {
            all["deduplication.\(name)"] = sql
        }
        for (name, sql) in ReceiveAttemptTable.hotStatements {
            all["receive_attempts.\(name)"] = sql
        }
        return all
    }
}
