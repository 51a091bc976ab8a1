package io.fleetwell;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The layering of the house. */
@AnalyzeClasses(packages = "io.fleetwell", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule onlyStoresAndWiringKnowTheSdk = noClasses()
      .that()
      .resideOutsideOfPackage("io.fleetwell.store")
      .and()
      .doNotHaveFullyQualifiedName(Wiring.class.getName())
      .and(com.tngtech.archunit.base.DescribedPredicate.not(
          simpleNameStartingWith("DynamoDb").or(simpleNameStartingWith("S3"))))
      .and()
      .areTopLevelClasses()
      .should()
      .dependOnClassesThat(resideInAPackage("software.amazon.awssdk.."));

  @ArchTest
  static final ArchRule httpKnowsNoFeature = noClasses()
      .that()
      .resideInAPackage("io.fleetwell.http")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "io.fleetwell",
          "io.fleetwell.device",
          "io.fleetwell.firmware",
          "io.fleetwell.logs",
          "io.fleetwell.store");

  @ArchTest
  static final ArchRule packagesDependOnEachOtherInOneDirection =
      slices().matching("io.fleetwell.(*)").should().beFreeOfCycles();
}
