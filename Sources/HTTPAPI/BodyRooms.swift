/// The room for long request bodies, in two halves: one for those of ordinary size, one for the larger ones.
///
/// Hardly any request is larger, and one that is takes as much room as hundreds of others do, for longer. So the larger
/// ones wait for each other, and nobody else waits for them.
package struct BodyRooms: Sendable {
    /// The half for bodies of up to `HTTPServerConfiguration.ordinaryBodySizeBytesMax`.
    package let ordinary: BodyRoom

    /// The half for all others, with those in chunks among them: nobody knows how long they get.
    package let large: BodyRoom

    private let ordinarySizeBytesMax: Int

    /// Both halves, all of them free; either has room for the longest body.
    package init(_ configuration: HTTPServerConfiguration) {
        let half = configuration.bodiesSizeBytesMax / 2
        precondition(half >= configuration.requestBodySizeBytesMax)
        ordinary = BodyRoom(sizeBytesMax: configuration.bodiesSizeBytesMax - half)
        large = BodyRoom(sizeBytesMax: half)
        ordinarySizeBytesMax = configuration.ordinaryBodySizeBytesMax
    }

    /// Bytes that nobody has.
    package var freeSizeBytes: Int {
        ordinary.freeSizeBytes + large.freeSizeBytes
    }

    /// The half that a body of this size belongs to.
    package func room(forSizeBytes sizeBytes: Int) -> BodyRoom {
        sizeBytes <= ordinarySizeBytesMax ? ordinary : large
    }
}
