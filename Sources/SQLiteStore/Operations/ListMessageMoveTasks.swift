import QueueModel
import SQLite

extension QueueDatabase {
    func listMessageMoveTasks(
        _ command: ListMessageMoveTasksCommand
    ) throws(SQLiteError) -> Result<Outcome, StoreError> {
        let tasks: [MoveTask]
        if let source = command.source {
            guard records[source] != nil else { return .failure(.queueDoesNotExist) }
            tasks = try moveTasks.last(Limits.moveTasksListedMax, of: source)
        } else {
            tasks = try moveTasks.running()
        }
        return .success(.listedMessageMoveTasks(tasks.map(\.description)))
    }
}
