import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import deploy


def running_in(group):
    """The processes of a group that have not ended."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(stat)
    return found


class EmulatorTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name, "emulated")

    def start(self, script):
        return deploy.Emulator(self.folder, [sys.executable, "-c", script])

    def test_one_that_ends_at_once_says_why_in_one_line(self):
        with self.start("import sys; sys.exit('127.0.0.1:4566 is already in use')") as emulator:
            with self.assertRaisesRegex(deploy.Wrong, "^the emulator ended: 127.0.0.1:4566 is already in use$"):
                emulator.environment()

    def test_one_that_is_killed_says_so(self):
        with self.start("import os; os.kill(os.getpid(), 9)") as emulator:
            with self.assertRaisesRegex(deploy.Wrong, "^the emulator was ended by SIGKILL$"):
                emulator.environment()

    def test_nothing_of_it_is_left_running(self):
        child = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); " \
            "print('started', flush=True); time.sleep(60)"
        with self.start(child) as emulator:
            while "started" not in emulator.log.read_text():
                emulator.require_running()
        deadline = time.monotonic() + 10
        while running_in(emulator.process.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(running_in(emulator.process.pid), [])


class CommandTest(unittest.TestCase):
    def test_a_command_that_fails_is_one_line(self):
        with self.assertRaisesRegex(deploy.Wrong, "^sh -c echo no; echo why >&2; exit 3: why$"):
            deploy.run(["sh", "-c", "echo no; echo why >&2; exit 3"], os.environ)

    def test_a_missing_program_is_one_line(self):
        result = subprocess.run(
            [sys.executable, deploy.HERE / "deploy.py", "none"], env={"PATH": "/nowhere", "SAM": "sam"},
            capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr.splitlines(), ["deploy-emulated: install java, sam, aws, curl, openssl, sh"])


class DocumentsTest(unittest.TestCase):
    def test_the_readme_is_used_as_it_is_but_for_names_and_tokens(self):
        documents = deploy.Documents()
        documents.readme = (
            '```sh\nAPI=http://127.0.0.1:8080\nA="Authorization: Bearer $(curl token)"\n'
            'curl $API/v1/firmware?devicetype=SmartDevice100\n```\n')
        self.assertEqual(
            documents.readme_commands("https://api").split("\n"),
            ["API=https://api", "", "curl $API/v1/firmware?devicetype=ReadmeDevice", ""])

    def test_a_block_must_be_the_only_one(self):
        documents = deploy.Documents()
        documents.operations = "```\none curl\n```\n```\nanother curl\n```\n"
        with self.assertRaises(deploy.Wrong):
            documents.block("curl")
        self.assertEqual(documents.block("one"), "one curl\n")


class TemplateTest(unittest.TestCase):
    def test_readers_of_a_parameter_name_it_in_their_description(self):
        self.assertIn("ClaimDevice", deploy.readers_of("HistoryDays"))
        self.assertNotIn("Authorizer", deploy.readers_of("HistoryDays"))
        self.assertEqual(deploy.readers_of("NoParameter"), set())


if __name__ == "__main__":
    unittest.main()
