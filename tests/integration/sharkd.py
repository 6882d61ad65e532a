# SPDX-License-Identifier: GPL-2.0-or-later
# Wireshark's daemon with the plugin: one process that opens file after file, as Wireshark does all day.
# It must not know what TVS or a trust list is.
import json
import os
import subprocess

from tshark import BUILD, RUNNER


class Sharkd:
    """One sharkd. Each request waits for its answer; an end of the process is an error that names the file."""

    def __init__(self, build=BUILD):
        environment = dict(os.environ, UCMTRUST_BUILD=str(build), UCMTRUST_PROGRAM="sharkd", TZ="UTC")
        self.process = subprocess.Popen([str(RUNNER), "-"], env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.number = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.process.stderr.close()

    def ask(self, method, **parameters):
        self.number += 1
        request = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": parameters}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        while line and not line.startswith("{"):        # it says hello first
            line = self.process.stdout.readline()
        assert line, f"sharkd ended at {method} {parameters}: {self.process.stderr.read()[-4000:]}"
        return json.loads(line)

    def result(self, method, **parameters):
        answer = self.ask(method, **parameters)
        assert "error" not in answer, answer
        return answer["result"]

    def opens(self, path):
        """Open a file instead of the one before; False where Wireshark does not know what it is."""
        return self.ask("load", file=str(path)).get("result", {}).get("status") == "OK"

    def columns(self):
        """The columns of every frame, dissected anew."""
        return [frame["c"] for frame in self.result("frames")]

    def details(self, frame):
        """Every item of one frame, as the packet tree of Wireshark shows them."""
        return self.result("frame", frame=frame, proto=True)["tree"]

    def memory(self):
        """Resident kilobytes of sharkd itself, the child of the script that runs it."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
            child = children.read().split()[0]
        with open(f"/proc/{child}/status") as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1])
