import QueueModel
import SQLite

extension QueueDatabase {
    func removePermission(_ command: RemovePermissionCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        let changed: QueueAttributes
        do throws(SQSError) {
            let policy = try QueuePolicy.removing(label: command.label, from: record.attributes.policy)
            changed = try record.attributes.changed(by: [.policy: policy ?? ""])
        } catch {
            return .failure(.refused(error))
        }
        try set(changed, on: record)
        return .success(.removedPermission)
    }
}
