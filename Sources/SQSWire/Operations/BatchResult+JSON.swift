internal import QueueModel

extension BatchResult {
    /// Writes the output of DeleteMessageBatch and ChangeMessageVisibilityBatch; an empty list is left out.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !successful.isEmpty {
            json.key("Successful")
            json.beginArray()
            for id in successful {
                json.beginObject()
                json.member("Id", id)
                json.endObject()
            }
            json.endArray()
        }
        failed.write(to: &json)
        json.endObject()
    }
}

extension [BatchResultErrorEntry] {
    /// Writes the member `Failed` of any batch, if there is anything to say.
    func write(to json: inout JSONWriter) {
        guard !isEmpty else { return }
        json.key("Failed")
        json.beginArray()
        for entry in self {
            json.beginObject()
            json.member("Id", entry.id)
            json.key("SenderFault")
            json.bool(entry.error.isSenderFault)
            json.member("Code", entry.error.code)
            json.member("Message", entry.error.message)
            json.endObject()
        }
        json.endArray()
    }
}
