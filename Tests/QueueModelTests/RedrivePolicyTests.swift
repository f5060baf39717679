import QueueModel
import Testing

@Suite struct RedrivePolicyTests {
    private let arn = "arn:aws:sqs:us-east-1:000000000000:dead"

    private func refusal(_ json: String) -> SQSError? {
        do {
            _ = try RedrivePolicy(json: json)
            return nil
        } catch {
            return error
        }
    }

    private func invalid(_ json: String, _ reason: String) -> SQSError {
        .invalidParameterValue("Value \(json) for parameter RedrivePolicy is invalid. Reason: \(reason)")
    }

    @Test(arguments: ["5", #""5""#, "5.0"])
    func `the count may be a number or digits, and is shown as a number`(count: String) throws {
        let policy = try RedrivePolicy(json: #"{"maxReceiveCount": \#(count), "deadLetterTargetArn": "\#(arn)"}"#)
        #expect(policy.maxReceiveCount == 5)
        #expect(policy.deadLetterTarget.text == arn)
        #expect(policy.json == #"{"deadLetterTargetArn":"\#(arn)","maxReceiveCount":5}"#)
        #expect(try RedrivePolicy(json: policy.json) == policy)
    }

    @Test(arguments: [1, 1_000])
    func `both ends of the range are in it`(count: Int) throws {
        #expect(
            try RedrivePolicy(json: #"{"deadLetterTargetArn":"\#(arn)","maxReceiveCount":\#(count)}"#).maxReceiveCount
                == count
        )
    }

    @Test(arguments: [
        "0", "1001", "-1", "1.5", "1e300", "-1e300", "99999999999999999999", "true", "null", "[]", "\"x\"", "\"\"",
    ])
    func `a count out of range or of another kind is refused with the range`(count: String) {
        let error = refusal(#"{"deadLetterTargetArn":"\#(arn)","maxReceiveCount":\#(count)}"#)
        #expect(error?.code == "InvalidParameterValue")
        #expect(error?.message.hasSuffix("valid values are from 1 to 1000 both inclusive.") == true)
    }

    @Test(arguments: ["x", "[]", "5", "{", "\"{}\"", String(repeating: "[", count: 100_000)])
    func `what is no JSON object is refused`(json: String) {
        #expect(refusal(json) == invalid(json, "Redrive policy is not a valid JSON map."))
    }

    @Test func `both members have to be there`() {
        let noTarget = #"{"maxReceiveCount":1}"#
        #expect(
            refusal(noTarget)
                == invalid(noTarget, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        )
        let noCount = #"{"deadLetterTargetArn":"\#(arn)"}"#
        #expect(
            refusal(noCount)
                == invalid(noCount, "Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        )
    }

    @Test(arguments: ["\"dead\"", "5", #""arn:aws:sqs:us\"east:000000000000:dead""#])
    func `a target that is no ARN of a queue is refused`(target: String) {
        let json = #"{"deadLetterTargetArn":\#(target),"maxReceiveCount":1}"#
        #expect(refusal(json) == invalid(json, "Invalid value for deadLetterTargetArn."))
    }
}
