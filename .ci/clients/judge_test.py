import unittest

import judge


def limit(client, task, says="no"):
    return {"client": client, "task": task, "says": says, "reason": "it cannot"}


class ResultsTest(unittest.TestCase):
    def complaints(self, cell, *limits):
        return list(judge.unexpected_results({"java": {"claim": cell}}, limits))

    def test_what_works_is_fine(self):
        self.assertEqual(self.complaints("ok"), [])

    def test_a_failure_that_is_not_listed_is_named(self):
        self.assertEqual(self.complaints("no device"), ["java, claim: no device"])

    def test_a_listed_failure_is_fine(self):
        self.assertEqual(self.complaints("no device", limit("java", "claim")), [])

    def test_another_failure_in_a_listed_cell_is_named(self):
        self.assertEqual(self.complaints("no device", limit("java", "claim", "no owner")), ["java, claim: no device"])

    def test_a_limit_that_is_gone_must_be_removed(self):
        self.assertIn("Remove the entry", *self.complaints("ok", limit("java", "claim")))

    def test_a_limit_of_a_task_that_was_not_tried_is_named(self):
        self.assertIn("was not tried", *self.complaints(judge.NOT_TRIED, limit("java", "claim")))

    def test_a_limit_of_an_unknown_client_is_named(self):
        self.assertIn("no such client", *self.complaints("ok", limit("jawa", "claim")))


class FindingsTest(unittest.TestCase):
    FINDING = ("redocly", "no-unused", "schemas/Line", "never used")

    def complaints(self, findings, *at):
        accepted = {"tool": "redocly", "rule": "no-unused", "reason": "it is in a description"} | ({"at": at} if at else {})
        return list(judge.unexpected_findings(findings, [accepted]))

    def test_a_finding_is_accepted_at_its_place(self):
        self.assertEqual(self.complaints([self.FINDING], "schemas/Line"), [])

    def test_a_finding_is_accepted_everywhere_if_no_place_is_named(self):
        self.assertEqual(self.complaints([self.FINDING]), [])

    def test_a_finding_at_another_place_is_named(self):
        other = ("redocly", "no-unused", "schemas/Other", "never used")
        self.assertEqual(
            self.complaints([self.FINDING, other], "schemas/Line"),
            ["redocly, no-unused: never used (schemas/Other)"],
        )

    def test_of_many_findings_of_a_rule_a_few_are_named(self):
        many = [("redocly", "no-empty", f"schemas/{n}", "empty") for n in range(10)]
        complaints = self.complaints([self.FINDING, *many], "schemas/Line")
        self.assertEqual(len(complaints), judge.SHOWN + 1)
        self.assertEqual(complaints[-1], "redocly, no-empty: 7 more")

    def test_an_accepted_finding_that_is_gone_is_named(self):
        self.assertIn("not found any more", *self.complaints([]))
        self.assertIn("at schemas/Other", *self.complaints([self.FINDING], "schemas/Line", "schemas/Other"))


class LimitsTest(unittest.TestCase):
    def test_every_entry_has_a_reason(self):
        limits = judge.read_limits()
        self.assertTrue(all(it["reason"] for it in limits["limit"] + limits["finding"]))


if __name__ == "__main__":
    unittest.main()
