import Foundation
import NIOCore
import QueueModel
import SQSWire
import Testing

@Suite struct QueryXMLTests {
    private func encode(_ error: SQSError, requestId: String = "id") -> String {
        var buffer = ByteBuffer()
        QueryXML.encodeError(error, requestId: requestId, into: &buffer)
        return String(buffer: buffer)
    }

    @Test func `an error has type, code, message, an empty detail and the request's id`() {
        #expect(
            encode(.missingParameter("MessageBody"), requestId: "7a62c49f")
                == #"<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">"#
                + "<Error><Type>Sender</Type><Code>MissingParameter</Code>"
                + "<Message>The request must contain the parameter MessageBody.</Message><Detail/></Error>"
                + "<RequestId>7a62c49f</RequestId></ErrorResponse>"
        )
        #expect(encode(.internalFailure).contains("<Type>Receiver</Type>"))
    }

    @Test func `a missing queue has the Query protocol's own words and the same code`() {
        let xml = encode(.queueDoesNotExist)
        #expect(xml.contains("<Message>The specified queue does not exist for this wsdl version.</Message>"))
        #expect(xml.contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"))
    }

    @Test func `text is escaped, and what XML can't hold is replaced`() {
        let xml = encode(.invalidParameterValue("<a & \"b\" 'c'>\r\n\t\u{1}\u{FFFF}é😀"))
        #expect(
            xml.contains(
                "<Message>&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;&#xD;\n\t\u{FFFD}\u{FFFD}é😀</Message>"
            )
        )
    }
}
