import Logging
import QueueModel
