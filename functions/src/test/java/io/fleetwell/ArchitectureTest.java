package io.fleetwell;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The layering of the house. */
@AnalyzeClasses(packages = "io.fleetwell", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  /** With the classes inside them. */
  private static final DescribedPredicate<JavaClass> STORES_AND_WIRING =
      DescribedPredicate.describe(
          "stores and Wiring",
          type -> type.getName()
              .matches("io\\.fleetwell\\.(Wiring|store\\..*|[a-z]+\\.(DynamoDb|S3).*)"));

  @ArchTest
  static final ArchRule onlyStoresAndWiringKnowTheSdk = noClasses()
      .that(DescribedPredicate.not(STORES_AND_WIRING))
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
          "io.fleetwell.history",
          "io.fleetwell.keys",
          "io.fleetwell.logs",
          "io.fleetwell.store");

  @ArchTest
  static final ArchRule packagesDependOnEachOtherInOneDirection =
      slices().matching("io.fleetwell.(*)").should().beFreeOfCycles();

  /** It loads 300 classes for what is never done here, in each cold start. */
  @ArchTest
  static final ArchRule nothingMakesAJacksonMapper = noClasses()
      .should()
      .dependOnClassesThat()
      .areAssignableTo(ObjectMapper.class)
      .orShould()
      .callMethodWhere(target(name("toString")).and(target(owner(assignableTo(JsonNode.class)))));

  /** What they give may be made of what a snapshot holds, and be the same wherever it is restored. */
  @ArchTest
  static final ArchRule randomValuesComeFromAGeneratorOfTheirOwn = noClasses()
      .should()
      .callMethod(UUID.class, "randomUUID")
      .orShould()
      .callMethod(Math.class, "random")
      .orShould()
      .dependOnClassesThat()
      .belongToAnyOf(ThreadLocalRandom.class, SplittableRandom.class);
}
