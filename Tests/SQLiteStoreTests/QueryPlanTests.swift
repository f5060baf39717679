import Foundation
import Migrations
import SQLite
import SQLiteStore
import Testing

/// A plan with a scan or a sort would make an operation dearer the more messages there are.
@Suite struct QueryPlanTests {
    /// A plan that looks for the lease of each message as well: at the first row alone, by its key.
    private static func withLease(_ plan: [String]) -> [String] {
        plan + ["CORRELATED SCALAR SUBQUERY 1", "SEARCH leases USING INTEGER PRIMARY KEY (rowid>?)"]
    }

    /// The plan of each hot statement, as SQLite 3.40 words it.
    ///
    /// A new statement must be added here.
    static let plans: [String: [String]] = [
        "deduplication.delete": ["SEARCH deduplication USING INTEGER PRIMARY KEY (rowid<?)"],
        "deduplication.find": ["SEARCH deduplication USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "deduplication.insert": [],
        // Of the first rows alone, by their key.
        "deduplication.oldest": ["SEARCH deduplication USING INTEGER PRIMARY KEY (rowid>?)"],
        "group_index.deleteChanges": ["SEARCH group_changes USING INTEGER PRIMARY KEY (rowid<?)"],
        "group_index.insertChanges": [],
        "group_messages.delete": [
            "SEARCH group_messages USING PRIMARY KEY (queue=? AND group_hash=? AND sequence=?)"
        ],
        "group_messages.insert": [],
        "group_messages.next": ["SEARCH group_messages USING PRIMARY KEY (queue=? AND group_hash=? AND sequence>?)"],
        "groups.change": ["SEARCH leased_groups USING PRIMARY KEY (queue=? AND ready_at=? AND head=?)"],
        "groups.deleteFresh": ["SEARCH fresh_groups USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "groups.deleteLeased": [
            "SEARCH leased_groups USING PRIMARY KEY (queue=? AND ready_at=? AND head>? AND head<?)"
        ],
        "groups.freshHeads": ["SEARCH fresh_groups USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "groups.insertFresh": [],
        "groups.insertLeased": [],
        "groups.lease": ["SEARCH fresh_groups USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "groups.ready": ["SEARCH leased_groups USING PRIMARY KEY (queue=? AND ready_at<?)"],
        "leases.change": ["SEARCH leases USING INTEGER PRIMARY KEY (rowid=?)"],
        "leases.delete": ["SEARCH leases USING INTEGER PRIMARY KEY (rowid=?)"],
        "leases.deleteWhole": ["SEARCH leases USING INTEGER PRIMARY KEY (rowid=?)"],
        "leases.due": [
            "SEARCH l USING INDEX leases_by_deadline (queue=? AND deadline<?)",
            "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?) LEFT-JOIN",
        ],
        "leases.ended": [
            "SEARCH leases USING INDEX leases_by_deadline (queue=? AND deadline>? AND deadline<?)"
        ],
        "leases.endedDelayed": [
            "SEARCH leases USING COVERING INDEX leases_delayed (queue=? AND deadline>? AND deadline<?)"
        ],
        "leases.endedStep": [
            "SEARCH leases USING COVERING INDEX leases_by_deadline (queue=? AND deadline>? AND deadline<?)"
        ],
        "leases.find": withLease([
            "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH l USING INTEGER PRIMARY KEY (rowid=?)",
        ]),
        "leases.insert": [],
        "leases.next": [
            "SEARCH l USING INDEX leases_by_deadline (queue=?)",
            "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ],
        "leases.rows": ["SEARCH leases USING INTEGER PRIMARY KEY (rowid>?)"],
        "leases.shorten": ["SEARCH leases USING INTEGER PRIMARY KEY (rowid=?)"],
        "messages.copy": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)"],
        "messages.delete": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)"],
        "messages.deleteRange": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "messages.find": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)"],
        "messages.findRange": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "messages.fresh": withLease(["SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        "messages.group": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)"],
        "messages.head": withLease(["SEARCH m USING INTEGER PRIMARY KEY (rowid=?)"]),
        "messages.inGroup": withLease([
            "SEARCH m USING INTEGER PRIMARY KEY (rowid>?)", "SEARCH l USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        ]),
        "messages.groups": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "messages.insert": [],
        "messages.leasedBackward": withLease(["SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        "messages.leasedForward": withLease(["SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        "messages.oldest": ["SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
        "messages.oldestMoved": ["SEARCH messages USING INDEX messages_moved (<expr>=?)"],
        "move_tasks.candidates": withLease(["SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        "move_tasks.find": ["SEARCH move_tasks USING INDEX sqlite_autoindex_move_tasks_1 (task_id=?)"],
        "move_tasks.listOfSource": ["SEARCH move_tasks USING INDEX move_tasks_by_source (source=?)"],
        "move_tasks.listRunning": ["SEARCH move_tasks USING INDEX move_tasks_running (status=?)"],
        "move_tasks.update": ["SEARCH move_tasks USING INDEX sqlite_autoindex_move_tasks_1 (task_id=?)"],
        "queue_state.write": [],
        "receive_attempts.delete": ["SEARCH receive_attempts USING PRIMARY KEY (queue=? AND attempt_id=?)"],
        "receive_attempts.find": ["SEARCH receive_attempts USING PRIMARY KEY (queue=? AND attempt_id=?)"],
        "receive_attempts.older": ["SEARCH receive_attempts USING COVERING INDEX receive_attempts_by_age (made_at<?)"],
        "receive_attempts.write": [],
    ]

    @Test func `every hot statement has a plan that is written down`() {
        #expect(Set(HotStatements.all.keys) == Set(QueryPlanTests.plans.keys))
    }

    @Test(arguments: HotStatements.all.keys.sorted())
    func `a hot statement searches by key and never scans or sorts`(name: String) throws {
        let connection = try Connection(path: ":memory:")
        for migration in Migration.all {
            try connection.execute(migration.sql)
        }
        let sql = try #require(HotStatements.all[name])
        let explain = try connection.prepare("explain query plan \(sql)")
        var plan: [String] = []
        while try explain.step() {
            plan.append(explain.text(3))
        }
        #expect(plan == QueryPlanTests.plans[name])
        #expect(!plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") })
    }
}
