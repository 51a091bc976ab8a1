"""Plants violations in the template, and checks that the rules and the comparison of findings report them."""

import copy
import unittest

import yaml

from findings import unmatched, unread
from rules import MAX_RESOURCES, PROJECT, first_deployment, violations, with_snapshot
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
        self.first = first_deployment()

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

    def violations(self):
        return violations(self.template, ACCEPTED, self.contract, self.first)

    def assert_violations(self, *messages):
        self.assertEqual(sorted(self.violations()), sorted(messages))

    def test_the_template_has_no_violations(self):
        self.assert_violations()

    def test_a_route_without_the_authorizer_is_reported(self):
        del self.operation("/v1/firmware", "get")["security"]
        self.assert_violations("Api: GET /v1/firmware has no authorizer")

    def test_a_route_without_authorization_is_reported(self):
        self.operation("/v1/firmware", "get")["security"] = [{"NONE": []}]
        self.assert_violations("Api: GET /v1/firmware has no authorizer")

    def test_a_public_route_that_is_not_listed_is_reported(self):
        paths = self.properties("Api")["Body"]["paths"]
        paths["/v1/status"] = {"get": paths["/docs"]["get"]}
        self.assert_violations(
            "Api: GET /v1/status has no authorizer",
            "Pages is called by GET /v1/status, which is no public route",
        )

    def test_a_listed_route_with_another_method_is_reported(self):
        paths = self.properties("Api")["Body"]["paths"]
        paths["/docs"]["post"] = paths["/docs"]["get"]
        self.assert_violations(
            "Api: POST /docs has no authorizer",
            "Pages is called by POST /docs, which is no public route",
        )

    def test_a_listed_route_that_calls_another_function_is_reported(self):
        paths = self.properties("Api")["Body"]["paths"]
        integration = paths["/v1/firmware"]["get"]["x-amazon-apigateway-integration"]
        paths["/openapi.json"]["get"]["x-amazon-apigateway-integration"] = integration
        self.assertIn("Api: GET /openapi.json has no authorizer", self.violations())
        self.assertIn("GET /openapi.json is listed as public, but does not call Pages", self.violations())

    def test_a_listed_route_that_is_gone_is_reported(self):
        del self.properties("Api")["Body"]["paths"]["/openapi.json"]
        self.assert_violations("GET /openapi.json is listed as public, but does not call Pages")

    def test_a_policy_of_the_public_function_is_reported(self):
        self.properties("PagesRole")["Policies"] = self.properties("GetDeviceRole")["Policies"]
        self.assert_violations("Pages has a policy, although anyone may call it")

    def test_a_variable_of_the_public_function_is_reported(self):
        self.variables("Pages")["DEVICES_TABLE"] = {"Ref": "Devices"}
        self.assert_violations("Pages has the variable DEVICES_TABLE, although anyone may call it")

    def test_a_public_route_without_limits_of_its_own_is_reported(self):
        del self.properties("ApiApiGatewayDefaultStage")["RouteSettings"]["GET /docs"]
        self.assert_violations(
            "anyone may call GET /docs, and its ThrottlingRateLimit is not 1 or less",
            "anyone may call GET /docs, and its ThrottlingBurstLimit is not 20 or less",
        )

    def test_a_public_route_with_the_limits_of_the_api_is_reported(self):
        settings = self.properties("ApiApiGatewayDefaultStage")["RouteSettings"]["GET /"]
        settings["ThrottlingRateLimit"] = {"Ref": "SlowRouteRate"}
        self.assert_violations("anyone may call GET /, and its ThrottlingRateLimit is not 1 or less")

    def test_a_second_policy_is_reported(self):
        self.properties("GetDeviceRole")["Policies"] *= 2
        self.assert_violations("GetDevice has 2 policies instead of one")

    def test_a_wildcard_action_is_reported(self):
        self.statement("AuthorizerRole")["Action"] = ["dynamodb:Get*"]
        self.assert_violations("AuthorizerRole: dynamodb:Get* on ${DeviceKeys.Arn} is too wide a permission")

    def test_a_wildcard_resource_is_reported(self):
        self.statement("AuthorizerRole")["Resource"] = "*"
        self.assert_violations("AuthorizerRole: dynamodb:GetItem on * is too wide a permission")

    def test_a_wildcard_within_a_resource_is_reported(self):
        self.statement("AuthorizerRole")["Resource"] = {"Fn::Sub": "${Devices.Arn}/index/*"}
        self.assert_violations("AuthorizerRole: dynamodb:GetItem on ${Devices.Arn}/index/* is too wide a permission")

    def test_a_wildcard_wider_than_the_accepted_one_is_reported(self):
        logs = {"Fn::Sub": "${Uploads.Arn}/logs/*"}
        (statement,) = [it for it in self.statements("UploadLogRole") if it["Resource"] == logs]
        statement["Resource"] = {"Fn::Sub": "${Uploads.Arn}/*"}
        grant = "s3:GetObject, s3:PutObject on ${Uploads.Arn}"
        self.assert_violations(
            f"UploadLogRole: {grant}/* is too wide a permission",
            f"UploadLogRole: accepted, but no longer granted: {grant}/logs/*",
        )

    def test_a_statement_with_not_action_is_reported(self):
        statement = self.statement("AuthorizerRole")
        statement["NotAction"] = statement.pop("Action")
        self.assert_violations("AuthorizerRole: all but dynamodb:GetItem on ${DeviceKeys.Arn} is too wide a permission")

    def test_an_additional_managed_policy_is_reported(self):
        self.properties("GetDeviceRole")["ManagedPolicyArns"].append("arn:aws:iam::aws:policy/AdministratorAccess")
        self.assert_violations("every function: arn:aws:iam::aws:policy/AdministratorAccess is too wide a permission")

    def test_a_bucket_that_everyone_may_read_is_reported(self):
        statement = self.properties("UploadsOverTlsOnly")["PolicyDocument"]["Statement"]
        statement.append({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "logs"})
        self.assert_violations("UploadsOverTlsOnly: s3:GetObject on logs to * is too wide a permission")

    def test_an_accepted_grant_that_is_gone_is_reported(self):
        del self.resources["UploadsOverTlsOnly"]
        self.assert_violations(
            "UploadsOverTlsOnly: accepted, but no longer granted: Deny s3:* on ${Uploads.Arn}, ${Uploads.Arn}/* to *"
        )

    def test_a_variable_named_like_a_secret_is_reported(self):
        self.variables("GetDevice")["CLIENT_SECRET"] = {"Ref": "OidcAudience"}
        self.assert_violations("CLIENT_SECRET is named like a secret")

    def test_a_variable_that_looks_like_a_secret_is_reported(self):
        self.variables("GetDevice")["WHO"] = "AKIAIOSFODNN7EXAMPLE"
        self.assert_violations("Resources.GetDevice.Properties.Environment.Variables.WHO holds a secret")

    def test_a_secret_resolved_into_the_environment_is_reported(self):
        self.variables("GetDevice")["WHO"] = "{{resolve:secretsmanager:issuer}}"
        self.assert_violations("Resources.GetDevice.Properties.Environment.Variables.WHO holds a secret")

    def test_a_client_secret_in_the_outputs_is_reported(self):
        self.template["Outputs"]["Operator"] = {"Value": {"Fn::GetAtt": ["OperatorClient", "ClientSecret"]}}
        self.assert_violations("Outputs.Operator.Value.Fn::GetAtt.1 holds a secret")

    def test_a_secret_parameter_without_no_echo_is_reported(self):
        self.template["Parameters"]["IssuerPassword"] = self.BOUNDED | {"Default": ""}
        self.assert_violations("IssuerPassword is named like a secret")

    def test_a_secret_parameter_with_a_default_is_reported(self):
        self.template["Parameters"]["IssuerPassword"] = self.BOUNDED | {"NoEcho": True, "Default": "x"}
        self.assert_violations("IssuerPassword is a secret and has a default")

    def test_a_secret_parameter_in_the_environment_is_reported(self):
        self.template["Parameters"]["Hidden"] = self.BOUNDED | {"NoEcho": True}
        self.variables("GetDevice")["WHO"] = {"Ref": "Hidden"}
        self.assert_violations("GetDevice.Environment.Variables.WHO.Ref shows the secret Hidden")

    def test_a_missing_rule_for_an_issuer_without_an_audience_is_reported(self):
        del self.template["Rules"]["IssuerWithAudience"]
        self.assert_violations("Rules: OidcIssuer is allowed")

    def test_a_missing_rule_for_an_audience_without_an_issuer_is_reported(self):
        del self.template["Rules"]["AudienceWithIssuer"]
        self.assert_violations("Rules: OidcAudience is allowed")

    def test_missing_rules_for_half_a_domain_name_are_reported(self):
        for rule in ("DomainNameWithCertificate", "CertificateWithDomainName", "HostedZoneWithDomainName"):
            del self.template["Rules"][rule]
        self.assert_violations(
            "Rules: DomainName is allowed",
            "Rules: CertificateArn is allowed",
            "Rules: HostedZoneId is allowed",
            "Rules: DomainName and HostedZoneId is allowed",
            "Rules: CertificateArn and HostedZoneId is allowed",
        )

    def test_a_rule_that_refuses_what_is_whole_is_reported(self):
        self.template["Rules"]["HostedZoneWithDomainName"]["Assertions"][0]["Assert"] = {
            "Fn::Equals": [{"Ref": "DomainName"}, ""]}
        self.assert_violations(
            "Rules: HostedZoneId is allowed",
            "Rules: DomainName and CertificateArn and HostedZoneId is refused",
        )

    def test_the_default_throttle_in_a_region_with_a_small_quota_is_reported(self):
        del self.template["Rules"]["RegionWithSmallQuota"]["Assertions"][1]
        self.assert_violations(*(
            f"Rules: {region} allows more calls than an account may make there, with {{'ThrottlingRate': '2500'}}"
            for region in ("af-south-1", "mx-central-1")
        ))

    def test_a_region_without_snapshots_is_reported(self):
        del self.template["Rules"]["RegionWithSnapStart"]
        self.assert_violations(*(
            f"Rules: {region} is allowed, where functions cannot start from snapshots"
            for region in ("ap-east-2", "ap-southeast-6")
        ))

    def test_a_parameter_without_a_constraint_is_reported(self):
        del self.template["Parameters"]["AlarmEmail"]["AllowedPattern"]
        self.assert_violations("AlarmEmail lacks a default, a description or a constraint")

    def test_a_parameter_with_one_bound_is_reported(self):
        del self.template["Parameters"]["UploadsPerDay"]["MaxValue"]
        self.assert_violations("UploadsPerDay lacks a default, a description or a constraint")

    def test_a_parameter_without_a_default_is_reported(self):
        del self.template["Parameters"]["OidcIssuer"]["Default"]
        self.assert_violations("OidcIssuer lacks a default, a description or a constraint")

    def test_a_table_with_provisioned_capacity_is_reported(self):
        self.properties("Firmware")["BillingMode"] = "PROVISIONED"
        self.assert_violations("Firmware costs money while it is idle")

    def test_a_table_that_is_deleted_with_its_stack_is_reported(self):
        self.resources["DeviceKeys"]["DeletionPolicy"] = "Delete"
        self.assert_violations("DeviceKeys is not protected from deletion")

    def test_a_table_without_deletion_protection_is_reported(self):
        del self.properties("DeviceKeys")["DeletionProtectionEnabled"]
        self.assert_violations("DeviceKeys is not protected from deletion")

    def test_a_table_without_point_in_time_recovery_is_reported(self):
        del self.properties("DeviceKeys")["PointInTimeRecoverySpecification"]
        self.assert_violations("DeviceKeys is not protected from deletion")

    def test_a_bucket_that_is_deleted_with_its_stack_is_reported(self):
        del self.resources["Uploads"]["UpdateReplacePolicy"]
        self.assert_violations("Uploads is not protected from deletion")

    def test_an_accepted_unprotected_table_that_is_gone_is_reported(self):
        del self.resources["UploadCounts"]
        self.assert_violations("UploadCounts is accepted as unprotected, but is protected or gone")

    def test_a_table_without_an_output_is_reported(self):
        del self.template["Outputs"]["HistoryTable"]
        self.assert_violations("History is not among the outputs")

    def test_an_alarm_without_an_action_is_reported(self):
        del self.properties("Latency")["AlarmActions"]
        self.assert_violations("Latency notifies nobody")

    def test_an_access_log_with_the_path_is_reported(self):
        logged = self.properties("ApiApiGatewayDefaultStage")["AccessLogSettings"]["Fn::If"][1]
        logged["Format"] = '{"path":"$context.path","status":"$context.status"}'
        self.assert_violations("the access log's path may identify the caller: $context.path")

    def test_an_api_without_an_access_log_is_reported(self):
        del self.properties("ApiApiGatewayDefaultStage")["AccessLogSettings"]
        self.assert_violations("the API has no access log")

    def cors(self):
        """The CORS configuration, with the condition before it and what there is without one behind it."""
        return self.properties("Api")["Body"]["x-amazon-apigateway-cors"]["Fn::If"]

    def test_a_cors_configuration_by_default_is_reported(self):
        self.template["Parameters"]["CorsOrigins"]["Default"] = "*"
        self.assert_violations("Api: pages of other origins may call it by default")

    def test_a_cors_configuration_without_a_condition_is_reported(self):
        self.properties("Api")["Body"]["x-amazon-apigateway-cors"] = self.cors()[1]
        self.assert_violations("Api: CorsOrigins does not decide alone which origins may call it")

    def test_an_api_without_a_cors_configuration_is_reported(self):
        del self.properties("Api")["Body"]["x-amazon-apigateway-cors"]
        self.assert_violations("Api: CorsOrigins does not decide alone which origins may call it")

    def test_origins_that_are_one_text_are_reported(self):
        self.cors()[1]["allowOrigins"] = "https://app.example.com,https://console.example.com"
        self.assert_violations("Api: CorsOrigins does not decide alone which origins may call it")

    def test_a_method_of_a_route_that_pages_may_not_use_is_reported(self):
        self.cors()[1]["allowMethods"].remove("DELETE")
        self.assert_violations("Api: pages of the named origins may not use DELETE")

    def test_cookies_of_pages_are_reported(self):
        self.cors()[1]["allowCredentials"] = True
        self.assert_violations("Api: browsers would send cookies and the like with calls from pages")

    def test_headers_without_names_are_reported(self):
        self.cors()[1]["allowHeaders"] = ["*"]
        del self.cors()[1]["exposeHeaders"]
        self.assert_violations("Api: allowHeaders does not name the headers", "Api: exposeHeaders does not name the headers")

    def test_origins_beside_a_wildcard_are_reported(self):
        parameter = self.template["Parameters"]["CorsOrigins"]
        parameter["AllowedPattern"] = parameter["AllowedPattern"].replace("(,https?", "(,\\*|,https?")
        self.assert_violations(
            "CorsOrigins allows 'https://app.example.com,*', which are not the origins of browsers")

    def test_a_pattern_that_refuses_a_list_of_origins_is_reported(self):
        self.template["Parameters"]["CorsOrigins"]["AllowedPattern"] = r"|\*|https?://[a-z0-9.-]+"
        self.assert_violations("CorsOrigins refuses 'https://app.example.com,http://localhost:3000'")

    def test_claims_without_limits_of_their_own_are_reported(self):
        route = "PUT /v1/user/devices/owner/{deviceid}"
        del self.properties("ApiApiGatewayDefaultStage")["RouteSettings"][route]
        self.assert_violations(
            f"{route} has no lower ThrottlingRateLimit",
            f"{route} has no lower ThrottlingBurstLimit",
        )

    def test_slow_routes_with_the_usual_limit_are_reported(self):
        self.template["Parameters"]["SlowRouteBurst"]["Default"] = 2500
        self.assert_violations(
            "PUT /v1/user/devices/{deviceid} has no lower ThrottlingBurstLimit",
            "PUT /v1/user/devices/owner/{deviceid} has no lower ThrottlingBurstLimit",
            "POST /v1/devices/{deviceid}/logs/{logtype} has no lower ThrottlingBurstLimit",
        )

    def test_a_snapshot_of_an_operators_function_is_reported(self):
        self.properties("ListHistory")["SnapStart"] = {"ApplyOn": "PublishedVersions"}
        self.assert_violations(
            "ListHistory can wait for a cold start, but has a snapshot",
            "ListHistory has a snapshot, but no schedule calls it",
            "KeepAwakeWeekly may not call ListHistory, which has a snapshot",
        )

    def test_a_version_of_an_operators_function_is_reported(self):
        self.resources["Version"] = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "ListHistory"}}}
        self.assert_violations("ListHistory can wait for a cold start, but has a version")

    def test_an_alias_of_an_operators_function_is_reported(self):
        self.resources["Alias"] = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "ListHistory"}}}
        self.assert_violations("ListHistory can wait for a cold start, but has an alias")

    def test_a_devices_function_without_a_snapshot_is_reported(self):
        self.contract["paths"]["/v1/devices/{deviceid}/history"]["get"]["x-callers"].append("device")
        self.assert_violations(
            "ListHistory cannot wait for a cold start, but does not have a snapshot",
            "ListHistory cannot wait for a cold start, but does not have a version",
            "ListHistory cannot wait for a cold start, but does not have an alias",
        )

    def test_a_function_that_becomes_operators_only_is_reported(self):
        self.contract["paths"]["/v1/devices/{deviceid}/keys"]["get"]["x-callers"] = ["operator"]
        self.assert_violations(
            "ListDeviceKeys can wait for a cold start, but has a snapshot",
            "ListDeviceKeys can wait for a cold start, but has a version",
            "ListDeviceKeys can wait for a cold start, but has an alias",
        )

    def test_a_second_route_for_devices_without_a_snapshot_is_reported(self):
        paths = self.properties("Api")["Body"]["paths"]
        paths["/v1/devices/{deviceid}"]["get"] = paths["/v1/firmware"]["get"]
        self.assert_violations(
            "ListFirmware cannot wait for a cold start, but does not have a snapshot",
            "ListFirmware cannot wait for a cold start, but does not have a version",
            "ListFirmware cannot wait for a cold start, but does not have an alias",
        )

    def test_an_authorizer_without_a_snapshot_is_reported(self):
        del self.properties("Authorizer")["SnapStart"]
        self.assert_violations(
            "Authorizer cannot wait for a cold start, but does not have a snapshot",
            "Authorizer has no snapshot, but a schedule calls it",
            "KeepAwakeWeekly may call Authorizer, which has no snapshot",
        )

    def schedule(self):
        return self.properties("KeepAwakeWeekly")

    def list_in_schedule(self, old, new):
        event = self.schedule()["Targets"][0]["Input"]
        self.assertIn(old, event["Fn::Sub"])
        event["Fn::Sub"] = event["Fn::Sub"].replace(old, new)

    def test_a_snapshot_that_the_schedule_does_not_name_is_reported(self):
        self.list_in_schedule("${GetDeviceAliaslive}", "GetDevice")
        self.assert_violations("GetDevice has a snapshot, but no schedule calls it")

    def test_a_schedule_that_names_a_function_without_a_snapshot_is_reported(self):
        self.list_in_schedule('"${GetDeviceAliaslive}"', '"${GetDeviceAliaslive}", "${ListHistory}"')
        self.assert_violations("ListHistory has no snapshot, but a schedule calls it")

    def test_a_policy_without_a_function_of_the_schedule_is_reported(self):
        self.statement("KeepAwakeRole")["Resource"].remove({"Ref": "GetDeviceAliaslive"})
        self.assert_violations("KeepAwakeWeekly may not call GetDevice, which has a snapshot")

    def test_a_policy_with_more_than_the_functions_of_the_schedule_is_reported(self):
        self.statement("KeepAwakeRole")["Resource"].append({"Fn::GetAtt": ["ListHistory", "Arn"]})
        self.assert_violations("KeepAwakeWeekly may call ListHistory.Arn, which has no snapshot")

    def test_a_schedule_that_comes_too_late_is_reported(self):
        for late in ("rate(14 days)", "rate(8 days)", "cron(0 4 1 * ? *)"):
            self.schedule()["ScheduleExpression"] = late
            self.assert_violations("KeepAwakeWeekly does not run every 7 days")

    def test_a_schedule_that_is_off_is_reported(self):
        self.schedule()["State"] = "DISABLED"
        self.assert_violations("KeepAwakeWeekly does not run every 7 days")

    def test_a_template_without_a_schedule_is_reported(self):
        del self.resources["KeepAwakeWeekly"]
        self.assert_violations(
            *(f"{it} has a snapshot, but no schedule calls it" for it in with_snapshot(self.template)),
            "KeepAwake cannot wait for a cold start, but does not have a snapshot",
            "KeepAwake cannot wait for a cold start, but does not have a version",
            "KeepAwake cannot wait for a cold start, but does not have an alias",
        )

    def test_a_default_that_changes_existing_user_pools_is_reported(self):
        self.template["Parameters"]["CaseInsensitiveUserNames"]["Default"] = "true"
        self.assert_violations("UserPool: the default would change the case of user names in existing pools")

    def test_a_new_user_pool_with_case_sensitive_names_is_reported(self):
        self.first = {}
        self.assert_violations("UserPool: samconfig.example.toml makes a new pool with case-sensitive user names")

    def test_a_user_pool_that_every_update_would_change_is_reported(self):
        self.properties("UserPool")["UsernameConfiguration"] = {"CaseSensitive": False}
        self.assert_violations("UserPool: no parameter decides whether the case of user names is ignored")

    def test_access_logs_by_default_are_reported(self):
        self.template["Parameters"]["AccessLogs"]["Default"] = "true"
        self.assert_violations("AccessLogs is on by default")

    def test_tracing_by_default_is_reported(self):
        self.template["Parameters"]["Tracing"]["Default"] = "Active"
        self.assert_violations("Tracing is on by default")

    def test_a_user_pool_without_a_tier_is_reported(self):
        del self.properties("UserPool")["UserPoolTier"]
        self.assert_violations("UserPool gets Cognito's default tier, which costs more")

    def test_a_stack_with_too_many_resources_is_reported(self):
        missing = MAX_RESOURCES - len(self.resources)
        self.resources.update({f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(missing)})
        self.assert_violations(f"the stack has {MAX_RESOURCES} resources; fewer than {MAX_RESOURCES} are allowed")


class FindingsTest(unittest.TestCase):
    ACCEPTED = [{"check": "C1", "where": ["Uploads"]}, {"check": "C2", "where": ["AWS::Lambda::Function"]}]

    def report(self, *findings):
        checks = [{"check_id": check, "check_name": "-", "resource": resource} for check, resource in findings]
        return {"results": {"failed_checks": checks}, "summary": {"parsing_errors": 0, "resource_count": 2}}

    def unmatched(self, *findings):
        return list(unmatched(self.report(*findings), self.ACCEPTED))

    def test_accepted_findings_are_not_reported(self):
        self.assertEqual(self.unmatched(("C1", "AWS::S3::Bucket.Uploads"), ("C2", "AWS::Lambda::Function.A")), [])

    def test_an_accepted_finding_on_another_resource_is_reported(self):
        found = [("C1", "AWS::S3::Bucket.Uploads"), ("C1", "AWS::S3::Bucket.More"), ("C2", "AWS::Lambda::Function.A")]
        self.assertEqual(self.unmatched(*found), ["C1 More: -"])

    def test_an_accepted_finding_that_is_gone_is_reported(self):
        self.assertEqual(
            self.unmatched(("C2", "AWS::Lambda::Function.A")), ["C1 Uploads is accepted, but no longer found"]
        )

    def test_a_template_that_was_read_in_part_is_reported(self):
        self.assertEqual(list(unread(self.report(), {"Resources": {"A": {}, "B": {}}})), [])
        self.assertEqual(len(list(unread(self.report(), {"Resources": {"A": {}}}))), 1)


if __name__ == "__main__":
    unittest.main()
