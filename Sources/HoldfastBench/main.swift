import ArgumentParser
import Histogram
import NIOCore
import NIOHTTP1
import NIOPosix
