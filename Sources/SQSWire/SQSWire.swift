import NIOCore
import QueueModel
