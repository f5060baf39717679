import QueueModel
import SQSWire
import Testing

@Suite struct PermissionTests {
    @Test func `AddPermission reads label, accounts and actions`() throws {
        let body = #"{"QueueUrl":"q","Label":"l","AWSAccountIds":["1","2"],"Actions":["SendMessage","*"]}"#
        #expect(
            try decode("AddPermission", body)
                == .addPermission(
                    AddPermissionRequest(
                        queueUrl: "q",
                        label: "l",
                        awsAccountIds: ["1", "2"],
                        actions: ["SendMessage", "*"]
                    )
                )
        )
        #expect(refusal("AddPermission", #"{"QueueUrl":"q"}"#) == .missingParameter("Label"))
    }

    @Test func `RemovePermission reads the label`() throws {
        #expect(
            try decode("RemovePermission", #"{"QueueUrl":"q","Label":"l"}"#)
                == .removePermission(RemovePermissionRequest(queueUrl: "q", label: "l"))
        )
        #expect(refusal("RemovePermission", #"{"QueueUrl":"q"}"#) == .missingParameter("Label"))
    }
}
