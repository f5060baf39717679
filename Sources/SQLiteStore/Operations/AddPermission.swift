import QueueModel
import SQLite

extension QueueDatabase {
    func addPermission(_ command: AddPermissionCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        let changed: QueueAttributes
        do throws(SQSError) {
            let policy = try QueuePolicy.adding(
                label: command.label,
                awsAccountIds: command.awsAccountIds,
                actions: command.actions,
                queueArn: command.queueArn,
                to: record.attributes.policy
            )
            changed = try record.attributes.changed(by: [.policy: policy])
        } catch {
            return .failure(.refused(error))
        }
        try set(changed, on: record)
        return .success(.addedPermission)
    }
}
