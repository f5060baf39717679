-- A message row never changes; what happens to it is a row in leases; a queue is a log with a cursor.
-- All moments are milliseconds since 1970 by the store's own clock.

-- What there is one of: next_queue_number, and receipt_key, which authenticates receipt handles and places
-- deduplication ids and message groups, with receipt_key_digest, by which another key in its place is told.
create table meta (
    name text primary key,
    value any not null
) strict, without rowid;

-- One row for each queue. A purge gives the queue a new number, and a number is never used again.
create table queues (
    number integer primary key,
    name text not null unique,
    -- JSON: the attributes that differ from a new queue's
    attributes text not null,
    -- JSON: a list of pairs, key and value, in the order of the keys' bytes
    tags text not null,
    created_at integer not null,
    last_modified_at integer not null,
    -- null for never
    purged_at integer,
    -- FIFO: the deduplication scope before the last change of it, which counts for a while after the change
    former_scope text,
    scope_changed_at integer
) strict;

-- Names of deleted queues, for an hour: for a while nobody may use them again.
create table deleted_queues (
    name text primary key,
    deleted_at integer not null
) strict, without rowid;

create index deleted_queues_by_moment on deleted_queues (deleted_at);

-- What changes with every message, in narrow rows, for each commit writes one of each queue that it touches.
create table queue_state (
    number integer primary key,
    -- sequence that the next message gets
    next_sequence integer not null,
    -- sequence up to which every message has, or had, a lease
    cursor integer not null,
    message_count integer not null,
    -- leases whose deadline is later than counted_until, received (in flight) and not yet received (delayed)
    in_flight_count integer not null,
    delayed_count integer not null,
    counted_until integer not null,
    -- moment of the commit that wrote the row: the clock never starts before the latest of these
    written_at integer not null
) strict;

-- Numbers of deleted and purged queues whose messages are not all removed yet.
create table retired_queues (
    number integer primary key,
    retired_at integer not null
) strict;

-- key is number << 40 | sequence, so that a queue is one range of keys and a send is an append to it.
create table messages (
    key integer primary key,
    message_id blob not null,
    sent_at integer not null,
    sender_id text not null,
    -- MD5 over body and attributes, checked before they are handed out
    digest blob not null,
    body blob not null,
    -- null for none
    attributes blob,
    trace_header text,
    -- MessageGroupId and, on FIFO queues, MessageDeduplicationId
    group_id text,
    deduplication_id text,
    -- name of the queue that a message was moved from, if it lies in a dead-letter queue
    dead_letter_source text
) strict;

-- Messages whose body or attributes the disk has damaged, under the keys they had: kept for the operator, never handed
-- out.
create table parked_messages (
    key integer primary key,
    parked_at integer not null,
    message_id blob not null,
    sent_at integer not null,
    sender_id text not null,
    digest blob not null,
    body blob not null,
    attributes blob,
    trace_header text,
    group_id text,
    deduplication_id text,
    dead_letter_source text
) strict;

-- Moved messages keep their age, so they alone do not expire in the order of their keys.
create index messages_moved on messages (key >> 40, sent_at) where dead_letter_source is not null;

-- Tasks that move messages out of a dead-letter queue: the running ones, and the last ten of each queue.
create table move_tasks (
    -- grows with each start
    number integer primary key,
    task_id blob not null unique,
    -- name and number of the dead-letter queue: with another number it is not the same any more
    source text not null,
    source_number integer not null,
    -- null for each message's own source queue
    destination text,
    -- messages a second, null for no limit
    rate integer,
    -- as in the service model, such as RUNNING
    status text not null,
    moved_count integer not null,
    -- messages in the queue at the start
    to_move_count integer not null,
    -- only messages with a smaller sequence are moved: those that stood in the queue at the start
    last_sequence integer not null,
    -- the sequence at which the next step goes on
    position integer not null,
    -- 1 if messages before the position were passed over on this way through the queue
    has_skipped integer not null,
    -- 1 if messages were moved on this way through the queue
    has_moved integer not null,
    -- null for none
    failure_reason text,
    started_at integer not null
) strict;

create index move_tasks_by_source on move_tasks (source, number);
create index move_tasks_running on move_tasks (status) where status = 'RUNNING';

-- A message that was received, or is delayed, or was moved, has one. Until its deadline nobody gets the message.
-- Messages that follow each other and were received together share a row, so that a batch is no dearer than one.
create table leases (
    -- key of the last of the messages
    key integer primary key,
    -- how many they are, 1 to 10: the ones with the keys before
    message_count integer not null,
    -- key >> 40, for the index
    queue integer not null,
    deadline integer not null,
    receive_count integer not null,
    first_received_at integer,
    received_at integer,
    -- of the receive count, what the message brought along from the queues that it was moved from
    former_receive_count integer not null
) strict;

create index leases_by_deadline on leases (queue, deadline);

-- The delayed ones once more: they are counted apart, and a count must not look at each row.
create index leases_delayed on leases (queue, deadline, receive_count, message_count) where receive_count = 0;

-- FIFO: each group that has messages has one row in one of the next two tables. Its name is in its first message's row:
-- in the order of names, each message would change a page of its own.

-- Groups whose first message has no lease, in the order in which they are received from.
create table fresh_groups (
    -- key of its first message
    head integer primary key,
    -- moment at which that was sent, to which the queue's present DelaySeconds is added
    sent_at integer not null
) strict;

-- Groups whose first message has a lease, since it was received or moved, in the order in which they are received from.
create table leased_groups (
    queue integer not null,
    -- deadline of that lease
    ready_at integer not null,
    -- key of its first message
    head integer not null,
    primary key (queue, ready_at, head)
) strict, without rowid;

-- FIFO: which messages a group has, as it was a while ago; what changed since is in group_changes. In the order of a
-- hash each change would write a page of its own, so that many that lie side by side are stored at once.
create table group_messages (
    queue integer not null,
    -- 64 bits of a keyed hash over the queue's number and the group's name
    group_hash integer not null,
    -- key & (1 << 40) - 1
    sequence integer not null,
    primary key (queue, group_hash, sequence)
) strict, without rowid;

-- FIFO: the changes that group_messages may not have yet, those of one commit in one row or some more. A start stores
-- them there.
create table group_changes (
    -- one more than that of the row in front of it; begins at 1 again after a start that had room to store all
    number integer primary key,
    -- for each change 16 bytes: the hash of the group (8) and the key of a message (8), whose highest bit is set for a
    -- message that is gone. That a message is gone which came in one of these rows need not be told. Behind them 8
    -- bytes: a keyed hash over number and changes
    changes blob not null
) strict;

-- FIFO: what the retries of a receive are answered from.
create table receive_attempts (
    queue integer not null,
    attempt_id text not null,
    made_at integer not null,
    -- deadline that the attempt gave its messages
    deadline integer not null,
    -- key, receive count and moment of each receipt
    receipts text not null,
    primary key (queue, attempt_id)
) strict, without rowid;

create index receive_attempts_by_age on receive_attempts (made_at);

-- FIFO: the deduplication ids of the last five minutes, those of one commit in one row.
create table deduplication (
    -- grows with each row
    number integer primary key,
    -- moment of the commit; never before that of an earlier row
    sent_at integer not null,
    -- for each id 40 bytes: a SipHash of queue, id and scope under a key made of the receipt key (16), the key of the
    -- first message that had the id (8), and that message's MessageId (16)
    ids blob not null
) strict;
