import QueueModel
import SQLite

/// Something that holds after every commit: a statement whose rows tell where it does not.
struct Invariant {
    /// Under which word it is reported.
    let check: String

    /// What is looked at, for whoever waits.
    let subject: String

    /// Answers one text for each violation.
    let sql: String

    static let all = ofQueues + ofMessages + ofGroups + ofRest

    func look(_ database: CheckedDatabase, _ report: inout CheckReport) throws(SQLiteError) {
        let rows = try database.texts(sql)
        try report.add(check) { () throws(SQLiteError) in try rows.next() }
    }

    /// The moment of the last commit, which nothing that is stored has happened after.
    private static let lastCommit = """
        (select max(coalesce((select max(written_at) from queue_state), 0),
            coalesce((select value from meta where name = 'written_at'), 0)))
        """

    /// The keys of a queue's messages.
    private static let keys = "between s.number << 40 and (s.number << 40) + (1 << 40) - 1"

    private static let isFifo = "substr(q.name, -5) = '.fifo'"

    private static let ofQueues = [
        Invariant(
            check: "queues",
            subject: "queues and their states",
            sql: """
                select 'queue ' || q.name || ' has no state' from queues q
                where not exists (select 1 from queue_state s where s.number = q.number)
                union all
                select 'the state of queue number ' || s.number || ' has no queue' from queue_state s
                where not exists (select 1 from queues q where q.number = s.number)
                union all
                select 'queue ' || q.name || ' has a number that is out of use' from queues q
                join retired_queues r on r.number = q.number
                """
        ),
        Invariant(
            check: "queues",
            subject: "the numbers of queues",
            sql: """
                select 'queue number ' || number || ' is in use, but would be given out next' from (
                    select number from queues union select number from retired_queues
                )
                where number >= coalesce((select value from meta where name = 'next_queue_number'), 1)
                """
        ),
        Invariant(
            check: "queues",
            subject: "sequences and cursors",
            sql: """
                select 'queue ' || q.name || ' would give out sequence ' || s.next_sequence || ', but has had '
                    || last.sequence
                from queue_state s join queues q on q.number = s.number
                join (
                    select key >> 40 as number, max(key & 1099511627775) as sequence
                    from (select key from messages union all select key from parked_messages)
                    group by 1
                ) last on last.number = s.number
                where last.sequence >= s.next_sequence
                union all
                select 'the cursor of queue ' || q.name || ' is at ' || s.cursor || ', beyond its last message'
                from queue_state s join queues q on q.number = s.number
                where s.cursor < 0 or s.cursor >= s.next_sequence
                """
        ),
        Invariant(
            check: "counts",
            subject: "counts of messages",
            sql: """
                select 'queue ' || name || ' counts ' || counted || ' messages and has ' || stored from (
                    select q.name as name, s.message_count as counted,
                        (select count(*) from messages m where m.key \(keys)) as stored
                    from queue_state s join queues q on q.number = s.number
                )
                where counted <> stored
                """
        ),
        Invariant(
            check: "counts",
            subject: "counts of leases",
            sql: """
                select 'queue ' || name || ' counts ' || in_flight_count || ' messages in flight and '
                    || delayed_count || ' delayed, and has ' || received || ' and ' || delayed
                from (
                    select q.name as name, s.in_flight_count, s.delayed_count,
                        (select coalesce(sum(message_count), 0) from leases l where l.queue = s.number
                            and l.deadline > s.counted_until and l.receive_count > 0) as received,
                        (select coalesce(sum(message_count), 0) from leases l where l.queue = s.number
                            and l.deadline > s.counted_until and l.receive_count = 0) as delayed
                    from queue_state s join queues q on q.number = s.number
                )
                where in_flight_count <> received or delayed_count <> delayed
                """
        ),
    ]

    private static let ofMessages = [
        Invariant(
            check: "messages",
            subject: "messages and their queues",
            sql: """
                select count(*) || ' messages belong to queue number ' || (key >> 40) || ', which is not there'
                from messages
                where key >> 40 not in (select number from queues union all select number from retired_queues)
                group by key >> 40
                """
        ),
        Invariant(
            check: "messages",
            subject: "messages below the cursors",
            sql: """
                select 'message ' || m.key || ' of queue ' || q.name || ' is below the cursor and has no lease'
                from queue_state s join queues q on q.number = s.number
                join messages m on m.key between s.number << 40 and (s.number << 40) + s.cursor
                where not \(isFifo) and \(LeaseTable.ofMessage("key")) is null
                """
        ),
        Invariant(
            check: "messages",
            subject: "messages of FIFO queues",
            sql: """
                select 'message ' || m.key || ' of queue ' || q.name || ' has no message group or no deduplication id'
                from queues q join queue_state s on s.number = q.number join messages m on m.key \(keys)
                where \(isFifo) and (m.group_id is null or m.deduplication_id is null)
                """
        ),
        Invariant(
            check: "leases",
            subject: "leases",
            sql: """
                select 'the lease of message ' || key || ' is of ' || message_count || ' messages and has ' || stored
                from (
                    select key, message_count, (
                        select count(*) from messages m where m.key between l.key - l.message_count + 1 and l.key
                    ) as stored from leases l
                )
                where stored <> message_count
                    or message_count not between 1 and \(Limits.maxNumberOfMessages.upperBound)
                union all
                select 'message ' || (key - message_count + 1) || ' has the leases of ' || front || ' and ' || key
                from (select key, message_count, lag(key) over (order by key) as front from leases)
                where key - message_count < front
                union all
                select 'the lease of message ' || key || ' names queue number ' || queue from leases
                where queue <> key >> 40 or queue <> (key - message_count + 1) >> 40
                union all
                select 'the lease of message ' || key || ' has receive count ' || receive_count from leases
                where receive_count not between 0 and 2147483646
                union all
                select 'the lease of message ' || key || ' holds a moment or a count that can''t be' from leases
                where deadline not between 0 and \(Timestamp.plausibleMax)
                    or first_received_at not between 0 and \(lastCommit) or received_at not between 0 and \(lastCommit)
                    or former_receive_count not between 0 and receive_count
                """
        ),
        Invariant(
            check: "messages",
            subject: "moments of messages",
            sql: """
                select 'message ' || key || ' was sent after the last commit' from messages
                where sent_at > \(lastCommit)
                union all
                select 'message ' || key || ' was sent before the one in front of it' from (
                    select key, sent_at, lag(sent_at) over (order by key) as former,
                        lag(key) over (order by key) as front
                    from messages where dead_letter_source is null
                )
                where sent_at < former and key >> 40 = front >> 40
                """
        ),
        Invariant(
            check: "messages",
            subject: "messages that are parked",
            sql: """
                select 'message ' || p.key || ' is parked and in its queue' from parked_messages p
                join messages m on m.key = p.key
                """
        ),
    ]

    /// What the broker has set aside; it is told, but the store is in order.
    static let parkedMessages = Invariant(
        check: "messages",
        subject: "parked messages",
        sql: """
            select 'message ' || p.key || coalesce(' of queue ' || q.name, '')
                || ' was parked: it does not match its digest'
            from parked_messages p left join queues q on q.number = p.key >> 40
            """
    )

    /// The first message of each group.
    private static let firstMessages = """
        select m.key >> 40 as queue, q.name as name, min(m.key) as head
        from queues q join queue_state s on s.number = q.number join messages m on m.key \(keys)
        where \(isFifo) and m.group_id is not null
        group by q.number, m.group_id
        """

    /// The rows of groups, of both kinds.
    private static let groups = """
        select head >> 40 as queue, 0 as is_leased, sent_at as ready_at, head from fresh_groups
        union all select queue, 1, ready_at, head from leased_groups
        """

    private static let ofGroups = [
        Invariant(
            check: "groups",
            subject: "heads of message groups",
            sql: """
                with firsts as (\(firstMessages)), groups as (\(groups))
                select 'a message group of queue ' || q.name || ' has another first message than ' || g.head
                from groups g join queues q on q.number = g.queue
                where \(isFifo) and (g.head >> 40 <> g.queue or g.head not in (select head from firsts))
                union all
                select 'message ' || head || ' of queue ' || name || ' is of a group that is not there' from firsts
                where head not in (select head from groups)
                union all
                select 'the message group with head ' || head || ' is in more than one row' from groups
                group by head having count(*) > 1
                union all
                select 'a message group is of queue number ' || queue || ', which is not there' from groups
                where queue not in (select number from queues union all select number from retired_queues)
                union all
                select 'queue ' || q.name || ' has groups, but is no FIFO queue' from queues q
                where not \(isFifo) and exists (select 1 from groups g where g.queue = q.number)
                """
        ),
        Invariant(
            check: "groups",
            subject: "readiness of message groups",
            sql: """
                with groups as (\(groups))
                select 'the message group with head ' || g.head || ' of queue ' || q.name
                    || ' is ready at another moment than its head'
                from groups g join queues q on q.number = g.queue
                join messages m on m.key = g.head
                where g.is_leased <> (\(LeaseTable.ofMessage("key")) is not null)
                    or g.ready_at <> coalesce(\(LeaseTable.ofMessage("deadline")), m.sent_at)
                """
        ),
    ]

    private static let ofRest =
        [
            Invariant(
                check: "moves",
                subject: "move tasks",
                sql: """
                    select 'move task ' || number || ' has status ' || status || ', moved ' || moved_count || ' of '
                        || to_move_count
                    from move_tasks
                    where status not in ('RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED')
                        or moved_count < 0 or moved_count > to_move_count or length(task_id) <> 16
                        or position not between 0 and 1099511627775
                        or last_sequence not between 0 and 1099511627775
                    union all
                    select 'queue ' || source || ' has ' || count(*) || ' running move tasks' from move_tasks
                    where status = 'RUNNING' group by source having count(*) > 1
                    """
            ),
            Invariant(
                check: "attempts",
                subject: "receive attempts",
                sql: """
                    select 'a receive attempt is of queue number ' || queue || ', which was never given out'
                    from receive_attempts
                    where queue >= coalesce((select value from meta where name = 'next_queue_number'), 1)
                    """
            ),
            Invariant(
                check: "deduplication",
                subject: "deduplication ids",
                sql: """
                    select 'row ' || number || ' of the deduplication ids can''t be read' from deduplication
                    where length(ids) = 0 or length(ids) % \(DeduplicationTable.idSizeBytes) <> 0 or number < 1
                    union all
                    select 'row ' || number || ' of the deduplication ids was sent before the one in front of it'
                    from (
                        select number, sent_at, lag(sent_at) over (order by number) as former from deduplication
                    )
                    where sent_at < former
                    """
            ),
        ]
}
