package io.fleetwell;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.fleetwell.lambda.EventHandler;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Which packages and classes may depend on which. */
@AnalyzeClasses(packages = "io.fleetwell", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] FEATURES = {
    "io.fleetwell.authorizer",
    "io.fleetwell.device",
    "io.fleetwell.firmware",
    "io.fleetwell.history",
    "io.fleetwell.keys",
    "io.fleetwell.logs"
  };

  /** With the classes inside them. */
  private static DescribedPredicate<JavaClass> named(String what, String pattern) {
    return describe(what, type -> type.getName().matches("io\\.fleetwell\\." + pattern));
  }

  private static final DescribedPredicate<JavaClass> STORES =
      named("stores", "[a-z]+\\.(DynamoDb|S3).*");

  private static final DescribedPredicate<JavaClass> HANDLERS =
      named("handlers", "[a-z]+\\.[A-Za-z]+Handler(\\$.*)?");

  /** A feature's requests, responses and settings, the multipart form, and classes with a factory that takes {@code Aws}. */
  private static final DescribedPredicate<JavaClass> EDGES = named(
      "the edges of features",
      "[a-z]+\\.([A-Za-z]+(Requests|Responses|Settings)|MultipartFile.*|Claims|FirmwareCatalogueCache.*|[A-Za-z]*TokenVerifier)");

  private static final DescribedPredicate<JavaClass> RULES =
      JavaClass.Predicates.resideInAnyPackage(FEATURES)
          .and(not(STORES))
          .and(not(HANDLERS))
          .and(not(EDGES))
          .as("rules");

  @ArchTest
  static final ArchRule rulesKnowNoHttpNoMetricsAndNoAws = noClasses()
      .that(RULES)
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "io.fleetwell.http",
          "io.fleetwell.telemetry",
          "io.fleetwell.aws",
          "io.fleetwell.lambda",
          "software.amazon.awssdk..",
          "com.amazonaws..");

  @ArchTest
  static final ArchRule onlyStoresKnowTheSdk = noClasses()
      .that(not(STORES))
      .and()
      .resideOutsideOfPackage("io.fleetwell.aws")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule whatFeaturesShareKnowsNoFeature = noClasses()
      .that()
      .resideOutsideOfPackages(FEATURES)
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(FEATURES);

  @ArchTest
  static final ArchRule packagesDependOnEachOtherInOneDirection =
      slices().matching("io.fleetwell.(*)").should().beFreeOfCycles();

  private static final ArchCondition<JavaClass> knowNoOtherFunction =
      new ArchCondition<>("know no other function") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          type.getDirectDependenciesFromSelf().stream()
              .filter(it -> it.getTargetClass().isAssignableTo(EventHandler.class))
              .filter(it -> !isBase(it.getTargetClass()) && !isWithin(type, it.getTargetClass()))
              .forEach(it -> events.add(SimpleConditionEvent.violated(it, it.getDescription())));
        }

        private static boolean isBase(JavaClass type) {
          return type.getModifiers().contains(JavaModifier.ABSTRACT);
        }

        private static boolean isWithin(JavaClass type, JavaClass function) {
          return (type.getName() + "$").startsWith(function.getName() + "$");
        }
      };

  @ArchTest
  static final ArchRule noClassKnowsAFunctionButItself = classes().should(knowNoOtherFunction);

  @ArchTest
  static final ArchRule onlyTheBaseOfAllFunctionsHandsOverToPriming = noClasses()
      .that()
      .resideOutsideOfPackages("io.fleetwell.snapstart")
      .and()
      .doNotHaveFullyQualifiedName(EventHandler.class.getName())
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.fleetwell.snapstart", "org.crac..");

  @ArchTest
  static final ArchRule aFunctionIsAHandlerWithItsNameInFront =
      classes().that(assignableTo(EventHandler.class)).should().haveSimpleNameEndingWith("Handler");

  /** A snapshot may hold the state of a shared generator: all that start from it would draw the same values. */
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
