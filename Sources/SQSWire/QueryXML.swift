public import NIOCore
public import QueueModel

/// The XML in which the Query protocol answers.
public enum QueryXML {
    /// The content type of every answer.
    public static let contentType = "text/xml"

    /// Writes an `ErrorResponse` behind what the buffer holds.
    ///
    /// Its form, with the empty Detail, and the words for a missing queue were recorded; they differ from JSON's.
    public static func encodeError(_ error: SQSError, requestId: String, into buffer: inout ByteBuffer) {
        let message =
            error == .queueDoesNotExist
            ? "The specified queue does not exist for this wsdl version." : error.message
        buffer.writeStaticString(
            #"<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>"#
        )
        buffer.writeStaticString(error.isSenderFault ? "Sender" : "Receiver")
        buffer.writeStaticString("</Type><Code>")
        writeText(error.code, into: &buffer)
        buffer.writeStaticString("</Code><Message>")
        writeText(message, into: &buffer)
        buffer.writeStaticString("</Message><Detail/></Error><RequestId>")
        writeText(requestId, into: &buffer)
        buffer.writeStaticString("</RequestId></ErrorResponse>")
    }

    /// Writes text; what XML 1.0 can't hold becomes U+FFFD.
    ///
    /// A carriage return is written as a reference, for parsers turn a bare one into a line feed.
    private static func writeText(_ text: String, into buffer: inout ByteBuffer) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": buffer.writeStaticString("&amp;")
            case "<": buffer.writeStaticString("&lt;")
            case ">": buffer.writeStaticString("&gt;")
            case "\"": buffer.writeStaticString("&quot;")
            case "'": buffer.writeStaticString("&apos;")
            case "\r": buffer.writeStaticString("&#xD;")
            case "\t", "\n": buffer.writeInteger(UInt8(ascii: scalar))
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": buffer.writeStaticString("\u{FFFD}")
            default: buffer.writeBytes(UTF8.encode(scalar).unsafelyUnwrapped)
            }
        }
    }
}
