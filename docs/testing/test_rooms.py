"""Tests against a gateway of their own. They need Python 3.11, `pip install websockets`, and roomgate on the path."""

import hashlib
import json
import re
import subprocess
import time
import unittest
import urllib.parse
import urllib.request
import uuid

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

KEY, SECRET = "testkey", "testsecret"


class Gateway:
    """One roomgate as a child process, on free ports and with nothing on disk."""

    def __init__(self, *options):
        command = ["roomgate", "--memory", "--demo=false"]
        command += ["--listen=127.0.0.1:0", "--internal-listen=127.0.0.1:0"]
        command += [f"--app-key={KEY}", f"--app-secret={SECRET}", *options]
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # The one line means that it is ready. Where it can't start there is none, and standard error says why.
        line = self.child.stdout.readline()
        self.url, self.internal = re.fullmatch(r"roomgate listening on (\S+) \(internal (\S+)\)\n", line).groups()

    def stop(self):
        self.child.kill()  # it keeps nothing, so there is nothing to say goodbye to
        self.child.wait()
        self.child.stdout.close()

    def call(self, action, **parameters):
        """What your application server does: one signed call."""
        nonce, now = uuid.uuid4().hex, str(int(time.time()))
        check_sum = hashlib.sha1((SECRET + nonce + now).encode()).hexdigest()
        headers = {"AppKey": KEY, "Nonce": nonce, "CurTime": now, "CheckSum": check_sum}
        body = urllib.parse.urlencode(parameters).encode()
        request = urllib.request.Request(f"{self.url}/nimserver/{action}.action", body, headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = json.load(response)
        assert answer["code"] == 200, answer
        return answer

    def test(self, path):
        """What only a test does."""
        request = urllib.request.Request(f"{self.internal}/test/{path}", method="POST")
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)


class Member:
    """An account with a connection, in a room."""

    def __init__(self, socket, accid, token, roomid):
        self.socket = socket
        self.ids = 0
        self.ask("login", appKey=KEY, accid=accid, token=token)
        self.ask("join", roomid=roomid)

    def ask(self, op, **members):
        """Asks and waits for the answer; its code is 200 where it was done."""
        self.ids += 1
        self.socket.send(json.dumps({"op": op, "id": self.ids, **members}))
        return self.hear(lambda frame: frame.get("id") == self.ids)

    def hear(self, is_it):
        """The next frame that is it. What must not come in a test is a TimeoutError after ten seconds."""
        while not is_it(frame := json.loads(self.socket.recv(timeout=10))):
            pass
        return frame


class Rooms(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway("--test-clock", "--test-chaos")
        self.addCleanup(self.gateway.stop)
        self.gateway.call("user/create", accid="host")
        self.room = str(self.gateway.call("chatroom/create", creator="host", name="lobby")["chatroom"]["roomid"])

    def member(self, accid):
        token = self.gateway.call("user/create", accid=accid)["info"]["token"]
        socket = self.enterContext(connect(self.gateway.url.replace("http", "ws") + "/ws"))
        return Member(socket, accid, token, self.room)

    def say(self, member, text):
        message = {"msgId": uuid.uuid4().hex, "msgType": 0, "attach": text}
        return member.ask("send", roomid=self.room, **message)["code"]

    def test_a_message_reaches_the_room(self):
        ann, bob = self.member("ann"), self.member("bob")
        self.assertEqual(self.say(ann, "hello"), 200)
        heard = bob.hear(lambda frame: frame["op"] == "message" and frame["message"]["attach"] == "hello")
        self.assertEqual(heard["message"]["fromAccount"], "ann")

    def test_a_mute_ends_after_an_hour(self):
        ann = self.member("ann")
        mute = {"operator": "host", "target": "ann", "muteDuration": 3600}
        self.gateway.call("chatroom/temporaryMute", roomid=self.room, **mute)
        self.assertEqual(self.say(ann, "hm"), 13004)
        self.gateway.test("clock/advance?by=1h")
        self.assertEqual(self.say(ann, "at last"), 200)

    def test_a_cut_connection_ends_without_a_word(self):
        ann = self.member("ann")
        self.assertEqual(self.gateway.test("members/ann/cut"), {"sessions": 1})
        with self.assertRaises(ConnectionClosed) as raised:
            ann.hear(lambda frame: False)
        self.assertIsNone(raised.exception.rcvd, "no close frame")


if __name__ == "__main__":
    unittest.main()
