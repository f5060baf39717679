import QueueModel
