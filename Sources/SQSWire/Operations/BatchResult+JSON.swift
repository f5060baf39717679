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
                json.key("Id")
                json.string(id)
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
            json.key("Id")
            json.string(entry.id)
            json.key("SenderFault")
            json.bool(entry.error.isSenderFault)
            json.key("Code")
            json.string(entry.error.code)
            json.key("Message")
            json.string(entry.error.message)
            json.endObject()
        }
        json.endArray()
    }
}
