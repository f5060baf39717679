import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
