"""A mail server that keeps what it is given instead of delivering it."""

import email
import socketserver
import threading
from dataclasses import dataclass
from email import policy


@dataclass(frozen=True)
class Delivery:
    """One message as it was handed over.

    :ivar recipients: addresses of the envelope, which decide who receives it
    """

    sender: str
    recipients: tuple[str, ...]
    message: email.message.EmailMessage

    @property
    def subject(self):
        """The subject on one line."""
        return " ".join(self.message["Subject"].split())

    @property
    def attachments(self):
        """Attached files by name."""
        return {
            part.get_filename(): part.get_content()
            for part in self.message.iter_attachments()
        }

    @property
    def html(self):
        """The text as HTML."""
        return self.message.get_body(("html",)).get_content()


class Mailbox:
    """SMTP on a free local port, in a thread of its own."""

    def __init__(self):
        self._arrived = threading.Condition()
        self._deliveries = []
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), _Session, bind_and_activate=True
        )
        self._server.daemon_threads = True
        self._server.mailbox = self
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self):
        """Port it listens on."""
        return self._server.server_address[1]

    @property
    def deliveries(self):
        """All that arrived so far."""
        with self._arrived:
            return list(self._deliveries)

    def wait_for(self, count, timeout=60):
        """The deliveries, once there are at least ``count``."""
        with self._arrived:
            if not self._arrived.wait_for(
                lambda: len(self._deliveries) >= count, timeout
            ):
                raise AssertionError(
                    f"{len(self._deliveries)} of {count} e-mails after {timeout} s"
                )
            return list(self._deliveries)

    def clear(self):
        """Forget what arrived."""
        with self._arrived:
            self._deliveries.clear()

    def receive(self, sender, recipients, content):
        """Keep one message."""
        message = email.message_from_bytes(content, policy=policy.default)
        with self._arrived:
            self._deliveries.append(Delivery(sender, tuple(recipients), message))
            self._arrived.notify_all()

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as Odoo speaks."""

    def handle(self):
        self._reply("220 localhost")
        sender, recipients = "", []
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                self._reply("250 localhost")
            elif verb == b"MAIL":
                sender, recipients = _address(line), []
                self._reply("250 OK")
            elif verb == b"RCPT":
                recipients.append(_address(line))
                self._reply("250 OK")
            elif verb == b"DATA":
                self._reply("354 Go on")
                self.server.mailbox.receive(sender, recipients, self._read_content())
                self._reply("250 OK")
            elif verb == b"QUIT":
                self._reply("221 Bye")
                return
            else:
                self._reply("250 OK")

    def _read_content(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _reply(self, text):
        self.wfile.write(f"{text}\r\n".encode())


def _address(line):
    return line.decode().partition("<")[2].partition(">")[0]
