package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.authorizer.IssuerKeys;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.Deadline;
import io.fleetwell.aws.FunctionCalls;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.RunningSystem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each timeout exceeds the timeouts that it contains, from the gateway down to one attempt at a call to a store. */
class TimeoutsTest {
  private final Template template = RunningSystem.template();

  @Test
  void aCallHasTimeForASecondAttempt() {
    assertThat(Aws.CALL_TIMEOUT).isGreaterThan(Aws.ATTEMPT_TIMEOUT.multipliedBy(2));
  }

  @Test
  void everyFunctionHasTimeToReportACallThatHangs() {
    assertThat(template.functions())
        .hasSizeGreaterThan(20)
        .allSatisfy(function -> assertThat(function.timeout())
            .as(function.name())
            .isGreaterThan(Aws.CALL_TIMEOUT.plus(Deadline.MARGIN)));
  }

  @Test
  void theAuthorizerHasTimeToReportAnIssuerThatHangs() {
    assertThat(template.authorizer().function().timeout())
        .isGreaterThan(IssuerKeys.LONGEST_LOOK.plus(Deadline.MARGIN));
  }

  @Test
  void theGatewayWaitsLongerThanEveryFunctionsTimeout() {
    assertThat(Gateway.TIMEOUT).hasSeconds(30);
    assertThat(template.routes())
        .allSatisfy(route ->
            assertThat(route.function().timeout()).as(route.key()).isLessThan(Gateway.TIMEOUT));
  }

  /** Lambda gives a restore ten seconds (Lambda developer guide, "Runtime hooks"). */
  @Test
  void aCallThatKeepsAFunctionAwakeOutlastsItsRestoreAndItsTimeout() {
    assertThat(withSnapshot())
        .isNotEmpty()
        .allSatisfy(function -> assertThat(FunctionCalls.CALL_TIMEOUT)
            .isGreaterThan(function.timeout().plusSeconds(10)));
  }

  @Test
  void keepAwakeHasTimeForAllFunctionsEvenIfEachHangs() {
    Duration longest = FunctionCalls.CALL_TIMEOUT.plusSeconds(1);
    assertThat(template.function("KeepAwake").timeout())
        .isGreaterThan(longest.multipliedBy(withSnapshot().size()));
  }

  private List<Function> withSnapshot() {
    return template.functions().stream().filter(Function::startsFromSnapshot).toList();
  }

  @Test
  void theGatewayWaitsForTheAuthorizersTimeout() {
    assertThat(Gateway.AUTHORIZER_TIMEOUT).hasSeconds(10);
    assertThat(template.authorizer().function().timeout())
        .isLessThanOrEqualTo(Gateway.AUTHORIZER_TIMEOUT);
  }
}
