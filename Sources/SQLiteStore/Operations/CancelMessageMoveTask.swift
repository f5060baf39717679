import QueueModel
import SQLite

extension QueueDatabase {
    func cancelMessageMoveTask(
        _ command: CancelMessageMoveTaskCommand
    ) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard records[command.source] != nil else { return .failure(.queueDoesNotExist) }
        guard var task = try moveTasks.find(command.taskId), task.description.source == command.source,
            task.description.status == .running
        else { return .failure(.refused(.taskDoesNotExist)) }
        task.end(.cancelled)
        try moveTasks.update(task)
        noteWrite()
        return .success(.cancelledMessageMoveTask(movedCount: task.description.movedCount))
    }
}
