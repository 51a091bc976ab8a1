package io.fleetwell.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.lambda.LambdaProcess;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import io.fleetwell.testing.lambda.ProcessesAhead;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** A function with a missing or malformed variable does not start, and reports it in one line. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime client runs on Linux only")
@ExtendWith(RunningSystem.class)
class EnvironmentIT {
  /** The JVM reads this variable and checks its format. */
  private static final String OF_THE_JVM = "JAVA_TOOL_OPTIONS";

  /** A bad value of a variable, and the words that the error must contain. */
  private record Fault(Function function, String variable, String value, String words) {}

  private static List<Fault> faults(LocalSystem system) {
    Stream<Fault> missing = variables(system).stream()
        .map(variable -> new Fault(userOf(system, variable), variable, "", "is not set"));
    Stream<Fault> malformed = Stream.of(
            List.of("FIRMWARE_CACHE_SECONDS", "soon"),
            List.of("HISTORY_DAYS", "-1"),
            List.of("DEVICE_TOKEN_SECONDS", "1e9"),
            List.of("REQUIRE_CLAIM_CODE", "yes"),
            List.of("OIDC_ISSUER", "issuer"),
            List.of("OIDC_AUDIENCE", " , "))
        .map(it -> new Fault(userOf(system, it.get(0)), it.get(0), it.get(1), "must be"));
    return Stream.concat(missing, malformed).toList();
  }

  private static Set<String> variables(LocalSystem system) {
    Set<String> variables = new TreeSet<>();
    system
        .template()
        .functions()
        .forEach(function -> variables.addAll(function.environment().keySet()));
    variables.remove(OF_THE_JVM);
    return variables;
  }

  /** A function that does not start without a variable. */
  private static Function userOf(LocalSystem system, String variable) {
    return system.template().functions().stream()
        .filter(function -> !startsWithout(system, function, variable))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no function needs " + variable));
  }

  private static boolean startsWithout(LocalSystem system, Function function, String variable) {
    Map<String, String> environment = new HashMap<>(system.environment(function));
    environment.remove(variable);
    try (Aws aws = new Aws(environment, Clock.systemUTC())) {
      new LambdaFunction(function, aws, line -> {}).handler();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @TestFactory
  Stream<DynamicTest> aMissingOrMalformedVariableIsReportedInOneLineAtTheStart(LocalSystem system) {
    List<Fault> faults = faults(system);
    ProcessesAhead processes = new ProcessesAhead(faults.stream()
        .map(fault -> () ->
            Launch.of(system, fault.function()).with(Map.of(fault.variable(), fault.value()))));
    return faults.stream()
        .map(fault -> DynamicTest.dynamicTest(
            "%s='%s' in %s"
                .formatted(fault.variable(), fault.value(), fault.function().name()),
            () -> {
              try (LambdaProcess process = processes.next()) {
                assertThat(process.awaitInitError().errorMessage())
                    .contains(fault.variable(), fault.words())
                    .hasLineCount(1);
                // A stack trace would be within the text of this one line.
                assertThat(process.output())
                    .filteredOn(line -> line.startsWith("{"))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains(fault.variable())
                    .doesNotContain("NullPointerException", "\\tat ");
              }
            }))
        .onClose(processes::close);
  }
}
