import QueueModel

/// What has happened to a message: until the deadline nobody gets it.
struct Lease {
    var deadline: Timestamp
    var receiveCount: Int
    var firstReceivedAt: Timestamp?
    var receivedAt: Timestamp?
}
