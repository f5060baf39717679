import Crypto
import DequeModule
import Logging
import Migrations
import QueueModel
import SQLite
