package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cost model knows what the template deploys. */
class DeployedTest {
  private static final Path TEMPLATE = Project.FOLDER.resolve("template.yaml");

  @TempDir
  Path folder;

  private Deployed with(String from, String to) throws IOException {
    String text = Files.readString(TEMPLATE);
    assertThat(text).contains(from);
    return Deployed.by(Files.writeString(folder.resolve("template.yaml"), text.replace(from, to)));
  }

  @Test
  void accessLogsAndTracesAreOffByDefault() {
    Deployed deployed = Deployed.by(TEMPLATE);
    assertThat(deployed.requestLogs()).isTrue();
    assertThat(deployed.accessLogs()).isFalse();
    assertThat(deployed.traces()).isFalse();
  }

  @Test
  void otherDefaultsAreReadToo() throws IOException {
    assertThat(with("Default: PassThrough", "Default: Active").traces()).isTrue();
    assertThat(with("Default: 300\n", "Default: 60\n").authorizerCache()).isEqualTo(60);
  }

  @Test
  void eachMetricOfAnAlarmCounts() throws IOException {
    int metrics = Deployed.by(TEMPLATE).alarmMetrics();
    // The alarm Latency watches one metric.
    String alarm = "  Latency:\n    Type: AWS::CloudWatch::Alarm";
    assertThat(with(alarm, "  Latency:\n    Type: AWS::SNS::Topic").alarmMetrics())
        .isEqualTo(metrics - 1);
    // ServerErrors watches three, one of which is Contention.
    assertThat(with(
                "  ServerErrors:\n    Type: AWS::CloudWatch::Alarm",
                "  ServerErrors:\n    Type: AWS::SNS::Topic")
            .alarmMetrics())
        .isEqualTo(metrics - 3);
  }

  @Test
  void aLineOfTheAccessLogHasTheLengthOfItsFormatWithValues() throws IOException {
    int bytes = Deployed.by(TEMPLATE).accessLineBytes();
    assertThat(with("\"bytes\":\"$context.responseLength\",", "").accessLineBytes())
        .isEqualTo(bytes - "\"bytes\":\"190\",".length());
  }
}
