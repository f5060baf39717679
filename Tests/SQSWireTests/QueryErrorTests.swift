import QueueModel
import SQSWire
import Testing

@Suite struct QueryErrorTests {
    @Test func `an error has type, code, message, an empty detail and the request's id`() {
        #expect(
            encodeQuery(.missingParameter("MessageBody"))
                == #"<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">"#
                + "<Error><Type>Sender</Type><Code>MissingParameter</Code>"
                + "<Message>The request must contain the parameter MessageBody.</Message><Detail/></Error>"
                + "<RequestId>id</RequestId></ErrorResponse>"
        )
        #expect(encodeQuery(.internalFailure).contains("<Type>Receiver</Type>"))
    }

    @Test func `an error in JSON has code and message, but no detail`() {
        #expect(
            encodeQuery(.missingParameter("MessageBody"), as: .json)
                == #"{"Error":{"Type":"Sender","Code":"MissingParameter","#
                + #""Message":"The request must contain the parameter MessageBody."},"RequestId":"id"}"#
        )
    }

    @Test func `a missing queue has the Query protocol's own words and the same code`() {
        let words = "The specified queue does not exist for this wsdl version."
        let xml = encodeQuery(.queueDoesNotExist)
        #expect(xml.contains("<Message>\(words)</Message>"))
        #expect(xml.contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"))
        #expect(encodeQuery(.queueDoesNotExist, as: .json).contains(words))
    }

    @Test func `text is escaped, and what XML can't hold is replaced`() {
        let xml = encodeQuery(.invalidParameterValue("<a & \"b\" 'c'>\r\n\t\u{1}\u{FFFE}\u{FFFF}é😀\u{FFFD}"))
        #expect(
            xml.contains(
                "<Message>&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;&#xD;\n\t\u{FFFD}\u{FFFD}\u{FFFD}é😀\u{FFFD}"
                    + "</Message>"
            )
        )
    }

    @Test func `the content types are those of XML and JSON`() {
        #expect(AWSQuery.Format.xml.contentType == "text/xml")
        #expect(AWSQuery.Format.json.contentType == "application/json")
    }
}
