"""Plants in the template what each rule and the comparison of findings are there to find."""

import copy
import unittest

import yaml

from findings import unmatched, unread
from rules import MAX_RESOURCES, PROJECT, broken
from transform import transformed

ACCEPTED = yaml.safe_load((PROJECT / ".ci/template/accepted.yaml").read_text())
CONTRACT = yaml.safe_load((PROJECT / "openapi.yaml").read_text())
TEMPLATE = transformed(PROJECT / "template.yaml")


class RulesTest(unittest.TestCase):
    BOUNDED = {"Type": "String", "Description": "-", "AllowedPattern": "[a-z]*"}

    def setUp(self):
        self.template = copy.deepcopy(TEMPLATE)
        self.contract = copy.deepcopy(CONTRACT)
        self.resources = self.template["Resources"]

    def properties(self, resource):
        return self.resources[resource]["Properties"]

    def statements(self, role):
        return self.properties(role)["Policies"][0]["PolicyDocument"]["Statement"]

    def statement(self, role):
        return self.statements(role)[0]

    def variables(self, function):
        return self.properties(function)["Environment"]["Variables"]

    def operation(self, path, method):
        return self.properties("Api")["Body"]["paths"][path][method]

    def assert_broken(self, *messages):
        self.assertEqual(sorted(broken(self.template, ACCEPTED, self.contract)), sorted(messages))

    def test_the_template_as_it_is_breaks_nothing(self):
        self.assert_broken()

    def test_a_route_without_the_authorizer(self):
        del self.operation("/v1/firmware", "get")["security"]
        self.assert_broken("Api: nobody asks who calls GET /v1/firmware")

    def test_a_route_that_is_open_on_purpose(self):
        self.operation("/v1/firmware", "get")["security"] = [{"NONE": []}]
        self.assert_broken("Api: nobody asks who calls GET /v1/firmware")

    def test_a_second_policy(self):
        self.properties("GetDeviceRole")["Policies"] *= 2
        self.assert_broken("GetDevice: 2 policies of its own, not one")

    def test_a_wildcard_action(self):
        self.statement("AuthorizerRole")["Action"] = ["dynamodb:Get*"]
        self.assert_broken("AuthorizerRole: dynamodb:Get* on ${DeviceKeys.Arn} is more than an exact right")

    def test_a_wildcard_resource(self):
        self.statement("AuthorizerRole")["Resource"] = "*"
        self.assert_broken("AuthorizerRole: dynamodb:GetItem on * is more than an exact right")

    def test_a_wildcard_within_a_resource(self):
        self.statement("AuthorizerRole")["Resource"] = {"Fn::Sub": "${Devices.Arn}/index/*"}
        self.assert_broken("AuthorizerRole: dynamodb:GetItem on ${Devices.Arn}/index/* is more than an exact right")

    def test_a_wildcard_that_is_wider_than_the_accepted_one(self):
        logs = {"Fn::Sub": "${Uploads.Arn}/logs/*"}
        (statement,) = [it for it in self.statements("UploadLogRole") if it["Resource"] == logs]
        statement["Resource"] = {"Fn::Sub": "${Uploads.Arn}/*"}
        grant = "s3:GetObject, s3:PutObject on ${Uploads.Arn}"
        self.assert_broken(
            f"UploadLogRole: {grant}/* is more than an exact right",
            f"UploadLogRole: accepted, and no longer there: {grant}/logs/*",
        )

    def test_all_but_some_actions(self):
        statement = self.statement("AuthorizerRole")
        statement["NotAction"] = statement.pop("Action")
        self.assert_broken("AuthorizerRole: all but dynamodb:GetItem on ${DeviceKeys.Arn} is more than an exact right")

    def test_a_managed_policy_more(self):
        self.properties("GetDeviceRole")["ManagedPolicyArns"].append("arn:aws:iam::aws:policy/AdministratorAccess")
        self.assert_broken("every function: arn:aws:iam::aws:policy/AdministratorAccess is more than an exact right")

    def test_everyone_may_read_the_bucket(self):
        statement = self.properties("UploadsOverTlsOnly")["PolicyDocument"]["Statement"]
        statement.append({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "logs"})
        self.assert_broken("UploadsOverTlsOnly: s3:GetObject on logs to * is more than an exact right")

    def test_an_accepted_grant_that_is_gone(self):
        del self.resources["UploadsOverTlsOnly"]
        self.assert_broken(
            "UploadsOverTlsOnly: accepted, and no longer there: Deny s3:* on ${Uploads.Arn}, ${Uploads.Arn}/* to *"
        )

    def test_a_secret_in_the_environment_by_its_name(self):
        self.variables("GetDevice")["CLIENT_SECRET"] = {"Ref": "OidcAudience"}
        self.assert_broken("CLIENT_SECRET is named like a secret")

    def test_a_secret_in_the_environment_by_its_look(self):
        self.variables("GetDevice")["WHO"] = "AKIAIOSFODNN7EXAMPLE"
        self.assert_broken("Resources.GetDevice.Properties.Environment.Variables.WHO holds a secret")

    def test_a_secret_that_is_fetched_into_the_environment(self):
        self.variables("GetDevice")["WHO"] = "{{resolve:secretsmanager:issuer}}"
        self.assert_broken("Resources.GetDevice.Properties.Environment.Variables.WHO holds a secret")

    def test_a_clients_secret_among_the_outputs(self):
        self.template["Outputs"]["Operator"] = {"Value": {"Fn::GetAtt": ["OperatorClient", "ClientSecret"]}}
        self.assert_broken("Outputs.Operator.Value.Fn::GetAtt.1 holds a secret")

    def test_a_secret_parameter_in_clear(self):
        self.template["Parameters"]["IssuerPassword"] = self.BOUNDED | {"Default": ""}
        self.assert_broken("IssuerPassword is named like a secret")

    def test_a_secret_parameter_with_a_default(self):
        self.template["Parameters"]["IssuerPassword"] = self.BOUNDED | {"NoEcho": True, "Default": "x"}
        self.assert_broken("IssuerPassword is a secret and has a default")

    def test_a_secret_parameter_that_a_function_shows(self):
        self.template["Parameters"]["Hidden"] = self.BOUNDED | {"NoEcho": True}
        self.variables("GetDevice")["WHO"] = {"Ref": "Hidden"}
        self.assert_broken("GetDevice.Environment.Variables.WHO.Ref shows the secret Hidden")

    def test_an_issuer_without_an_audience(self):
        del self.template["Rules"]["IssuerWithAudience"]
        self.assert_broken("Rules: the issuer 'https://issuer.example' with the audience '' is allowed")

    def test_an_audience_without_an_issuer(self):
        del self.template["Rules"]["AudienceWithIssuer"]
        self.assert_broken("Rules: the issuer '' with the audience 'app' is allowed")

    def test_a_parameter_without_a_constraint(self):
        del self.template["Parameters"]["AlarmEmail"]["AllowedPattern"]
        self.assert_broken("AlarmEmail lacks a default, a description or a constraint")

    def test_a_parameter_with_one_bound(self):
        del self.template["Parameters"]["UploadsPerDay"]["MaxValue"]
        self.assert_broken("UploadsPerDay lacks a default, a description or a constraint")

    def test_a_parameter_without_a_default(self):
        del self.template["Parameters"]["OidcIssuer"]["Default"]
        self.assert_broken("OidcIssuer lacks a default, a description or a constraint")

    def test_a_table_with_provisioned_capacity(self):
        self.properties("Firmware")["BillingMode"] = "PROVISIONED"
        self.assert_broken("Firmware costs something while it is idle")

    def test_a_table_that_goes_with_its_stack(self):
        self.resources["DeviceKeys"]["DeletionPolicy"] = "Delete"
        self.assert_broken("DeviceKeys is not protected from deletion")

    def test_a_table_that_can_be_deleted(self):
        del self.properties("DeviceKeys")["DeletionProtectionEnabled"]
        self.assert_broken("DeviceKeys is not protected from deletion")

    def test_a_table_that_cannot_be_restored(self):
        del self.properties("DeviceKeys")["PointInTimeRecoverySpecification"]
        self.assert_broken("DeviceKeys is not protected from deletion")

    def test_a_bucket_that_goes_with_its_stack(self):
        del self.resources["Uploads"]["UpdateReplacePolicy"]
        self.assert_broken("Uploads is not protected from deletion")

    def test_a_table_that_is_accepted_as_unprotected_and_is_gone(self):
        for watching in ("ReadThrottles", "WriteThrottles"):
            self.properties(watching)["Metrics"].pop()
        del self.resources["UploadCounts"]
        self.assert_broken("UploadCounts is accepted as unprotected, and is not")

    def test_a_table_that_an_alarm_forgot(self):
        self.properties("WriteThrottles")["Metrics"].pop()
        self.assert_broken("UploadCounts: no alarm knows its WriteThrottleEvents")

    def test_a_table_that_is_not_among_the_outputs(self):
        del self.template["Outputs"]["HistoryTable"]
        self.assert_broken("History is not among the outputs")

    def test_an_alarm_that_tells_nobody(self):
        del self.properties("Latency")["AlarmActions"]
        self.assert_broken("Latency tells nobody")

    def test_an_access_log_with_the_path(self):
        logged = self.properties("ApiApiGatewayDefaultStage")["AccessLogSettings"]["Fn::If"][1]
        logged["Format"] = '{"path":"$context.path","status":"$context.status"}'
        self.assert_broken("the access log's path may tell of the caller: $context.path")

    def test_an_api_without_an_access_log(self):
        del self.properties("ApiApiGatewayDefaultStage")["AccessLogSettings"]
        self.assert_broken("the API has no access log")

    def test_claims_that_are_throttled_like_all_else(self):
        route = "PUT /v1/user/devices/owner/{deviceid}"
        del self.properties("ApiApiGatewayDefaultStage")["RouteSettings"][route]
        self.assert_broken(
            f"{route} has no lower ThrottlingRateLimit",
            f"{route} has no lower ThrottlingBurstLimit",
        )

    def test_a_slow_route_with_the_limit_of_others(self):
        self.template["Parameters"]["SlowRouteBurst"]["Default"] = 2500
        self.assert_broken(
            "PUT /v1/user/devices/owner/{deviceid} has no lower ThrottlingBurstLimit",
            "POST /v1/devices/{deviceid}/logs/{logtype} has no lower ThrottlingBurstLimit",
        )

    def test_a_snapshot_of_a_function_that_only_operators_call(self):
        self.properties("ListHistory")["SnapStart"] = {"ApplyOn": "PublishedVersions"}
        self.assert_broken("ListHistory: only operators call it, and it has a snapshot")

    def test_a_version_of_a_function_that_only_operators_call(self):
        self.resources["Version"] = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "ListHistory"}}}
        self.assert_broken("ListHistory: only operators call it, and it has a version")

    def test_an_alias_of_a_function_that_only_operators_call(self):
        self.resources["Alias"] = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "ListHistory"}}}
        self.assert_broken("ListHistory: only operators call it, and it has an alias")

    def test_a_function_that_devices_may_call_from_now_on(self):
        self.contract["paths"]["/v1/devices/{deviceid}/history"]["get"]["x-callers"].append("device")
        self.assert_broken(
            "ListHistory: not only operators call it, and it has not a snapshot",
            "ListHistory: not only operators call it, and it has not a version",
            "ListHistory: not only operators call it, and it has not an alias",
        )

    def test_a_function_that_only_operators_may_call_from_now_on(self):
        self.contract["paths"]["/v1/devices/{deviceid}/keys"]["get"]["x-callers"] = ["operator"]
        self.assert_broken(
            "ListDeviceKeys: only operators call it, and it has a snapshot",
            "ListDeviceKeys: only operators call it, and it has a version",
            "ListDeviceKeys: only operators call it, and it has an alias",
        )

    def test_a_function_with_a_second_route_that_devices_may_call(self):
        paths = self.properties("Api")["Body"]["paths"]
        paths["/v1/devices/{deviceid}"]["get"] = paths["/v1/firmware"]["get"]
        self.assert_broken(
            "ListFirmware: not only operators call it, and it has not a snapshot",
            "ListFirmware: not only operators call it, and it has not a version",
            "ListFirmware: not only operators call it, and it has not an alias",
        )

    def test_an_authorizer_without_a_snapshot(self):
        del self.properties("Authorizer")["SnapStart"]
        self.assert_broken("Authorizer: not only operators call it, and it has not a snapshot")

    def test_a_stack_that_is_nearly_full(self):
        missing = MAX_RESOURCES - len(self.resources)
        self.resources.update({f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(missing)})
        self.assert_broken(f"the stack has {MAX_RESOURCES} resources, not fewer than {MAX_RESOURCES}")


class FindingsTest(unittest.TestCase):
    ACCEPTED = [{"check": "C1", "where": ["Uploads"]}, {"check": "C2", "where": ["AWS::Lambda::Function"]}]

    def report(self, *findings):
        checks = [{"check_id": check, "check_name": "-", "resource": resource} for check, resource in findings]
        return {"results": {"failed_checks": checks}, "summary": {"parsing_errors": 0, "resource_count": 2}}

    def unmatched(self, *findings):
        return list(unmatched(self.report(*findings), self.ACCEPTED))

    def test_what_is_accepted_is_found(self):
        self.assertEqual(self.unmatched(("C1", "AWS::S3::Bucket.Uploads"), ("C2", "AWS::Lambda::Function.A")), [])

    def test_another_resource_with_an_accepted_finding(self):
        found = [("C1", "AWS::S3::Bucket.Uploads"), ("C1", "AWS::S3::Bucket.More"), ("C2", "AWS::Lambda::Function.A")]
        self.assertEqual(self.unmatched(*found), ["C1 More: -"])

    def test_what_is_accepted_and_no_longer_found(self):
        self.assertEqual(
            self.unmatched(("C2", "AWS::Lambda::Function.A")), ["C1 Uploads: accepted, and no longer found"]
        )

    def test_a_template_that_was_not_read_whole(self):
        self.assertEqual(list(unread(self.report(), {"Resources": {"A": {}, "B": {}}})), [])
        self.assertEqual(len(list(unread(self.report(), {"Resources": {"A": {}}}))), 1)


if __name__ == "__main__":
    unittest.main()
