package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fleetwell.bench.MeasuredSystem.Subject;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.lambda.Packages;
import io.fleetwell.testing.lambda.RuntimeClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A cold start pays for what is deployed and loaded, so more of it must be deliberate. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime client is for Linux only")
class PackageContentsIT {
  private static final int MEGABYTES = 11;
  private static final int JARS = 1;

  /** A cold check on JDK 25 loads 4,516, 300 of them for Jackson's mapper, and the JDK's for languages. */
  private static final int CLASSES = 4_600;

  /** The recorded event finds empty stores, so what reads an item is loaded later: 78 classes. */
  private static final int CLASSES_AFTER_SNAPSHOT = 90;

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
  void aColdCheckLoadsNoMoreClassesThanAgreed() throws IOException {
    assertThat(classesLoadedByCheck(false)).isLessThanOrEqualTo(CLASSES);
  }

  @Test
  void aCheckAfterASnapshotLoadsFewClasses() throws IOException {
    assertThat(classesLoadedByCheck(true)).isLessThanOrEqualTo(CLASSES_AFTER_SNAPSHOT);
  }

  private static int classesLoadedByCheck(boolean snapshot) throws IOException {
    assumeThat(RuntimeClient.java(MeasuredSystem.JDK)).isPresent();
    Subject check = system.snapshot("CheckFirmware", false);
    return PackageContents.classesLoaded(snapshot ? check : check.withoutSnapshot());
  }
}
