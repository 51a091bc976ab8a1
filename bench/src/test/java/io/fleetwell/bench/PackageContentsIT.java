package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fleetwell.local.Packages;
import io.fleetwell.local.RuntimeClient;
import io.fleetwell.local.Template.Function;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is deployed and loaded takes time at each cold start, so that more of it is a change that is meant. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime client is for Linux alone")
class PackageContentsIT {
  private static final int MEGABYTES = 11;
  private static final int JARS = 1;

  /** Of a cold check on JDK 25. */
  private static final int CLASSES = 4_050;

  /** It is 50 and more when nothing went over a network before. */
  private static final int CLASSES_AFTER_SNAPSHOT = 10;

  private static MeasuredSystem system;

  @BeforeAll
  static void start() throws Exception {
    system = MeasuredSystem.startInOneProcess();
  }

  @AfterAll
  static void stop() throws IOException {
    system.close();
  }

  @Test
  void noPackageIsLargerThanAgreed() throws IOException {
    for (Function function : system.local().template().functions()) {
      var folder = Packages.of(function.name());
      assertThat(PackageContents.zippedMegabytes(folder)).as(function.name()).isLessThan(MEGABYTES);
      assertThat(PackageContents.jars(folder)).as(function.name()).hasSizeLessThanOrEqualTo(JARS);
    }
  }

  @Test
  void aCheckAfterASnapshotLoadsHardlyAnyClass() throws IOException {
    assumeThat(RuntimeClient.java(25)).isPresent();
    MeasuredCall check = check();
    assertThat(PackageContents.classesLoadedAfterSnapshot(
            system.launchFromSnapshot(check.function(), 25), check.freshEvents(system)))
        .isLessThanOrEqualTo(CLASSES_AFTER_SNAPSHOT);
  }

  private static MeasuredCall check() {
    return system.calls().stream()
        .filter(call -> call.title().equals("CheckFirmware"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aColdCheckLoadsNoMoreClassesThanAgreed() throws IOException {
    assumeThat(RuntimeClient.java(25)).isPresent();
    MeasuredCall check = check();
    assertThat(PackageContents.classesLoaded(
            system.launch(check.function(), 25), check.freshEvents(system)))
        .isLessThanOrEqualTo(CLASSES);
  }
}
