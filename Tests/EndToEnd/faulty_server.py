"""A queue server with one fault, for those who have to notice it."""

import collections
import http.server
import json
import threading


class FaultyServer:
    """Speaks as much of SQS's JSON protocol as `holdfast bench` does, on one queue.

    The faults: "loses" the tenth message, "doubles" it, "swaps" it with the next one of its group, or "refuses" it.
    """

    def __init__(self, fault):
        self.fault = fault
        self.messages = collections.deque()
        self.sent = 0
        self.held = None
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                operation = self.headers["X-Amz-Target"].split(".")[1]
                with outer.lock:
                    status, answer = outer.answer(operation, body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, operation, body):
        if operation == "CreateQueue":
            return 200, {"QueueUrl": f"{self.url}/000000000000/{body['QueueName']}"}
        if operation in ("SendMessage", "SendMessageBatch"):
            return self.send(body.get("Entries", [body]))
        if operation == "ReceiveMessage":
            count = min(len(self.messages), body["MaxNumberOfMessages"])
            taken = [self.messages.popleft() for _ in range(count)]
            return 200, {"Messages": [{"ReceiptHandle": "h", "Body": text} for text in taken]}
        return 200, {}

    def send(self, entries):
        for entry in entries:
            self.sent += 1
            text = entry["MessageBody"]
            if self.sent == 10 and self.fault == "refuses":
                return 503, {"__type": "com.amazonaws.sqs#ServiceUnavailable", "message": "try again"}
            if self.sent == 10 and self.fault == "loses":
                continue
            if self.sent == 10 and self.fault == "swaps":
                self.held = text
                continue
            self.messages.append(text)
            if self.sent == 10 and self.fault == "doubles":
                self.messages.append(text)
            if self.held is not None:
                self.messages.append(self.held)
                self.held = None
        return 200, {}
