"""Files that change under a broker that is down, as a bad disk changes them."""

import resource
import sqlite3
import subprocess

from broker import BINARY, clean_environment, run
from wire import Caller

DAMAGED = 65
STORE_FAILED = 74
FRAME = 4_120


def start_refused(broker):
    """The exit status and the log of a start that does not come about."""
    since = broker.log_size()
    with open(broker.log_path, "ab") as log:
        result = subprocess.run(
            broker.command(), stdout=log, stderr=subprocess.STDOUT, timeout=30, env=clean_environment()
        )
    return result.returncode, broker.log(since)


def killed_with(broker, count, padding=""):
    """Kills a broker after so many answered sends."""
    url = broker.queue_url("q")
    with Caller(broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
        for number in range(count):
            caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": f"body {number}{padding}"})
    broker.kill()


def flip(path, offset, mask=0x10):
    data = bytearray(path.read_bytes())
    data[offset] ^= mask
    path.write_bytes(data)


def bodies(broker):
    url, found = broker.queue_url("q"), []
    with Caller(broker) as caller:
        while messages := caller.ok("ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 10}).get("Messages"):
            found += [message["Body"] for message in messages]
    return found


def test_a_start_refuses_to_drop_commits_behind_a_damaged_frame_and_a_check_gives_them_up(own_broker):
    killed_with(own_broker, 40)
    log = own_broker.data / "holdfast.db-wal"
    flip(log, log.stat().st_size * 7 // 8)
    damaged = log.read_bytes()
    for _ in range(2):
        status, text = start_refused(own_broker)
        assert status == DAMAGED
        assert str(log) in text and "commits lie behind it" in text
        assert log.read_bytes() == damaged
    result = run("check", "--data", own_broker.data)
    assert result.returncode == DAMAGED and "finding: log: " in result.stdout

    result = run("check", "--data", own_broker.data, "--accept-damaged-log")
    assert result.returncode == 0, result.stdout
    assert (own_broker.data / "holdfast.db-wal.damaged-1").read_bytes() == damaged
    own_broker.start()
    left = bodies(own_broker)
    assert left == [f"body {number}" for number in range(len(left))] and 0 < len(left) < 40


def test_a_check_that_can_not_put_the_rest_of_a_damaged_log_into_the_database_says_so(own_broker):
    url = own_broker.queue_url("q")
    with Caller(own_broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
        for _ in range(20):
            caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": "x" * 200_000})
    assert own_broker.terminate() == 0
    own_broker.start()
    killed_with(own_broker, 40, "y" * 10_000)
    database, log = (own_broker.data / f"holdfast.db{ending}" for ending in ("", "-wal"))
    flip(log, log.stat().st_size * 7 // 8)
    largest = database.stat().st_size + FRAME
    assert largest > log.stat().st_size
    result = subprocess.run(
        [BINARY, "check", "--data", own_broker.data, "--accept-damaged-log"],
        capture_output=True,
        text=True,
        env=clean_environment(),
        # The signal for a file that gets too large stays ignored, as Python has it.
        restore_signals=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )
    assert result.returncode == DAMAGED and "make room and try again" in result.stdout
    assert "all is well" not in result.stdout
    assert start_refused(own_broker)[0] == DAMAGED

    result = run("check", "--data", own_broker.data, "--accept-damaged-log")
    assert result.returncode == 0, result.stdout
    own_broker.start()
    left = bodies(own_broker)
    assert left[:20] == ["x" * 200_000] * 20 and 20 < len(left) < 60


def test_a_start_refuses_a_damaged_log_header_and_a_missing_database(own_broker):
    killed_with(own_broker, 5)
    log = own_broker.data / "holdfast.db-wal"
    flip(log, 17)
    status, text = start_refused(own_broker)
    assert status == DAMAGED and "the header is damaged" in text
    flip(log, 17)
    database = own_broker.data / "holdfast.db"
    database.rename(own_broker.data / "elsewhere")
    status, text = start_refused(own_broker)
    assert status == DAMAGED and "missing or empty" in text
    assert log.stat().st_size > 0
    (own_broker.data / "elsewhere").rename(database)
    own_broker.start()
    assert len(bodies(own_broker)) == 5


def test_a_log_that_a_crash_cut_short_is_recovered(own_broker):
    killed_with(own_broker, 20)
    log = own_broker.data / "holdfast.db-wal"
    log.write_bytes(log.read_bytes()[: -FRAME // 2])
    own_broker.start()
    assert bodies(own_broker)[:19] == [f"body {number}" for number in range(19)]


def test_a_body_that_changed_is_parked_and_the_others_are_handed_out(own_broker):
    killed_with(own_broker, 3)
    own_broker.start()
    assert own_broker.terminate() == 0
    with sqlite3.connect(own_broker.data / "holdfast.db") as database:
        database.execute("update messages set body = x'626f64792058' where body = cast('body 1' as blob)")
    database.close()
    own_broker.start()
    assert bodies(own_broker) == ["body 0", "body 2"]
    own_broker.restart()
    assert own_broker.log().count("was parked") == 1
    assert "queue=q" in own_broker.log() and "body X" not in own_broker.log()
    # Told by the restart once more.
    assert own_broker.log().count("messages are parked") == 1 and "parked=1" in own_broker.log()
    own_broker.terminate()
    result = run("check", "--data", own_broker.data)
    assert result.returncode == DAMAGED and "was parked" in result.stdout


def test_a_damaged_page_stops_the_broker_and_no_later_start_serves_it(own_broker):
    url = own_broker.queue_url("q")
    with Caller(own_broker) as caller:
        caller.ok("CreateQueue", {"QueueName": "q"})
        for number in range(10):
            caller.ok("SendMessage", {"QueueUrl": url, "MessageBody": f"{number}" * 200_000})
    own_broker.terminate()
    path = own_broker.data / "holdfast.db"
    with sqlite3.connect(path) as database:
        (page,) = database.execute("select rootpage from sqlite_schema where name = 'leases_by_deadline'").fetchone()
    database.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4_096 : (page - 1) * 4_096 + 100] = b"\x77" * 100
    path.write_bytes(data)

    own_broker.start()
    with Caller(own_broker) as caller:
        assert caller.call("ReceiveMessage", {"QueueUrl": url}).status == 500
    assert own_broker.process.wait(30) == STORE_FAILED
    own_broker.process = None
    assert str(path) in own_broker.log() and "holdfast check" in own_broker.log()
    for _ in range(2):
        status, text = start_refused(own_broker)
        assert status == DAMAGED and str(path) in text
    result = run("check", "--data", own_broker.data, "--quick")
    assert result.returncode == DAMAGED and "finding: structure: " in result.stdout


def edited(broker, statement):
    """Stops a broker with three messages, and changes its database."""
    killed_with(broker, 3)
    broker.start()
    assert broker.terminate() == 0
    with sqlite3.connect(broker.data / "holdfast.db") as database:
        database.execute(statement)
    database.close()
    return broker.data / "holdfast.db"


def test_counts_that_contradict_the_messages_stop_the_broker_and_no_later_start_serves_them(own_broker):
    path = edited(own_broker, "update queue_state set message_count = 0")
    own_broker.start()
    url = own_broker.queue_url("q")
    with Caller(own_broker) as caller:
        message = caller.ok("ReceiveMessage", {"QueueUrl": url})["Messages"][0]
        deleted = caller.call("DeleteMessage", {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]})
        assert deleted.status == 500
    assert own_broker.process.wait(30) == STORE_FAILED
    own_broker.process = None
    assert str(path) in own_broker.log() and (own_broker.data / "holdfast.damaged").exists()
    for _ in range(2):
        status, text = start_refused(own_broker)
        assert status == DAMAGED and str(path) in text and "holdfast check" in text


def test_a_queue_that_cannot_be_read_refuses_the_start(own_broker):
    path = edited(own_broker, "update queues set tags = '{'")
    status, text = start_refused(own_broker)
    assert status == DAMAGED and str(path) in text and "queue number 1" in text
