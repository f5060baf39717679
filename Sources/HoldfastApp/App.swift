import ArgumentParser
import Logging
import Yams

public func f() {}
