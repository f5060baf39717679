internal import QueueModel

extension BatchResult {
    /// Writes the output of DeleteMessageBatch or ChangeMessageVisibilityBatch, whose entries have a name of their own.
    func write(to output: inout some QueryOutput, entry: StaticString) {
        output.list("Successful", of: entry, successful) { $0.text("Id", $1) }
        failed.write(to: &output)
    }
}

extension [BatchResultErrorEntry] {
    /// Writes the entries of any batch that failed.
    func write(to output: inout some QueryOutput) {
        output.list("Failed", of: "BatchResultErrorEntry", self) { output, entry in
            output.text("Id", entry.id)
            output.text("Code", entry.error.code)
            output.text("Message", entry.error.queryMessage)
            output.bool("SenderFault", entry.error.isSenderFault)
        }
    }
}
