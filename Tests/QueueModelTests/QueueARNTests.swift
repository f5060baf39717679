import QueueModel
import Testing

@Suite struct QueueARNTests {
    @Test(arguments: [
        ("aws", "eu-central-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"),
    ])
    func `an ARN comes back as it was`(partition: String, region: String) throws {
        let text = "arn:\(partition):sqs:\(region):000000000000:orders-dead"
        let arn = try #require(QueueARN(text))
        #expect(arn.region == region)
        #expect(arn.account == "000000000000")
        #expect(arn.queue == QueueName("orders-dead"))
        #expect(arn.text == text)
    }

    @Test(arguments: [
        "", "orders", "arn:aws:sns:us-east-1:000000000000:orders", "arn:aws:sqs:us-east-1:000000000000",
        "arn:aws:sqs:us-east-1:000000000000:", "arn:aws:sqs:us-east-1:000000000000:a:b",
        "arn:aws:sqs:us-east-1:000000000000:a b", #"arn:aws:sqs:us"east:000000000000:a"#,
        #"arn:aws:sqs:us-east-1:0\:a"#, "arn:aws:sqs:us-east-1:me:a",
        "arn:aws-cn:sqs:us-east-1:000000000000:a", "arn:aws\u{E9}:sqs:us-east-1:000000000000:a",
    ])
    func `what is no ARN of a queue is none`(text: String) {
        #expect(QueueARN(text) == nil)
    }
}
