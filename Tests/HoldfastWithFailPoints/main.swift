import Foundation
import HoldfastApp
import SQLiteStore

// The real broker, but for a point at which it kills itself, or commits that are not synced: against those `make bench`
// holds what the sync costs.
var configuration = SQLiteStoreConfiguration()
do {
    let environment = ProcessInfo.processInfo.environment
    configuration.failPoint = try ArmedPoint(environment: environment)?.pass
    configuration.checkpointPages = try ArmedPoint.number("CHECKPOINT_PAGES", in: environment) ?? 4_096
    configuration.isEachCommitSynced = try ArmedPoint.number("UNSYNCED_COMMITS", in: environment) ?? 0 == 0
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(64)
}
EntryPoint.main(storeConfiguration: configuration)
